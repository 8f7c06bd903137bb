import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import bolt from '@slack/bolt';
import type { WorkspaceOptions } from '../../../sandbox/slack/workspace.ts';
import { type BoltApp, button, section, silentLog, workspaceFor } from './bolt-app.ts';

async function scene(t: TestContext, secret?: string, options: WorkspaceOptions = {}) {
  const workspace = await workspaceFor(t, options);
  const receiver = new bolt.HTTPReceiver({
    signingSecret: secret ?? workspace.signingSecret,
    logger: silentLog,
  });
  const app: BoltApp = new bolt.App({
    token: workspace.botToken,
    receiver,
    logger: silentLog,
    clientOptions: { slackApiUrl: workspace.apiUrl, retryConfig: { retries: 0 } },
  });
  const server = await app.start({ port: 0, host: '127.0.0.1' });
  // Rejects when the test has stopped it already.
  t.after(() => app.stop().catch(() => undefined));
  const requestUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
  const user = workspace.addUser({ name: 'requester' });
  const channel = workspace.addChannel({ name: 'ops', members: [user] });
  return { workspace, app, requestUrl, user, channel };
}

test('command, click and event over signed HTTP requests to a real Bolt app', async (t) => {
  const { workspace, app, requestUrl, user, channel } = await scene(t);
  app.command('/etcd-backup', async ({ ack, command, client }) => {
    await ack({ text: `Asking for ${command.text}` });
    const blocks = [
      section('card'),
      { type: 'actions' as const, elements: [button('Approve', 'approve', 'run-1')] },
    ];
    await client.chat.postMessage({ channel: command.channel_id, text: 'card', blocks });
  });
  app.action('approve', async ({ ack, respond }) => {
    await ack();
    await respond('Thank you');
  });
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [section('home')] } });
  });
  await workspace.useHttp(requestUrl);
  const text = 'run prod-east reason="a & b = 100%" 한국어';
  const asked = await workspace.slash({ user, channel, command: '/etcd-backup', text });
  assert.deepEqual(asked.ack, { text: `Asking for ${text}` });
  const card = await workspace.waitFor(() => workspace.messages(channel)[0], { what: 'the card' });
  const clicked = await workspace.click({ user, channel, ts: card.ts, actionId: 'approve' });
  assert.equal((await clicked.nextPrivate()).text, 'Thank you');
  await workspace.openHome({ user });
  await workspace.waitFor(() => workspace.home(user), { what: 'the Home view' });
  assert.equal((await workspace.redeliver(asked.envelopeId)).status, 'acked');
});

test('an app with another signing secret, or a request that is too old, is refused', async (t) => {
  const { workspace, requestUrl } = await scene(t, 'another-secret');
  await assert.rejects(workspace.useHttp(requestUrl), /expected 200 with the challenge, found refused 401/);
  const old = await scene(t, undefined, { now: () => Date.now() - 6 * 60_000 });
  await assert.rejects(old.workspace.useHttp(old.requestUrl), /found refused 401/);
});

test('errors of the app reach the person as failures', async (t) => {
  const { workspace, app, requestUrl, user, channel } = await scene(t, undefined, { ackTimeoutMs: 500 });
  await workspace.useHttp(requestUrl);
  const command = { user, channel, command: '/etcd-backup' };
  assert.match((await workspace.slash(command)).failure ?? '', /http_service_error|operation_timeout/);
  await app.stop();
  assert.equal(
    (await workspace.slash(command)).failure,
    '/etcd-backup failed with the error "dispatch_failed"',
  );
});
