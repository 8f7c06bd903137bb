import { elsewhereOf } from '../policy/elsewhere.ts';
import type { ClusterWatch, ScheduleWatch } from './cluster-watch.ts';
import { retryTurn } from './retry-turn.ts';
import { type ScheduleInput, type SlotInput, withSchedule } from './schedule-input.ts';
import { judgeOpenRun } from './schedule-outcome.ts';
import { nextRunAfter, ruleOf } from './schedule-times.ts';
import { slotTurn } from './slot-turn.ts';
import { andThen, transition, type WatchTransition } from './watch-transition.ts';

const dayMs = 24 * 3_600_000;

/**
 * Counts what became of the last scheduled run, and asks for the next one when its time has come.
 * All that it goes by is in the watch: after any restart, a slot still brings one run at most. Slots that could not be used
 * are caught up by one run. A schedule that is new, or that changed, begins with the next slot.
 */
export function scheduleTurn(watch: ClusterWatch, input: ScheduleInput): WatchTransition {
  const { policy, pausedUntil } = input;
  const { schedule } = policy;
  // What others back up is on no schedule of this bot, and none is missed.
  if (!schedule || elsewhereOf(policy, watch.topology)) {
    return transition(watch.schedule ? { ...watch, schedule: undefined } : watch);
  }
  const given: SlotInput = { ...input, policy: { ...policy, schedule } };
  // Its slots are no concern of this bot any more; what was asked for ends on record.
  if (policy.leaving) return judgeOpenRun(watch, given);
  if (pausedUntil !== undefined) return pausedTurn(watch, given, pausedUntil);
  const judged = judgeOpenRun(underRule(watch, given), given);
  // A retry is not requested any more when the next slot's run is due, so at most one of both requests a run.
  const retried = andThen(judged, (next) => retryTurn(next, given));
  return andThen(retried, (next) => slotTurn(next, given));
}

/**
 * The schedule of a paused cluster. A run under way ends as it will, and its end is on record; nothing is counted, reported
 * or requested. Retries are kept: after the pause they go on while their window is open, and when it has closed the slot is
 * counted then.
 */
function pausedTurn(watch: ClusterWatch, input: SlotInput, until: number): WatchTransition {
  const { cron, policy, now } = input;
  const { schedule: known } = watch;
  const rule = ruleOf(policy);
  // A slot that was run before its time, where clocks are changed: not again.
  const next = nextRunAfter(policy, cron, Math.max(now, until - 1, usedUntil(known, now)));
  const isSame =
    known?.rule === rule && known.next?.slot === next?.slot && known.next?.startAt === next?.startAt;
  return judgeOpenRun(isSame ? watch : withSchedule(watch, { rule, next }), input);
}

function underRule(watch: ClusterWatch, { policy, cron, now }: SlotInput): ClusterWatch {
  const { schedule } = watch;
  const rule = ruleOf(policy);
  if (schedule?.rule !== rule) return withSchedule(watch, { rule, next: nextRunAfter(policy, cron, now) });
  // A slot that is waited for while another one comes sooner was named by a clock that went ahead, and would come days late.
  const { next } = schedule;
  if (!next || next.slot <= now) return watch;
  const sooner = nextRunAfter(policy, cron, Math.max(now, usedUntil(schedule, now)));
  return sooner && sooner.slot < next.slot ? withSchedule(watch, { next: sooner }) : watch;
}

/** What was used up to a day ahead is not used again; a slot further ahead was used by a clock that went ahead. */
function usedUntil(schedule: ScheduleWatch | undefined, now: number): number {
  const used = schedule?.lastSlot;
  return used !== undefined && used - now <= dayMs ? used : now;
}
