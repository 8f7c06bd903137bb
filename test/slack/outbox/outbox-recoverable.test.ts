import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { DEFAULT_SCOPES } from '../../../sandbox/slack/scopes.ts';
import type { Notice } from '../../../src/domain/run/notice.ts';
import type { BackupRun } from '../../../src/domain/run/run.ts';
import type { Slack } from '../../../src/slack/app/app.ts';
import { keptForMs } from '../../../src/slack/outbox/refusals.ts';
import { systemClock } from '../../../src/system/clock.ts';
import type { Clock } from '../../../src/workflow/ports/ports.ts';
import { aPlan } from '../../support/runs.ts';
import { aPolicy, fleetOf, type Installed, install } from '../installed-app.ts';

const card: Notice = { kind: 'card' };
const timeoutMs = 30_000;
const runId = 'r-mend2345';
const waiting: Partial<BackupRun> = { id: runId, status: 'waiting', plan: aPlan };

function line(reason: string): Notice {
  const event = { at: Date.now(), actor: { kind: 'bot' }, action: 'checked', detail: { reason } } as const;
  return { kind: 'thread', entry: { type: 'audit', event } };
}

describe('what a channel does not take and a person can fix', () => {
  let app: Installed;
  let slack: Slack;
  let aheadMs: number;

  beforeEach(async () => {
    app = await install();
    slack = await app.open();
    aheadMs = 0;
  });
  afterEach(() => app.close());

  /** Real time that a test can put forward; pauses are cut to the next look. */
  const clock: Clock = {
    now: () => Date.now() + aheadMs,
    monotonic: () => performance.now() + aheadMs,
    sleep: (ms, signal) => systemClock().sleep(Math.min(ms, 50), signal),
  };

  const roots = () => app.workspace.messages(app.channel);
  const texts = () =>
    app.workspace
      .thread(app.channel, roots()[0]?.ts ?? '')
      .slice(1)
      .map((each) => /one|two|three/.exec(each.text)?.[0]);
  const messages = () =>
    app.workspace.private('requester').filter((each) => each.text.includes('cannot post'));
  /** Looking whether an earlier try has arrived after all is refused as well. */
  const tries = () =>
    (['chat.postMessage', 'conversations.history', 'chat.update'] as const)
      .flatMap((method) => app.workspace.calls(method))
      .filter((each) => each.args.channel === app.channel);
  const errors = () => app.lines.filter((each) => each.level === 'error').map((each) => each.message);
  const tried = (count: number) =>
    app.workspace.waitFor(() => tries().length >= count, { what: `try ${count}`, timeoutMs });
  const notifiedOnce = () =>
    app.workspace.waitFor(() => messages().length > 0, { what: 'word to the requester', timeoutMs });

  /** The card, two lines, and a private message that belongs to somebody else. */
  function put(): Promise<BackupRun> {
    const say = { type: 'vote-too-late', runId, status: 'cancelled' } as const;
    const alone: Notice = { kind: 'private', slackUser: app.approver, channel: undefined, say };
    return app.put(waiting, [card, line('one'), alone, line('two')]);
  }

  /** The pause before the next try may begin after the clock was put forward: again, until it has come. */
  async function passTimeUntil(come: () => boolean): Promise<void> {
    for (let minutes = 0; !come(); minutes += 1) {
      assert.ok(minutes < 600, 'it did not come in 600 minutes');
      aheadMs += 60_000;
      await delay(20);
    }
  }

  /** Two more tries, each after its pause. */
  async function twoMoreTries(): Promise<void> {
    for (let more = 0; more < 2; more += 1) {
      const before = tries().length;
      await passTimeUntil(() => tries().length > before);
    }
  }

  async function everythingArrives(): Promise<void> {
    await passTimeUntil(() => texts().length === 2);
    assert.equal(roots().length, 1);
    assert.deepEqual(texts(), ['one', 'two']);
    assert.equal(messages().length, 1, 'notified once');
    assert.equal((await app.records.run(runId))?.status, 'waiting', 'the run is not touched');
  }

  it('not in the channel: the requester is notified once how to invite the bot, and then all of it is posted', async () => {
    app.workspace.removeMember(app.channel, 'app');
    await put();
    app.sender(slack, { clock }).start();
    await notifiedOnce();
    const [message] = messages();
    assert.notEqual(message?.channel, app.channel, 'a direct message');
    assert.ok(message?.text.includes('/invite @etcd-backup'), message?.text);
    assert.ok(message?.text.includes(`<#${app.channel}>`));
    assert.equal(app.workspace.private('approver').length, 1, 'other people’s messages do not wait');
    await twoMoreTries();
    assert.deepEqual(roots(), []);
    assert.equal(errors().length, 1, 'one line in the log');
    assert.match(errors()[0] ?? '', /waits: not_in_channel; send \/invite @etcd-backup/);
    app.workspace.invite(app.channel, 'app');
    await everythingArrives();
  });

  it('a run that a schedule asked for: the owners are notified, since no person asked', async () => {
    app.workspace.removeMember(app.channel, 'app');
    const requester = { slackUser: slack.identity.botUserId, clusterUser: 'schedule' };
    await app.put({ ...waiting, requester, origin: { kind: 'schedule' } }, [card, line('one'), line('two')]);
    const fleet = fleetOf([aPolicy(app.channel, { owners: [app.requester] })], [app.requester]);
    app.sender(slack, { clock, fleet }).start();
    await notifiedOnce();
    app.workspace.invite(app.channel, 'app');
    await everythingArrives();
  });

  it('notified once, though the bot restarts in between', async () => {
    app.workspace.removeMember(app.channel, 'app');
    await put();
    const first = app.sender(slack, { clock });
    first.start();
    await notifiedOnce();
    await first.stop();
    app.sender(slack, { clock }).start();
    await twoMoreTries();
    app.workspace.invite(app.channel, 'app');
    await everythingArrives();
  });

  it('a private channel without the bot: Slack says that there is none', async () => {
    const hidden = app.workspace.addChannel({
      name: 'hidden',
      private: true,
      bot: false,
      members: ['requester'],
    });
    const fleet = fleetOf([aPolicy(hidden.id)], [app.requester]);
    await put();
    app.sender(slack, { clock, fleet }).start();
    await notifiedOnce();
    assert.ok(messages()[0]?.text.includes(`\`${hidden.id}\``));
    assert.match(messages()[0]?.text ?? '', /no channel.*\/invite @etcd-backup.*configuration/);
    app.workspace.invite(hidden.id, 'app');
    await passTimeUntil(() => app.workspace.messages(hidden.id).length === 1);
  });

  it('archived in the middle: the card there is not edited and the thread stops, until it is brought back', async () => {
    await app.put(waiting, [card]);
    app.sender(slack, { clock }).start();
    await tried(1);
    await app.workspace.waitFor(() => roots().length === 1, { what: 'the card', timeoutMs });
    app.workspace.archive(app.channel);
    const change = { set: {}, audit: [], notices: [line('one'), line('two')] };
    await app.records.decide({ runId, deliveryId: 'd', now: Date.now(), decision: () => change });
    await notifiedOnce();
    assert.match(messages()[0]?.text ?? '', /is archived.*Unarchive/);
    await twoMoreTries();
    app.workspace.unarchive(app.channel);
    await everythingArrives();
  });

  it('archived, and another channel configured: the card, its thread and the new end go on there', async () => {
    await app.put(waiting, [card]);
    const first = app.sender(slack, { clock });
    first.start();
    await app.outboxEmpty();
    await first.stop();
    app.workspace.archive(app.channel);
    const other = app.workspace.addChannel({ name: 'platform-new', members: ['requester'] });
    const change = { set: {}, audit: [], notices: [line('one'), line('two')] };
    await app.records.decide({ runId, deliveryId: 'd', now: Date.now(), decision: () => change });
    const fleet = fleetOf([aPolicy(other.id)], [app.requester]);
    app.sender(slack, { clock, fleet }).start();
    await app.outboxEmpty();
    const [root, ...more] = app.workspace.messages(other.id).filter((each) => each.threadTs === undefined);
    assert.deepEqual(more, []);
    const said = app.workspace.thread(other.id, root?.ts ?? '').slice(1);
    assert.deepEqual(
      said.map((each) => /one|two/.exec(each.text)?.[0]),
      ['one', 'two'],
    );
    const end: Partial<BackupRun> = { status: 'cancelled', finishedAt: Date.now() };
    const ended = { set: end, audit: [], notices: [card] };
    await app.records.decide({ runId, deliveryId: 'e', now: Date.now(), decision: () => ended });
    await app.outboxEmpty();
    assert.doesNotMatch(JSON.stringify(root?.blocks), /"button"/);
    assert.equal(messages().length, 0);
  });

  it('a missing scope is named, and no late notification is sent for what is fixed already', async () => {
    app.workspace.setScopes(DEFAULT_SCOPES.filter((scope) => scope !== 'chat:write'));
    await put();
    app.sender(slack, { clock }).start();
    await tried(1);
    await twoMoreTries();
    assert.ok(
      errors().some((each) => /waits: missing_scope; needs the scope chat:write; .*manifest\.yml/.test(each)),
      errors().join('\n'),
    );
    app.workspace.setScopes(DEFAULT_SCOPES);
    await passTimeUntil(() => texts().length === 2);
    assert.equal(messages().length, 0);
  });

  it('a scope that only the channel needs is named to the requester', async () => {
    const only = { method: 'chat.postMessage', kind: 'error', error: 'missing_scope' } as const;
    app.workspace.faults.add({ ...only, when: (args) => args.channel === app.channel });
    await put();
    app.sender(slack, { clock }).start();
    await notifiedOnce();
    assert.match(messages()[0]?.text ?? '', /lacks a scope.*manifest\.yml/);
    await everythingArrives();
  });

  it('is given up after a day, said once, and does not come a day late', async () => {
    app.workspace.removeMember(app.channel, 'app');
    await put();
    app.sender(slack, { clock }).start();
    await notifiedOnce();
    aheadMs += keptForMs;
    await app.workspace.waitFor(() => tries().length >= 4, { what: 'the last tries', timeoutMs });
    app.workspace.invite(app.channel, 'app');
    const say = { type: 'request-on-card', runId, cluster: 'after-all' } as const;
    const behind: Notice = { kind: 'private', slackUser: app.requester, channel: undefined, say };
    const change = { set: {}, audit: [], notices: [line('three'), behind] };
    await app.records.decide({ runId, deliveryId: 'd', now: Date.now(), decision: () => change });
    await app.workspace.waitFor(() => texts().length === 1, { what: 'what came later', timeoutMs });
    assert.deepEqual(texts(), ['three'], 'lines that waited behind the card are a day old as well');
    assert.equal(errors().filter((each) => /is given up: not_in_channel/.test(each)).length, 1);
  });
});
