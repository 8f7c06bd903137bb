import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { signatureOf } from '../../../sandbox/slack/http-delivery.ts';
import type { JsonObject } from '../../../sandbox/slack/json.ts';
import type { Slack } from '../../../src/slack/app/app.ts';
import { maxBodyBytes } from '../../../src/slack/app/http-receiver.ts';
import { slashCommand } from '../../../src/slack/client/slash-command.ts';
import type { Backups } from '../../../src/workflow/answers/create-backups.ts';
import { gate, type Installed, install } from '../installed-app.ts';

const form = 'application/x-www-form-urlencoded';

describe('requests to the address of mode http', () => {
  let app: Installed;
  let slack: Slack;
  let reached: string[];

  beforeEach(async () => {
    app = await install({}, 'http');
    slack = await app.open();
    reached = [];
    // Whatever gets as far as this was let in.
    const note = (operation: string) => async () => {
      reached.push(operation);
      return { outcome: 'duplicate' } as const;
    };
    const backups = { request: note('request'), vote: note('vote'), cancel: note('cancel') };
    slack.listen({
      watch: app.records.watch,
      backups: backups as unknown as Backups,
      fleet: app.fleet,
      language: 'en',
    });
    await slack.start();
  });
  afterEach(() => app.close());

  const type = () =>
    app.workspace.slash({
      user: 'requester',
      channel: app.channel,
      command: slashCommand,
      text: 'run prod-east',
    });

  /** A command as Slack would send it. */
  async function aCommand(change: JsonObject = {}): Promise<string> {
    const { payload } = await type();
    reached.length = 0;
    const fields = Object.entries({ ...payload, trigger_id: 'T-new', ...change });
    return new URLSearchParams(
      fields.map(([key, value]): [string, string] => [key, String(value)]),
    ).toString();
  }

  interface Sending {
    readonly method?: string;
    readonly path?: string;
    readonly contentType?: string;
    readonly atS?: number;
    readonly secret?: string;
    readonly headers?: Record<string, string>;
  }

  async function send(body: string, how: Sending = {}): Promise<number> {
    const atS = String(how.atS ?? Math.floor(Date.now() / 1000));
    const { method = 'POST', contentType = form, secret = app.workspace.signingSecret } = how;
    const response = await fetch(new URL(how.path ?? '', app.requestUrl), {
      method,
      headers: {
        'content-type': contentType,
        'x-slack-request-timestamp': atS,
        'x-slack-signature': signatureOf(secret, atS, body),
        ...how.headers,
      },
      ...(method === 'GET' ? {} : { body }),
    });
    await response.arrayBuffer();
    return response.status;
  }

  /** Nothing was let in, and the app still serves Slack. */
  async function nothingHappened(): Promise<void> {
    assert.deepEqual(reached, []);
    assert.equal((await type()).status, 'acked');
    assert.deepEqual(reached, ['request']);
    reached.length = 0;
  }

  it('are let in with Slack’s signature', async () => {
    assert.equal(await send(await aCommand()), 200);
    assert.deepEqual(reached, ['request']);
  });

  it('are refused with a wrong, missing, or foreign signature, and with a body that was changed', async () => {
    const body = await aCommand();
    const atS = String(Math.floor(Date.now() / 1000));
    const good = signatureOf(app.workspace.signingSecret, atS, body);
    assert.equal(await send(body, { secret: 'another-signing-secret-of-32-chars' }), 401);
    assert.equal(await send(body, { headers: { 'x-slack-signature': '' } }), 401);
    assert.equal(await send(body, { headers: { 'x-slack-signature': good.replace('v0=', 'v1=') } }), 401);
    assert.equal(await send(body, { headers: { 'x-slack-signature': good.slice(0, -2) } }), 401);
    assert.equal(await send(`${body}&user_id=U1`, { headers: { 'x-slack-signature': good } }), 401);
    const bare = await fetch(app.requestUrl, { method: 'POST', headers: { 'content-type': form }, body });
    assert.equal(bare.status, 401);
    await nothingHappened();
  });

  it('are refused when they are more than five minutes old, or from the future', async () => {
    const body = await aCommand();
    const nowS = Math.floor(Date.now() / 1000);
    assert.equal(await send(body, { atS: nowS - 310 }), 401);
    assert.equal(await send(body, { atS: nowS + 400 }), 401);
    assert.equal(await send(body, { headers: { 'x-slack-request-timestamp': 'now' } }), 401);
    await nothingHappened();
    assert.equal(await send(body, { atS: nowS - 240 }), 200);
    assert.deepEqual(reached, ['request']);
  });

  it('of another workspace are answered and do nothing', async () => {
    const before = app.workspace.private('requester').length;
    assert.equal(await send(await aCommand({ team_id: 'T0OTHER' })), 200);
    await app.workspace.waitFor(() => app.workspace.private('requester').length > before, {
      what: 'the refusal',
    });
    await nothingHappened();
  });

  it('with another method or path, or without anything that could be read, get nowhere', async () => {
    const body = await aCommand();
    assert.equal(await send(body, { method: 'GET' }), 405);
    assert.equal(await send(body, { method: 'PUT' }), 405);
    assert.equal(await send(body, { path: '/' }), 404);
    assert.equal(await send(body, { path: '/slack/events/' }), 404);
    assert.equal(await send(body, { path: '/slack/install' }), 404);
    for (const [text, contentType] of [
      ['null', 'application/json'],
      ['[]', 'application/json'],
      ['{"half', 'application/json'],
      ['payload=null', form],
      ['payload={', form],
      ['<xml/>', 'text/xml'],
    ] as const) {
      assert.equal(await send(text, { contentType }), 400, text);
    }
    for (const text of ['{}', '{"type":"what_is_this"}', '{"type":"block_actions"}']) {
      assert.ok((await send(text, { contentType: 'application/json' })) >= 400, text);
    }
    assert.equal(await send(''), 404, 'an empty form');
    await nothingHappened();
  });

  it('that only check the certificate need no signature and carry nothing in', async () => {
    const body = `ssl_check=1&${await aCommand()}`;
    assert.equal(await send(body, { headers: { 'x-slack-signature': 'v0=00' } }), 200);
    await nothingHappened();
  });

  it('with too long a body are cut off', async () => {
    const status = await send(`text=${'x'.repeat(maxBodyBytes)}`).catch(() => 'cut off');
    assert.ok(status === 413 || status === 'cut off', String(status));
    const honest = await aCommand({ text: `help ${'x'.repeat(3_000)}` });
    assert.equal(await send(honest), 200, 'a long one that Slack may send');
    await nothingHappened();
  });

  it('that are given up half way leave nothing behind', async () => {
    const { hostname, port, pathname } = new URL(app.requestUrl);
    const headers = { 'content-length': '1000', 'content-type': form };
    const half = httpRequest({ hostname, port, path: pathname, method: 'POST', headers });
    half.on('error', () => undefined);
    await new Promise<void>((resolve) => half.write('payload=', () => resolve()));
    half.destroy();
    await nothingHappened();
  });

  it('are logged once, without what they carried', async () => {
    for (let count = 0; count < 20; count += 1) await send('a-secret-in-a-body', { secret: 'wrong' });
    const lines = app.lines.filter((line) => line.level !== 'info');
    assert.equal(lines.length, 1, JSON.stringify(lines));
    assert.match(lines[0]?.message ?? '', /not Slack’s was refused/);
    assert.doesNotMatch(JSON.stringify(app.lines), /a-secret-in-a-body/);
    assert.equal(JSON.stringify(app.lines).includes(app.workspace.signingSecret), false);
  });

  it('are answered until the app stops, and no more then', async () => {
    assert.equal(slack.connected(), true);
    await slack.stop();
    assert.equal(slack.connected(), false);
    assert.equal((await type()).status, 'unreachable');
  });
});

describe('mode http', () => {
  let app: Installed;

  beforeEach(async () => {
    app = await install({}, 'http');
  });
  afterEach(() => app.close());

  it('refuses an empty signing secret', async () => {
    for (const signingSecret of ['', ' ']) {
      const delivery = { mode: 'http', signingSecret, port: 1, path: '/' } as const;
      await assert.rejects(app.open({ delivery }), /signing secret is empty/);
    }
  });

  it('says so when the port is taken', async () => {
    const port = Number(new URL(app.requestUrl).port);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, resolve));
    try {
      const slack = await app.open();
      await assert.rejects(
        slack.start(),
        /cannot listen for Slack on port \d+ .*EADDRINUSE.*slack\.http\.port/,
      );
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });

  it('lets an acknowledgement under way reach Slack before it stops', async () => {
    const slack = await app.open();
    const disk = gate();
    const arrived = gate();
    const request = async () => {
      arrived.open();
      await disk.opened;
      return { outcome: 'duplicate' } as const;
    };
    slack.listen({
      watch: app.records.watch,
      backups: { request } as unknown as Backups,
      fleet: app.fleet,
      language: 'en',
    });
    await slack.start();
    const input = { user: 'requester', channel: app.channel, command: slashCommand, text: 'run prod-east' };
    const typed = app.workspace.slash(input);
    await arrived.opened;
    const stopped = slack.stop();
    disk.open();
    assert.equal((await typed).status, 'acked');
    await stopped;
  });
});
