import type { ClusterNotice } from './cluster-notice.ts';
import type { ClusterEvent, ScheduleWatch } from './cluster-watch.ts';
import { provenBackup } from './proven-backup.ts';
import { type BackupRun, dueAt } from './run.ts';

/**
 * open        not over, or over with copies that are still being tried
 * proven      it brought a backup
 * called-off  a person took it back or rejected it: on record, but no failure of the schedule
 * failed      no backup, whatever the reason; nobody approving in time is one
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
 * still being tried count as a failure now. The first failures go to the owners, the third to the channel, the following
 * ones to nobody until it has become twice as many: messages that repeat are not read.
 */
export function judgeOpenRun(
  schedule: ScheduleWatch,
  {
    scheduled,
    owners,
    now,
    final,
  }: {
    readonly scheduled: readonly BackupRun[];
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
  const judged = { ...schedule, judgedRun: run.id, openRun: undefined };
  switch (outcome) {
    case 'open':
      return nothing;
    case 'proven':
      return { ...nothing, schedule: { ...judged, failures: 0 } };
    case 'called-off': {
      const detail = { run: run.id, ended: run.status };
      return { ...nothing, schedule: judged, events: [{ at: now, kind: 'schedule-missed', detail }] };
    }
    case 'failed':
      return failed({ ...judged, failures: schedule.failures + 1 }, run, owners, now);
  }
}

function failed(schedule: ScheduleWatch, run: BackupRun, owners: readonly string[], now: number): Judged {
  const { failures, next } = schedule;
  const told = { runId: run.id, failures, nextStartAt: next?.startAt };
  const kind = run.failed?.failure.kind;
  const detail = {
    run: run.id,
    ended: run.status,
    failures: String(failures),
    ...(kind === undefined ? {} : { failure: kind }),
    ...(next ? { next: new Date(next.startAt).toISOString() } : {}),
  };
  const event: ClusterEvent = { at: now, kind: 'schedule-failed', detail };
  if (isEscalation(failures)) {
    const escalated: ClusterEvent = { at: now, kind: 'schedule-escalated', detail };
    return { schedule, events: [event, escalated], notices: [{ kind: 'escalation', ...told }] };
  }
  if (failures > 2) return { schedule, events: [event], notices: [] };
  const notices = owners.map((slackUser): ClusterNotice => {
    return { kind: 'owner', slackUser, say: { type: 'schedule-failed', ...told } };
  });
  return { schedule, events: [event], notices };
}
