import type { BackupRun } from '../run/run.ts';
import type { ClusterWatch, ScheduleWatch } from './cluster-watch.ts';
import {
  type ScheduledWatch,
  type ScheduleTransition,
  type SlotInput,
  withSchedule,
} from './schedule-input.ts';
import { missedInPause, outcomeOf } from './schedule-outcome.ts';
import { plannedRetry, retryEvent } from './schedule-retry.ts';
import { nextRunAfter, ruleOf } from './schedule-times.ts';
import { transition, type WatchTransition } from './watch-transition.ts';

const dayMs = 24 * 3_600_000;

/**
 * The schedule of a paused cluster. A run under way ends as it will, and its end is on record; nothing is counted, reported
 * or requested. Retries are kept: after the pause they go on while their window is open, and when it has closed the slot is
 * counted then.
 */
export function pausedTurn(watch: ClusterWatch, input: SlotInput, until: number): WatchTransition {
  const { scheduled, cron, policy, now } = input;
  const rule = ruleOf(policy);
  const known = watch.schedule;
  const next = nextRunAfter(policy, cron, Math.max(now, until - 1, usedSlot(known, now)));
  const run = scheduled.find(({ id }) => id === known?.openRun);
  const isOver = run !== undefined && outcomeOf(run) !== 'open';
  const same =
    known?.rule === rule && known.next?.slot === next?.slot && known.next?.startAt === next?.startAt;
  if (same && !isOver) return transition(watch);
  const fresh = { lastSlot: undefined, judgedRun: undefined, openRun: undefined, failures: 0 };
  const paused: ScheduledWatch = { ...watch, schedule: { ...fresh, ...known, rule, next } };
  return isOver ? endedInPause(paused, run, input) : transition(paused);
}

/** A slot that was run before its time, where clocks are changed: not again. */
function usedSlot(schedule: ScheduleWatch | undefined, now: number): number {
  const used = schedule?.lastSlot;
  return used !== undefined && used - now <= dayMs ? used : now;
}

function endedInPause(watch: ScheduledWatch, run: BackupRun, { policy, now }: SlotInput): ScheduleTransition {
  const judged = { judgedRun: run.id, openRun: undefined };
  const outcome = outcomeOf(run);
  if (outcome === 'proven') {
    return transition(withSchedule(watch, { ...judged, failures: 0, retry: undefined }));
  }
  const known = watch.schedule.retry;
  const retry = outcome === 'failed' ? plannedRetry(watch.schedule, run, policy, now) : undefined;
  if (!retry) {
    const event = missedInPause(run, now);
    return transition(withSchedule(watch, { ...judged, retry: undefined }), { events: [event] });
  }
  // A slot that failed before the pause is counted even when the pause outlasts its window.
  const kept = known && !known.inPause ? retry : { ...retry, inPause: true as const };
  return transition(withSchedule(watch, { ...judged, retry: kept }), { events: [retryEvent(retry, now)] });
}
