import { provenBackup } from '../run/proven-backup.ts';
import { type BackupRun, dueAt } from '../run/run.ts';
import type { ClusterNotice } from './cluster-notice.ts';
import type { ClusterEvent, ClusterWatch, ScheduleRetry } from './cluster-watch.ts';
import { type SlotInput, withSchedule } from './schedule-input.ts';
import { plannedRetry, reasonText, retryEvent } from './schedule-retry.ts';
import { transition, type WatchTransition } from './watch-transition.ts';

/**
 * open        not over, or over with copies that are still being tried
 * proven      it produced a backup
 * called-off  a person cancelled or rejected it: on record, but no failure of the schedule
 * failed      no backup, for any reason, a missing approval too
 */
type ScheduledOutcome = 'open' | 'proven' | 'called-off' | 'failed';

function outcomeOf(run: BackupRun): ScheduledOutcome {
  switch (run.status) {
    case 'succeeded':
      // A restore from an earlier one since is no failure of the schedule.
      if (provenBackup({ ...run, abandoned: undefined })) return 'proven';
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

/** Failures in a row that the channel is notified of: the third, then at double the number each time. */
function isEscalation(failures: number): boolean {
  const times = failures / 3;
  return times >= 1 && Number.isInteger(Math.log2(times));
}

/**
 * Counts what became of the run that the schedule asked for last, once; in a pause a failure counts for nothing. `final`:
 * the next one starts, so copies that are still being tried count as a failure now. What failed for a transient reason is
 * repeated within its window instead, and counted when that closes.
 */
export function judgeOpenRun(watch: ClusterWatch, input: SlotInput, final = false): WatchTransition {
  const { scheduled, policy, now } = input;
  const isPaused = input.pausedUntil !== undefined;
  const { openRun, retry: known } = watch.schedule ?? {};
  const run = scheduled.find(({ id }) => id === openRun);
  const found = run ? outcomeOf(run) : 'open';
  if (!run || (found === 'open' && !final)) return transition(watch);
  const judged = withSchedule(watch, { judgedRun: run.id, openRun: undefined });
  if (found === 'proven') return transition(withSchedule(judged, { failures: 0, retry: undefined }));
  const retry = found === 'failed' && !final ? plannedRetry(watch, run, policy, now) : undefined;
  if (retry) {
    // A slot that failed before the pause is counted even when the pause outlasts its window.
    const inPause = isPaused && (!known || known.inPause) ? { inPause: true as const } : {};
    return transition(withSchedule(judged, { retry: { ...retry, ...inPause } }), {
      events: [retryEvent(retry, now)],
    });
  }
  const end = { run: run.id, ended: run.status, failure: run.failed?.failure.kind };
  if (found === 'called-off' || isPaused) return notCounted(judged, end, isPaused, now);
  return countFailure(judged, end, input);
}

/** The window of the slot has closed without a backup. */
export function closeRetry(watch: ClusterWatch, retry: ScheduleRetry, input: SlotInput): WatchTransition {
  const end = { run: retry.after, ended: retry.because.kind, failure: reasonText(retry.because) };
  if (retry.inPause) return notCounted(watch, end, true, input.now);
  if (retry.closed) return transition(watch);
  const counted = countFailure(watch, end, input);
  // Kept: a clock that only went ahead for a while comes back into the window, and the night is not lost.
  return { ...counted, watch: withSchedule(counted.watch, { retry: { ...retry, closed: true } }) };
}

/** How the last run of a slot ended. */
interface SlotEnd {
  readonly run: string;
  readonly ended: string;
  readonly failure: string | undefined;
}

/** The slot is over: on record, but no failure of the schedule. */
function notCounted(
  watch: ClusterWatch,
  { run, ended }: SlotEnd,
  inPause: boolean,
  now: number,
): WatchTransition {
  const detail = { run, ended, ...(inPause ? { paused: 'yes' } : {}) };
  return transition(withSchedule(watch, { retry: undefined }), {
    events: [{ at: now, kind: 'schedule-missed', detail }],
  });
}

/**
 * Once for each slot. The first failures go to the owners, the third to the channel, the following ones are not sent until
 * their number has doubled: messages that repeat are not read.
 */
function countFailure(before: ClusterWatch, end: SlotEnd, { policy, now }: SlotInput): WatchTransition {
  const { retry, next, failures: earlier = 0 } = before.schedule ?? {};
  if (retry?.closed) return transition(withSchedule(before, { retry: undefined }));
  const failures = earlier + 1;
  const watch = withSchedule(before, { failures, retry: undefined });
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
    return transition(watch, { events: [event, escalated], notices: [{ kind: 'escalation', ...report }] });
  }
  if (failures > 2) return transition(watch, { events: [event] });
  const notices = policy.owners.map((slackUser): ClusterNotice => {
    return { kind: 'private', slackUser, say: { type: 'schedule-failed', ...report } };
  });
  return transition(watch, { events: [event], notices });
}
