import type { ClusterWatch, Reminder } from './cluster-watch.ts';
import { type Coverage, coverageStates, judgeCoverage } from './coverage.ts';
import type { ClusterPolicy } from './policy.ts';
import type { ProvenBackup } from './proven-backup.ts';
import { isOpen } from './reminder.ts';
import type { RunStatus } from './run-status.ts';

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
  /** The reminder that is open. */
  readonly reminder: Reminder | undefined;
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
  return {
    cluster,
    coverage: judgeCoverage({ watch, proven, policy, now }),
    active: active && { id: active.id, status: active.status },
    lastFailure: failed && { id: failed.id, at: failed.finishedAt ?? failed.requestedAt },
    lastDrill,
    nextRunAt: watch?.schedule?.next?.startAt,
    reminder: isOpen(watch?.reminder) ? watch.reminder : undefined,
  };
}

/** Worst first: by state, what lacks a backup or has warnings, what has been so for longest or is oldest, by name. */
export function sortByNeed(rows: readonly BoardRow[]): readonly BoardRow[] {
  return [...rows].sort(
    (a, b) =>
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

/** The age that counts in each state: of the backup, or of the state itself. What nobody knows is worst. */
function oldSince({ coverage }: BoardRow): number {
  const { state, since, backup } = coverage;
  return (state === 'uncovered' || state === 'unknown' ? since : (backup?.takenAt ?? since)) ?? 0;
}
