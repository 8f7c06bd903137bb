import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { failure } from '../../../src/domain/backup/failure.ts';
import { type Finding, finding } from '../../../src/domain/preflight/finding.ts';
import type { BackupRun } from '../../../src/domain/run/run.ts';
import { retryOf } from '../../../src/domain/run/run.ts';
import { retryWantsFindings } from '../../../src/domain/watch/schedule-retry.ts';
import { aPlan } from '../../support/runs.ts';
import { failedBy, nightly, present, provenChange, ScheduleLab } from '../../support/scheduled.ts';

const minuteMs = 60_000;
const at = (text: string) => Date.parse(`${text}Z`);
const clock = (time: number | undefined) =>
  time === undefined ? undefined : new Date(time).toISOString().slice(11, 16);

const progressing = finding('blocker', 'operator.progressing', { name: 'etcd', message: 'rolling out' });
const noRight = finding('blocker', 'right.missing', { right: 'create pods', role: 'r' });
const blockedBy = (...findings: readonly Finding[]): Partial<BackupRun> => ({
  status: 'blocked',
  findings,
  plan: undefined,
});
const stalled = failedBy(failure('session-not-started', { node: 'master-0', afterMs: 1, detail: '' }));

function lab(policy = nightly): ScheduleLab {
  const one = new ScheduleLab(at('2026-11-22T12:00'), policy);
  one.turn(at('2026-11-22T12:00'));
  return one;
}

/** A turn a minute, as long as nothing is asked for; each run ends in its first minute as `end` says. Returns the starts. */
function night(
  one: ScheduleLab,
  from: string,
  to: string,
  end: (run: BackupRun, index: number) => Partial<BackupRun>,
) {
  const starts: (string | undefined)[] = [];
  for (let now = at(from); now <= at(to); now += minuteMs) {
    const turn = one.turn(now);
    if (!turn.request) continue;
    starts.push(clock(now));
    one.end(end(turn.request.run, starts.length));
  }
  return starts;
}

const events = (one: ScheduleLab) => one.turns.flatMap((turn) => turn.events.map(({ kind }) => kind));
const notices = (one: ScheduleLab) => one.turns.flatMap((turn) => turn.notices);

describe('a scheduled run that failed for a passing reason', () => {
  it('is asked for again, and a success ends it without a word to anybody', () => {
    const one = lab();
    // Progressing at 02:00 and at 02:06, quiet after it.
    const starts = night(one, '2026-11-23T02:00', '2026-11-23T06:00', (_run, index) =>
      index < 3 ? blockedBy(progressing) : provenChange,
    );
    assert.equal(starts.length, 3);
    assert.equal(starts[0], '02:00');
    assert.deepEqual(notices(one), []);
    assert.deepEqual(events(one), [
      'schedule-run',
      'schedule-retry',
      'schedule-run',
      'schedule-retry',
      'schedule-run',
    ]);
    assert.equal(one.schedule.failures, 0);
    assert.equal(one.schedule.retry, undefined);
    const [run, before] = one.scheduled;
    const retry = run && retryOf(run);
    assert.deepEqual(
      [retry?.number, retry?.of, retry?.after, retry?.slot],
      [2, 4, before?.id, at('2026-11-23T02:00')],
    );
    assert.deepEqual(retry?.because, { kind: 'blocked', findings: [progressing] });
  });

  it('at most four times, after pauses that grow; the owners are notified once, when none is left', () => {
    const one = lab();
    const starts = night(one, '2026-11-23T02:00', '2026-11-23T10:00', () => stalled);
    assert.equal(starts.length, 5);
    const minutes = one.scheduled.map(({ requestedAt }) => requestedAt / minuteMs).reverse();
    const pauses = minutes.slice(1).map((each, index) => each - (minutes[index] ?? 0));
    assert(
      pauses.every((pause, index) => pause > (pauses[index - 1] ?? 4)),
      pauses.join(),
    );
    const notified = one.turns.filter((turn) => turn.notices.length > 0);
    assert.equal(notified.length, 1);
    assert.deepEqual(
      notified[0]?.notices.map((each) => each.kind === 'private' && [each.slackUser, each.say]),
      ['U7', 'U8'].map((owner) => [
        owner,
        {
          type: 'schedule-failed',
          runId: 'r-run5',
          failures: 1,
          nextStartAt: at('2026-11-24T02:00'),
          retries: 4,
        },
      ]),
    );
    const closed = one.turns.flatMap((turn) => turn.events).filter(({ kind }) => kind === 'schedule-failed');
    assert.deepEqual(
      closed.map((each) => [clock(each.at), each.detail.retries, each.detail.failure]),
      [['03:28', '4', 'session-not-started']],
    );
    assert.equal(one.schedule.failures, 1);
  });

  it('only within the off-peak window', () => {
    const one = lab({ ...nightly, offPeak: { fromMinute: 60, toMinute: 140 } });
    const starts = night(one, '2026-11-23T02:00', '2026-11-23T10:00', () => stalled);
    assert.deepEqual(starts.length, 3);
    assert(starts.every((start) => (start ?? '') < '02:20'));
    const closed = one.turns.flatMap((turn) => turn.events).find(({ kind }) => kind === 'schedule-failed');
    assert.equal(clock(closed?.at), '02:20');
  });

  it('is counted when nothing more can come, however long the window stays open', () => {
    const wide = lab({ ...nightly, offPeak: { fromMinute: 0, toMinute: 1439 } });
    night(wide, '2026-11-23T02:00', '2026-11-23T23:50', () => stalled);
    // The fourth retry would come after the next slot's run.
    const hourly = lab({ ...nightly, schedule: { cron: '0 2,3 * * *', jitterMs: 0, approval: 'auto' } });
    night(hourly, '2026-11-23T02:00', '2026-11-23T02:59', () => stalled);
    for (const [one, time] of [
      [wide, '03:28'],
      [hourly, '02:43'],
    ] as const) {
      const notified = one.turns.filter((turn) => turn.notices.length > 0);
      assert.deepEqual(
        notified.map((turn) => clock(turn.events.find(({ kind }) => kind === 'schedule-failed')?.at)),
        [time],
      );
    }
  });

  it('on another node from the second failure on that node', () => {
    const one = lab();
    night(one, '2026-11-23T02:00', '2026-11-23T10:00', () => stalled);
    const avoided = one.scheduled.map((run) => retryOf(run)?.avoid).reverse();
    const node = aPlan.node;
    assert.deepEqual(avoided, [undefined, [], [node], [node], [node]]);
  });

  it('at once on another node when the cause is bound to the node, and not at all when there is none', () => {
    const one = lab();
    const bound = failedBy(failure('script-missing', { path: '/usr/local/bin/cluster-backup.sh' }));
    const starts = night(one, '2026-11-23T02:00', '2026-11-23T10:00', () => bound);
    assert.deepEqual(
      one.scheduled.map((run) => retryOf(run)?.avoid),
      [[aPlan.node], undefined],
    );
    assert.equal(starts.length, 2);
    assert.equal(notices(one).length, 2, 'each owner once');
  });

  it('the same where the checks on the node find it: the script is missing on this one', () => {
    const one = lab();
    const missing = finding('blocker', 'script.missing', { path: '/usr/local/bin/cluster-backup.sh' });
    const bound = failedBy(failure('preflight-blocked', { findings: [missing] }));
    night(one, '2026-11-23T02:00', '2026-11-23T10:00', () => bound);
    assert.deepEqual(
      one.scheduled.map((run) => retryOf(run)?.avoid),
      [[aPlan.node], undefined],
    );
  });

  it('an update that fails is one blocked run and no more; the owners are notified when the window closes', () => {
    const one = lab();
    const seen = one.watch.seen ?? assert.fail('never seen');
    const to = { version: '4.16.9', image: 'next' };
    const stuck = { since: undefined, failing: true, arrived: false };
    one.watch = { ...one.watch, seen: { ...seen, state: { kind: 'updating', from: present, to, ...stuck } } };
    const updating = finding('blocker', 'version.updating', {
      from: '4.16.8',
      to: '4.16.9',
      message: 'stuck',
    });
    const starts = night(one, '2026-11-23T02:00', '2026-11-23T10:00', () => blockedBy(updating));
    assert.deepEqual(starts, ['02:00']);
    assert.equal(notices(one).length, 2, 'each owner once');
  });

  it('a run that was stopped before it reached a node says nothing of the node', () => {
    const one = lab();
    const change = failedBy(failure('preflight-blocked', { findings: [progressing] }));
    night(one, '2026-11-23T02:00', '2026-11-23T10:00', () => change);
    assert.deepEqual(
      one.scheduled.map((run) => retryOf(run)?.avoid ?? []),
      [[], [], [], [], []],
    );
  });

  for (const [what, end] of [
    ['a missing permission', blockedBy(noRight)],
    ['a missing permission beside what passes', blockedBy(progressing, noRight)],
    ['no disk space', failedBy(failure('script-disk-full', {}))],
    ['a hosted control plane', blockedBy(finding('blocker', 'topology.hosted', {}))],
    ['no approval in time', { status: 'expired' }],
  ] as const) {
    it(`is not repeated for ${what}: the owners are notified at once`, () => {
      const one = lab();
      const starts = night(one, '2026-11-23T02:00', '2026-11-23T10:00', () => end);
      assert.deepEqual(starts, ['02:00']);
      assert.equal(notices(one).length, 2);
      assert.equal(clock(one.turns.find((turn) => turn.notices.length > 0)?.events[0]?.at), '02:01');
    });
  }

  it('a retry that fails for another reason that does not pass is the last one', () => {
    const one = lab();
    const starts = night(one, '2026-11-23T02:00', '2026-11-23T10:00', (_run, index) =>
      index === 1 ? stalled : blockedBy(noRight),
    );
    assert.equal(starts.length, 2);
    assert.equal(one.schedule.failures, 1);
    assert.equal(notices(one).length, 2);
  });
});

describe('meanwhile', () => {
  const backup = {
    runId: 'r-byhand',
    cluster: 'prod-east',
    clusterId: aPlan.clusterId,
    zStream: aPlan.zStream,
    seq: 1,
    takenAt: at('2026-11-23T02:10'),
    provenAt: at('2026-11-23T02:12'),
    place: 'off-cluster',
    signersEndAt: undefined,
  } as const;

  /** The slot's run has failed at 02:00. */
  function failed(policy = nightly, end: Partial<BackupRun> = stalled): ScheduleLab {
    const one = lab(policy);
    one.turn(at('2026-11-23T02:00'));
    one.end(end);
    one.turn(at('2026-11-23T02:01'));
    return one;
  }

  it('a person’s own run that succeeds ends the retries', () => {
    const one = failed();
    one.active = { id: 'r-byhand' } as NonNullable<ScheduleLab['active']>;
    assert.equal(one.turn(at('2026-11-23T02:11')).request, undefined);
    one.active = undefined;
    one.proven = [backup];
    const turn = one.turn(at('2026-11-23T02:13'));
    assert.deepEqual(
      turn.events.map(({ kind, detail }) => [kind, detail.servedBy]),
      [['schedule-missed', 'r-byhand']],
    );
    for (let minute = 14; minute < 600; minute += 1) one.turn(at('2026-11-23T02:00') + minute * minuteMs);
    assert.equal(one.slots.length, 1);
    assert.deepEqual(notices(one), []);
    assert.equal(one.schedule.failures, 0);
  });

  it('a person’s run that is under way when the window closes is waited for', () => {
    const one = failed();
    one.active = { id: 'r-byhand' } as NonNullable<ScheduleLab['active']>;
    one.turn(at('2026-11-23T04:10'));
    assert.deepEqual(notices(one), []);
    one.active = undefined;
    one.turn(at('2026-11-23T04:20'));
    assert.equal(notices(one).length, 2);
  });

  it('a cluster that is being updated is waited for, as long as the window lasts', () => {
    const one = failed();
    const seen = one.watch.seen ?? assert.fail('never seen');
    const to = { version: '4.16.9', image: 'next' };
    const quiet = { since: undefined, failing: false, arrived: false };
    one.watch = { ...one.watch, seen: { ...seen, state: { kind: 'updating', from: present, to, ...quiet } } };
    for (let minute = 2; minute < 60; minute += 1) one.turn(at('2026-11-23T02:00') + minute * minuteMs);
    assert.equal(one.slots.length, 1);
    one.watch = {
      ...one.watch,
      seen: { ...seen, state: { kind: 'settled', release: to, since: undefined } },
    };
    // A backup of the release that it left restores it no more.
    one.proven = [backup];
    assert.equal(one.turn(at('2026-11-23T03:01')).request?.run.id, 'r-run2');
  });

  it('the next slot ends the retries of the one before it, and counts that one once', () => {
    const hourly = { cron: '0 * * * *', jitterMs: 0, approval: 'auto' } as const;
    const one = failed({ ...nightly, schedule: hourly });
    // 13:00 to 02:00 were caught up by one run; the next slot is at 03:00.
    night(one, '2026-11-23T02:02', '2026-11-23T03:00', () => stalled);
    const kinds = events(one).slice(-4);
    assert.deepEqual(kinds.slice(-2), ['schedule-failed', 'schedule-run'], kinds.join());
    assert.equal(one.schedule.failures, 1);
    assert.equal(retryOf(one.scheduled[0] ?? assert.fail('no run')), undefined);
  });

  it('a clock that is put back brings no storm and loses no night', () => {
    const one = failed();
    one.turn(at('2026-11-22T20:00'));
    assert.equal(one.slots.length, 2, 'what was waited for minutes is due, not hours later');
    one.end(stalled);
    let made = 0;
    for (let now = at('2026-11-22T20:01'); now < at('2026-11-23T01:00'); now += minuteMs) {
      if (one.turn(now).request) {
        made += 1;
        one.end(stalled);
      }
    }
    assert.equal(made, 3, 'four retries in all');
  });

  it('a clock that goes ahead for a while does not lose the night: it goes on in the window, and no owner is notified twice', () => {
    const one = failed();
    one.turn(at('2026-11-23T09:00'));
    assert.equal(one.schedule.failures, 1);
    assert.equal(notices(one).length, 2);
    one.turn(at('2026-11-23T02:10'));
    assert.equal(one.slots.length, 2);
    one.end(stalled);
    for (let minute = 11; minute < 300; minute += 1) {
      if (one.turn(at('2026-11-23T02:00') + minute * minuteMs).request) one.end(stalled);
    }
    assert.equal(one.schedule.failures, 1);
    assert.equal(notices(one).length, 2);
    assert.equal(one.slots.length, 5);
  });
});

describe('a schedule that asks people', () => {
  const asking = {
    ...nightly,
    schedule: { cron: '0 2 * * *', jitterMs: 0, approval: 'ask' },
  } as const;

  it('asks once more, when a look shows that the reason has passed', () => {
    const one = lab(asking);
    one.turn(at('2026-11-23T02:00'));
    one.end(blockedBy(progressing));
    let asked: string | undefined;
    let looks = 0;
    for (let now = at('2026-11-23T02:01'); now < at('2026-11-23T08:00'); now += minuteMs) {
      const due = one.schedule.retry?.nextAt;
      const look = due !== undefined && now >= due;
      if (look) looks += 1;
      const still = now < at('2026-11-23T02:40');
      const turn = one.turn(now, look ? { findings: still ? [progressing] : [] } : undefined);
      if (!turn.request) continue;
      asked = clock(now);
      assert.deepEqual(
        [retryOf(turn.request.run)?.number, retryOf(turn.request.run)?.of],
        [1, 1],
        'no second one',
      );
      one.end(blockedBy(progressing));
    }
    assert(asked !== undefined && asked >= '02:40', asked);
    assert(looks >= 3 && looks <= 5, String(looks));
    assert.equal(one.slots.length, 2);
    assert.equal(notices(one).length, 2, 'at the end of the window');
  });

  it('is looked at after a clock was put back, not hours later', () => {
    const one = lab(asking);
    one.turn(at('2026-11-23T02:00'));
    one.end(blockedBy(progressing));
    one.turn(at('2026-11-23T02:01'));
    assert.equal(retryWantsFindings(one.watch, at('2026-11-23T02:02')), false, 'not before its time');
    one.turn(at('2026-11-22T20:00'));
    assert.equal(retryWantsFindings(one.watch, at('2026-11-22T20:01')), true);
    assert(one.turn(at('2026-11-22T20:01'), { findings: [] }).request);
  });

  it('is not asked for again by a look that could read nothing', () => {
    const one = lab(asking);
    one.turn(at('2026-11-23T02:00'));
    one.end(blockedBy(progressing));
    one.turn(at('2026-11-23T02:01'));
    one.turn(at('2026-11-23T02:20'), { findings: undefined });
    assert.equal(one.slots.length, 1);
  });

  it('a person who rejects it has decided', () => {
    const one = lab(asking);
    one.turn(at('2026-11-23T02:00'));
    one.end(blockedBy(progressing));
    one.turn(at('2026-11-23T02:01'));
    one.turn(at('2026-11-23T02:20'), { findings: [] });
    one.end({ status: 'rejected' });
    one.turn(at('2026-11-23T02:30'));
    assert.equal(one.schedule.retry, undefined);
    assert.deepEqual(notices(one), []);
  });
});
