import type { ClusterPolicy } from '../policy/policy.ts';
import type { Finding } from '../preflight/finding.ts';
import type { ProvenBackup } from '../run/proven-backup.ts';
import type { RetryOrigin } from '../run/retry-origin.ts';
import type { BackupRun } from '../run/run.ts';
import type { ClusterEvent, ClusterWatch, ScheduleWatch } from './cluster-watch.ts';
import type { CronSlots, Timetable } from './schedule-times.ts';
import type { ScheduledRequest } from './watch-transition.ts';

/** What a turn of the schedule goes by, beside the watch. */
export interface ScheduleInput {
  /** Runs that the schedule asked for and that are over, newest first. */
  readonly scheduled: readonly BackupRun[];
  /** The run of this cluster that is not over, no matter who requested it. */
  readonly active: BackupRun | undefined;
  readonly proven: readonly ProvenBackup[];
  readonly policy: Pick<
    ClusterPolicy,
    'name' | 'timeZone' | 'offPeak' | 'schedule' | 'owners' | 'backedUpBy' | 'leaving'
  >;
  /** ms UTC */
  readonly now: number;
  /** Until when the cluster is paused; absent: it is not. No slot before then is used or missed. */
  readonly pausedUntil?: number | undefined;
  readonly cron: CronSlots;
  /** What a full reading found just now; `findings` undefined: it failed. Absent: none was made. */
  readonly fullReading?: { readonly findings: readonly Finding[] | undefined } | undefined;
  /** The run for this slot (ms UTC); called at most once, for what is then recorded with the rest of the turn. */
  readonly newRun: (slot: number, retry?: RetryOrigin) => ScheduledRequest;
}

/** A backup that was begun so shortly before a slot, and ended after it, has served it. */
const servedBeforeMs = 15 * 60_000;

/** The same for a cluster whose policy has a schedule. */
export type SlotInput = ScheduleInput & { readonly policy: Timetable };

/** No slot was used yet, under a rule that differs from every other. */
const newSchedule: ScheduleWatch = {
  rule: '',
  lastSlot: undefined,
  next: undefined,
  judgedRun: undefined,
  openRun: undefined,
  failures: 0,
};

export function withSchedule(watch: ClusterWatch, change: Partial<ScheduleWatch>): ClusterWatch {
  return { ...watch, schedule: { ...newSchedule, ...watch.schedule, ...change } };
}

/**
 * A cluster that is silent or being updated is waited for. One whose update fails is not: the run that its checks block
 * notifies people that it cannot be backed up.
 */
export function isThere({ seen, silent }: ClusterWatch): boolean {
  if (!seen || silent) return false;
  return seen.state.kind === 'settled' || seen.state.failing;
}

/** A user's backup of the cluster's current release that is as good as the one that the slot would produce. */
export function servingBackup(
  { seen }: ClusterWatch,
  slot: number,
  proven: readonly ProvenBackup[],
): ProvenBackup | undefined {
  if (seen?.state.kind !== 'settled') return undefined;
  const { clusterId, state } = seen;
  return proven.find(
    (backup) =>
      backup.clusterId === clusterId &&
      backup.zStream === state.release.version &&
      backup.provenAt >= slot &&
      backup.takenAt >= slot - servedBeforeMs,
  );
}

/** The slot had no run of its own, or its run counts for nothing. */
export function missed(now: number, slot: number, detail: ClusterEvent['detail']): ClusterEvent {
  return {
    at: now,
    kind: 'schedule-missed',
    detail: { slot: new Date(slot).toISOString(), ...detail },
  };
}
