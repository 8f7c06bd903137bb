import { provenBackup } from '../run/proven-backup.ts';
import { type BackupRun, dueAt } from '../run/run.ts';
import type { ClusterNotice } from './cluster-notice.ts';
import type { ClusterEvent, ScheduleRetry } from './cluster-watch.ts';
import {
  type ScheduledWatch,
  type ScheduleTransition,
  type SlotInput,
  withSchedule,
} from './schedule-input.ts';
import { plannedRetry, reasonText, retryEvent } from './schedule-retry.ts';
import { transition } from './watch-transition.ts';

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

/** Failures in a row that the channel is notified of: the third, then at double the number each time. */
export function isEscalation(failures: number): boolean {
  const times = failures / 3;
  return times >= 1 && Number.isInteger(Math.log2(times));
}

/**
 * Counts what became of the run that the schedule asked for last, once. `final`: the next one starts, so copies that are
 * still being tried count as a failure now. What failed for a transient reason is repeated within its window instead, and
 * counted when that closes.
 */
export function judgeOpenRun(watch: ScheduledWatch, input: SlotInput, final = false): ScheduleTransition {
  const { scheduled, policy, now } = input;
  const run = scheduled.find(({ id }) => id === watch.schedule.openRun);
  if (!run) return transition(watch);
  const found = outcomeOf(run);
  const outcome = found === 'open' && final ? 'failed' : found;
  const judged = withSchedule(watch, { judgedRun: run.id, openRun: undefined });
  switch (outcome) {
    case 'open':
      return transition(watch);
    case 'proven':
      return transition(withSchedule(judged, { failures: 0, retry: undefined }));
    case 'called-off': {
      const detail = { run: run.id, ended: run.status };
      const events: ClusterEvent[] = [{ at: now, kind: 'schedule-missed', detail }];
      return transition(withSchedule(judged, { retry: undefined }), { events });
    }
    case 'failed': {
      const retry = final ? undefined : plannedRetry(judged.schedule, run, policy, now);
      if (retry) return transition(withSchedule(judged, { retry }), { events: [retryEvent(retry, now)] });
      const end = { run: run.id, ended: run.status, failure: run.failed?.failure.kind };
      return countFailure(judged, end, input);
    }
  }
}

/** The window of the slot has closed without a backup. */
export function closeRetry(
  watch: ScheduledWatch,
  retry: ScheduleRetry,
  input: SlotInput,
): ScheduleTransition {
  const ended = retry.because.kind;
  if (retry.inPause) {
    const event = missedInPause({ id: retry.after, status: ended }, input.now);
    return transition(withSchedule(watch, { retry: undefined }), { events: [event] });
  }
  if (retry.closed) return transition(watch);
  const counted = countFailure(watch, { run: retry.after, ended, failure: reasonText(retry.because) }, input);
  // Kept: a clock that only went ahead for a while comes back into the window, and the night is not lost.
  return { ...counted, watch: withSchedule(counted.watch, { retry: { ...retry, closed: true } }) };
}

/** Its end is on record and counts for nothing. */
export function missedInPause(
  run: { readonly id: string; readonly status: string },
  now: number,
): ClusterEvent {
  return { at: now, kind: 'schedule-missed', detail: { run: run.id, ended: run.status, paused: 'yes' } };
}

/**
 * Once for each slot. The first failures go to the owners, the third to the channel, the following ones are not sent until
 * their number has doubled: messages that repeat are not read.
 */
function countFailure(
  before: ScheduledWatch,
  end: { readonly run: string; readonly ended: string; readonly failure: string | undefined },
  { policy, now }: SlotInput,
): ScheduleTransition {
  const { retry, next } = before.schedule;
  if (retry?.closed) return transition(withSchedule(before, { retry: undefined }));
  const failures = before.schedule.failures + 1;
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
    return { kind: 'owner', slackUser, say: { type: 'schedule-failed', ...report } };
  });
  return transition(watch, { events: [event], notices });
}
