import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { scheduleTurn } from '../../../src/domain/watch/schedule.ts';
import { aPlan } from '../../support/runs.ts';
import {
  cron,
  failedChange,
  nightly,
  present,
  provenChange,
  ScheduleLab,
  settledWatch,
} from '../../support/scheduled.ts';

const minuteMs = 60_000;
const at = (text: string) => Date.parse(`${text}Z`);
const isos = (times: readonly number[]) => times.map((time) => new Date(time).toISOString().slice(0, 16));

/** A lab that has had its first turn at noon. */
function lab(policy = nightly): ScheduleLab {
  const one = new ScheduleLab(at('2026-11-22T12:00'), policy);
  one.turn(at('2026-11-22T12:00'));
  return one;
}

const kinds = (one: ScheduleLab) => one.turns.flatMap((turn) => turn.events.map(({ kind }) => kind));

describe('a schedule', () => {
  it('begins with the next slot, not with the past', () => {
    const one = lab();
    assert.deepEqual(one.slots, []);
    assert.deepEqual(one.schedule.next, {
      slot: at('2026-11-23T02:00'),
      startAt: at('2026-11-23T02:00'),
    });
    assert.deepEqual(kinds(one), []);
  });

  it('changes nothing while nothing is due: the very same watch', () => {
    const one = lab();
    const { watch } = one;
    const input = { active: undefined, scheduled: [], proven: [], policy: nightly, cron };
    const turn = scheduleTurn(watch, {
      ...input,
      now: at('2026-11-23T01:59'),
      newRun: () => assert.fail('no run'),
    });
    assert.equal(turn.watch, watch);
    assert.deepEqual([turn.events, turn.notices, turn.request], [[], [], undefined]);
  });

  it('asks for one run per slot', () => {
    const one = lab();
    const turn = one.turn(at('2026-11-23T02:00:20'));
    assert.equal(turn.request?.run.id, 'r-run1');
    assert.deepEqual(turn.events, [
      {
        at: at('2026-11-23T02:00:20'),
        kind: 'schedule-run',
        detail: { run: 'r-run1', slot: '2026-11-23T02:00:00.000Z' },
      },
    ]);
    assert.equal(one.schedule.openRun, 'r-run1');
    assert.equal(one.schedule.lastSlot, at('2026-11-23T02:00'));
    one.turn(at('2026-11-23T02:00:50'));
    one.end(provenChange);
    one.turn(at('2026-11-23T02:01:20'));
    one.turn(at('2026-11-24T02:00:10'));
    assert.deepEqual(isos(one.slots), ['2026-11-23T02:00', '2026-11-24T02:00']);
  });

  it('is forgotten when the configuration has none any more, and starts again when it has one again', () => {
    const one = lab();
    one.policy = { ...nightly, schedule: undefined };
    one.turn(at('2026-11-22T13:00'));
    assert.equal(one.watch.schedule, undefined);
    one.policy = nightly;
    one.turn(at('2026-11-25T03:00'));
    assert.deepEqual(one.slots, []);
    assert.equal(one.schedule.next?.slot, at('2026-11-26T02:00'));
  });

  it('counts from the start when cron, zone, window or jitter change, and keeps what it knows of failures', () => {
    const one = lab();
    one.turn(at('2026-11-23T02:00'));
    one.end(failedChange);
    one.turn(at('2026-11-23T02:10'));
    for (const change of [
      { schedule: { ...nightly.schedule, cron: '0 1 * * *', jitterMs: 0, approval: 'auto' as const } },
      { timeZone: 'Asia/Seoul' },
      { offPeak: { fromMinute: 0, toMinute: 300 } },
      { schedule: { cron: '0 2 * * *', jitterMs: minuteMs, approval: 'auto' as const } },
    ]) {
      const before = one.schedule.rule;
      one.policy = { ...nightly, ...change };
      // After the slot of the old rule: it is not caught up under the new one.
      one.turn(at('2026-11-25T12:00'));
      assert.notEqual(one.schedule.rule, before);
      assert((one.schedule.next?.slot ?? 0) > at('2026-11-25T12:00'));
      assert.equal(one.schedule.failures, 1);
    }
    assert.equal(one.slots.length, 1);
    // Who approves changes no times.
    const { rule } = one.schedule;
    one.policy = { ...one.policy, schedule: { cron: '0 2 * * *', jitterMs: minuteMs, approval: 'ask' } };
    one.turn(at('2026-11-25T12:01'));
    assert.equal(one.schedule.rule, rule);
  });
});

describe('what was missed', () => {
  it('is caught up once after the bot was away for days', () => {
    const one = lab();
    const turn = one.turn(at('2026-11-26T10:00'));
    assert.deepEqual(isos(one.slots), ['2026-11-26T02:00']);
    assert.deepEqual(
      turn.events.map(({ kind }) => kind),
      ['schedule-missed', 'schedule-run'],
    );
    one.end(provenChange);
    for (let minute = 1; minute < 60; minute += 1) one.turn(at('2026-11-26T10:00') + minute * minuteMs);
    assert.equal(one.slots.length, 1);
    assert.equal(one.schedule.next?.slot, at('2026-11-27T02:00'));
  });

  it('waits for the off-peak window, also when it is caught up', () => {
    const one = lab({ ...nightly, offPeak: { fromMinute: 22 * 60, toMinute: 5 * 60 } });
    const turn = one.turn(at('2026-11-23T10:00'));
    assert.equal(turn.request, undefined);
    assert.deepEqual(
      turn.events.map(({ kind, detail }) => [kind, detail.caughtUpAt]),
      [['schedule-missed', '2026-11-23T22:00:00.000Z']],
    );
    one.turn(at('2026-11-23T21:59'));
    assert.equal(one.slots.length, 0);
    one.turn(at('2026-11-23T22:00'));
    assert.deepEqual(isos(one.slots), ['2026-11-23T02:00']);
    assert.deepEqual(kinds(one), ['schedule-missed', 'schedule-run']);
  });

  it('is put off to the next window when the window of the catching up was missed as well', () => {
    const one = lab({ ...nightly, offPeak: { fromMinute: 60, toMinute: 5 * 60 } });
    one.turn(at('2026-11-23T10:00'));
    one.turn(at('2026-11-24T10:00'));
    assert.equal(one.slots.length, 0);
    one.turn(at('2026-11-25T01:00'));
    assert.deepEqual(isos(one.slots), ['2026-11-24T02:00']);
    assert.deepEqual(kinds(one), ['schedule-missed', 'schedule-missed', 'schedule-run']);
    one.end(provenChange);
    one.turn(at('2026-11-25T01:59'));
    one.turn(at('2026-11-25T02:00'));
    assert.deepEqual(isos(one.slots), ['2026-11-24T02:00', '2026-11-25T02:00']);
  });

  /** Where the runs of these days start, each of which brings a backup at once; with the slots that were let go. */
  function daysOf(policy: typeof nightly, from: string, to: string) {
    const one = new ScheduleLab(at(from), policy);
    const starts: string[] = [];
    for (let now = at(from); now <= at(to); now += 5 * minuteMs) {
      const turn = one.turn(now);
      if (!turn.request) continue;
      starts.push(new Date(now).toISOString().slice(0, 16));
      one.end(provenChange);
    }
    const missed = one.turns.flatMap(({ events }) => events).filter(({ kind }) => kind === 'schedule-missed');
    return { starts, missed: missed.map(({ detail }) => detail.slot?.slice(0, 16)) };
  }

  const window = (from: number, to: number) => ({ fromMinute: from * 60, toMinute: to * 60 });
  const daily = (cron: string) => ({ cron, jitterMs: 0, approval: 'auto' }) as const;

  it('runs once a day where clocks skip its time and the rest of its window: before the change', () => {
    const policy = { ...nightly, timeZone: 'Europe/Berlin', offPeak: window(1, 3) };
    assert.deepEqual(daysOf(policy, '2026-03-27T12:00', '2026-03-30T12:00'), {
      starts: ['2026-03-28T01:00', '2026-03-29T00:00', '2026-03-30T00:00'],
      missed: [],
    });
    const late = { ...policy, schedule: daily('30 2 * * *') };
    const { starts } = daysOf(late, '2026-03-27T12:00', '2026-03-30T12:00');
    assert.deepEqual(starts, ['2026-03-28T01:30', '2026-03-29T00:30', '2026-03-30T00:30']);
  });

  it('runs at the end of the hour that is skipped where that lies in the window', () => {
    const policy = { ...nightly, timeZone: 'America/New_York', offPeak: window(1, 5) };
    const { starts } = daysOf(policy, '2026-03-07T12:00', '2026-03-09T12:00');
    assert.deepEqual(starts, ['2026-03-08T07:00', '2026-03-09T06:00']);
  });

  it('is on record as missed where clocks skip the whole window, and comes the next day once', () => {
    const zone = { ...nightly, timeZone: 'Europe/Berlin', offPeak: window(2, 3) };
    const policy = { ...zone, schedule: daily('30 2 * * *') };
    assert.deepEqual(daysOf(policy, '2026-03-27T12:00', '2026-03-30T12:00'), {
      starts: ['2026-03-28T01:30', '2026-03-30T00:30'],
      missed: ['2026-03-29T01:00'],
    });
  });

  it('at the hour to which clocks are put is not taken for the one that they skip', () => {
    const zone = { ...nightly, timeZone: 'Europe/Berlin', offPeak: window(1, 3) };
    const policy = { ...zone, schedule: daily('0 3 * * *') };
    const { starts } = daysOf(policy, '2026-03-27T12:00', '2026-03-30T12:00');
    assert.deepEqual(starts, ['2026-03-29T00:00', '2026-03-29T23:00']);
  });

  it('that ran before the change of clocks does not come again in or after a pause', () => {
    const policy = { ...nightly, timeZone: 'Europe/Berlin', offPeak: window(1, 3) };
    const one = new ScheduleLab(at('2026-03-28T12:00'), policy);
    one.turn(at('2026-03-28T12:00'));
    one.turn(at('2026-03-29T00:00'));
    one.end(provenChange);
    one.pausedUntil = at('2026-03-29T00:20');
    one.turn(at('2026-03-29T00:10'));
    one.pausedUntil = undefined;
    for (let now = at('2026-03-29T00:20'); now < at('2026-03-29T12:00'); now += 5 * minuteMs) one.turn(now);
    assert.equal(one.slots.length, 1);
  });

  it('comes at its time again when a clock that went ahead is put right', () => {
    const one = lab();
    one.turn(at('2026-12-24T12:00'));
    one.end(provenChange);
    one.turn(at('2026-11-22T12:05'));
    assert.equal(one.schedule.next?.slot, at('2026-11-23T02:00'));
    one.turn(at('2026-11-23T02:00:20'));
    assert.deepEqual(isos(one.slots), ['2026-12-24T02:00', '2026-11-23T02:00']);
  });

  it('does not come twice when the clock is put back over it', () => {
    const one = lab();
    one.turn(at('2026-11-23T02:00:20'));
    one.end(failedChange);
    one.turn(at('2026-11-23T01:58'));
    one.turn(at('2026-11-23T02:00:30'));
    assert.deepEqual(isos(one.slots), ['2026-11-23T02:00']);
    assert.equal(one.schedule.next?.slot, at('2026-11-24T02:00'));
  });

  it('does not bring a whole fleet back in one moment, and catches up even when turns are rare', () => {
    const starts = ['alpha', 'beta', 'gamma', 'delta'].map((name) => {
      const schedule = { cron: '0 2 * * *', jitterMs: 60 * minuteMs, approval: 'auto' } as const;
      const one = new ScheduleLab(at('2026-11-22T12:00'), { ...nightly, name, schedule });
      one.turn(at('2026-11-22T12:00'));
      one.turn(at('2026-11-23T10:00'));
      return one.schedule.next?.startAt ?? assert.fail('nothing is to come');
    });
    assert.equal(new Set(starts).size, 4);
    for (const start of starts) assert(start > at('2026-11-23T10:00') && start < at('2026-11-23T11:00'));
    const schedule = { cron: '0 2 * * *', jitterMs: 60 * minuteMs, approval: 'auto' } as const;
    const rare = lab({ ...nightly, schedule });
    rare.turn(at('2026-11-23T10:00'));
    rare.turn(at('2026-11-23T12:00'));
    assert.equal(rare.slots.length, 1);
  });

  it('a cluster that is silent, or was never seen, is waited for', () => {
    const one = lab();
    const silent = { since: at('2026-11-23T01:00'), why: { reason: 'timeout', detail: 'slow' } } as const;
    one.watch = { ...one.watch, silent };
    one.turn(at('2026-11-23T02:00'));
    one.turn(at('2026-11-23T08:00'));
    assert.equal(one.slots.length, 0);
    one.watch = { ...one.watch, silent: undefined };
    one.turn(at('2026-11-23T08:01'));
    assert.deepEqual(isos(one.slots), ['2026-11-23T02:00']);

    const never = lab();
    never.watch = { ...never.watch, seen: undefined };
    never.turn(at('2026-11-23T02:00'));
    assert.equal(never.slots.length, 0);
  });

  it('a cluster between two releases is waited for, one whose update fails is not', () => {
    const one = lab();
    const state = {
      kind: 'updating',
      from: present,
      to: { version: '4.16.9', image: 'next' },
      since: undefined,
      failing: false,
      arrived: false,
    } as const;
    const seen = one.watch.seen ?? assert.fail('never seen');
    one.watch = { ...one.watch, seen: { ...seen, state } };
    one.turn(at('2026-11-23T02:00'));
    assert.equal(one.slots.length, 0);
    one.watch = { ...one.watch, seen: { ...seen, state: { ...state, failing: true } } };
    one.turn(at('2026-11-23T02:01'));
    assert.equal(one.slots.length, 1);
  });
});

describe('another run', () => {
  const backup = {
    runId: 'r-byhand',
    cluster: 'prod-east',
    clusterId: aPlan.clusterId,
    zStream: aPlan.zStream,
    seq: 1,
    takenAt: at('2026-11-23T01:58'),
    provenAt: at('2026-11-23T02:03'),
    place: 'off-cluster',
    signersEndAt: undefined,
  } as const;

  it('that is active is waited for; when it brought a backup, it has served the slot', () => {
    const one = lab();
    one.active = { ...(one.active ?? { id: 'r-byhand' }) } as NonNullable<ScheduleLab['active']>;
    one.turn(at('2026-11-23T02:00'));
    one.turn(at('2026-11-23T02:03'));
    assert.equal(one.slots.length, 0);
    one.active = undefined;
    one.proven = [backup];
    const turn = one.turn(at('2026-11-23T02:04'));
    assert.deepEqual(
      turn.events.map(({ kind, detail }) => [kind, detail.servedBy]),
      [['schedule-missed', 'r-byhand']],
    );
    assert.equal(one.schedule.lastSlot, at('2026-11-23T02:00'));
    one.turn(at('2026-11-23T02:30'));
    assert.equal(one.slots.length, 0);
    assert.equal(one.schedule.next?.slot, at('2026-11-24T02:00'));
  });

  for (const [what, change] of [
    ['ended before the slot', { provenAt: at('2026-11-23T01:59') }],
    ['was begun long before the slot and only proven after it', { takenAt: at('2026-11-23T01:00') }],
    ['restores another release', { zStream: '4.16.7' }],
    ['is of another cluster of the name', { clusterId: 'another' }],
  ] as const) {
    it(`that ${what} has not served it`, () => {
      const one = lab();
      one.proven = [{ ...backup, ...change }];
      one.turn(at('2026-11-23T02:04'));
      assert.deepEqual(isos(one.slots), ['2026-11-23T02:00']);
    });
  }
});

describe('what became of scheduled runs', () => {
  /** A night: the slot's run, how it ended, and the turn that sees it. */
  function nightOf(one: ScheduleLab, day: number, change: Parameters<ScheduleLab['end']>[0]) {
    const slot = at('2026-11-23T02:00') + day * 86_400_000;
    one.turn(slot);
    one.end(change);
    return one.turn(slot + 10 * minuteMs);
  }

  it('notifies the owners of the first two failures with the next start, and everybody of the third', () => {
    const one = lab();
    const first = nightOf(one, 0, failedChange);
    const next = at('2026-11-24T02:00');
    const say = { type: 'schedule-failed', runId: 'r-run1', failures: 1, nextStartAt: next } as const;
    assert.deepEqual(first.notices, [
      { kind: 'private', slackUser: 'U7', say },
      { kind: 'private', slackUser: 'U8', say },
    ]);
    assert.deepEqual(
      first.events.map(({ kind, detail }) => [kind, detail]),
      [
        [
          'schedule-failed',
          {
            run: 'r-run1',
            ended: 'failed',
            failures: '1',
            failure: 'session-forbidden',
            next: '2026-11-24T02:00:00.000Z',
          },
        ],
      ],
    );
    assert.equal(nightOf(one, 1, { status: 'blocked' }).notices.length, 2);
    const third = nightOf(one, 2, { status: 'expired' });
    assert.deepEqual(third.notices, [
      { kind: 'escalation', failures: 3, runId: 'r-run3', nextStartAt: at('2026-11-26T02:00') },
    ]);
    assert.deepEqual(
      third.events.map(({ kind }) => kind),
      ['schedule-failed', 'schedule-escalated'],
    );
  });

  it('then only when the number has doubled: it escalates instead of repeating', () => {
    const one = lab();
    const notified: number[] = [];
    for (let day = 0; day < 26; day += 1) {
      const turn = nightOf(one, day, failedChange);
      if (turn.notices.some(({ kind }) => kind === 'escalation')) notified.push(day + 1);
      if (day > 1) assert(turn.notices.every(({ kind }) => kind === 'escalation'));
    }
    assert.deepEqual(notified, [3, 6, 12, 24]);
    assert.equal(one.schedule.failures, 26);
  });

  it('a proven backup ends the row of failures', () => {
    const one = lab();
    nightOf(one, 0, failedChange);
    nightOf(one, 1, failedChange);
    assert.deepEqual(nightOf(one, 2, provenChange).notices, []);
    assert.equal(one.schedule.failures, 0);
    assert.equal(nightOf(one, 3, failedChange).notices.length, 2);
  });

  it('a person who rejects or cancels is no failure, but on record', () => {
    const one = lab();
    nightOf(one, 0, failedChange);
    for (const [day, status] of [
      [1, 'rejected'],
      [2, 'cancelled'],
    ] as const) {
      const turn = nightOf(one, day, { status });
      assert.deepEqual(turn.notices, []);
      assert.deepEqual(
        turn.events.map(({ kind, detail }) => [kind, detail.ended]),
        [['schedule-missed', status]],
      );
    }
    assert.equal(one.schedule.failures, 1);
  });

  it('is counted once, whatever turns follow', () => {
    const one = lab();
    nightOf(one, 0, failedChange);
    const again = one.turn(at('2026-11-23T03:00'));
    assert.deepEqual([again.events, again.notices], [[], []]);
    assert.equal(one.schedule.failures, 1);
    assert.equal(one.schedule.judgedRun, 'r-run1');
  });

  it('copies that are still being tried are no backup yet, and a failure when the next run comes', () => {
    const one = lab();
    const copy = { nextTryAt: at('2026-11-23T05:00') };
    const copying = {
      ...provenChange,
      success: { ...provenChange.success, copies: [copy] },
    } as unknown as Parameters<ScheduleLab['end']>[0];
    assert.deepEqual(nightOf(one, 0, copying).events, []);
    assert.equal(one.schedule.openRun, 'r-run1');
    const turn = one.turn(at('2026-11-24T02:00'));
    assert.deepEqual(
      turn.events.map(({ kind }) => kind),
      ['schedule-failed', 'schedule-run'],
    );
    assert.equal(one.schedule.failures, 1);
    assert.equal(one.schedule.openRun, 'r-run2');
  });

  it('without owners the first failures are not sent, and the third goes to the channel', () => {
    const one = lab({ ...nightly, owners: [] });
    assert.deepEqual(nightOf(one, 0, failedChange).notices, []);
    assert.deepEqual(nightOf(one, 1, failedChange).notices, []);
    assert.equal(nightOf(one, 2, failedChange).notices.length, 1);
  });

  it('runs of the schedule from before the watch began are not counted', () => {
    const one = new ScheduleLab(at('2026-11-22T12:00'));
    one.scheduled = [
      { ...provenChange, ...failedChange, id: 'r-before' } as ScheduleLab['scheduled'][number],
    ];
    one.turn(at('2026-11-22T12:00'));
    assert.deepEqual(kinds(one), []);
    assert.equal(settledWatch(0).schedule, undefined);
  });
});
