import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { slashCommand } from '../../../src/slack/client/slash-command.ts';
import { callTimeoutMs } from '../../../src/slack/client/web-client.ts';
import type { Backups } from '../../../src/workflow/answers/create-backups.ts';
import { gate, type Installed, install } from '../installed-app.ts';

const timeoutMs = 30_000;
// These tests are about the connection: only help is asked for, which uses no backups.
const noBackups = {} as Backups;

describe('Slack app', () => {
  let app: Installed;

  beforeEach(async () => {
    app = await install();
  });
  afterEach(() => app.close());

  async function connected(onFatal: (error: Error) => void = () => undefined) {
    const slack = await app.open({ onFatal });
    slack.listen({ watch: app.records.watch, backups: noBackups, fleet: app.fleet, language: 'en' });
    await slack.start();
    return slack;
  }

  async function helps(): Promise<boolean> {
    const input = { user: 'requester', channel: app.channel, command: slashCommand, text: 'help' };
    const outcome = await app.workspace.slash(input);
    return outcome.status === 'acked' && (await outcome.nextPrivate()).text.includes('approve');
  }

  /** The count alone would still count the connection that is about to end. */
  const reconnected = (asked: number) =>
    app.workspace.waitFor(
      () =>
        app.workspace.calls('apps.connections.open').length === asked && app.workspace.sockets.count === 1,
      { what: 'the new connection', timeoutMs },
    );

  it('knows its workspace and its own account', async () => {
    const slack = await app.open();
    const { teamId, botUserId, botId, botName } = app.workspace.identity;
    assert.deepEqual(slack.identity, { teamId, enterpriseId: undefined, botUserId, botId, botName });
    assert.equal(slack.people.teamId, teamId);
  });

  it('refuses to start with a bad token or in another workspace, saying what to do', async () => {
    const secret = 'xoxb-secret-secret';
    await assert.rejects(app.open({ botToken: secret }), (error: Error) => {
      assert.match(error.message, /invalid_auth.*reinstall/);
      assert.doesNotMatch(error.message, /secret-secret/);
      return true;
    });
    await assert.rejects(app.open({ teamId: 'T0OTHER' }), /expects T0OTHER \(slack\.teamId\)/);
    await assert.rejects(app.open({ botToken: app.workspace.appToken }), /bot token/);
    const slack = await app.open({ delivery: { mode: 'socket', appToken: 'xapp-secret-secret' } });
    await assert.rejects(slack.start(), /app-level token \(invalid_auth\).*connections:write/);
    assert.ok(app.workspace.calls('apps.connections.open').length > 0, 'asked at slack.apiUrl');
  });

  for (const fault of [
    { kind: 'ratelimited', retryAfterS: 1 },
    { kind: 'http', status: 502 },
    { kind: 'error', error: 'internal_error' },
    { kind: 'reset' },
  ] as const) {
    it(`waits for a Slack that answers ${fault.kind} at the start, with growing pauses`, async () => {
      // The client itself repeats a call whose connection broke, and one that met a 5xx, once.
      const times = ['http', 'reset'].includes(fault.kind) ? 4 : 2;
      app.workspace.faults.add({ method: 'auth.test', times, ...fault });
      const waits: string[] = [];
      const slack = await app.open({ onWait: (detail) => waits.push(detail) });
      assert.equal(slack.identity.teamId, app.workspace.identity.teamId);
      assert.equal(waits.length, 2, waits.join('; '));
      const tries = app.workspace.calls('auth.test').map(({ at }) => at);
      const pauses = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
      assert.ok(Math.max(...pauses) > 900, `the pauses were ${pauses.join(', ')} ms`);
    });
  }

  it('stops waiting for Slack at the start when its signal is aborted', async () => {
    app.workspace.faults.add({ method: 'auth.test', kind: 'reset', times: Number.POSITIVE_INFINITY });
    const end = new AbortController();
    const opening = app.open({ signal: end.signal, onWait: () => end.abort() });
    await assert.rejects(opening, /aborted/i);
  });

  it('a token that Slack refuses while it was waited for ends the start', async () => {
    app.workspace.faults.add({ method: 'auth.test', kind: 'ratelimited', retryAfterS: 1 });
    await assert.rejects(app.open({ botToken: 'xoxb-secret-secret' }), /invalid_auth/);
  });

  it('a Slack that greets and sends away is asked less and less often', async () => {
    app.workspace.sockets.turnAway(Number.POSITIVE_INFINITY);
    await connected();
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    const asked = app.workspace.calls('apps.connections.open').length;
    assert.ok(asked >= 2 && asked <= 5, `asked ${asked} times in 8 s`);
    app.workspace.sockets.turnAway(0);
    await app.workspace.waitFor(() => app.workspace.sockets.count === 1, { what: 'a connection', timeoutMs });
    assert.ok(await helps());
  });

  it('connects as soon as Slack can be reached', async () => {
    app.workspace.faults.add({ method: 'apps.connections.open', kind: 'http', status: 503, times: 2 });
    await connected();
    assert.ok(await helps());
    assert.equal(app.lines.filter((line) => line.level === 'warn').length, 2);
  });

  for (const reason of ['warning', 'refresh_requested'] as const) {
    it(`is back at once when Slack says ${reason}`, async () => {
      await connected();
      const calls = () => app.workspace.calls('apps.connections.open');
      const before = Date.now();
      app.workspace.sockets.disconnect(reason);
      await reconnected(2);
      assert.ok((calls()[1]?.at ?? 0) - before < 4_000, 'not after the 5 s of the library');
      assert.ok(await helps());
    });
  }

  it('comes back when the connection breaks and Slack is away for a while', async () => {
    await connected();
    app.workspace.faults.add({ method: 'apps.connections.open', kind: 'reset', times: 2 });
    app.workspace.sockets.drop();
    await reconnected(4);
    assert.ok(await helps());
  });

  it('does not believe one answer that the token is not good', async () => {
    const fatal: Error[] = [];
    await connected((error) => fatal.push(error));
    app.workspace.faults.add({
      method: 'apps.connections.open',
      kind: 'error',
      error: 'account_inactive',
      times: 1,
    });
    app.workspace.sockets.disconnect('refresh_requested');
    await reconnected(3);
    assert.ok(await helps());
    assert.deepEqual(fatal, []);
  });

  it('says once and clearly that the token was revoked, and leaves no unhandled rejection', async () => {
    const rejections: unknown[] = [];
    const note = (reason: unknown) => rejections.push(reason);
    process.on('unhandledRejection', note);
    try {
      const fatal: Error[] = [];
      const called = gate();
      await connected((error) => {
        fatal.push(error);
        called.open();
      });
      app.workspace.revokeTokens();
      app.workspace.sockets.disconnect('refresh_requested');
      await called.opened;
      const errors = app.lines.filter((line) => line.level === 'error');
      assert.equal(errors.length, 1, JSON.stringify(errors));
      assert.match(errors[0]?.message ?? '', /refuses the app-level token \(invalid_auth\)/);
      assert.equal(fatal.length, 1);
      assert.deepEqual(rejections, []);
    } finally {
      process.off('unhandledRejection', note);
    }
  });

  it('stops while Slack cannot be reached', async () => {
    app.workspace.faults.add({
      method: 'apps.connections.open',
      kind: 'http',
      times: Number.POSITIVE_INFINITY,
    });
    const slack = await app.open();
    const starting = slack.start();
    await app.workspace.waitFor(() => app.workspace.calls('apps.connections.open').length > 0, {
      what: 'a try',
    });
    await slack.stop();
    await starting;
    assert.equal(app.workspace.sockets.count, 0);
  });

  it('never writes tokens, tickets or payloads into the log', async () => {
    await connected();
    const text = 'run prod-east reason="top-secret-reason';
    await app.workspace.slash({ user: 'requester', channel: app.channel, command: slashCommand, text });
    app.workspace.faults.add({ method: '*', kind: 'reset', times: 3 });
    await app.workspace.slash({ user: 'requester', channel: app.channel, command: slashCommand, text });
    app.workspace.faults.clear();
    const asked = app.workspace.calls('apps.connections.open').length;
    app.workspace.sockets.drop();
    await reconnected(asked + 1);
    const { botToken, appToken } = app.workspace;
    const log = JSON.stringify(app.lines, (_, value) =>
      value instanceof Error ? { ...value, text: `${value.stack}` } : value,
    );
    for (const secret of [botToken, appToken, 'ticket=', 'top-secret-reason', '/response/']) {
      assert.equal(log.includes(secret), false, secret);
    }
  });

  it('gives a call that Slack never answers a deadline, and does not repeat a post', async () => {
    const slack = await app.open();
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'freeze', times: 2 });
    const before = Date.now();
    await assert.rejects(slack.client.chat.postMessage({ channel: app.channel, text: 'x' }), /timeout/);
    assert.ok(Date.now() - before < 3 * callTimeoutMs);
    assert.equal(app.workspace.calls('chat.postMessage').length, 1);
  });
});
