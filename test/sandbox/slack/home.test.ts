import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import bolt from '@slack/bolt';
import type { JsonObject } from '../../../sandbox/slack/json.ts';
import type { WorkspaceOptions } from '../../../sandbox/slack/workspace.ts';
import { button, refusal, type Scene, section, silentLog, socketScene, workspaceFor } from './bolt-app.ts';

const start = async (t: TestContext, mode: 'socket' | 'http', options: WorkspaceOptions = {}) => {
  const { workspace, app } = await (mode === 'socket' ? socketScene(t, options) : httpScene(t, options));
  const user = workspace.addUser({ name: 'requester' });
  const seen: JsonObject[] = [];
  app.use(async ({ body, next }) => {
    seen.push(body as unknown as JsonObject);
    await next();
  });
  app.event('app_home_opened', async ({ event, client }) => {
    if (event.tab !== 'home') return;
    const actions = { type: 'actions' as const, elements: [button('Check', 'check', 'prod-east')] };
    await client.views.publish({
      user_id: event.user,
      view: { type: 'home', private_metadata: 'page 1', blocks: [section('Clusters'), actions] },
    });
  });
  app.action('check', async ({ ack, body, client }) => {
    const title = { type: 'plain_text' as const, text: 'Check' };
    const view = { type: 'modal' as const, title, blocks: [section('looking')] };
    if ('trigger_id' in body) await client.views.open({ trigger_id: String(body.trigger_id), view });
    await ack();
  });
  return { workspace, app, user, seen };
};

async function httpScene(t: TestContext, options: WorkspaceOptions): Promise<Scene> {
  const workspace = await workspaceFor(t, options);
  const receiver = new bolt.HTTPReceiver({ signingSecret: workspace.signingSecret, logger: silentLog });
  const app = new bolt.App({
    token: workspace.botToken,
    receiver,
    logger: silentLog,
    clientOptions: { slackApiUrl: workspace.apiUrl, retryConfig: { retries: 0 } },
  });
  const server = await app.start({ port: 0, host: '127.0.0.1' });
  t.after(() => app.stop().catch(() => undefined));
  await workspace.useHttp(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
  return { workspace, app };
}

for (const mode of ['socket', 'http'] as const) {
  test(`the app receives an opened tab, publishes, and receives clicks in it (${mode})`, async (t) => {
    const { workspace, app, user, seen } = await start(t, mode);
    if (mode === 'socket') await app.start();
    assert.equal((await workspace.openHome({ user }))?.status, 'acked');
    const home = await workspace.waitFor(() => workspace.home(user), { what: 'the Home view' });
    assert.equal(workspace.renderView(home), 'Clusters\n[Check]');
    const [opened] = seen as [JsonObject & { event: JsonObject }];
    assert.equal(opened.type, 'event_callback');
    assert.deepEqual(
      [opened.event.type, opened.event.tab, opened.event.user],
      ['app_home_opened', 'home', user.id],
    );
    assert.equal(opened.event.view, undefined, 'nothing was published before');
    assert.deepEqual(workspace.messages(workspace.direct(user)), [], 'opening a tab posts nothing');

    const clicked = await workspace.clickView({ user, home: true, actionId: 'check' });
    assert.equal(clicked.status, 'acked');
    const payload = clicked.payload as JsonObject & { view: JsonObject };
    assert.deepEqual(payload.container, { type: 'view', view_id: home.id });
    assert.equal(payload.view.private_metadata, 'page 1');
    assert.equal(payload.view.hash, home.hash);
    for (const field of ['channel', 'message', 'response_url']) assert.ok(!(field in payload), field);
    assert.equal(workspace.modals(user).length, 1, 'its trigger opened a window');

    const again = await workspace.openHome({ user });
    const event = again?.payload.event as { view: { id: string } } | undefined;
    assert.equal(event?.view.id, home.id, 'the view that the person saw comes with the event');
    assert.equal((await workspace.openHome({ user, tab: 'messages' }))?.status, 'acked');
    assert.match(workspace.transcript(), /@requester opens the app's Home tab/);
  });
}

test('a list in the Home tab reports the choice, also in the state of the view', async (t) => {
  const { workspace, app, user } = await start(t, 'socket');
  const texts = ['all', 'stale'].map((value) => ({
    text: { type: 'plain_text' as const, text: value },
    value,
  }));
  const list = { type: 'static_select' as const, action_id: 'filter', options: texts };
  app.action('filter', async ({ ack }) => ack());
  await app.start();
  const blocks = [{ type: 'actions' as const, block_id: 'top', elements: [list] }];
  await app.client.views.publish({ user_id: user.id, view: { type: 'home', blocks } });
  const clicked = await workspace.clickView({ user, home: true, actionId: 'filter', value: 'stale' });
  const { view, actions } = clicked.payload as {
    view: { state: JsonObject };
    actions: [{ selected_option: JsonObject }];
  };
  assert.deepEqual(actions[0].selected_option, texts[1]);
  assert.deepEqual(view.state.values, {
    top: { filter: { type: 'static_select', selected_option: texts[1] } },
  });
});

test('what the manifest does not ask for does not come', async (t) => {
  const { workspace, app, user, seen } = await start(t, 'socket', { features: { botEvents: [] } });
  await app.start();
  assert.equal(await workspace.openHome({ user }), undefined);
  assert.deepEqual(seen, []);
  workspace.setFeatures({ homeTab: false, botEvents: ['app_home_opened'] });
  await assert.rejects(workspace.openHome({ user }), /no home tab.*features\.app_home/);
  const view = { type: 'home' as const, blocks: [section('x')] };
  assert.equal(await refusal(app.client.views.publish({ user_id: user.id, view })), 'not_enabled');
  workspace.setFeatures({ homeTab: true });
  assert.equal((await workspace.openHome({ user }))?.status, 'acked');
});

test('views.publish takes 100 blocks, home views alone, and the hash of the current view', async (t) => {
  const { workspace, app, user } = await start(t, 'socket');
  const publish = (blocks: number, hash?: string) =>
    app.client.views.publish({
      user_id: user.id,
      view: { type: 'home', blocks: Array(blocks).fill(section('x')) },
      ...(hash === undefined ? {} : { hash }),
    });
  assert.equal(await refusal(publish(101)), 'invalid_arguments');
  const first = await publish(100);
  const second = await publish(1, first.view?.hash);
  assert.equal(second.view?.id, first.view?.id, 'one view a person');
  assert.equal(await refusal(publish(2, first.view?.hash)), 'hash_conflict');
  assert.equal(workspace.home(user)?.hash, second.view?.hash);
  const title = { type: 'plain_text' as const, text: 'x' };
  const modal = { type: 'modal', title, blocks: [] } as unknown as { type: 'home'; blocks: [] };
  assert.equal(
    await refusal(app.client.views.publish({ user_id: user.id, view: modal })),
    'invalid_arguments',
  );
  assert.equal(
    await refusal(app.client.views.publish({ user_id: 'U0NOBODY', view: { type: 'home', blocks: [] } })),
    'user_not_found',
  );
  const large = Array(90).fill(section('가'.repeat(1_000)));
  assert.equal(
    await refusal(app.client.views.publish({ user_id: user.id, view: { type: 'home', blocks: large } })),
    'view_too_large',
  );
});
