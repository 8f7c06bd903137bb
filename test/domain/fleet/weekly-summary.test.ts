import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BoardRow } from '../../../src/domain/fleet/board.ts';
import { type SummaryRun, weeklySummary } from '../../../src/domain/fleet/weekly-summary.ts';
import type { Coverage } from '../../../src/domain/watch/coverage.ts';

const now = Date.UTC(2026, 10, 23, 9, 0, 0);
const dayMs = 86_400_000;

function row(
  cluster: string,
  state: Coverage['state'] = 'covered',
  change: Partial<BoardRow> = {},
): BoardRow {
  return {
    cluster,
    coverage: {
      state,
      release: { version: '4.16.8', image: 'i' },
      since: now - dayMs,
      why: undefined,
      backup: undefined,
      newest: undefined,
      warnings: [],
    },
    active: undefined,
    lastFailure: undefined,
    lastDrill: undefined,
    nextRunAt: undefined,
    reminder: undefined,
    ...change,
  };
}

function run(cluster: string, daysAgo: number, change: Partial<SummaryRun> = {}): SummaryRun {
  const finishedAt = now - daysAgo * dayMs;
  return {
    cluster,
    status: 'succeeded',
    startedAt: finishedAt - 40_000,
    finishedAt,
    snapshotBytes: 100,
    ...change,
  };
}

test('counts states, and what ended in the seven days before, not longer ago', () => {
  const summary = weeklySummary({
    rows: [row('a', 'uncovered'), row('b'), row('c')],
    runs: [
      run('a', 7.01),
      run('a', 8, { status: 'failed' }),
      run('a', 6.99),
      run('b', 1),
      run('b', 2, { status: 'failed', snapshotBytes: undefined }),
      run('b', 1.5, { status: 'failed', snapshotBytes: undefined }),
      run('c', 3, { status: 'failed', snapshotBytes: undefined }),
      run('c', 3, { status: 'expired', startedAt: undefined, snapshotBytes: undefined }),
      run('no longer configured', 1),
      run('a', -1),
    ],
    now,
  });
  assert.deepEqual(summary.counts, {
    uncovered: 1,
    unknown: 0,
    stale: 0,
    updating: 0,
    covered: 2,
    elsewhere: 0,
  });
  assert.deepEqual([summary.backups, summary.failures], [2, 3]);
  assert.deepEqual([summary.disproven, summary.unverified, summary.onNodeOnly], [0, 0, []]);
  assert.deepEqual(summary.failing, [
    { cluster: 'b', failures: 2 },
    { cluster: 'c', failures: 1 },
  ]);
});

test('names every cluster that needs somebody, in the order of need, and no other', () => {
  const signers = row('signers');
  const rows = [
    row('uncovered', 'uncovered'),
    row('unknown', 'unknown'),
    row('stale', 'stale'),
    row('updating', 'updating'),
    row('failed', 'covered', { lastFailure: { id: 'r-1', at: now } }),
    row('drill', 'covered', { lastDrill: { ok: false, at: now - 30 * dayMs, runId: 'r-2' } }),
    row('only-on-node', 'covered'),
    {
      ...signers,
      coverage: { ...signers.coverage, warnings: [{ kind: 'signers-end', endAt: now }] as const },
    },
    row('well'),
  ];
  const needy = weeklySummary({ rows, runs: [], now }).needy.map(({ cluster }) => cluster);
  assert.deepEqual(needy, ['uncovered', 'unknown', 'stale', 'failed', 'drill', 'signers']);
});

test('reports drills in the week, and which of them failed', () => {
  const drill = (ok: boolean, daysAgo: number) => ({
    lastDrill: { ok, at: now - daysAgo * dayMs, runId: 'r-1' },
  });
  const rows = [
    row('a', 'covered', drill(true, 1)),
    row('b', 'covered', drill(false, 2)),
    row('c', 'covered', drill(false, 9)),
  ];
  const summary = weeklySummary({ rows, runs: [], now });
  assert.deepEqual([summary.drilled, summary.drillsFailed], [2, ['b']]);
});

test('draws eight clusters: those in need first, then the largest; the others are named', () => {
  const names = Array.from({ length: 10 }, (_, n) => `c${n}`);
  const rows = [row('needy', 'stale'), ...names.map((name) => row(name)), row('without')];
  const runs = [
    run('needy', 20, { snapshotBytes: 1 }),
    ...names.map((name, n) => run(name, 5, { snapshotBytes: 1_000 * n })),
    run('without', 91),
    run('without', 3, { status: 'failed', snapshotBytes: undefined }),
  ];
  const summary = weeklySummary({ rows, runs, now });
  assert.deepEqual(
    summary.lines.map(({ cluster }) => cluster),
    ['needy', 'c9', 'c8', 'c7', 'c6', 'c5', 'c4', 'c3'],
  );
  assert.deepEqual(summary.notDrawn, ['c2', 'c1', 'c0']);
  assert.deepEqual(
    summary.strips.map(({ cluster }) => cluster),
    summary.lines.map(({ cluster }) => cluster),
  );
  assert.deepEqual(summary.lines[0]?.points, [
    { at: now - 20 * dayMs, snapshotBytes: 1, durationMs: 40_000 },
  ]);
});

test('shows the coverage of clusters in need without any backup, too, with what failed', () => {
  const rows = [row('bare', 'uncovered'), row('drilled'), row('quiet')];
  const runs = [
    run('drilled', 5),
    run('drilled', 4, { flaw: 'disproven' }),
    run('bare', 3, { status: 'failed', snapshotBytes: undefined }),
    run('bare', 2, { status: 'expired', snapshotBytes: undefined }),
  ];
  const { strips, lines } = weeklySummary({ rows, runs, now });
  assert.deepEqual(strips, [
    { cluster: 'bare', state: 'uncovered', needy: true, backups: [], failures: [now - 3 * dayMs] },
    {
      cluster: 'drilled',
      state: 'covered',
      needy: false,
      backups: [now - 5 * dayMs],
      failures: [now - 4 * dayMs],
    },
  ]);
  assert.deepEqual(
    lines.map(({ cluster }) => cluster),
    ['drilled'],
  );
});

test('counts no backup as taken that does not restore or has no verified copy, and names what is on a node only', () => {
  const lone = row('lone');
  const onNode = { ...lone, coverage: { ...lone.coverage, warnings: [{ kind: 'only-on-node' }] as const } };
  const rows = [
    row('a'),
    onNode,
    { ...onNode, cluster: 'paused', pause: { until: now + dayMs } as NonNullable<BoardRow['pause']> },
  ];
  const runs = [run('a', 1), run('a', 2, { flaw: 'disproven' }), run('a', 3, { flaw: 'unverified' })];
  const { backups, disproven, unverified, onNodeOnly } = weeklySummary({ rows, runs, now });
  assert.deepEqual({ backups, disproven, unverified }, { backups: 1, disproven: 1, unverified: 1 });
  assert.deepEqual(onNodeOnly, ['lone']);
});
