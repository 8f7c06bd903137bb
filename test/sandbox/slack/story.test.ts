import assert from 'node:assert/strict';
import { test } from 'node:test';
import { button, section, socketScene } from './bolt-app.ts';

test('command, card, click, update, thread and private answer with a real Bolt app over Socket Mode', async (t) => {
  const { workspace, app } = await socketScene(t);
  const requester = workspace.addUser({ name: 'requester' });
  const approver = workspace.addUser({ name: 'approver' });
  const ops = workspace.addChannel({ name: 'ops', members: [requester, approver] });
  app.command('/etcd-backup', async ({ ack, command, client, respond }) => {
    await ack({ text: `Asking for ${command.text}` });
    await client.chat.postMessage({
      channel: command.channel_id,
      text: 'Back up',
      blocks: [
        section(`*Back up etcd of prod-east* · requested by <@${command.user_id}>`),
        {
          type: 'actions',
          elements: [button('Approve', 'approve', 'run-1'), button('Reject', 'reject', 'run-1')],
        },
      ],
      metadata: { event_type: 'backup_run', event_payload: { run: 'run-1' } },
    });
    await respond({ text: 'Posted.' });
  });
  app.action('approve', async ({ ack, body, client, respond }) => {
    await ack();
    if (body.type !== 'block_actions' || !body.channel || !body.message) return;
    const channel = body.channel.id;
    const ts = body.message.ts;
    const text = `Approved by <@${body.user.id}>`;
    await client.chat.update({ channel, ts, text: 'Approved', blocks: [section(text)] });
    await client.chat.postMessage({ channel, thread_ts: ts, text });
    await client.chat.postEphemeral({ channel, user: body.user.id, text: 'Thank you' });
    await respond({ text: 'Recorded.', replace_original: false });
  });
  await app.start();

  const asked = await workspace.slash({
    user: requester,
    channel: ops,
    command: '/etcd-backup',
    text: 'run prod-east',
  });
  assert.equal(asked.failure, undefined);
  assert.deepEqual(asked.ack, { text: 'Asking for run prod-east' });
  const posted = await workspace.waitFor(() => workspace.messages(ops)[0], { what: 'the card' });
  assert.equal(
    workspace.renderMessage(posted),
    'Back up etcd of prod-east · requested by @requester\n[Approve] [Reject]',
  );
  await workspace.waitFor(() => workspace.private(requester)[1], { what: 'the answer by response_url' });

  const clicked = await workspace.click({ user: approver, channel: ops, ts: posted.ts, actionId: 'approve' });
  assert.equal(clicked.status, 'acked');
  await workspace.waitFor(() => workspace.private(approver)[1], { what: 'two private answers' });
  assert.equal(workspace.renderMessage(posted), 'Approved by @approver');
  assert.deepEqual(
    workspace.thread(ops, posted.ts).map((message) => workspace.renderMessage(message)),
    ['Approved by @approver', 'Approved by @approver'],
  );
  assert.deepEqual(
    workspace.private(approver).map((message) => message.text),
    ['Thank you', 'Recorded.'],
  );
  assert.equal(workspace.history(ops, posted.ts).length, 2);
  assert.throws(
    () => workspace.clickPayload({ user: approver, channel: ops, ts: posted.ts, actionId: 'approve' }),
    /no such button: approve.*no buttons/,
  );
  const transcript = workspace.transcript();
  assert.match(transcript, /@requester in #ops types: \/etcd-backup run prod-east/);
  assert.match(transcript, /@approver in #ops clicks \[Approve\]/);
  assert.match(transcript, /@etcd-backup in #ops, only to @approver:\n {10}│ Thank you/);
});
