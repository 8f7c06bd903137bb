import { provenBackup } from '../run/proven-backup.ts';
import { type BackupRun, dueAt } from '../run/run.ts';
import type { ClusterNotice } from './cluster-notice.ts';
import type { ClusterEvent, ScheduleWatch } from './cluster-watch.ts';
import { plannedRetry, reasonText, retryEvent } from './schedule-retry.ts';
import type { Timetable } from './schedule-times.ts';

/**
 * open        not over, or over with copies that are still being tried
 * proven      it brought a backup
 * called-off  a person took it back or rejected it: on record, but no failure of the schedule
 * failed      no backup, whatever the reason; a missing approval is one
 */
export type ScheduledOutcome = 'open' | 'proven' | 'called-off' | 'failed';

export function outcomeOf(run: BackupRun): ScheduledOutcome {
  switch (run.status) {
    case 'succeeded':
      if (provenBackup(run)) return 'proven';
      return dueAt(run) === undefined ? 'failed' : 'open';
    case 'rejected':
    case 'cancelled':
      return 'called-off';
    case 'failed':
    case 'blocked':
    case 'refused':
    case 'expired':
      return 'failed';
    default:
      return 'open';
  }
}

/** Failures in a row that are worth a message to everybody: the third, then at double the number each time. */
export function isEscalation(failures: number): boolean {
  const times = failures / 3;
  return times >= 1 && Number.isInteger(Math.log2(times));
}

export interface Judged {
  readonly schedule: ScheduleWatch;
  readonly events: readonly ClusterEvent[];
  readonly notices: readonly ClusterNotice[];
}

/**
 * Counts what became of the run that the schedule asked for last, once. `final`: the next one starts, so copies that are
 * still being tried count as a failure now. What failed for a passing reason is repeated within its window instead, and
 * counted when that closes.
 */
export function judgeOpenRun(
  schedule: ScheduleWatch,
  {
    scheduled,
    table,
    owners,
    now,
    final,
  }: {
    readonly scheduled: readonly BackupRun[];
    readonly table: Timetable;
    /** Slack ids */
    readonly owners: readonly string[];
    readonly now: number;
    readonly final: boolean;
  },
): Judged {
  const nothing = { schedule, events: [], notices: [] };
  const run = scheduled.find((each) => each.id === schedule.openRun);
  if (!run) return nothing;
  const found = outcomeOf(run);
  const outcome = found === 'open' && final ? 'failed' : found;
  const judged: ScheduleWatch = { ...schedule, judgedRun: run.id, openRun: undefined };
  switch (outcome) {
    case 'open':
      return nothing;
    case 'proven':
      return { ...nothing, schedule: { ...judged, failures: 0, retry: undefined } };
    case 'called-off': {
      const detail = { run: run.id, ended: run.status };
      const over = { ...judged, retry: undefined };
      return { ...nothing, schedule: over, events: [{ at: now, kind: 'schedule-missed', detail }] };
    }
    case 'failed': {
      const retry = final ? undefined : plannedRetry(judged, run, table, now);
      if (retry) return { ...nothing, schedule: { ...judged, retry }, events: [retryEvent(retry, now)] };
      const end = { run: run.id, ended: run.status, failure: run.failed?.failure.kind };
      return countFailure(judged, end, owners, now);
    }
  }
}

/** The window of the slot has closed without a backup. */
export function closeRetry(schedule: ScheduleWatch, owners: readonly string[], now: number): Judged {
  const { retry } = schedule;
  if (!retry || retry.closed) return { schedule, events: [], notices: [] };
  const end = { run: retry.after, ended: retry.because.kind, failure: reasonText(retry.because) };
  const judged = countFailure(schedule, end, owners, now);
  // Kept: a clock that only went ahead for a while comes back into the window, and the night is not lost.
  return { ...judged, schedule: { ...judged.schedule, retry: { ...retry, closed: true } } };
}

/**
 * Once for each slot. The first failures go to the owners, the third to the channel, the following ones are not sent until
 * their number has doubled: messages that repeat are not read.
 */
function countFailure(
  before: ScheduleWatch,
  end: { readonly run: string; readonly ended: string; readonly failure: string | undefined },
  owners: readonly string[],
  now: number,
): Judged {
  const { retry, next } = before;
  if (retry?.closed) return { schedule: { ...before, retry: undefined }, events: [], notices: [] };
  const failures = before.failures + 1;
  const schedule = { ...before, failures, retry: undefined };
  const retries = retry?.made ?? 0;
  const again = retries > 0 ? { retries } : {};
  const report = { runId: end.run, failures, nextStartAt: next?.startAt, ...again };
  const detail = {
    run: end.run,
    ended: end.ended,
    failures: String(failures),
    ...(retries > 0 ? { retries: String(retries) } : {}),
    ...(end.failure === undefined ? {} : { failure: end.failure }),
    ...(next ? { next: new Date(next.startAt).toISOString() } : {}),
  };
  const event: ClusterEvent = { at: now, kind: 'schedule-failed', detail };
  if (isEscalation(failures)) {
    const escalated: ClusterEvent = { at: now, kind: 'schedule-escalated', detail };
    return { schedule, events: [event, escalated], notices: [{ kind: 'escalation', ...report }] };
  }
  if (failures > 2) return { schedule, events: [event], notices: [] };
  const notices = owners.map((slackUser): ClusterNotice => {
    return { kind: 'private', slackUser, say: { type: 'schedule-failed', ...report } };
  });
  return { schedule, events: [event], notices };
}
