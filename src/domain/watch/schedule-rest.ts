import type { BackupRun } from '../run/run.ts';
import type { ClusterEvent, ClusterWatch, ScheduleWatch } from './cluster-watch.ts';
import { outcomeOf } from './schedule-outcome.ts';
import { plannedRetry, retryEvent } from './schedule-retry.ts';
import { type CronSlots, nextRunAfter, ruleOf, type Timetable } from './schedule-times.ts';

const dayMs = 24 * 3_600_000;

interface Rested {
  /** The very same object when nothing changed. */
  readonly schedule: ScheduleWatch | undefined;
  readonly events: readonly ClusterEvent[];
}

/**
 * The schedule of a paused cluster. A run under way ends as it will, and its end is on record; nothing is counted, reported
 * or requested. Retries are kept: after the pause they go on while their window is open, and when it has closed the slot is
 * counted then.
 */
export function restTurn(
  {
    watch,
    scheduled,
    cron,
    now,
  }: {
    readonly watch: ClusterWatch;
    readonly scheduled: readonly BackupRun[];
    readonly cron: CronSlots;
    readonly now: number;
  },
  table: Timetable,
  until: number,
): Rested {
  const rule = ruleOf(table);
  const known = watch.schedule;
  const next = nextRunAfter(table, cron, Math.max(now, until - 1, usedSlot(known, now)));
  const run = scheduled.find(({ id }) => id === known?.openRun);
  const isOver = run !== undefined && outcomeOf(run) !== 'open';
  const same =
    known?.rule === rule && known.next?.slot === next?.slot && known.next?.startAt === next?.startAt;
  if (same && !isOver) return { schedule: known, events: [] };
  const fresh = { lastSlot: undefined, judgedRun: undefined, openRun: undefined, failures: 0 };
  const rested: ScheduleWatch = { ...fresh, ...known, rule, next };
  return isOver ? endedInPause(rested, run, table, now) : { schedule: rested, events: [] };
}

/** A slot that was run before its time, where clocks are changed: not again. */
function usedSlot(schedule: ScheduleWatch | undefined, now: number): number {
  const used = schedule?.lastSlot;
  return used !== undefined && used - now <= dayMs ? used : now;
}

function endedInPause(schedule: ScheduleWatch, run: BackupRun, table: Timetable, now: number): Rested {
  const judged: ScheduleWatch = { ...schedule, judgedRun: run.id, openRun: undefined };
  const outcome = outcomeOf(run);
  if (outcome === 'proven') return { schedule: { ...judged, failures: 0, retry: undefined }, events: [] };
  const retry = outcome === 'failed' ? plannedRetry(judged, run, table, now) : undefined;
  if (!retry) return { schedule: { ...judged, retry: undefined }, events: [missedInPause(run, now)] };
  // A slot that failed before the pause is counted even when the pause outlasts its window.
  const kept = schedule.retry && !schedule.retry.inPause ? retry : { ...retry, inPause: true as const };
  return { schedule: { ...judged, retry: kept }, events: [retryEvent(retry, now)] };
}

/** Its end is on record and counts for nothing. */
export function missedInPause(
  run: { readonly id: string; readonly status: string },
  now: number,
): ClusterEvent {
  return { at: now, kind: 'schedule-missed', detail: { run: run.id, ended: run.status, paused: 'yes' } };
}
