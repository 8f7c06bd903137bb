import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { WebSocket } from 'ws';
import { type OpenPage, openPage } from '../../sandbox/page/play.ts';
import type { FromServer, PageMessage, PersonAction } from '../../sandbox/page/protocol.ts';
import { builtPage } from '../../sandbox/page/server/build-page.ts';

const timeout = 300_000;

describe('the server of the page', { timeout }, () => {
  let dir: string;
  let page: OpenPage;
  let host: string;

  before(
    async () => {
      dir = await mkdtemp(path.join(tmpdir(), 'etcd-backup-page-'));
      page = await openPage({ dir, language: 'en', schedule: false, port: 0 });
      host = new URL(page.server.address).host;
    },
    { timeout },
  );
  after(async () => {
    await page?.[Symbol.asyncDispose]();
    await rm(dir, { recursive: true, force: true });
  });

  const get = (headers: IncomingHttpHeaders, target = '/', method = 'GET') =>
    answerOf(page.server.address, target, method, headers);

  it('answers under its own names only', async () => {
    const port = host.split(':')[1];
    assert.equal((await get({})).status, 200);
    assert.equal((await get({ host: `localhost:${port}` })).status, 200);
    for (const other of [
      'attacker.example',
      `attacker.example:${port}`,
      '127.0.0.1',
      '127.0.0.1:1',
      `0.0.0.0:${port}`,
    ]) {
      const { status, body } = await get({ host: other });
      assert.equal(status, 403, other);
      assert.ok(body.includes(`not as “${other}”`), body);
    }
  });

  it('answers no page of another site, but a link there may open it', async () => {
    for (const origin of ['http://attacker.example', 'http://127.0.0.1:1', `https://${host}`, 'null'])
      assert.equal((await get({ origin })).status, 403, origin);
    assert.equal((await get({ origin: `http://${host}` })).status, 200);
    assert.equal((await get({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).status, 403);
    assert.equal((await get({ 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' })).status, 403);
    const opened = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    assert.equal((await get({ ...opened, 'sec-fetch-dest': 'document' })).status, 200);
    assert.equal((await get({ ...opened, 'sec-fetch-dest': 'iframe' })).status, 403);
  });

  it('lets the page load nothing from outside, and be shown inside no other', async () => {
    const { headers, body } = await get({});
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /frame-ancestors 'none'/);
    const addresses = [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address);
    assert.ok(addresses.length >= 3, body);
    for (const address of addresses) assert.equal((await get({}, address)).status, 200, address);
  });

  it('is light: all scripts and styles together have less than 500 KB, compressed', async () => {
    const { body } = await get({});
    const all = [...body.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(([, address = '']) => address);
    assert.ok(all.some((name) => name.endsWith('.js')) && all.some((name) => name.endsWith('.css')), body);
    const folder = await builtPage();
    const files = (await readdir(folder, { recursive: true })).filter((name) => /\.(js|css)$/.test(name));
    const sizes = files.map(async (name) => gzipSync(await readFile(path.join(folder, name))).length);
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    assert.ok(bytes > 10_000 && bytes < 500_000, `${bytes} bytes in ${files.join(', ')}`);
  });

  it('only reads over HTTP, and only what there is', async () => {
    assert.equal((await get({}, '/', 'POST')).status, 405);
    for (const target of [
      '/places/nas-1?path=/../../config.yaml',
      '/places/toString?path=/',
      '/files/F1?as=U1',
      '/nothing',
      '/../package.json',
      '/%2e%2e/package.json',
      '/index.html.map',
    ])
      assert.equal((await get({}, target)).status, 404, target);
  });

  it('listens on loopback only', async () => {
    const [outside] = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal);
    // A machine without a network has no way in from outside.
    if (outside === undefined) return;
    const address = page.server.address.replace('127.0.0.1', outside.address);
    await assert.rejects(answerOf(address, '/', 'GET', {}), /ECONNREFUSED/);
  });

  it('takes orders from its own page only', async () => {
    const own = `http://${host}`;
    for (const origin of [undefined, 'http://attacker.example', 'http://127.0.0.1:1', 'null'])
      assert.equal(await refusal(own, origin, '/live?as=approver'), 403, origin);
    for (const target of ['/live?as=etcd-backup', '/live?as=someone', '/other?as=approver'])
      assert.equal(await refusal(own, own, target), 403, target);
  });

  it('shows each person what they alone see, and lets them act as no one else', async () => {
    await using requester = await openWindow(host, 'requester');
    await using approver = await openWindow(host, 'approver');
    await using guest = await openWindow(host, 'guest');
    const { platform, elsewhere } = page.world.channels;

    requester.order(1, { do: 'say', channel: platform, text: '/etcd-backup check prod-east' });
    await requester.until(() => requester.messages().some(({ isPrivate }) => isPrivate));
    requester.order(2, { do: 'say', channel: elsewhere, text: 'lunch?' });
    await approver.until(() => approver.messages().some(({ text }) => text === 'lunch?'));

    assert.equal(
      approver.messages().some(({ isPrivate }) => isPrivate),
      false,
    );
    // A guest is in one channel, and sees neither the other one nor what is written there.
    assert.equal(
      guest.messages().some(({ text }) => text === 'lunch?'),
      false,
    );
    guest.order(3, { do: 'say', channel: elsewhere, text: 'me too' });
    assert.match((await guest.done(3)).error ?? '', /@guest is not in general/);
    approver.order(4, { do: 'say', channel: platform, text: '/invite me' });
    assert.equal((await approver.done(4)).error, '/invite is not a valid command.');
  });

  it('ignores what no page sends', async () => {
    await using window = await openWindow(host, 'viewer');
    for (const text of ['', '{', '[]', '{"id":1}', '{"id":1,"action":{"do":"eval","text":"1"}}'])
      window.send(text);
    window.send(
      JSON.stringify({ id: 2, action: { do: 'world', what: 'switch', name: 'toString', on: true } }),
    );
    window.order(3, {
      do: 'click',
      channel: page.world.channels.platform,
      ts: '1.1',
      actionId: 'a',
      blockId: 'b',
    });
    assert.match((await window.done(3)).error ?? '', /@viewer sees no message 1\.1/);
    assert.deepEqual(window.dones(), [3]);
  });
});

async function answerOf(address: string, target: string, method: string, headers: IncomingHttpHeaders) {
  const { hostname, port } = new URL(address);
  // The path as it is: URL would take its dots away.
  const sent = request({ hostname, port, path: target, method, headers });
  sent.end();
  const [response] = await once(sent, 'response');
  let body = '';
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode as number, headers: response.headers as IncomingHttpHeaders, body };
}

/** The status with which a WebSocket is refused; 101 where it is not. */
async function refusal(address: string, origin: string | undefined, target: string): Promise<number> {
  const socket = new WebSocket(
    `${address.replace('http', 'ws')}${target}`,
    origin === undefined ? {} : { origin },
  );
  const refused = once(socket, 'unexpected-response').then(([, response]) => response.statusCode as number);
  const opened = once(socket, 'open').then(() => 101);
  const status = await Promise.race([refused, opened]);
  socket.on('error', () => undefined);
  socket.terminate();
  return status;
}

/** A window without a browser: what the page would know. */
async function openWindow(host: string, person: string) {
  const socket = new WebSocket(`ws://${host}/live?as=${person}`, { origin: `http://${host}` });
  const messages = new Map<string, PageMessage>();
  const dones = new Map<number, Extract<FromServer, { kind: 'done' }>>();
  let wake = Promise.withResolvers<void>();
  socket.on('message', (data) => {
    const said = JSON.parse(String(data)) as FromServer;
    if (said.kind === 'done') dones.set(said.id, said);
    if (said.kind === 'patch') {
      for (const [key, message] of Object.entries(said.patch.messages ?? {}))
        messages.set(key, message as PageMessage);
    }
    wake.resolve();
    wake = Promise.withResolvers();
  });
  await once(socket, 'open');
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await wake.promise;
  };
  return {
    messages: () => [...messages.values()],
    dones: () => [...dones.keys()],
    until,
    send: (text: string) => socket.send(text),
    order: (id: number, action: PersonAction) => socket.send(JSON.stringify({ id, action })),
    async done(id: number) {
      await until(() => dones.has(id));
      return dones.get(id) ?? assert.fail();
    },
    async [Symbol.asyncDispose]() {
      socket.close();
      await once(socket, 'close');
    },
  };
}
