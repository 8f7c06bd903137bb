import type { ClusterWatch, ScheduleRetry } from './cluster-watch.ts';
import { isThere, missed, type SlotInput, servingBackup, withSchedule } from './schedule-input.ts';
import { closeRetry } from './schedule-outcome.ts';
import { closesAt, hasPassed, isDue, isSpent, postponed, rightWindow } from './schedule-retry.ts';
import { transition, type WatchTransition } from './watch-transition.ts';

/**
 * Requests again what failed for a transient reason, while the slot's window is open; counts the slot as failed as soon as no
 * further retry can come. A backup that a user requests meanwhile ends it. A cluster that is being updated is waited for as
 * long as the window lasts.
 */
export function retryTurn(watch: ClusterWatch, input: SlotInput): WatchTransition {
  const { active, proven, now, fullReading, policy } = input;
  const { retry: known, openRun } = watch.schedule ?? {};
  if (!known || openRun !== undefined) return transition(watch);
  const server = servingBackup(watch, Math.min(known.slot, known.from), proven);
  if (server) {
    const events = known.closed ? [] : [missed(now, known.slot, { servedBy: server.runId })];
    return transition(withSchedule(watch, { retry: undefined }), { events });
  }
  const found = fullReading && known.looks !== undefined ? fullReading : undefined;
  // Its outcome decides: a backup would end the retries, and spare the owners a message.
  if (active) {
    return transition(found ? withSchedule(watch, { retry: postponed(known, policy, now) }) : watch);
  }
  const retry = rightWindow(known, policy, now);
  const open = retry === known ? watch : withSchedule(watch, { retry });
  if (now >= closesAt(open.schedule, retry) || isSpent(open, retry, now)) {
    return closeRetry(open, retry, input);
  }
  if (!isDue(retry, policy, now) || !isSettled(watch)) return transition(open);
  if (retry.looks !== undefined) {
    if (!found) return transition(open);
    if (!hasPassed(found.findings)) {
      return transition(withSchedule(open, { retry: postponed(retry, policy, now) }));
    }
  }
  return requestRetry(open, retry, input);
}

function requestRetry(watch: ClusterWatch, retry: ScheduleRetry, input: SlotInput): WatchTransition {
  const { slot, of, after, because, avoid } = retry;
  const number = retry.made + 1;
  const request = input.newRun(slot, { slot, number, of, after, because, avoid });
  const detail = {
    run: request.run.id,
    slot: new Date(slot).toISOString(),
    retry: `${number} of ${of}`,
    after,
    ...(avoid.length > 0 ? { avoid: avoid.join(', ') } : {}),
  };
  return transition(
    withSchedule(watch, {
      openRun: request.run.id,
      retry: { ...retry, made: number, nextAt: undefined },
    }),
    { events: [{ at: input.now, kind: 'schedule-run', detail }], request },
  );
}

/** What has failed once is not tried again in an update that fails: each retry would be stopped by the checks. */
function isSettled(watch: ClusterWatch): boolean {
  return isThere(watch) && watch.seen?.state.kind === 'settled';
}
