import { type ActivePause, activePause } from '../policy/pause.ts';
import type { ClusterPolicy } from '../policy/policy.ts';
import type { ProvenBackup } from '../run/proven-backup.ts';
import type { RunStatus } from '../run/run-status.ts';
import type { ClusterWatch, Reminder } from '../watch/cluster-watch.ts';
import { type Coverage, coverageStates, judgeCoverage } from '../watch/coverage.ts';
import { isOpen } from '../watch/reminder.ts';
import { closesAt } from '../watch/schedule-retry.ts';

/** One cluster on the board. Times are ms UTC. */
export interface BoardRow {
  readonly cluster: string;
  readonly coverage: Coverage;
  /** The run that is not over. */
  readonly active: { readonly id: string; readonly status: RunStatus } | undefined;
  /** Newest run that failed and that no success followed; a scheduled one also by ending blocked, refused or expired. */
  readonly lastFailure: { readonly id: string; readonly at: number } | undefined;
  readonly lastDrill: { readonly ok: boolean; readonly at: number; readonly runId: string } | undefined;
  /** When the schedule starts the next run. */
  readonly nextRunAt: number | undefined;
  /** A scheduled run that failed for a transient reason is asked for again then; absent: nothing is repeated. */
  readonly retry?: NextRetry | undefined;
  /** Absent: the cluster is not paused. */
  readonly pause?: ActivePause | undefined;
  /** The reminder that is open. */
  readonly reminder: Reminder | undefined;
}

/** Which retry of a scheduled run comes next. ms UTC */
export interface NextRetry {
  readonly at: number;
  readonly number: number;
  readonly of: number;
}

/** Undefined: a run is under way, none comes any more, the cluster is paused, or nothing is repeated. */
function nextRetry(watch: ClusterWatch | undefined, now: number): NextRetry | undefined {
  const { schedule } = watch ?? {};
  const retry = schedule?.retry;
  if (!retry || retry.nextAt === undefined || schedule.openRun !== undefined) return undefined;
  if (Math.max(now, retry.nextAt) >= closesAt(schedule, retry) || activePause(watch, now)) return undefined;
  return { at: retry.nextAt, number: retry.made + 1, of: retry.of };
}

/** What a list of a cluster's runs says above them. */
export interface ClusterNote {
  readonly cluster: string;
  readonly retry: NextRetry | undefined;
  readonly pause: ActivePause | undefined;
}

/** Undefined: there is nothing to say. */
export function clusterNote(
  cluster: string,
  watch: ClusterWatch | undefined,
  now: number,
): ClusterNote | undefined {
  const note = { cluster, retry: nextRetry(watch, now), pause: activePause(watch, now) };
  return note.retry || note.pause ? note : undefined;
}

/** What the records know of a cluster, as far as the board needs it. */
export interface BoardRecord {
  readonly cluster: string;
  readonly watch: ClusterWatch | undefined;
  readonly proven: readonly ProvenBackup[];
  readonly active: { readonly id: string; readonly status: RunStatus } | undefined;
  readonly lastFailure:
    | { readonly id: string; readonly requestedAt: number; readonly finishedAt: number | undefined }
    | undefined;
  readonly lastDrill: BoardRow['lastDrill'];
}

export function boardRow(record: BoardRecord, policy: ClusterPolicy, now: number): BoardRow {
  const { cluster, watch, proven, active, lastFailure: failed, lastDrill } = record;
  const pause = activePause(watch, now);
  return {
    cluster,
    coverage: judgeCoverage({ watch, proven, policy, now }),
    active: active && { id: active.id, status: active.status },
    lastFailure: failed && { id: failed.id, at: failed.finishedAt ?? failed.requestedAt },
    lastDrill,
    nextRunAt: nextRun(watch, pause),
    retry: nextRetry(watch, now),
    pause,
    reminder: isOpen(watch?.reminder) ? watch.reminder : undefined,
  };
}

/** The schedule takes note of a pause with the next look only: no run starts while it lasts. */
function nextRun(watch: ClusterWatch | undefined, pause: ActivePause | undefined): number | undefined {
  const startAt = watch?.schedule?.next?.startAt;
  return startAt !== undefined && pause && startAt < pause.until ? undefined : startAt;
}

/** Paused ones last; worst first: by state, what lacks a backup or has warnings, what has been so for longest or is oldest, by name. */
export function sortByNeed(rows: readonly BoardRow[]): readonly BoardRow[] {
  return [...rows].sort(
    (a, b) =>
      Number(a.pause !== undefined) - Number(b.pause !== undefined) ||
      coverageStates.indexOf(a.coverage.state) - coverageStates.indexOf(b.coverage.state) ||
      Number(isEasier(a)) - Number(isEasier(b)) ||
      oldSince(a) - oldSince(b) ||
      (a.cluster < b.cluster ? -1 : Number(a.cluster > b.cluster)),
  );
}

function isEasier({ coverage }: BoardRow): boolean {
  if (coverage.state === 'covered') return coverage.warnings.length === 0;
  return coverage.state === 'updating' && coverage.backup !== undefined;
}

/** The age that counts in each state: of the backup, or of the state itself. Unknown is worst. */
function oldSince({ coverage }: BoardRow): number {
  const { state, since, backup } = coverage;
  return (state === 'uncovered' || state === 'unknown' ? since : (backup?.takenAt ?? since)) ?? 0;
}
