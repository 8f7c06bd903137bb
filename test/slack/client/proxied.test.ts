import assert from 'node:assert/strict';
import { after, describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { freePort } from '../../../sandbox/free-port.ts';
import { ProxyAddress } from '../../../src/domain/network/proxy-address.ts';
import type { ProxySettings } from '../../../src/domain/network/proxy-settings.ts';
import { slashCommand } from '../../../src/slack/client/slash-command.ts';
import { uploadToThread } from '../../../src/slack/client/upload.ts';
import type { Backups } from '../../../src/workflow/answers/create-backups.ts';
import { type ConnectProxy, startConnectProxy } from '../../support/connect-proxy.ts';
import { startTlsFront } from '../../support/tls-front.ts';
import { type Installed, install } from '../installed-app.ts';

const credentials = { user: 'robot', password: 'pr0xy@P/ss?word' };
const trusted = getCACertificates('default');
after(() => setDefaultCACertificates(trusted));

/** A workspace that is called slack.test, that only the proxy can reach, and whose authority is trusted as an extra one. */
async function behindProxy(t: TestContext, withPassword = true) {
  const port = await freePort();
  const front = await startTlsFront(t, ['slack.test'], port);
  const proxy = await startConnectProxy(t, {
    hosts: { 'slack.test': front.port },
    ...(withPassword ? { credentials } : {}),
  });
  setDefaultCACertificates([...trusted, front.ca]);
  const app = await install({ publicAddress: 'https://slack.test', port });
  t.after(() => app.close());
  return { app, proxy };
}

function settings(proxy: ConnectProxy, change: Partial<ProxySettings> = {}, userInfo = ''): ProxySettings {
  const address = ProxyAddress.parse(proxy.url.replace('://', `://${userInfo}`));
  return { https: address, http: address, noProxy: '', ...change };
}

async function helps(app: Installed): Promise<boolean> {
  const input = { user: 'requester', channel: app.channel, command: slashCommand, text: 'help' };
  const outcome = await app.workspace.slash(input);
  return outcome.status === 'acked' && (await outcome.nextPrivate()).text.includes('approve');
}

describe('Slack through a proxy', { timeout: 120_000 }, () => {
  for (const [what, userInfo] of [
    ['with user and password', `${credentials.user}:${credentials.password}@`],
    ['without credentials', ''],
  ] as const) {
    it(`${what}: calls, uploads, response_url and Socket Mode all go by it`, async (t) => {
      const { app, proxy } = await behindProxy(t, userInfo !== '');
      const slack = await app.open({ proxy: settings(proxy, {}, userInfo) });
      slack.listen({ watch: app.records.watch, backups: {} as Backups, fleet: app.fleet, language: 'en' });
      await slack.start();
      assert.ok(await helps(app), 'a command over the WebSocket, its answer by response_url');
      const posted = await slack.client.chat.postMessage({ channel: app.channel, text: 'card' });
      const under = { channel: app.channel, ts: String(posted.ts) };
      await uploadToThread(slack.client, under, [{ name: 'a.txt', content: 'text' }], 'a file');
      assert.equal(app.workspace.thread(app.channel, under.ts).at(-1)?.files[0]?.name, 'a.txt');
      for (const method of ['auth.test', 'apps.connections.open', 'upload', 'response_url'])
        assert.ok(app.workspace.calls(method).length > 0, method);
      assert.ok(proxy.tunnels('slack.test') >= 2, 'for calls, and for the WebSocket');
      assert.deepEqual([...new Set(proxy.asked)], ['slack.test:443']);

      const before = proxy.tunnels();
      app.workspace.sockets.drop();
      await app.workspace.waitFor(() => app.workspace.calls('apps.connections.open').length === 2, {
        what: 'another connection',
        timeoutMs: 30_000,
      });
      await app.workspace.waitFor(() => app.workspace.sockets.count === 1, { what: 'it', timeoutMs: 30_000 });
      assert.ok(proxy.tunnels() > before);
      assert.ok(await helps(app));

      proxy.cut();
      await app.workspace.waitFor(
        () => app.workspace.calls('apps.connections.open').length === 3 && app.workspace.sockets.count === 1,
        { what: 'a connection after the proxy’s restart', timeoutMs: 30_000 },
      );
      assert.ok(await helps(app));
      assert.doesNotMatch(JSON.stringify(app.lines), /pr0xy|P\/ss|P%2Fss/);
    });
  }

  it('leaves no connection open behind one whose peer fell silent', async (t) => {
    const { app, proxy } = await behindProxy(t, false);
    const slack = await app.open({ proxy: settings(proxy) });
    await slack.start();
    const open = proxy.open();
    app.workspace.sockets.freeze();
    await app.workspace.waitFor(() => app.workspace.calls('apps.connections.open').length >= 2, {
      what: 'another connection',
      timeoutMs: 90_000,
    });
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    assert.ok(proxy.open() <= open, `${proxy.open()} connections, ${open} before`);
  });

  it('a CONNECT that the proxy leaves unanswered does not hold the next calls for minutes', async (t) => {
    const { app, proxy } = await behindProxy(t, false);
    const slack = await app.open({ proxy: settings(proxy) });
    proxy.cut();
    proxy.mute(1);
    const since = performance.now();
    const post = () => slack.client.chat.postMessage({ channel: app.channel, text: 'card' });
    for (;;) {
      const posted = await post().catch(() => undefined);
      if (posted?.ok) break;
      assert.ok(performance.now() - since < 90_000, 'no call came through the proxy');
    }
    assert.equal(app.workspace.messages(app.channel).length, 1);
  });

  it('is closed at the end, a tunnel that the proxy never answered too', async (t) => {
    const { app, proxy } = await behindProxy(t, false);
    const slack = await app.open({ proxy: settings(proxy) });
    proxy.cut();
    proxy.mute(100);
    const post = slack.client.chat.postMessage({ channel: app.channel, text: 'card' }).catch(() => undefined);
    while (proxy.open() === 0) await delay(20);
    await slack.stop();
    slack.close();
    const since = performance.now();
    while (proxy.open() > 0) {
      assert.ok(performance.now() - since < 5_000, 'the tunnel without an answer is still open');
      await delay(20);
    }
    await post;
  });

  it('waits at the start while the proxy refuses, and says that it is the proxy', async (t) => {
    const { app, proxy } = await behindProxy(t);
    const waits: string[] = [];
    const opening = app.open({
      proxy: settings(proxy, {}, 'robot:wr0ng-Pass@'),
      signal: AbortSignal.timeout(3_000),
      onWait: (detail) => waits.push(detail),
    });
    await assert.rejects(opening);
    assert.match(
      waits[0] ?? '',
      /the proxy refuses the connection \(HTTP 407\): it wants a user and a password/,
    );
    assert.doesNotMatch(JSON.stringify([waits, app.lines]), /wr0ng/);
  });

  it('goes directly where NO_PROXY names it', async (t) => {
    const proxy = await startConnectProxy(t);
    const app = await install();
    t.after(() => app.close());
    const address = ProxyAddress.parse(proxy.url);
    const slack = await app.open({ proxy: { https: address, http: address, noProxy: '127.0.0.0/8' } });
    await slack.start();
    assert.deepEqual(proxy.asked, []);
    assert.equal(app.workspace.sockets.count, 1);
  });
});
