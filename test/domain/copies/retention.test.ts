import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  decideRetention,
  type KeptBackup,
  type RetentionFacts,
  type RetentionPolicy,
} from '../../../src/domain/copies/retention.ts';

const dayMs = 86_400_000;
const now = Date.UTC(2026, 10, 25, 12);
const nothing: RetentionPolicy = {
  newest: undefined,
  days: undefined,
  daily: undefined,
  weekly: undefined,
  monthly: undefined,
  timeZone: 'UTC',
};
const facts: RetentionFacts = { presentZStream: '4.16.8', failedRun: undefined, now };

function backup(name: string, ageDays: number, change: Partial<KeptBackup> = {}): KeptBackup {
  return {
    runId: `r-${name}`,
    seq: -ageDays,
    zStream: '4.16.8',
    takenAt: now - ageDays * dayMs,
    proof: 'proven',
    provenAt: undefined,
    restores: true,
    lockedUntil: undefined,
    ...change,
  };
}

function kept(
  backups: readonly KeptBackup[],
  policy: Partial<RetentionPolicy>,
  change: Partial<RetentionFacts> = {},
) {
  const decision = decideRetention(backups, { ...nothing, ...policy }, { ...facts, ...change });
  return decision.keep.map(({ backup: { runId } }) => runId.slice(2)).join(' ');
}

const week = [0, 1, 2, 3, 4, 5, 6, 7].map((age) => backup(String(age), age));

test('the newest N, and everything younger than so many days', () => {
  assert.equal(kept(week, { newest: 3 }), '0 1 2');
  assert.equal(kept(week, { days: 2 }), '0 1');
  assert.equal(kept(week, { newest: 1, days: 4 }), '0 1 2 3', 'any rule that wants it keeps it');
});

test('no rule at all keeps everything', () => {
  assert.equal(kept(week, {}), '0 1 2 3 4 5 6 7');
});

test('days, weeks from Monday on and months: the newest of each', () => {
  // 25 November 2026 is a Wednesday; 2.75 days before is a Sunday, 9 days before the Monday of that week.
  const ages = [0, 0.25, 1, 1.25, 2, 2.75, 3, 9, 26, 40];
  const backups = ages.map((age) => backup(String(age), age));
  assert.equal(kept(backups, { daily: 3 }), '0 1 2');
  assert.equal(kept(backups, { weekly: 2 }), '0 2.75');
  assert.equal(kept(backups, { weekly: 3 }), '0 2.75 26');
  assert.equal(kept(backups, { monthly: 2 }), '0 26');
});

test('the clocks of the time zone decide where a day ends', () => {
  const late = backup('late', -1, { takenAt: Date.UTC(2026, 10, 24, 15, 30) });
  const early = backup('early', 0, { takenAt: Date.UTC(2026, 10, 24, 14, 30) });
  assert.equal(kept([late, early], { daily: 2, timeZone: 'UTC' }), 'late');
  assert.equal(kept([late, early], { daily: 2, timeZone: 'Asia/Seoul' }), 'late early');
});

test('an unproven backup takes no place of a proven one, and is left for a person', () => {
  const backups = [
    backup('torn', 0, { proof: 'unproven' }),
    backup('a', 1),
    backup('b', 2),
    backup('x', 9, { proof: 'unknown' }),
  ];
  assert.equal(kept(backups, { newest: 1 }), 'torn a x');
  const { keep } = decideRetention(backups, { ...nothing, newest: 1 }, facts);
  assert.deepEqual(keep[0]?.reasons, [{ kind: 'not-proven', proof: 'unproven' }]);
});

test('the newest proven backup of the present z-stream stays, however old', () => {
  const backups = [backup('new', 1, { zStream: '4.16.9' }), backup('present', 400), backup('older', 401)];
  assert.equal(kept(backups, { days: 7 }), 'new present');
});

test('the newest proven backup of all stays, even of another z-stream and with a policy that keeps nothing', () => {
  const backups = [backup('new', 100, { zStream: '4.17.1' }), backup('present', 400), backup('older', 401)];
  assert.equal(kept(backups, { newest: 0 }), 'new present');
});

test('with the present z-stream unknown, or without a backup of it, the newest of each z-stream stays', () => {
  const backups = [
    backup('a', 1, { zStream: '4.17.1' }),
    backup('b', 400),
    backup('c', 401),
    backup('d', 900, { zStream: '4.15.3' }),
  ];
  assert.equal(kept(backups, { days: 7 }, { presentZStream: undefined }), 'a b d');
  assert.equal(kept(backups, { days: 7 }, { presentZStream: '4.17.2' }), 'a b d');
});

test('after a failed newest run nothing is deleted, and it is said', () => {
  const decision = decideRetention(week, { ...nothing, newest: 1 }, { ...facts, failedRun: 'r-failed00' });
  assert.deepEqual(decision.delete, []);
  assert.deepEqual(decision.stopped, { runId: 'r-failed00' });
  assert.ok(decision.keep.every(({ reasons }) => reasons.some(({ kind }) => kind === 'newest-run-failed')));
});

test('a locked object stays until its date, to the millisecond', () => {
  const locked = (until: number) => [backup('a', 0), backup('locked', 9, { lockedUntil: until })];
  assert.equal(kept(locked(now + 1), { newest: 1 }), 'a locked');
  assert.equal(kept(locked(now), { newest: 1 }), 'a');
});

test('what is deleted says why', () => {
  const decision = decideRetention(week, { ...nothing, newest: 6 }, facts);
  assert.deepEqual(
    decision.delete.map(({ backup: { runId }, reason }) => [runId, reason]),
    [
      ['r-6', { kind: 'no-rule-wants-it', newer: 6, ageMs: 6 * dayMs }],
      ['r-7', { kind: 'no-rule-wants-it', newer: 7, ageMs: 7 * dayMs }],
    ],
  );
});

test('one night with a clock a year ahead: its backup stays and displaces none of the thirty', () => {
  const month = Array.from({ length: 30 }, (_, age) => backup(`n${age}`, age + 1));
  const ahead = backup('ahead', 0, { takenAt: now + 365 * dayMs });
  // The next morning, by the right clock.
  assert.equal(kept([...month, ahead], { days: 31 }).split(' ').length, 31);
  assert.equal(kept([...month, ahead], { newest: 3 }), 'ahead n0 n1 n2');
  assert.equal(kept([...month, ahead], { daily: 2 }), 'ahead n0 n1');
  const readAhead = backup('read', 0.5, { provenAt: now + dayMs });
  assert.equal(kept([readAhead, ...month], { newest: 1 }), 'read n0');
});

test('newer is what was taken later, whatever the dates say', () => {
  const threeHoursAhead = backup('ahead', 1, { takenAt: now - dayMs + 3 * 3_600_000 });
  const next = backup('next', 0.99, { takenAt: now - dayMs + 3_600_000 });
  assert.equal(kept([threeHoursAhead, next], { newest: 1 }), 'next');
});

test('a clock that was far behind makes no backup old, and takes no day from another', () => {
  const behind = backup('behind', 1, { takenAt: now - 400 * dayMs });
  const others = [backup('today', 0), backup('b', 2), backup('c', 3)];
  assert.equal(kept([...others, behind], { days: 4 }), 'today behind b c');
  assert.equal(kept([...others, behind], { daily: 3 }), 'today b c');
});

test('the run at hand stays, whatever the rules say', () => {
  const backups = [backup('newest', 0), backup('hand', 1), backup('old', 2)];
  assert.equal(kept(backups, { newest: 1 }, { runAtHand: 'r-hand' }), 'newest hand');
});

test('half a backup whose other half is gone does not count as restorable', () => {
  const backups = [backup('half', 0, { restores: false }), backup('whole', 1), backup('old', 2)];
  assert.equal(kept(backups, { newest: 1 }), 'half whole');
});

test('one that a drill puts in doubt does not displace the newest that none does', () => {
  const doubted = [backup('new', 0, { inDoubt: true }), backup('newer', 1, { inDoubt: true })];
  const backups = [...doubted, backup('sure', 2), backup('old', 3)];
  assert.equal(kept(backups, { newest: 1 }), 'new sure');
  assert.equal(kept(backups, { newest: 1 }, { presentZStream: undefined }), 'new sure');
  const updated = [
    ...doubted,
    backup('other', 2, { zStream: '4.17.1' }),
    backup('sure', 3),
    backup('old', 4),
  ];
  assert.equal(kept(updated, { newest: 1 }), 'new other sure');
});

const anyBackup = fc.record({
  runId: fc.stringMatching(/^r-[a-z0-9]{8}$/),
  seq: fc.integer({ min: 0, max: 1_000_000_000 }),
  provenAt: fc.constant(undefined),
  restores: fc.boolean(),
  inDoubt: fc.boolean(),
  zStream: fc.constantFrom('4.15.3', '4.16.8', '4.17.1'),
  takenAt: fc.integer({ min: now - 800 * dayMs, max: now + 400 * dayMs }),
  proof: fc.constantFrom<KeptBackup['proof']>('proven', 'proven', 'proven', 'unproven', 'unknown'),
  lockedUntil: fc.option(fc.integer({ min: now - dayMs, max: now + dayMs }), { nil: undefined, freq: 5 }),
});
const anyBackups = fc
  .uniqueArray(anyBackup, { selector: ({ runId }) => runId, maxLength: 40 })
  .map((backups) => backups.filter((each, at) => backups.findIndex(({ seq }) => seq === each.seq) === at));
const isAhead = ({ takenAt }: KeptBackup) => takenAt > now + 5 * 60_000;
const count = (max: number) => fc.option(fc.integer({ min: 0, max }), { nil: undefined });
const anyPolicy = fc.record({
  newest: count(5),
  days: count(100),
  daily: count(10),
  weekly: count(10),
  monthly: count(10),
  timeZone: fc.constantFrom('UTC', 'Asia/Seoul', 'America/New_York', 'Europe/Berlin'),
});
const anyFacts = fc.record({
  presentZStream: fc.constantFrom('4.16.8', '4.17.1', '4.18.0', undefined),
  failedRun: fc.option(fc.constant('r-failed00'), { nil: undefined, freq: 9 }),
  now: fc.constant(now),
});
const ids = (backups: readonly { readonly backup: KeptBackup }[]) =>
  backups.map(({ backup: { runId } }) => runId);

test('every backup is either kept with a reason or deleted, never both', () => {
  fc.assert(
    fc.property(anyBackups, anyPolicy, anyFacts, (backups, policy, at) => {
      const decision = decideRetention(backups, policy, at);
      const all = [...ids(decision.keep), ...ids(decision.delete)].sort();
      assert.deepEqual(all, backups.map(({ runId }) => runId).sort());
      assert.ok(decision.keep.every(({ reasons }) => reasons.length > 0));
    }),
  );
});

test('never deleted: what restores the cluster as it is, what is locked, what is not proven, anything after a failure', () => {
  fc.assert(
    fc.property(anyBackups, anyPolicy, anyFacts, (backups, policy, at) => {
      const gone = decideRetention(backups, policy, at).delete.map(({ backup }) => backup);
      if (at.failedRun !== undefined) assert.deepEqual(gone, []);
      for (const each of gone) {
        assert.equal(each.proof, 'proven');
        assert.ok(each.lockedUntil === undefined || each.lockedUntil <= now);
        assert.ok(!isAhead(each), 'one with a date ahead was deleted');
        const newer = backups.filter(
          (other) => other.proof === 'proven' && other.seq > each.seq && !isAhead(other),
        );
        assert.ok(newer.length > 0, 'the newest proven of all was deleted');
        if (at.presentZStream === undefined || at.presentZStream === each.zStream) {
          assert.ok(
            newer.some(({ zStream }) => zStream === each.zStream),
            'the newest of its z-stream was deleted',
          );
        }
      }
    }),
    { numRuns: 500 },
  );
});

test('a second pass over what was kept deletes nothing', () => {
  fc.assert(
    fc.property(anyBackups, anyPolicy, anyFacts, (backups, policy, at) => {
      const left = decideRetention(backups, policy, at).keep.map(({ backup }) => backup);
      assert.deepEqual(ids(decideRetention(left, policy, at).delete), []);
    }),
    { numRuns: 500 },
  );
});

test('adding a backup never deletes the newest one that restores, and the order of the input does not matter', () => {
  fc.assert(
    fc.property(anyBackups, anyBackup, anyPolicy, anyFacts, (backups, more, policy, at) => {
      const added = [...backups.filter(({ runId, seq }) => runId !== more.runId && seq !== more.seq), more];
      const decision = decideRetention(added, policy, at);
      const fit = added.filter((each) => each.proof === 'proven' && each.restores && !isAhead(each));
      const newest = Math.max(...fit.map(({ seq }) => seq));
      assert.ok(decision.delete.every(({ backup }) => backup.seq !== newest));
      const present = fit.filter(({ zStream }) => zStream === at.presentZStream).map(({ seq }) => seq);
      assert.ok(decision.delete.every(({ backup }) => backup.seq !== Math.max(...present)));
      const reversed = decideRetention([...added].reverse(), policy, at);
      assert.deepEqual(ids(reversed.delete), ids(decision.delete));
    }),
    { numRuns: 300 },
  );
});

test('a backup of a time line that the cluster left is kept for 30 days, and takes no place of another', () => {
  const left = (age: number, markedDays: number) =>
    backup(String(age), age, { abandonedSince: now - markedDays * dayMs });
  const backups = [left(0, 1), left(1, 1), backup('2', 2), backup('3', 3), backup('4', 4)];
  assert.equal(kept(backups, { newest: 2 }), '0 1 2 3');
  const decision = decideRetention(backups, { ...nothing, newest: 2 }, facts);
  assert.deepEqual(decision.keep[0]?.reasons, [{ kind: 'abandoned', until: now + 29 * dayMs }]);
  assert.deepEqual(decision.delete[0]?.reason, {
    kind: 'no-rule-wants-it',
    newer: 2,
    ageMs: 4 * dayMs,
  });
  const later = [left(40, 30.1), left(41, 29.9), backup('50', 50), backup('51', 51)];
  assert.equal(kept(later, { newest: 1 }), '41 50', 'then it goes, though it is the newest of all');
  assert.equal(kept(later, { daily: 2 }), '41 50 51', 'no day, week or month is its own');
  assert.equal(kept(later, { days: 45 }), '40 41 50', 'what is kept for its age stays as long');
  assert.equal(kept(later, {}), '40 41 50 51', 'no rule at all keeps everything');
});
