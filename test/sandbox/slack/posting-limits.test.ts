import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { WebClient } from '@slack/web-api';
import { refusal, silentLog, workspaceFor } from './bolt-app.ts';

async function stage(t: TestContext) {
  const workspace = await workspaceFor(t);
  const client = new WebClient(workspace.botToken, {
    slackApiUrl: workspace.apiUrl,
    retryConfig: { retries: 0 },
    logger: silentLog,
  });
  const person = workspace.addUser({ name: 'somebody' }).id;
  const channel = workspace.addChannel({ name: 'ops', members: ['somebody'] }).id;
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'root' });
  return {
    workspace,
    client,
    person,
    channel,
    ts,
    top: () => refusal(client.chat.postMessage({ channel, text: 'top' })),
    reply: () => refusal(client.chat.postMessage({ channel, thread_ts: ts, text: 'reply' })),
    edit: () => refusal(client.chat.update({ channel, ts, text: 'edited' })),
    alone: (text: string) => refusal(client.chat.postEphemeral({ channel, user: person, text })),
    upload: () =>
      refusal(client.filesUploadV2({ channel_id: channel, thread_ts: ts, filename: 'f.txt', content: 'x' })),
  };
}

const limits = [
  ['everything', 'restricted_action', 'restricted_action'],
  ['read_only_channel', 'restricted_action_read_only_channel', 'restricted_action_read_only_channel'],
  ['thread_only_channel', 'restricted_action_thread_only_channel', 'ok'],
  ['non_threadable_channel', 'ok', 'restricted_action_non_threadable_channel'],
] as const;

for (const [limit, top, reply] of limits) {
  test(`posting limited to ${limit}: ${top} at the top, ${reply} in a thread, edits as ever`, async (t) => {
    const at = await stage(t);
    at.workspace.limitPosting(at.channel, limit);
    assert.deepEqual([await at.top(), await at.reply(), await at.edit()], [top, reply, 'ok']);
    assert.equal(await at.upload(), reply);
    assert.equal(await at.alone('x'), top);
    at.workspace.limitPosting(at.channel, undefined);
    assert.deepEqual([await at.top(), await at.reply(), await at.upload()], ['ok', 'ok', 'ok']);
  });
}

test('a locked thread takes no replies and no files; the channel does', async (t) => {
  const at = await stage(t);
  at.workspace.lockThread(at.channel, at.ts, true);
  const locked = 'restricted_action_thread_locked';
  assert.deepEqual([await at.reply(), await at.upload(), await at.top()], [locked, locked, 'ok']);
  at.workspace.lockThread(at.channel, at.ts, false);
  assert.equal(await at.reply(), 'ok');
});

test('an edit after the window is refused, also to the app', async (t) => {
  const at = await stage(t);
  at.workspace.setEditWindow(60_000);
  assert.equal(await at.edit(), 'ok');
  at.workspace.setEditWindow(0);
  assert.equal(await at.edit(), 'edit_window_closed');
  at.workspace.setEditWindow(undefined);
  assert.equal(await at.edit(), 'ok');
});

test('the text of a message for one person alone has 4,000 bytes at most', async (t) => {
  const at = await stage(t);
  assert.equal(await at.alone('x'.repeat(4_000)), 'ok');
  assert.equal(await at.alone('x'.repeat(4_001)), 'msg_too_long');
  assert.equal(await at.alone('가'.repeat(1_334)), 'msg_too_long');
});

test('a direct message is unread when the person is deactivated or a bot, or has the tab switched off', async (t) => {
  const { client, workspace, person } = await stage(t);
  const robot = workspace.addUser({ name: 'robot', isBot: true }).id;
  const { channel: direct } = await client.conversations.open({ users: person });
  const to = (channel: string) => refusal(client.chat.postMessage({ channel, text: 'x' }));
  workspace.setFeatures({ messagesTab: false });
  assert.equal(await to(person), 'messages_tab_disabled');
  workspace.setFeatures({ messagesTab: true });
  assert.equal(await to(person), 'ok');
  workspace.deactivate('somebody');
  assert.equal(await to(direct?.id ?? ''), 'user_disabled');
  assert.equal(await to(robot), 'cannot_dm_bot');
});

test('a deactivated person is in no channel any more', async (t) => {
  const at = await stage(t);
  at.workspace.deactivate('somebody');
  assert.equal(await at.alone('x'), 'user_not_in_channel');
});

test('an upload can be answered with ok long before its file appears', async (t) => {
  const at = await stage(t);
  at.workspace.shareUploadsAfter(200);
  assert.equal(await at.upload(), 'ok');
  assert.equal(at.workspace.thread(at.channel, at.ts).length, 1);
  const shared = () => at.workspace.thread(at.channel, at.ts)[1]?.files.length;
  assert.equal(await at.workspace.waitFor(shared, { what: 'the file', timeoutMs: 10_000 }), 1);
});
