import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { WebClient } from '@slack/web-api';
import type { Workspace, WorkspaceOptions } from '../../../sandbox/slack/workspace.ts';
import { button, refusal, section, silentLog, socketScene, workspaceFor } from './bolt-app.ts';

async function scene(t: TestContext, options: WorkspaceOptions = {}) {
  const { workspace, app } = await socketScene(t, options);
  return { app, ...populate(workspace) };
}

/** For what needs no app. */
async function peopleScene(t: TestContext) {
  return populate(await workspaceFor(t));
}

function populate(workspace: Workspace) {
  const requester = workspace.addUser({ name: 'requester' });
  const approver = workspace.addUser({ name: 'approver' });
  const ops = workspace.addChannel({ name: 'ops', members: [requester, approver] });
  return { workspace, requester, approver, ops };
}

const card = (...buttons: object[]) => [
  section('card'),
  { type: 'actions' as const, elements: buttons as never },
];

test('a command that is not acknowledged, and one that no connection can take, fail as Slack says', async (t) => {
  const { workspace, app, requester, ops } = await scene(t, { ackTimeoutMs: 150 });
  const command = { user: requester, channel: ops, command: '/etcd-backup' };
  const unconnected = await workspace.slash(command);
  assert.equal(unconnected.failure, '/etcd-backup failed with the error "dispatch_failed"');
  await app.start();
  const unacknowledged = await workspace.slash(command);
  assert.equal(unacknowledged.status, 'timeout');
  assert.equal(unacknowledged.failure, '/etcd-backup failed with the error "operation_timeout"');
  assert.match(
    workspace.transcript({ columns: 200 }),
    /Slack in #ops, only to @requester: .*operation_timeout/,
  );
});

test('in a thread a command is refused by Slack and the app receives nothing', async (t) => {
  const { workspace, requester, ops } = await peopleScene(t);
  const root = workspace.say({ user: requester, channel: ops, text: 'hello' });
  const command = { user: requester, channel: ops, command: '/etcd-backup', threadTs: root.ts };
  assert.equal((await workspace.slash(command)).failure, '/etcd-backup is not supported in threads. Sorry!');
});

test('an answer with blocks that Slack refuses is no answer', async (t) => {
  const { workspace, app, requester, ops } = await scene(t);
  app.command('/etcd-backup', ({ ack }) =>
    ack({ blocks: [{ type: 'header', text: section('x').text as never }] }),
  );
  await app.start();
  const outcome = await workspace.slash({ user: requester, channel: ops, command: '/etcd-backup' });
  assert.equal(outcome.failure, '/etcd-backup failed with the error "invalid_blocks"');
  assert.deepEqual(workspace.private(requester), []);
});

test('the same envelope can come twice: the handler runs twice', async (t) => {
  const { workspace, app, requester, ops } = await scene(t);
  const seen: string[] = [];
  app.command('/etcd-backup', async ({ ack, command }) => {
    seen.push(command.trigger_id);
    await ack();
  });
  await app.start();
  const { envelopeId } = await workspace.slash({ user: requester, channel: ops, command: '/etcd-backup' });
  assert.equal((await workspace.redeliver(envelopeId)).status, 'acked');
  assert.equal(seen.length, 2);
  assert.equal(seen[0], seen[1]);
  assert.deepEqual(
    workspace.sockets.acks.map((ack) => ack.envelopeId),
    [envelopeId, envelopeId],
  );
});

test('confirmation is shown; declining sends nothing; buttons that share an id are distinguished by value', async (t) => {
  const { workspace, app, approver, ops } = await scene(t);
  const pressed: unknown[] = [];
  app.action(/.*/, async ({ ack, action }) => {
    pressed.push(action.type === 'button' && action.value);
    await ack();
  });
  await app.start();
  const text = (value: string) => ({ type: 'plain_text' as const, text: value });
  const confirm = {
    title: text('Approve?'),
    text: text('It starts now.'),
    confirm: text('Yes'),
    deny: text('No'),
  };
  const first = { type: 'actions' as const, elements: [{ ...button('Approve', 'go', 'run-1'), confirm }] };
  const second = { type: 'actions' as const, elements: [button('Other', 'go', 'run-2')] };
  const { ts = '' } = await app.client.chat.postMessage({
    channel: ops.id,
    text: 'x',
    blocks: [first, second],
  });
  const input = { user: approver, channel: ops, ts, actionId: 'go' };
  await workspace.declineClick({ ...input, value: 'run-1' });
  assert.deepEqual(pressed, []);
  assert.match(workspace.transcript(), /@approver is asked: Approve\? — It starts now\. → \[No\]/);
  await assert.rejects(workspace.click(input), /2 buttons are called go; say which/);
  await workspace.click({ ...input, value: 'run-1' });
  await workspace.click({ ...input, value: 'run-2' });
  assert.deepEqual(pressed, ['run-1', 'run-2']);
  await assert.rejects(workspace.declineClick({ ...input, value: 'run-2' }), /asks for no confirmation/);
});

test('a stale client clicks a button that an edit took away', async (t) => {
  const { workspace, app, approver, requester, ops } = await scene(t);
  const values: unknown[] = [];
  app.action('approve', async ({ ack, action, respond }) => {
    await ack();
    values.push(action.type === 'button' && action.value);
    await respond({ text: 'expired: nothing was run', replace_original: false });
  });
  await app.start();
  const posted = await app.client.chat.postMessage({
    channel: ops.id,
    text: 'x',
    blocks: card(button('Approve', 'approve', 'run-1')),
  });
  const ts = posted.ts ?? '';
  const input = { user: approver, channel: ops, ts, actionId: 'approve' };
  const earlier = workspace.clickPayload(input);
  await app.client.chat.update({ channel: ops.id, ts, text: 'done', blocks: [section('done')] });
  await assert.rejects(workspace.click(input), /no such button/);
  const late = await workspace.click({ ...input, revision: 0 });
  assert.equal((await late.nextPrivate()).text, 'expired: nothing was run');
  const again = await workspace.clickStale({ payload: earlier });
  await again.nextPrivate();
  assert.notEqual(again.payload.trigger_id, earlier.trigger_id);
  assert.deepEqual(values, ['run-1', 'run-1']);
  assert.deepEqual(workspace.private(requester), []);
});

test('response_url: five uses, thirty minutes, replace and delete, for the clicker alone or for all', async (t) => {
  let nowMs = Date.now();
  const { workspace, app, requester, ops } = await scene(t, { now: () => nowMs });
  app.command('/etcd-backup', ({ ack }) => ack());
  app.action('close', ({ ack }) => ack());
  await app.start();
  const command = { user: requester, channel: ops, command: '/etcd-backup' };
  const respond = async (url: unknown, body: object): Promise<string> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(String(url), { method: 'POST', headers, body: JSON.stringify(body) });
    const text = await response.text();
    return response.ok ? text : (JSON.parse(text) as { error: string }).error;
  };
  const first = (await workspace.slash(command)).payload.response_url;
  assert.equal(await respond(first, { text: 'open', response_type: 'in_channel' }), 'ok');
  for (let use = 2; use <= 5; use += 1) assert.equal(await respond(first, { text: `${use}` }), 'ok');
  assert.equal(await respond(first, { text: '6' }), 'used_url');
  assert.deepEqual(
    workspace.messages(ops).map((message) => message.text),
    ['open'],
  );
  assert.equal(workspace.private(requester).length, 4);

  const second = (await workspace.slash(command)).payload.response_url;
  nowMs += 30 * 60_000;
  assert.equal(await respond(second, { text: 'just in time', blocks: card(button('Close', 'close')) }), 'ok');
  nowMs += 1;
  assert.equal(await respond(second, { text: 'late' }), 'expired_url');

  const shown = workspace.private(requester).at(-1);
  assert.ok(shown);
  const click = { user: requester, channel: ops, ts: shown.ts, actionId: 'close' };
  const third = await workspace.click(click);
  assert.equal((third.payload.container as { is_ephemeral: boolean }).is_ephemeral, true);
  assert.equal(third.payload.message, undefined);
  assert.equal(await respond(third.payload.response_url, { text: 'changed', replace_original: true }), 'ok');
  assert.equal(shown.text, 'changed');
  assert.equal(await respond(third.payload.response_url, { delete_original: true }), 'ok');
  assert.equal(shown.deleted, true);
  await assert.rejects(workspace.click(click), /sees no message/);
});

test('modal: trigger once and in time, fields checked by Slack, errors by the app, update, push, close', async (t) => {
  let nowMs = Date.now();
  const { workspace, app, requester, ops } = await scene(t, { now: () => nowMs });
  const plain = (text: string) => ({ type: 'plain_text' as const, text });
  const reason = { type: 'plain_text_input' as const, action_id: 'reason', max_length: 10 };
  const options = ['prod-east', 'prod-west'].map((name) => ({ text: plain(name), value: name }));
  const modal = {
    type: 'modal' as const,
    callback_id: 'ask',
    title: plain('Back up etcd'),
    submit: plain('Ask'),
    notify_on_close: true,
    blocks: [
      {
        type: 'input' as const,
        block_id: 'cluster',
        label: plain('Cluster'),
        element: { type: 'static_select' as const, action_id: 'cluster', options },
      },
      { type: 'input' as const, block_id: 'why', label: plain('Reason'), element: reason },
    ],
  };
  const closed: string[] = [];
  app.command('/etcd-backup', async ({ ack, client, command }) => {
    await ack();
    if (command.text === 'late') nowMs += 3_001;
    await refusal(client.views.open({ trigger_id: command.trigger_id, view: modal }));
    if (command.text === '')
      await refusal(client.views.open({ trigger_id: command.trigger_id, view: modal }));
  });
  app.view('ask', async ({ ack, view }) => {
    const values = view.state.values;
    const [cluster, why] = [values.cluster?.cluster?.selected_option?.value, values.why?.reason?.value];
    if (why === 'bad') await ack({ response_action: 'errors', errors: { why: 'Say why.' } });
    else
      await ack({
        response_action: 'update',
        view: { type: 'modal', title: plain('Asked'), blocks: [section(`${cluster}: ${why}`)] },
      });
  });
  app.view({ callback_id: 'ask', type: 'view_closed' }, async ({ ack, view }) => {
    closed.push(view.callback_id);
    await ack();
  });
  await app.start();
  const command = { user: requester, channel: ops, command: '/etcd-backup' };
  await workspace.slash({ ...command, text: 'late' });
  const outcomes = () => workspace.calls('views.open').map((call) => call.outcome);
  await workspace.waitFor(() => outcomes()[0] === 'expired_trigger_id', {
    what: 'the late trigger to be refused',
  });
  await workspace.slash(command);
  await workspace.waitFor(() => workspace.modals(requester).length === 1, { what: 'the modal' });
  const fill = (why: string) =>
    workspace.submitView({ user: requester, values: { cluster: 'prod-east', reason: why } });
  const empty = await workspace.submitView({ user: requester, values: { reason: 'x' } });
  assert.deepEqual(empty.errors, { cluster: 'Please complete this required field.' });
  assert.deepEqual((await fill('01234567890')).errors, { why: 'Please enter at most 10 characters.' });
  assert.deepEqual((await fill('bad')).errors, { why: 'Say why.' });
  assert.equal(workspace.modals(requester)[0]?.callback_id, 'ask');
  assert.deepEqual((await fill('network')).errors, {});
  const [asked] = workspace.modals(requester);
  assert.ok(asked);
  assert.equal(workspace.renderView(asked), 'Asked\nprod-east: network');
  assert.equal(
    await refusal(app.client.views.update({ view_id: asked.id, hash: 'old', view: modal })),
    'hash_conflict',
  );
  await app.client.views.update({ view_id: asked.id, hash: asked.hash, view: modal });
  await workspace.closeView({ user: requester });
  assert.deepEqual(closed, ['ask']);
  assert.deepEqual(workspace.modals(requester), []);
  assert.equal(await refusal(app.client.views.update({ view_id: asked.id, view: modal })), 'not_found');
  await workspace.waitFor(() => outcomes()[2] === 'exchanged_trigger_id', {
    what: 'the used trigger to be refused',
  });
  assert.deepEqual(outcomes(), ['expired_trigger_id', 'ok', 'exchanged_trigger_id']);
});

test('Home: opened, published, its buttons work', async (t) => {
  const { workspace, app, requester } = await scene(t);
  const pressed: string[] = [];
  app.event('app_home_opened', async ({ event, client }) => {
    const blocks = [
      section('*Clusters*'),
      { type: 'actions' as const, elements: [button('Refresh', 'refresh', 'all')] },
    ];
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks } });
  });
  app.action('refresh', async ({ ack, body }) => {
    pressed.push(body.type === 'block_actions' ? (body.container.type as string) : '');
    await ack();
  });
  await app.start();
  assert.equal((await workspace.openHome({ user: requester }))?.status, 'acked');
  const home = await workspace.waitFor(() => workspace.home(requester), { what: 'the Home view' });
  assert.equal(workspace.renderView(home), 'Clusters\n[Refresh]');
  await workspace.clickView({ user: requester, home: true, actionId: 'refresh' });
  assert.deepEqual(pressed, ['view']);
  const modal = { type: 'modal', title: { type: 'plain_text', text: 'x' }, blocks: [] } as never;
  assert.equal(
    await refusal(app.client.views.publish({ user_id: requester.id, view: modal })),
    'invalid_arguments',
  );
});

test('a menu in a message reports the chosen option, also in the state', async (t) => {
  const { workspace, app, requester, ops } = await scene(t);
  const chosen: unknown[] = [];
  app.action('node', async ({ ack, action, body }) => {
    await ack();
    if (action.type === 'static_select') chosen.push(action.selected_option.value);
    if (body.type === 'block_actions') chosen.push(body.state?.values.nodes?.node?.selected_option?.value);
  });
  await app.start();
  const options = ['master-0', 'master-1'].map((name) => ({
    text: { type: 'plain_text' as const, text: name },
    value: name,
  }));
  const menu = { type: 'static_select' as const, action_id: 'node', options };
  const { ts = '' } = await app.client.chat.postMessage({
    channel: ops.id,
    text: 'x',
    blocks: [{ type: 'actions', block_id: 'nodes', elements: [menu] }],
  });
  const input = { user: requester, channel: ops, ts, actionId: 'node' };
  await workspace.click({ ...input, value: 'master-1' });
  assert.deepEqual(chosen, ['master-1', 'master-1']);
  await assert.rejects(workspace.click({ ...input, value: 'worker-9' }), /not offered.*master-0, master-1/);
});

test('people cannot do what Slack would not let them', async (t) => {
  const { workspace, requester, ops } = await peopleScene(t);
  const viewer = workspace.addUser({ name: 'viewer' });
  const command = { channel: ops, command: '/etcd-backup' };
  await assert.rejects(workspace.slash({ ...command, user: viewer }), /@viewer is not in ops/);
  await assert.rejects(workspace.slash({ ...command, user: 'nobody' }), /No person "nobody".*@requester/);
  workspace.archive(ops);
  await assert.rejects(workspace.slash({ ...command, user: requester }), /archived/);
  workspace.unarchive(ops);
  workspace.deactivate(requester);
  await assert.rejects(workspace.slash({ ...command, user: requester }), /deactivated/);
});

test('a wait that times out says for what, how long, and what was there', async (t) => {
  const { workspace, requester, ops } = await peopleScene(t);
  workspace.say({ user: requester, channel: ops, text: 'hello there' });
  const waiting = workspace.waitFor(() => undefined, { timeoutMs: 20, what: 'a card in #ops' });
  await assert.rejects(waiting, /Waited 20 ms for a card in #ops; it did not come[\s\S]*hello there/);
});

test('a response lost after delivery makes a second post when the client retries', async (t) => {
  const { workspace, ops } = await peopleScene(t);
  const client = new WebClient(workspace.botToken, {
    slackApiUrl: workspace.apiUrl,
    retryConfig: { retries: 1, minTimeout: 1, maxTimeout: 1 },
    logger: silentLog,
  });
  workspace.faults.add({ method: 'chat.postMessage', kind: 'lost-response' });
  await client.chat.postMessage({ channel: ops.id, text: 'once?' });
  assert.deepEqual(
    workspace.messages(ops).map((message) => message.text),
    ['once?', 'once?'],
  );
});

test('a choice in a modal is sent at once where its block asks for that, with all that was filled in', async (t) => {
  const { workspace, app, requester, ops } = await scene(t);
  const plain = (text: string) => ({ type: 'plain_text' as const, text });
  const options = ['east', 'west'].map((name) => ({ text: plain(name), value: name }));
  const field = (name: string, dispatch: boolean) => ({
    type: 'input' as const,
    block_id: name,
    optional: true,
    dispatch_action: dispatch,
    label: plain(name),
    element: { type: 'static_select' as const, action_id: name, options },
  });
  const modal = (...names: string[]) => ({
    type: 'modal' as const,
    callback_id: 'ask',
    title: plain('Ask'),
    submit: plain('Ask'),
    blocks: names.map((name) => field(name, name === 'first')),
  });
  const states: unknown[] = [];
  app.command('/etcd-backup', async ({ ack, client, command }) => {
    await ack();
    await client.views.open({ trigger_id: command.trigger_id, view: modal('first', 'second', 'third') });
  });
  app.action('first', async ({ ack, client, body }) => {
    await ack();
    if (body.type !== 'block_actions' || !body.view) return;
    states.push(body.view.state.values);
    await client.views.update({ view_id: body.view.id, view: modal('first', 'second', 'fourth') });
  });
  app.view('ask', async ({ ack, view }) => {
    states.push(view.state.values);
    await ack();
  });
  await app.start();
  await workspace.slash({ user: requester, channel: ops, command: '/etcd-backup' });
  await workspace.waitFor(() => workspace.modals(requester).length === 1, { what: 'the modal' });
  await assert.rejects(
    workspace.clickView({ user: requester, actionId: 'second', value: 'east' }),
    /asks for no dispatch_action/,
  );
  const values = { second: 'east', third: 'east' };
  await workspace.clickView({ user: requester, actionId: 'first', value: 'west', values });
  await workspace.waitFor(() => workspace.calls('views.update')[0]?.outcome === 'ok', { what: 'the update' });
  await workspace.submitView({ user: requester });
  const chosen = (name: string, value: string | undefined) => [
    name,
    {
      [name]: {
        type: 'static_select',
        selected_option: options.find((each) => each.value === value) ?? null,
      },
    },
  ];
  assert.deepEqual(states, [
    Object.fromEntries([chosen('first', 'west'), chosen('second', 'east'), chosen('third', 'east')]),
    Object.fromEntries([chosen('first', 'west'), chosen('second', 'east'), chosen('fourth', undefined)]),
  ]);
});
