import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { SocketModeClient } from '@slack/socket-mode';
import { WebClient } from '@slack/web-api';
import { WebSocket } from 'ws';
import type { Workspace } from '../../../sandbox/slack/workspace.ts';
import { refusal, silentLog, workspaceFor } from './bolt-app.ts';

// A short clientPingTimeout is also the client's pause before it connects again.
async function connected(t: TestContext, workspace: Workspace): Promise<SocketModeClient> {
  const client = new SocketModeClient({
    appToken: workspace.appToken,
    clientOptions: { slackApiUrl: workspace.apiUrl, retryConfig: { retries: 0 } },
    clientPingTimeout: 300,
    logger: silentLog,
  });
  t.after(() => client.disconnect());
  await client.start();
  return client;
}

test('several connections share the deliveries', async (t) => {
  const workspace = await workspaceFor(t);
  const user = workspace.addUser({ name: 'requester' });
  const channel = workspace.addChannel({ name: 'ops', members: [user] });
  const counts = [0, 0];
  for (const index of [0, 1]) {
    const client = await connected(t, workspace);
    client.on('slash_commands', async ({ ack }) => {
      counts[index] = (counts[index] ?? 0) + 1;
      await ack({ text: `from ${index}` });
    });
  }
  assert.equal(workspace.sockets.count, 2);
  for (let turn = 0; turn < 4; turn += 1) await workspace.slash({ user, channel, command: '/etcd-backup' });
  assert.deepEqual(counts, [2, 2]);
});

for (const kind of ['refresh_requested', 'warning', 'drop'] as const) {
  test(`after ${kind} the client comes back on a new address`, async (t) => {
    const workspace = await workspaceFor(t);
    const client = await connected(t, workspace);
    const again = new Promise((resolve) => client.once('connected', resolve));
    if (kind === 'drop') workspace.sockets.drop();
    else workspace.sockets.disconnect(kind);
    await workspace.waitFor(() => workspace.sockets.count === 0, { what: 'the connection to end' });
    await again;
    assert.equal(workspace.sockets.count, 1);
    assert.equal(workspace.calls('apps.connections.open').length, 2);
  });
}

test('a frozen connection is noticed by the client, which comes back', async (t) => {
  const workspace = await workspaceFor(t, { ackTimeoutMs: 250 });
  const user = workspace.addUser({ name: 'requester' });
  const channel = workspace.addChannel({ name: 'ops', members: [user] });
  const client = await connected(t, workspace);
  client.on('slash_commands', ({ ack }) => ack());
  assert.equal((await workspace.slash({ user, channel, command: '/etcd-backup' })).status, 'acked');
  const again = new Promise((resolve) => client.once('connected', resolve));
  workspace.sockets.freeze();
  assert.equal((await workspace.slash({ user, channel, command: '/etcd-backup' })).status, 'timeout');
  await again;
  assert.equal((await workspace.slash({ user, channel, command: '/etcd-backup' })).status, 'acked');
});

test('a WebSocket address is good once, an invented one never', async (t) => {
  const workspace = await workspaceFor(t);
  const opened = await new WebClient(workspace.appToken, {
    slackApiUrl: workspace.apiUrl,
    logger: silentLog,
  }).apps.connections.open();
  const url = opened.url ?? '';
  const first = new WebSocket(url);
  const [hello] = await once(first, 'message');
  assert.equal(JSON.parse(String(hello)).type, 'hello');
  first.ping();
  await once(first, 'pong');
  for (const address of [url, url.replace(/ticket=\w+/, 'ticket=guess')]) {
    const [error] = await once(new WebSocket(address), 'error');
    assert.match(String(error), /401/);
  }
  first.terminate();
});

test('the eleventh connection is disconnected because there are too many', async (t) => {
  const workspace = await workspaceFor(t);
  const web = new WebClient(workspace.appToken, { slackApiUrl: workspace.apiUrl, logger: silentLog });
  let last: WebSocket | undefined;
  for (let count = 1; count <= 11; count += 1) {
    last = new WebSocket((await web.apps.connections.open()).url ?? '');
    const frames: string[] = [];
    const socket = last;
    await new Promise<void>((resolve) => {
      socket.on('message', (data) => {
        frames.push(JSON.parse(String(data)).type);
        if (frames.length === (count === 11 ? 2 : 1)) resolve();
      });
    });
    assert.deepEqual(frames, count === 11 ? ['hello', 'disconnect'] : ['hello']);
  }
});

test('a wrong app token stops the client with invalid_auth', async (t) => {
  const workspace = await workspaceFor(t);
  const client = new SocketModeClient({
    appToken: 'xapp-other',
    clientOptions: { slackApiUrl: workspace.apiUrl, retryConfig: { retries: 0 } },
    logger: silentLog,
  });
  assert.equal(await refusal(client.start()), 'invalid_auth');
});
