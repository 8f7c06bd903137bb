import type { BoardRow } from './board.ts';
import { type CoverageState, coverageStates } from './coverage.ts';
import type { RunStatus } from './run-status.ts';

export const weekMs = 7 * 86_400_000;
/** How far back the picture goes. */
export const figuresMs = 90 * 86_400_000;
/** More lines than this cannot be told apart. */
export const linesDrawn = 8;

/** One backup in the picture. Times are ms UTC. */
export interface FigurePoint {
  readonly at: number;
  readonly snapshotBytes: number;
  readonly durationMs: number;
}

/** The backups of one cluster, oldest first; at least one. */
export interface FigureLine {
  readonly cluster: string;
  readonly points: readonly FigurePoint[];
}

/** How the fleet stands at the end of a week, and what the week brought. Times are ms UTC. */
export interface WeeklySummary {
  readonly from: number;
  readonly until: number;
  readonly counts: Readonly<Record<CoverageState, number>>;
  /** Clusters that somebody should look at, worst first. */
  readonly needy: readonly BoardRow[];
  readonly backups: number;
  readonly failures: number;
  /** Clusters by how often a run of theirs failed, most often first. */
  readonly failing: readonly { readonly cluster: string; readonly failures: number }[];
  /** Clusters whose newest restore drill was in the week. */
  readonly drilled: number;
  /** Those of which it failed. */
  readonly drillsFailed: readonly string[];
  /** To be drawn: needy clusters first, then those with the largest snapshots. */
  readonly lines: readonly FigureLine[];
  /** Clusters with backups in that time for which the picture has no room. */
  readonly notDrawn: readonly string[];
}

/** What is told of a run that is over. */
export interface SummaryRun {
  readonly cluster: string;
  readonly status: RunStatus;
  readonly startedAt: number | undefined;
  readonly finishedAt: number;
  readonly snapshotBytes: number | undefined;
}

/** `rows` worst first; `runs` of the last `figuresMs` at least, oldest first. Runs of other clusters than the rows' do not count. */
export function weeklySummary(input: {
  readonly rows: readonly BoardRow[];
  readonly runs: readonly SummaryRun[];
  readonly now: number;
}): WeeklySummary {
  const { rows, now } = input;
  const from = now - weekMs;
  const names = new Set(rows.map(({ cluster }) => cluster));
  const runs = input.runs.filter(({ cluster, finishedAt }) => names.has(cluster) && finishedAt <= now);
  const week = runs.filter(({ finishedAt }) => finishedAt > from);
  const drilled = rows.filter(({ lastDrill }) => lastDrill && lastDrill.at > from && lastDrill.at <= now);
  const lines = linesByNeed(
    rows,
    runs.filter(({ finishedAt }) => finishedAt > now - figuresMs),
  );
  return {
    from,
    until: now,
    counts: countStates(rows),
    needy: rows.filter(isNeedy),
    backups: week.filter(({ status }) => status === 'succeeded').length,
    failures: week.filter(({ status }) => status === 'failed').length,
    failing: failuresByCluster(week),
    drilled: drilled.length,
    drillsFailed: drilled.flatMap(({ cluster, lastDrill }) => (lastDrill?.ok === false ? [cluster] : [])),
    lines: lines.slice(0, linesDrawn),
    notDrawn: lines.slice(linesDrawn).map(({ cluster }) => cluster),
  };
}

/** Something is to be done: a backup is missing, old or would not do, the last run or drill failed. */
export function isNeedy({ coverage, lastFailure, lastDrill }: BoardRow): boolean {
  const { state, warnings } = coverage;
  if (state === 'uncovered' || state === 'unknown' || state === 'stale') return true;
  return (
    lastFailure !== undefined ||
    lastDrill?.ok === false ||
    warnings.some(({ kind }) => kind === 'signers-end')
  );
}

function countStates(rows: readonly BoardRow[]): WeeklySummary['counts'] {
  const count = (state: CoverageState) => rows.filter(({ coverage }) => coverage.state === state).length;
  return Object.fromEntries(coverageStates.map((state) => [state, count(state)])) as Record<
    CoverageState,
    number
  >;
}

function failuresByCluster(week: readonly SummaryRun[]): WeeklySummary['failing'] {
  const failed = Map.groupBy(
    week.filter(({ status }) => status === 'failed'),
    ({ cluster }) => cluster,
  );
  return [...failed]
    .map(([cluster, runs]) => ({ cluster, failures: runs.length }))
    .sort((a, b) => b.failures - a.failures || (a.cluster < b.cluster ? -1 : 1));
}

function linesByNeed(rows: readonly BoardRow[], runs: readonly SummaryRun[]): readonly FigureLine[] {
  const byCluster = Map.groupBy(runs, ({ cluster }) => cluster);
  const lines = rows.flatMap((row) => {
    const points = (byCluster.get(row.cluster) ?? []).flatMap(pointOf);
    return points.length > 0 ? [{ cluster: row.cluster, points, needy: isNeedy(row) }] : [];
  });
  // Rows come worst first; among those without need the largest are of most interest.
  const needy = lines.filter((line) => line.needy);
  const rest = lines.filter((line) => !line.needy).sort((a, b) => newestBytes(b) - newestBytes(a));
  return [...needy, ...rest].map(({ cluster, points }) => ({ cluster, points }));
}

function pointOf({ status, startedAt, finishedAt, snapshotBytes }: SummaryRun): readonly FigurePoint[] {
  if (status !== 'succeeded' || snapshotBytes === undefined || startedAt === undefined) return [];
  return [{ at: finishedAt, snapshotBytes, durationMs: Math.max(0, finishedAt - startedAt) }];
}

function newestBytes({ points }: FigureLine): number {
  return points.at(-1)?.snapshotBytes ?? 0;
}
