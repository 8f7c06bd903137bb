import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type BoardRecord, type BoardRow, boardRow, sortByNeed } from '../../../src/domain/fleet/board.ts';
import type { ClusterWatch } from '../../../src/domain/watch/cluster-watch.ts';
import { type Coverage, coverageStates } from '../../../src/domain/watch/coverage.ts';
import { askPause } from '../../../src/domain/watch/pause-turn.ts';
import { newWatch } from '../../../src/domain/watch/watch-turn.ts';
import { dayMs, noon, policy } from '../../support/cluster-facts.ts';
import { proven, settledOn, WatchLab } from '../../support/watches.ts';

function record(change: Partial<BoardRecord> = {}): BoardRecord {
  const nothing = {
    watch: undefined,
    proven: [],
    active: undefined,
    lastFailure: undefined,
    lastDrill: undefined,
  };
  return { cluster: 'lab', ...nothing, ...change };
}

function row(cluster: string, state: Coverage['state'], change: Partial<Coverage> = {}): BoardRow {
  const { coverage, ...rest } = boardRow(record({ cluster }), policy(), noon);
  return { ...rest, coverage: { ...coverage, state, ...change } };
}

const names = (rows: readonly BoardRow[]) => sortByNeed(rows).map(({ cluster }) => cluster);

describe('a row of the board', () => {
  it('names no run and no retry that will not come: the cluster is paused, the window closes, the next slot is sooner', () => {
    const minuteMs = 60_000;
    const retry = {
      slot: noon,
      from: noon,
      endsAt: noon + 120 * minuteMs,
      made: 1,
      of: 4,
      nextAt: noon + 30 * minuteMs,
      after: 'r-a',
      because: { kind: 'blocked', findings: [] },
      nodes: [],
      avoid: [],
    } as const;
    const startAt = noon + 24 * 60 * minuteMs;
    const schedule = {
      rule: '',
      lastSlot: noon,
      next: { slot: startAt, startAt },
      judgedRun: 'r-a',
      openRun: undefined,
      failures: 0,
      retry,
    };
    const shown = (change: Partial<typeof schedule>, more: Partial<ClusterWatch> = {}) => {
      const watch = { ...newWatch('lab'), schedule: { ...schedule, ...change }, ...more };
      const row = boardRow(record({ watch }), policy(), noon);
      return [row.retry?.at, row.nextRunAt];
    };
    assert.deepEqual(shown({}), [retry.nextAt, startAt]);
    const soon = noon + 20 * minuteMs;
    assert.deepEqual(shown({ next: { slot: soon, startAt: soon } }), [undefined, soon]);
    const late = { ...retry, nextAt: retry.endsAt as number } as unknown as typeof retry;
    assert.deepEqual(shown({ retry: late }), [undefined, startAt]);
    const by = { slackUser: 'U7', clusterUser: 'owner' };
    const wish = { by, reason: 'new rack', until: startAt + 1 };
    const empty = { watch: newWatch('lab'), proven: [], policy: policy({ owners: ['U7'] }), now: noon };
    const { watch } = askPause(empty, wish);
    assert.deepEqual(shown({}, { pauses: watch.pauses ?? [] }), [undefined, undefined]);
    const brief = askPause(empty, { ...wish, until: startAt }).watch;
    assert.deepEqual(shown({}, { pauses: brief.pauses ?? [] }), [undefined, startAt]);
  });

  it('of a cluster that was never watched knows nothing, and says so', () => {
    const { coverage, active, lastFailure, nextRunAt, reminder } = boardRow(record(), policy(), noon);
    assert.equal(coverage.state, 'unknown');
    assert.deepEqual(
      [active, lastFailure, nextRunAt, reminder],
      [undefined, undefined, undefined, undefined],
    );
  });

  it('shows the coverage, the open reminder, the schedule, the run, the failure, the drill', () => {
    const lab = new WatchLab();
    lab.look(noon, settledOn('4.16.8@-300'));
    assert.ok(lab.watch);
    const schedule = {
      rule: '',
      lastSlot: undefined,
      next: { slot: noon, startAt: noon + 5 },
      judgedRun: undefined,
      openRun: undefined,
      failures: 0,
    };
    const watch = { ...lab.watch, schedule };
    const lastDrill = { ok: true, at: noon, runId: 'r-drill' };
    const shown = boardRow(
      record({
        watch,
        lastDrill,
        proven: [proven('4.16.7', noon - dayMs)],
        active: { id: 'r-now', status: 'waiting' },
        lastFailure: { id: 'r-bad', requestedAt: noon - 2, finishedAt: noon - 1 },
      }),
      policy(),
      noon,
    );
    assert.deepEqual([shown.coverage.state, shown.coverage.newest?.zStream], ['uncovered', '4.16.7']);
    assert.equal(shown.reminder, watch.reminder);
    assert.deepEqual(
      [shown.nextRunAt, shown.active, shown.lastFailure, shown.lastDrill],
      [noon + 5, { id: 'r-now', status: 'waiting' }, { id: 'r-bad', at: noon - 1 }, lastDrill],
    );
    const stuck = boardRow(
      record({ lastFailure: { id: 'r', requestedAt: 3, finishedAt: undefined } }),
      policy(),
      noon,
    );
    assert.equal(stuck.lastFailure?.at, 3);
  });

  it('does not show a reminder that is over', () => {
    const lab = new WatchLab();
    lab.look(noon, settledOn('4.16.8@-300'));
    lab.backUp(proven('4.16.8', noon));
    lab.look(noon + 1, settledOn('4.16.8@-300'));
    assert.equal(boardRow(record({ watch: lab.watch }), policy(), noon).reminder, undefined);
  });
});

describe('the order of the board', () => {
  const warned = { warnings: [{ kind: 'only-on-node' as const }] };
  const backup = (days: number) => ({ backup: proven('4.16.8', noon - days * dayMs) });

  it('puts first what needs somebody most', () => {
    const rows = [
      row('covered', 'covered', backup(1)),
      row('covered-warned', 'covered', { ...backup(1), ...warned }),
      row('updating-backed', 'updating', backup(1)),
      row('updating-bare', 'updating'),
      row('stale', 'stale', backup(40)),
      row('unknown', 'unknown'),
      row('uncovered', 'uncovered', { since: noon }),
    ];
    assert.deepEqual(names(rows), [
      'uncovered',
      'unknown',
      'stale',
      'updating-bare',
      'updating-backed',
      'covered-warned',
      'covered',
    ]);
  });

  it('puts the longest and the oldest first, then goes by name', () => {
    assert.deepEqual(
      names([
        row('b', 'uncovered', { since: noon }),
        row('a', 'uncovered', { since: noon }),
        row('c', 'uncovered', { since: noon - 1, ...backup(0) }),
        row('d', 'uncovered', { since: undefined }),
      ]),
      ['d', 'c', 'a', 'b'],
    );
    assert.deepEqual(
      names([row('young', 'stale', backup(31)), row('old', 'stale', { since: noon, ...backup(50) })]),
      ['old', 'young'],
    );
    assert.deepEqual(names([row('a', 'covered', backup(1)), row('b', 'covered', backup(2))]), ['b', 'a']);
  });

  it('is the same from whatever order the rows come in, and loses none', () => {
    const rows = fc.uniqueArray(
      fc.record({
        cluster: fc.string({ minLength: 1, maxLength: 3 }),
        state: fc.constantFrom(...coverageStates),
        since: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
        days: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
      }),
      { selector: ({ cluster }) => cluster },
    );
    fc.assert(
      fc.property(rows, (drawn) => {
        const made = drawn.map(({ cluster, state, since, days }) =>
          row(cluster, state, { since, ...(days === undefined ? {} : backup(days)) }),
        );
        const sorted = sortByNeed(made);
        assert.deepEqual(sortByNeed([...made].reverse()), sorted);
        assert.deepEqual(sortByNeed(sorted), sorted);
        assert.equal(new Set(sorted).size, made.length);
      }),
      { numRuns: 100 },
    );
  });
});
