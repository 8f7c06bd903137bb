import { elsewhereOf } from '../policy/elsewhere.ts';
import type { ClusterWatch, ScheduleWatch } from './cluster-watch.ts';
import { pausedTurn } from './paused-schedule.ts';
import { retryTurn } from './retry-turn.ts';
import type { ScheduledWatch, ScheduleInput, SlotInput } from './schedule-input.ts';
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
  if (pausedUntil !== undefined) return pausedTurn(watch, given, pausedUntil);
  const before: ScheduledWatch = { ...watch, schedule: underRule(watch.schedule, given) };
  const judged = judgeOpenRun(before, given);
  // A retry is not requested any more when the next slot's run is due, so at most one of both requests a run.
  const retried = andThen(judged, (next) => retryTurn(next, given));
  const turn = andThen(retried, (next) => slotTurn(next, given));
  return turn.watch.schedule === watch.schedule ? { ...turn, watch } : turn;
}

function underRule(schedule: ScheduleWatch | undefined, input: SlotInput): ScheduleWatch {
  const { policy, cron, now } = input;
  const rule = ruleOf(policy);
  if (schedule?.rule === rule) return rightClock(schedule, input);
  const fresh = { lastSlot: undefined, judgedRun: undefined, openRun: undefined, failures: 0 };
  return { ...fresh, ...schedule, rule, next: nextRunAfter(policy, cron, now) };
}

/**
 * A slot that is waited for while another one comes sooner was named by a clock that went ahead, and would come days late.
 * What was used up to a day ahead is not used again; what lies further ahead is no measure, either.
 */
function rightClock(schedule: ScheduleWatch, { policy, cron, now }: SlotInput): ScheduleWatch {
  const { next, lastSlot } = schedule;
  if (!next || next.slot <= now) return schedule;
  const used = lastSlot !== undefined && lastSlot - now <= dayMs ? lastSlot : now;
  const sooner = nextRunAfter(policy, cron, Math.max(now, used));
  return sooner && sooner.slot < next.slot ? { ...schedule, next: sooner } : schedule;
}
