import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Notice } from '../../../src/domain/run/notice.ts';
import type { BackupRun } from '../../../src/domain/run/run.ts';
import { newWatch } from '../../../src/domain/watch/watch-turn.ts';
import type { Slack } from '../../../src/slack/app/app.ts';
import { progressEveryMs } from '../../../src/slack/outbox/live-messages.ts';
import { keptForMs } from '../../../src/slack/outbox/refusals.ts';
import { systemClock } from '../../../src/system/clock.ts';
import type { Clock } from '../../../src/workflow/ports/ports.ts';
import type { RunChange } from '../../../src/workflow/ports/records.ts';
import { aPlan } from '../../support/runs.ts';
import { aPolicy, fleetOf, type Installed, install } from '../installed-app.ts';

const card: Notice = { kind: 'card' };
const timeoutMs = 30_000;
const runId = 'r-lim23456';
const waiting: Partial<BackupRun> = { id: runId, status: 'waiting', plan: aPlan };

function line(reason: string): Notice {
  const event = { at: Date.now(), actor: { kind: 'bot' }, action: 'checked', detail: { reason } } as const;
  return { kind: 'thread', entry: { type: 'audit', event } };
}

describe('what Slack limits', () => {
  let app: Installed;
  let slack: Slack;
  let aheadMs: number;
  let wallAheadMs: number;
  let deliveries: number;

  beforeEach(async () => {
    app = await install();
    slack = await app.open();
    aheadMs = 0;
    wallAheadMs = 0;
    deliveries = 0;
  });
  afterEach(() => app.close());

  /** Real time that a test can put forward, also by the wall clock alone; pauses are cut to the next look. */
  const clock: Clock = {
    now: () => Date.now() + aheadMs + wallAheadMs,
    monotonic: () => performance.now() + aheadMs,
    sleep: (ms, signal) => systemClock().sleep(Math.min(ms, 50), signal),
  };

  const start = () => {
    const fleet = fleetOf([aPolicy(app.channel, { owners: [app.approver] })], [app.requester, app.approver]);
    const sender = app.sender(slack, { clock, fleet });
    sender.start();
    return sender;
  };
  const roots = () => app.workspace.messages(app.channel);
  const under = (ts: string | undefined) =>
    app.workspace
      .thread(app.channel, ts ?? '')
      .slice(1)
      .map((each) => /one|two|three/.exec(each.text)?.[0]);
  const messages = (who: string) => app.workspace.private(who).map((each) => each.text);
  const buttons = (index: number) => JSON.stringify(roots()[index]?.blocks).includes('"button"');
  const until = (what: string, come: () => boolean) => app.workspace.waitFor(come, { what, timeoutMs });

  async function change(set: RunChange['set'], notices: readonly Notice[]): Promise<void> {
    deliveries += 1;
    const decision = () => ({ set, audit: [], notices });
    await app.records.decide({ runId, deliveryId: `d${deliveries}`, now: clock.now(), decision });
  }

  async function passTimeUntil(come: () => boolean): Promise<void> {
    for (let minutes = 0; !come(); minutes += 1) {
      assert.ok(minutes < 600, 'it did not come in 600 minutes');
      aheadMs += 60_000;
      await delay(20);
    }
  }

  const cases = [
    ['everything', /Admins limit who may post/, 0],
    ['read_only_channel', /Admins limit who may post/, 0],
    ['thread_only_channel', /only replies in threads/, 0],
    ['non_threadable_channel', /takes no replies in threads/, 1],
  ] as const;
  for (const [limit, says, cards] of cases) {
    it(`posting limited to ${limit}: requester and owners are notified why, all is kept and posted in order later`, async () => {
      app.workspace.limitPosting(app.channel, limit);
      await app.records.decideWatch({
        cluster: 'prod-east',
        now: Date.now(),
        decision: ({ watch }) => ({ watch: watch ?? newWatch('prod-east'), events: [], notices: [] }),
      });
      const pointer: Notice = {
        kind: 'private',
        slackUser: app.requester,
        channel: undefined,
        say: { type: 'request-on-card', runId, cluster: 'prod-east' },
      };
      await app.put(waiting, [card, line('one'), line('two'), pointer]);
      start();
      await until(
        'word to both',
        () => messages('requester').some((each) => says.test(each)) && messages('approver').length === 1,
      );
      assert.match(messages('approver')[0] ?? '', says);
      assert.equal(roots().length, cards);
      const led = () => messages('requester').some((each) => /card/.test(each) && !says.test(each));
      assert.equal(led(), cards === 1, 'no message links to a card that is not there');
      app.workspace.limitPosting(app.channel, undefined);
      await passTimeUntil(() => under(roots()[0]?.ts).length === 2);
      await app.outboxEmpty();
      assert.deepEqual(under(roots()[0]?.ts), ['one', 'two']);
      assert.deepEqual([roots().length, led(), messages('approver').length], [1, true, 1]);
    });
  }

  it('a locked thread keeps no button alive: the card is edited all the same, the thread goes on later', async () => {
    await app.put(waiting, [card]);
    start();
    await until('the card', () => roots().length === 1 && buttons(0));
    const ts = roots()[0]?.ts ?? '';
    app.workspace.lockThread(app.channel, ts, true);
    await change({}, [line('one')]);
    await until('word to the requester', () => messages('requester').some((each) => /is locked/.test(each)));
    await change({ status: 'cancelled', finishedAt: Date.now() }, [card, line('two')]);
    await until('a card without buttons', () => !buttons(0));
    app.workspace.lockThread(app.channel, ts, false);
    await passTimeUntil(() => under(ts).length === 2);
    assert.deepEqual(under(ts), ['one', 'two']);
  });

  it('a card that cannot be edited any more is replaced, once, and the new one lives on', async () => {
    await app.put(waiting, [card, line('one')]);
    start();
    await until('the thread', () => under(roots()[0]?.ts).length === 1);
    app.workspace.setEditWindow(0);
    await change({ status: 'approved' }, [card, line('two')]);
    await until('the new card and its thread', () => under(roots()[1]?.ts).length === 1);
    app.workspace.setEditWindow(undefined);
    await change({ status: 'cancelled', finishedAt: Date.now() }, [card]);
    await until('the edit', () => !buttons(1) && (roots()[1]?.revisions.length ?? 0) > 1);
    assert.equal(roots().length, 2);
    assert.deepEqual((await app.records.run(runId))?.card, { channel: app.channel, ts: roots()[1]?.ts });
  });

  it('the successor of such a card is looked for, not mistaken for its predecessor, when its answer was lost', async () => {
    await app.put(waiting, [card]);
    start();
    await until('the card', () => roots().length === 1);
    app.workspace.setEditWindow(0);
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'lost-response' });
    await change({ status: 'approved' }, [card, line('one')]);
    await until('the thread', () => under(roots()[1]?.ts).length === 1);
    assert.equal(roots().length, 2);
  });

  it('progress alone brings no new card each time; the end does', async () => {
    const running = { status: 'running', startedAt: Date.now() } as const;
    await app.put({ ...waiting, ...running, step: 'checking-again' }, [card]);
    start();
    await until('the card', () => roots().length === 1);
    app.workspace.setEditWindow(0);
    for (const step of ['opening-session', 'checking-node', 'running-script'] as const) {
      aheadMs += progressEveryMs;
      await change({ step }, [card]);
      await app.outboxEmpty();
    }
    assert.equal(roots().length, 1);
    await change({ status: 'failed', finishedAt: Date.now() }, [card]);
    await until('the card of the end', () => roots().length === 2);
    assert.equal(buttons(1), false);
  });

  it('a clock that jumps two days ahead makes nothing a day old', async () => {
    app.workspace.archive(app.channel);
    await app.put(waiting, [card, line('one')]);
    start();
    await until('word to the requester', () => messages('requester').length > 0);
    wallAheadMs = 2 * keptForMs;
    const before = app.workspace.calls('chat.postMessage').length;
    await passTimeUntil(() => app.workspace.calls('chat.postMessage').length > before + 1);
    app.workspace.unarchive(app.channel);
    await passTimeUntil(() => under(roots()[0]?.ts).length === 1);
  });

  it('a card that is edited all the while brings no word a second time', async () => {
    await app.put(waiting, [card]);
    start();
    await until('the card', () => roots().length === 1);
    app.workspace.limitPosting(app.channel, 'read_only_channel');
    await change({}, [line('one')]);
    await until('word to the requester', () => messages('requester').length === 1);
    await change({ status: 'approved' }, [card]);
    await until('the edit', () => (roots()[0]?.revisions.length ?? 0) > 1);
    const posts = () => app.workspace.calls('chat.postMessage').length;
    const before = posts();
    await passTimeUntil(() => posts() >= before + 2);
    assert.equal(messages('requester').length, 1);
  });

  it('a channel that is lost, works and is lost again on the same day: the owners are notified twice', async () => {
    await app.records.decideWatch({
      cluster: 'prod-east',
      now: Date.now(),
      decision: () => ({ watch: newWatch('prod-east'), events: [], notices: [] }),
    });
    await app.put(waiting, [card]);
    start();
    await until('the card', () => roots().length === 1);
    for (const times of [1, 2]) {
      app.workspace.archive(app.channel);
      await change({}, [line('one')]);
      await until(`word ${times}`, () => messages('approver').length === times);
      await passTimeUntil(() => messages('requester').length === times);
      app.workspace.unarchive(app.channel);
      await passTimeUntil(() => under(roots()[0]?.ts).length === times);
      await app.outboxEmpty();
    }
    assert.deepEqual([messages('approver').length, messages('requester').length], [2, 2]);
  });
});
