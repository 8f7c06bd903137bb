import type { BackupFlaw } from '../run/backup-worth.ts';
import type { RunStatus } from '../run/run-status.ts';
import { type CoverageState, coverageStates, isOnNodeOnly } from '../watch/coverage.ts';
import type { BoardRow } from './board.ts';

export const weekMs = 7 * 86_400_000;
/** How far back the picture goes. */
export const figuresMs = 90 * 86_400_000;
/** More lines than this cannot be distinguished. */
const linesDrawn = 8;

/** One backup in the picture. Times are ms UTC. */
interface FigurePoint {
  readonly at: number;
  readonly snapshotBytes: number;
  readonly durationMs: number;
}

/** The backups of one cluster, oldest first; at least one. */
export interface FigureLine {
  readonly cluster: string;
  readonly points: readonly FigurePoint[];
}

/** One cluster in the picture: whether a backup restores it now, and when runs gave one or failed, oldest first. */
export interface CoverageStrip {
  readonly cluster: string;
  readonly state: CoverageState | 'paused';
  readonly needy: boolean;
  readonly backups: readonly number[];
  readonly failures: readonly number[];
}

/** The state of the fleet at the end of a week, and what the week brought. Times are ms UTC. */
export interface WeeklySummary {
  readonly from: number;
  readonly until: number;
  /** Of the clusters that are not paused. */
  readonly counts: Readonly<Record<CoverageState, number>>;
  /** Clusters that need attention, worst first; none that is paused. */
  readonly needy: readonly BoardRow[];
  /** Clusters that this bot does not back up, by name. */
  readonly elsewhere: readonly { readonly cluster: string; readonly by: string | undefined }[];
  /** These need no attention: their owners paused them. */
  readonly paused: readonly BoardRow[];
  /** Verified ones, or removed by retention since. */
  readonly backups: number;
  /** Those that a restore drill has shown not to restore. */
  readonly disproven: number;
  /** Those of which not both files have a verified copy. */
  readonly unverified: number;
  /** Clusters whose covering backup is on a node of theirs alone; none that is paused. */
  readonly onNodeOnly: readonly string[];
  readonly failures: number;
  /** Clusters by how often a run of theirs failed, most often first. */
  readonly failing: readonly { readonly cluster: string; readonly failures: number }[];
  /** Clusters whose newest restore drill was in the week. */
  readonly drilled: number;
  /** Those of which it failed. */
  readonly drillsFailed: readonly string[];
  /** To be drawn: needy clusters first, then those with the largest snapshots. */
  readonly strips: readonly CoverageStrip[];
  /** Those of them that have backups in that time. */
  readonly lines: readonly FigureLine[];
  /** Clusters in need or with backups in that time for which the picture has no room. */
  readonly notDrawn: readonly string[];
}

/** What the summary shows of a run that is over. */
export interface SummaryRun {
  readonly cluster: string;
  readonly status: RunStatus;
  readonly startedAt: number | undefined;
  readonly finishedAt: number;
  readonly snapshotBytes: number | undefined;
  readonly flaw?: BackupFlaw;
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
  const taken = week.filter(({ status }) => status === 'succeeded');
  const drilled = rows.filter(({ lastDrill }) => lastDrill && lastDrill.at > from && lastDrill.at <= now);
  const drawn = drawnByNeed(
    rows,
    runs.filter(({ finishedAt }) => finishedAt > now - figuresMs),
  );
  const shown = drawn.slice(0, linesDrawn);
  return {
    from,
    until: now,
    counts: countStates(rows.filter(({ pause }) => !pause)),
    needy: rows.filter(isNeedy),
    paused: rows.filter(({ pause }) => pause !== undefined),
    elsewhere: rows.flatMap(({ cluster, coverage }) =>
      coverage.elsewhere ? [{ cluster, by: coverage.elsewhere.by }] : [],
    ),
    backups: taken.filter(({ flaw }) => flaw === undefined).length,
    disproven: taken.filter(({ flaw }) => flaw === 'disproven').length,
    unverified: taken.filter(({ flaw }) => flaw === 'unverified').length,
    onNodeOnly: rows
      .filter(({ coverage, pause }) => !pause && isOnNodeOnly(coverage))
      .map(({ cluster }) => cluster),
    failures: week.filter(({ status }) => status === 'failed').length,
    failing: failuresByCluster(week),
    drilled: drilled.length,
    drillsFailed: drilled.flatMap(({ cluster, lastDrill }) => (lastDrill?.ok === false ? [cluster] : [])),
    strips: shown.map(({ strip }) => strip),
    lines: shown.flatMap(({ strip: { cluster }, points }) =>
      points.length > 0 ? [{ cluster, points }] : [],
    ),
    notDrawn: drawn.slice(linesDrawn).map(({ strip }) => strip.cluster),
  };
}

/** Something is to be done: a backup is missing, old or would not do, the last run or drill failed. */
export function isNeedy({ coverage, lastFailure, lastDrill, pause }: BoardRow): boolean {
  if (pause) return false;
  const { state, warnings } = coverage;
  // Others back it up: what of that is wrong they have to see.
  if (state === 'elsewhere') return false;
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

interface Drawn {
  readonly strip: CoverageStrip;
  readonly points: readonly FigurePoint[];
}

/** A cluster in need is shown without a single backup, too. */
function drawnByNeed(rows: readonly BoardRow[], runs: readonly SummaryRun[]): readonly Drawn[] {
  const byCluster = Map.groupBy(runs, ({ cluster }) => cluster);
  const all = rows
    .map((row) => drawnOf(row, byCluster.get(row.cluster) ?? []))
    .filter(({ strip, points }) => strip.needy || points.length > 0);
  // Rows come worst first; among those without need the largest are of most interest.
  const needy = all.filter(({ strip }) => strip.needy);
  const rest = all.filter(({ strip }) => !strip.needy).sort((a, b) => newestBytes(b) - newestBytes(a));
  return [...needy, ...rest];
}

function drawnOf(row: BoardRow, runs: readonly SummaryRun[]): Drawn {
  const { cluster, coverage, pause } = row;
  const endsOf = (fits: (run: SummaryRun) => boolean) =>
    runs.filter(fits).map(({ finishedAt }) => finishedAt);
  return {
    points: runs.flatMap(pointOf),
    strip: {
      cluster,
      state: pause ? 'paused' : coverage.state,
      needy: isNeedy(row),
      // One that restores nothing is no better than a failure.
      backups: endsOf(({ status, flaw }) => status === 'succeeded' && flaw !== 'disproven'),
      failures: endsOf(({ status, flaw }) => status === 'failed' || flaw === 'disproven'),
    },
  };
}

function pointOf({ status, startedAt, finishedAt, snapshotBytes }: SummaryRun): readonly FigurePoint[] {
  if (status !== 'succeeded' || snapshotBytes === undefined || startedAt === undefined) return [];
  return [{ at: finishedAt, snapshotBytes, durationMs: Math.max(0, finishedAt - startedAt) }];
}

function newestBytes({ points }: Drawn): number {
  return points.at(-1)?.snapshotBytes ?? 0;
}
