import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { DEFAULT_SCOPES } from '../../../sandbox/slack/scopes.ts';
import type { Notice } from '../../../src/domain/run/notice.ts';
import type { Slack } from '../../../src/slack/app/app.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { type Installed, install } from '../installed-app.ts';

const timeoutMs = 30_000;
const runId = 'r-priv2345';
const say = { type: 'vote-too-late', runId, status: 'cancelled' } as const;

describe('a private message whose sender died over it', () => {
  let app: Installed;
  let slack: Slack;

  beforeEach(async () => {
    app = await install();
    slack = await app.open();
  });
  afterEach(() => app.close());

  const shown = () => app.workspace.private('requester');
  const toRequester = (channel: string | undefined): Notice => ({
    kind: 'private',
    slackUser: app.requester,
    channel,
    say,
  });

  /** As after kill -9: whether Slack has the message already, or not yet. */
  async function leftHalfSent(channel: string | undefined, ageMs: number, arrived: boolean): Promise<void> {
    await app.put({ id: runId, status: 'cancelled', requestedAt: Date.now() - ageMs }, [
      toRequester(channel),
    ]);
    if (arrived) {
      // Its post arrives, its outcome never reaches the records.
      const noticeSent = async () => {
        throw new Error('it is dead by then');
      };
      const dying = app.sender(slack, { records: { ...app.records, noticeSent } });
      dying.start();
      await app.workspace.waitFor(() => shown().length === 1, { what: 'the first post', timeoutMs });
      await dying.stop();
      app.lines.length = 0;
    } else {
      assert.ok(await app.records.takeNotice({ now: Date.now() }));
    }
    await app.records.recover();
  }

  async function next(): Promise<void> {
    app.sender(slack).start();
    await app.outboxEmpty();
  }

  const errors = () => app.lines.filter(({ level }) => level === 'error').map(({ message }) => message);

  it('in a channel, older than a minute: it is not said a second time, and the log says why', async () => {
    await leftHalfSent(app.channel, 90_000, true);
    await next();
    assert.equal(shown().length, 1);
    assert.match(errors().join('\n'), /is given up: an earlier try may have arrived/);
  });

  it('in a channel, only just written: better twice than never', async () => {
    await leftHalfSent(app.channel, 5_000, false);
    await next();
    assert.equal(shown().length, 1);
  });

  it('dated by a clock that was ahead: its age is not known, so it is not said a second time', async () => {
    await leftHalfSent(app.channel, -3 * 3_600_000, true);
    await next();
    assert.equal(shown().length, 1);
  });

  for (const ageMs of [5_000, 90_000])
    it(`as a direct message, ${ageMs / 1000} s old: it is looked for, whether or not it has arrived`, async () => {
      await leftHalfSent(undefined, ageMs, true);
      await next();
      assert.equal(shown().length, 1, 'it was there');
      assert.equal(app.workspace.calls('conversations.history').length, 1);
    });

  it('as a direct message that had not arrived: it is posted, however old', async () => {
    await leftHalfSent(undefined, 3_600_000, false);
    await next();
    assert.equal(shown().length, 1);
    assert.deepEqual(errors(), []);
  });

  it('as a direct message where the app may not look (no im:history): as in a channel', async () => {
    app.workspace.setScopes(DEFAULT_SCOPES.filter((scope) => scope !== 'im:history'));
    await leftHalfSent(undefined, 90_000, true);
    await next();
    assert.equal(shown().length, 1);
    const warned = app.lines.filter(({ message }) => message.includes('im:history'));
    assert.equal(warned.length, 1, 'a warning names the scope');
  });

  it('one that Slack refused for a while is said however old it is: it cannot have arrived', async () => {
    const times = 3;
    app.workspace.faults.add({ method: 'chat.postEphemeral', kind: 'ratelimited', retryAfterS: 1 });
    app.workspace.faults.add({ method: 'chat.postEphemeral', kind: 'http', status: 503, times: times - 1 });
    await app.put({ id: runId, status: 'cancelled', requestedAt: Date.now() - 3_600_000 }, [
      toRequester(app.channel),
    ]);
    await next();
    assert.equal(shown().length, 1);
    assert.equal(app.workspace.calls('chat.postEphemeral').length, times + 1);
  });

  it('an answer that was lost on the way counts as arrived once the message is older than a minute', async () => {
    app.workspace.faults.add({ method: 'chat.postEphemeral', kind: 'lost-response' });
    await app.put({ id: runId, status: 'cancelled', requestedAt: Date.now() - 90_000 }, [
      toRequester(app.channel),
    ]);
    await next();
    assert.equal(shown().length, 1);
  });
});

describe('a private message that the channel does not show', () => {
  let app: Installed;
  let slack: Slack;

  beforeEach(async () => {
    app = await install();
    slack = await app.open();
  });
  afterEach(() => app.close());

  const codes = [
    'msg_too_long',
    'is_inactive',
    'restricted_action_read_only_channel',
    'restricted_action_of_tomorrow',
    'user_not_in_channel',
    'posting_to_channel_denied',
    'ekm_access_denied',
  ];
  for (const error of codes) {
    it(`comes as a direct message: ${error}`, async () => {
      app.workspace.faults.add({ method: 'chat.postEphemeral', kind: 'error', error });
      const notice: Notice = { kind: 'private', slackUser: app.requester, channel: app.channel, say };
      await app.put({ id: runId, status: 'cancelled' }, [notice]);
      app.sender(slack).start();
      await app.outboxEmpty();
      assert.deepEqual(
        app.workspace.private('requester').map(({ channel }) => channel === app.channel),
        [false],
      );
    });
  }
});

describe('the pauses of the sender', () => {
  let app: Installed;
  let slack: Slack;

  beforeEach(async () => {
    app = await install();
    slack = await app.open();
  });
  afterEach(() => app.close());

  it('do not grow by two hours when the clock is set back by two hours', async () => {
    let setBy = 0;
    const real = systemClock();
    const clock = { ...real, now: () => real.now() + setBy };
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'ratelimited', retryAfterS: 1 });
    await app.put({ id: runId, status: 'waiting' }, [{ kind: 'card' }]);
    app.sender(slack, { clock }).start();
    await app.workspace.waitFor(() => app.workspace.calls('chat.postMessage').length === 1, {
      what: 'the first try',
      timeoutMs,
    });
    setBy = -2 * 3_600_000;
    await app.outboxEmpty();
    assert.equal(app.workspace.messages(app.channel).length, 1);
  });
});
