import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { failure } from '../../../src/domain/backup/failure.ts';
import { known } from '../../../src/domain/cluster/reading.ts';
import { judgeReadiness } from '../../../src/domain/fleet/readiness.ts';
import { activePause, approvalProblem, mayResume, openPause } from '../../../src/domain/policy/pause.ts';
import type { ClusterWatch } from '../../../src/domain/watch/cluster-watch.ts';
import {
  approvePause,
  askPause,
  askResume,
  endPause,
  pauseTurn,
  refusePause,
} from '../../../src/domain/watch/pause-turn.ts';
import { findingsSeen } from '../../../src/domain/watch/reminder-turn.ts';
import { watchTurn } from '../../../src/domain/watch/watch-turn.ts';
import { dayMs, hourMs, noon, policy } from '../../support/cluster-facts.ts';
import { failedBy, failedChange, nightly, provenChange, ScheduleLab } from '../../support/scheduled.ts';
import {
  asking,
  proven,
  release,
  settledOn,
  throughRecords,
  updatingTo,
  WatchLab,
} from '../../support/watches.ts';

const owner = { slackUser: 'U7', clusterUser: 'owner' };
const other = { slackUser: 'U8', clusterUser: 'other' };
const stranger = { slackUser: 'U9', clusterUser: 'stranger' };
const rules = policy({ owners: ['U7', 'U6'] });
const on8 = settledOn('4.16.8@-300');
const to9 = updatingTo('~4.16.9@0', '4.16.8@-300');
const on9 = settledOn('4.16.9@0', '4.16.8@-300');
const backups = [proven('4.16.8', noon - hourMs)];
const wish = { reason: 'new rack', until: noon + 3 * dayMs };

function seen(): ClusterWatch {
  const lab = new WatchLab({ owners: rules.owners });
  lab.backUp(...backups);
  return lab.look(noon - hourMs, on8).watch;
}

const at = (watch: ClusterWatch, now: number) => ({ watch, proven: backups, policy: rules, now });

/** One turn of the watch as the workflow composes it. */
function turn(watch: ClusterWatch, now: number, facts: typeof on8) {
  const rested = pauseTurn(at(throughRecords(watch), now));
  const paused = activePause(rested.watch, now) !== undefined;
  const looked = watchTurn({
    watch: rested.watch,
    cluster: 'lab',
    reading: known(facts),
    proven: backups,
    policy: rules,
    paused,
    now,
  });
  return {
    watch: looked.watch,
    events: [...rested.events, ...looked.events].map(({ kind }) => kind),
    notices: [...rested.notices, ...looked.notices],
  };
}

describe('a pause', () => {
  it('of an owner holds at once, on record with who, why and until when; the other owners are notified', () => {
    const step = askPause(at(seen(), noon), { by: owner, ...wish });
    const pause = activePause(step.watch, noon);
    assert.deepEqual([pause?.by, pause?.reason, pause?.until], [owner, 'new rack', wish.until]);
    assert.deepEqual(
      step.events.map(({ kind, detail }) => [kind, detail.slackUser, detail.reason, detail.until]),
      [['paused', 'U7', 'new rack', new Date(wish.until).toISOString()]],
    );
    assert.deepEqual(
      step.notices.map((each) => (each.kind === 'private' ? each.slackUser : each.kind)),
      ['pause', 'U6'],
    );
  });

  it('of anybody else waits for a second person, and is over when it is not approved in time', () => {
    const asked = askPause(at(seen(), noon), { by: other, ...wish });
    assert.equal(activePause(asked.watch, noon), undefined);
    assert.deepEqual(
      asked.notices.map(({ kind }) => kind),
      ['pause'],
    );
    const waiting = openPause(asked.watch) ?? assert.fail('nothing waits');
    assert.equal(approvalProblem(rules, other, other), 'own-request');
    assert.equal(approvalProblem(rules, other, { ...other, slackUser: 'U10' }), 'own-request');
    const agreed = approvePause(at(asked.watch, noon + hourMs), waiting, stranger);
    assert.equal(activePause(agreed.watch, noon + hourMs)?.approvedBy?.slackUser, 'U9');
    assert.equal(agreed.notices.filter(({ kind }) => kind === 'private').length, 2);

    const late = pauseTurn(at(asked.watch, noon + rules.approval.expiresAfterMs));
    assert.deepEqual(
      late.events.map(({ kind }) => kind),
      ['pause-expired'],
    );
    assert.equal(openPause(late.watch), undefined);
  });

  it('is not ended, nor a request, by the first look of a clock that went far ahead', () => {
    for (const by of [owner, other]) {
      const { watch } = askPause(at(seen(), noon), { by, ...wish });
      const step = pauseTurn({ ...at(watch, noon + 400 * dayMs), stepped: true });
      assert.deepEqual([step.events, step.notices], [[], []]);
      assert.notEqual(openPause(step.watch), undefined);
    }
  });

  it('that a clock far ahead ended all the same holds again when the clock is right', () => {
    const { watch } = askPause(at(seen(), noon), { by: owner, ...wish });
    const ended = pauseTurn(at(watch, noon + 400 * dayMs));
    assert.equal(openPause(ended.watch), undefined);
    const back = pauseTurn(at(throughRecords(ended.watch), noon + 1));
    assert.equal(activePause(back.watch, noon + 1)?.until, wish.until);
    assert.deepEqual(
      [...back.events, ...back.notices].map(({ kind }) => kind),
      ['paused', 'pause'],
    );
    const over = pauseTurn(at(watch, wish.until));
    assert.equal(
      pauseTurn(at(over.watch, wish.until + 1)).watch,
      over.watch,
      'one that ended in time is over',
    );
  });

  it('that a second person decides on keeps that person’s reason on record', () => {
    const asked = askPause(at(seen(), noon), { by: other, ...wish });
    const waiting = openPause(asked.watch) ?? assert.fail('nothing waits');
    const refused = refusePause(at(asked.watch, noon), waiting, stranger, 'not now');
    const agreed = approvePause(at(asked.watch, noon), waiting, stranger, 'as agreed');
    assert.deepEqual(
      [refused, agreed].map(({ events }) => events[0]?.detail.because),
      ['not now', 'as agreed'],
    );
  });

  it('only those whom the policy names agree, and owners', () => {
    const strict = { ...rules, approval: { ...rules.approval, approvers: ['U9'] } };
    assert.equal(approvalProblem(strict, owner, other), 'not-an-approver');
    assert.equal(approvalProblem(strict, other, stranger), undefined);
    assert.equal(approvalProblem(strict, other, owner), undefined);
  });

  it('raises no reminder and no alarm, whatever happens to the cluster', () => {
    let { watch } = askPause(at(seen(), noon), { by: owner, ...wish });
    const raised: string[] = [];
    for (const [hours, facts] of [
      [1, asking(on8, release('4.16.9'))],
      [2, to9],
      [3, on9],
      [30, on9],
    ] as const) {
      const step = turn(watch, noon + hours * hourMs, facts);
      watch = step.watch;
      raised.push(...step.notices.map(({ kind }) => kind));
    }
    assert.deepEqual(raised, []);
    assert.equal(watch.reminder, undefined);
    assert.equal(watch.alarm, undefined);
    assert.equal(watch.settled?.release.version, '4.16.9', 'what it runs is followed all the same');
  });

  it('repeats no reminder that was open, and one that ends meanwhile ends', () => {
    const lab = new WatchLab({ owners: rules.owners });
    lab.backUp(...backups);
    lab.look(noon - 2 * hourMs, on8);
    const { watch } = lab.look(noon - hourMs, on9);
    const shown = findingsSeen(watch, { findings: [], previewBackups: false, now: noon, policy: rules });
    const step = askPause(at(shown.watch, noon), { by: owner, ...wish });
    const redrawn = { kind: 'reminder', id: watch.reminder?.id ?? '' } as const;
    const isRedrawn = (notices: readonly { readonly kind: string }[]) =>
      notices.some((each) => isDeepStrictEqual(each, redrawn));
    assert(isRedrawn(step.notices), 'its message named the time of the next repetition');
    let paused = step.watch;
    assert.equal(paused.reminder?.nextRepeatAt, undefined);
    const ended = turn(paused, wish.until, on9);
    assert(isRedrawn(ended.notices));
    assert((ended.watch.reminder?.nextRepeatAt ?? 0) >= wish.until + 4 * hourMs);
    for (let hour = 1; hour < 60; hour += 1) {
      const step = turn(paused, noon + hour * hourMs, on9);
      assert.deepEqual(step.notices, []);
      paused = step.watch;
    }
    assert.equal(paused.reminder?.repeats, 0);
    const left = turn(paused, noon + 61 * hourMs, settledOn('4.16.10@60', '4.16.9@0'));
    assert.equal(left.watch.reminder?.end?.kind, 'superseded');
  });

  it('ends by itself: reminders and alarms begin from what the cluster is then', () => {
    let { watch } = askPause(at(seen(), noon), { by: owner, ...wish });
    watch = turn(watch, noon + hourMs, on9).watch;
    const last = turn(watch, wish.until - 1, on9);
    assert.deepEqual(last.events, []);
    const step = turn(last.watch, wish.until, on9);
    assert.equal(step.events[0], 'pause-ended');
    assert.equal(activePause(step.watch, wish.until), undefined);
    assert.equal(step.watch.reminder?.to.version, '4.16.9');
    assert.deepEqual(
      step.notices.map((each) =>
        each.kind === 'private' && each.say.type === 'pause-over'
          ? [each.slackUser, each.say.state]
          : each.kind,
      ),
      ['pause', ['U7', 'uncovered'], ['U6', 'uncovered']],
    );
    assert.deepEqual(turn(step.watch, wish.until + 60_000, on9).notices, [], 'notified once');
  });

  it('that ends in the middle of an update without a backup raises the alarm then', () => {
    let { watch } = askPause(at(seen(), noon), { by: owner, ...wish });
    watch = turn(watch, wish.until - hourMs, to9).watch;
    const step = turn({ ...watch }, wish.until, to9);
    assert.equal(step.watch.alarm?.phase, 'begun');
  });

  it('an open reminder is not repeated in the minute in which the pause ends', () => {
    const lab = new WatchLab({ owners: rules.owners });
    lab.look(noon - 2 * hourMs, on8);
    const { watch } = lab.look(noon - hourMs, on8);
    const paused = askPause(at(watch, noon), { by: owner, ...wish }).watch;
    const pause = activePause(paused, noon) ?? assert.fail('not paused');
    const end = { kind: 'resumed', at: wish.until - 1, by: owner, approvedBy: undefined } as const;
    const over = endPause({ ...at(paused, wish.until - 1), proven: [] }, pause, end);
    assert((over.watch.reminder?.nextRepeatAt ?? 0) >= wish.until - 1 + 4 * hourMs);
  });

  it('is ended sooner by owners and by who asked; anybody else asks a second person', () => {
    const { watch } = askPause(at(seen(), noon), { by: owner, ...wish });
    const pause = activePause(watch, noon) ?? assert.fail('not paused');
    assert.equal(mayResume(rules, pause, owner), true);
    assert.equal(mayResume(rules, { ...pause, by: other }, other), true);
    assert.equal(mayResume(rules, pause, stranger), false);
    const asked = askResume(at(watch, noon + hourMs), pause, stranger);
    assert.equal(activePause(asked.watch, noon + hourMs)?.resumeAsked?.by.slackUser, 'U9');
    const over = askResume(at(watch, noon + hourMs), pause, owner);
    assert.equal(activePause(over.watch, noon + hourMs), undefined);
    assert.deepEqual(
      over.events.map(({ kind }) => kind),
      ['resumed'],
    );
  });

  it('a newer one takes its place: one is open at a time', () => {
    const first = askPause(at(seen(), noon), { by: owner, ...wish });
    const second = askPause(at(first.watch, noon + hourMs), {
      by: owner,
      reason: 'longer',
      until: noon + 5 * dayMs,
    });
    assert.equal(second.watch.pauses?.filter(({ end }) => end === undefined).length, 1);
    assert.equal(activePause(second.watch, noon + hourMs)?.reason, 'longer');
    assert.equal(second.watch.pauses?.[1]?.end?.kind, 'replaced');
  });

  it('a request of somebody else leaves the one that is in force as it is', () => {
    const first = askPause(at(seen(), noon), { by: owner, ...wish });
    const asked = askPause(at(first.watch, noon + hourMs), {
      by: other,
      reason: 'longer',
      until: noon + 9 * dayMs,
    });
    assert.equal(activePause(asked.watch, noon + hourMs)?.reason, 'new rack');
    const later = pauseTurn(at(asked.watch, wish.until));
    assert.equal(later.watch.pauses?.filter(({ end }) => end === undefined).length, 0);
  });

  it('stays in force, however many requests come after it', () => {
    let { watch } = askPause(at(seen(), noon), { by: owner, ...wish });
    for (let minute = 1; minute < 12; minute += 1) {
      const asked = { by: other, reason: `longer ${minute}`, until: noon + 9 * dayMs };
      watch = askPause(at(watch, noon + minute * 60_000), asked).watch;
    }
    assert.equal(activePause(watch, noon + hourMs)?.reason, 'new rack');
    assert.equal(openPause(watch)?.reason, 'longer 11');
    assert.equal(watch.pauses?.length, 5, 'the two that are open, and the newest that are over');
    const over = pauseTurn(at(watch, wish.until));
    assert(over.events.some(({ kind }) => kind === 'pause-ended'));
  });

  it('of a clock far ahead lasts as long as was meant, once the clock is right', () => {
    const year = 365 * dayMs;
    const { watch } = askPause(at(seen(), noon + year), {
      by: owner,
      reason: 'x',
      until: noon + year + 8 * hourMs,
    });
    const right = pauseTurn(at(watch, noon)).watch;
    assert.equal(activePause(right, noon)?.until, noon + 8 * hourMs);
    assert.equal(activePause(pauseTurn(at(right, noon + 8 * hourMs)).watch, noon + 8 * hourMs), undefined);
  });

  it('makes no cluster ready for an update, and says which backup there is all the same', () => {
    const { watch } = askPause(at(seen(), noon), { by: owner, ...wish });
    const input = { watch, reading: known(on8), proven: backups, policy: rules, now: noon };
    const judged = judgeReadiness(input);
    assert.equal(judged.ready, false);
    assert.deepEqual(
      judged.reasons.map(({ kind }) => kind),
      ['paused', 'fresh-backup'],
    );
    assert.equal(judgeReadiness({ ...input, watch: seen() }).ready, true);
  });
});

describe('the schedule of a paused cluster', () => {
  const day = (text: string) => Date.parse(`${text}Z`);
  const until = day('2026-11-26T12:00');

  function paused(): ScheduleLab {
    const one = new ScheduleLab(day('2026-11-22T12:00'), nightly);
    one.turn(day('2026-11-22T12:00'));
    one.pausedUntil = until;
    return one;
  }

  it('keeps what a retry under way knows of its slot: its end after the pause is no first failure', () => {
    const one = new ScheduleLab(day('2026-11-22T12:00'), nightly);
    const stalled = failedBy(failure('session-not-started', { node: 'master-0', afterMs: 1, detail: '' }));
    one.turn(day('2026-11-22T12:00'));
    one.turn(day('2026-11-23T02:00'));
    one.end(stalled);
    one.turn(day('2026-11-23T02:01'));
    assert.equal(one.turn(day('2026-11-23T02:10')).request?.run.id, 'r-run2');
    one.pausedUntil = day('2026-11-23T02:20');
    one.turn(day('2026-11-23T02:11'));
    one.pausedUntil = undefined;
    one.end(stalled);
    one.turn(day('2026-11-23T02:21'));
    const { retry } = one.schedule;
    assert.deepEqual([retry?.made, retry?.nodes.length, retry?.endsAt], [1, 2, day('2026-11-23T04:00')]);
  });

  /** The slot's run failed at 02:00, and a retry waits for 02:06. */
  function failedOnce(): ScheduleLab {
    const one = new ScheduleLab(day('2026-11-22T12:00'), nightly);
    one.turn(day('2026-11-22T12:00'));
    one.turn(day('2026-11-23T02:00'));
    one.end(failedBy(failure('session-not-started', { node: 'master-0', afterMs: 1, detail: '' })));
    one.turn(day('2026-11-23T02:01'));
    assert.equal(one.schedule.retry?.made, 0);
    return one;
  }

  function everyMinute(one: ScheduleLab, from: string, to: string): void {
    for (let now = day(from); now < day(to); now += 60_000) one.turn(now);
  }

  const toOwners = (one: ScheduleLab) => one.turns.flatMap((turn) => turn.notices);

  it('goes on with the retries of the night when it ends inside their window', () => {
    const one = failedOnce();
    one.pausedUntil = day('2026-11-23T02:20');
    everyMinute(one, '2026-11-23T02:03', '2026-11-23T02:20');
    assert.equal(one.slots.length, 1, 'nothing is requested meanwhile');
    one.pausedUntil = undefined;
    assert.equal(one.turn(day('2026-11-23T02:20')).request?.run.id, 'r-run2');
    assert.deepEqual(toOwners(one), []);
  });

  it('counts the night after it when it outlasts the window: the owners are notified once', () => {
    const one = failedOnce();
    one.pausedUntil = day('2026-11-23T09:00');
    everyMinute(one, '2026-11-23T02:03', '2026-11-23T09:00');
    assert.deepEqual(toOwners(one), []);
    one.pausedUntil = undefined;
    everyMinute(one, '2026-11-23T09:00', '2026-11-23T09:30');
    assert.equal(one.slots.length, 1);
    assert.deepEqual([one.schedule.failures, toOwners(one).length], [1, 2]);
  });

  it('repeats after it what failed in it, and counts that for nothing when the window has closed', () => {
    for (const [end, expected] of [
      ['2026-11-23T02:30', { slots: 2, failures: 0, missed: 0 }],
      ['2026-11-23T05:00', { slots: 1, failures: 0, missed: 1 }],
    ] as const) {
      const one = new ScheduleLab(day('2026-11-22T12:00'), nightly);
      one.turn(day('2026-11-22T12:00'));
      one.turn(day('2026-11-23T02:00'));
      one.pausedUntil = day(end);
      one.turn(day('2026-11-23T02:01'));
      one.end(failedBy(failure('session-not-started', { node: 'master-0', afterMs: 1, detail: '' })));
      everyMinute(one, '2026-11-23T02:02', end);
      one.pausedUntil = undefined;
      one.turn(day(end));
      one.turn(day(end) + 60_000);
      const missed = one.turns
        .flatMap(({ events }) => events)
        .filter(({ kind }) => kind === 'schedule-missed');
      const { failures } = one.schedule;
      assert.deepEqual({ slots: one.slots.length, failures, missed: missed.length }, expected);
      assert.deepEqual(toOwners(one), []);
    }
  });

  it('uses and misses no slot, and goes on with the first one after the pause', () => {
    const one = paused();
    for (let at = day('2026-11-22T13:00'); at < until; at += hourMs) {
      const turn = one.turn(at);
      assert.deepEqual([turn.request, turn.events, turn.notices], [undefined, [], []]);
    }
    assert.equal(one.schedule.next?.slot, day('2026-11-27T02:00'));
    one.pausedUntil = undefined;
    const turn = one.turn(until);
    assert.deepEqual([turn.request, turn.events], [undefined, []], 'nothing is caught up');
    assert.equal(one.turn(day('2026-11-27T02:00:10')).request?.run.id, 'r-run1');
  });

  it('that is resumed early takes the next slot then', () => {
    const one = paused();
    one.turn(day('2026-11-23T12:00'));
    one.pausedUntil = undefined;
    one.turn(day('2026-11-23T13:00'));
    assert.equal(one.schedule.next?.slot, day('2026-11-24T02:00'));
  });

  it('changes nothing on record while nothing happens', () => {
    const one = paused();
    one.turn(day('2026-11-22T13:00'));
    const { watch } = one;
    const turn = one.turn(day('2026-11-22T14:00'));
    assert.deepEqual(one.watch, watch);
    assert.deepEqual(turn.events, []);
  });

  it('a run under way ends as it will: on record, counted for nothing when it fails', () => {
    for (const [end, events] of [
      [failedChange, ['schedule-missed']],
      [provenChange, []],
    ] as const) {
      const one = new ScheduleLab(day('2026-11-22T12:00'), nightly);
      one.turn(day('2026-11-22T12:00'));
      one.turn(day('2026-11-23T02:00'));
      one.pausedUntil = until;
      one.turn(day('2026-11-23T02:01'));
      assert.equal(one.schedule.openRun, 'r-run1');
      one.end(end);
      const turn = one.turn(day('2026-11-23T02:05'));
      assert.deepEqual(
        turn.events.map(({ kind }) => kind),
        events,
      );
      assert.deepEqual(turn.notices, []);
      assert.deepEqual([one.schedule.failures, one.schedule.openRun], [0, undefined]);
    }
  });
});
