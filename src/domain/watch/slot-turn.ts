import type { ClusterEvent, ClusterWatch } from './cluster-watch.ts';
import { isThere, missed, type SlotInput, servingBackup, withSchedule } from './schedule-input.ts';
import { judgeOpenRun } from './schedule-outcome.ts';
import { mayStart, newestSlot, nextRunAfter, startFor, startOfSlot } from './schedule-times.ts';
import { andThen, transition, type WatchTransition } from './watch-transition.ts';

/** Later than several turns of the watch: the bot or the cluster was away, or another run was active. */
const lateAfterMs = 15 * 60_000;

/** Asks for the run of the slot that is due. A slot that was missed is caught up in the next off-peak window. */
export function slotTurn(watch: ClusterWatch, input: SlotInput): WatchTransition {
  const { active, proven, now, cron, policy } = input;
  const next = watch.schedule?.next;
  if (!next || now < next.startAt || active || !isThere(watch)) return transition(watch);

  const slot = newestSlot(policy, cron, next.slot, now);
  const server = servingBackup(watch, Math.min(slot, next.startAt), proven);
  if (server) return letGo(watch, slot, input, { servedBy: server.runId });
  const regular = startOfSlot(policy, cron, next.slot);
  if (regular === undefined && slot === next.slot && next.startAt === slot) {
    return letGo(watch, slot, input, { because: 'the change of clocks skips the off-peak window' });
  }
  const isRegular = next.startAt === (regular ?? next.slot);
  const isOnTime = now - next.startAt <= lateAfterMs;
  // What is caught up already is put off again only when the window has closed.
  if (isOnTime || (!isRegular && mayStart(policy, now))) return requestRun(watch, slot, input);

  // A fleet that was away does not come back all at once, nor in the middle of the day.
  const startAt = startFor(policy, now);
  const isNews = isRegular || slot !== next.slot;
  const events = isNews ? [missed(now, slot, { caughtUpAt: new Date(startAt).toISOString() })] : [];
  const putOff = transition(withSchedule(watch, { next: { slot, startAt } }), { events });
  return startAt > now ? putOff : andThen(putOff, (put) => requestRun(put, slot, input));
}

/** The slot is over without a run of its own. */
function letGo(
  watch: ClusterWatch,
  slot: number,
  { now, cron, policy }: SlotInput,
  detail: ClusterEvent['detail'],
): WatchTransition {
  const next = nextRunAfter(policy, cron, Math.max(now, slot));
  const after = withSchedule(watch, { lastSlot: slot, next, retry: undefined });
  return transition(after, { events: [missed(now, slot, detail)] });
}

function requestRun(watch: ClusterWatch, slot: number, input: SlotInput): WatchTransition {
  const { now, cron, policy } = input;
  // Not the same slot again, where it is run before its time.
  const next = nextRunAfter(policy, cron, Math.max(now, slot));
  return andThen(judgeOpenRun(withSchedule(watch, { next }), input, true), (judged) => {
    const request = input.newRun(slot);
    const detail = { run: request.run.id, slot: new Date(slot).toISOString() };
    return transition(withSchedule(judged, { lastSlot: slot, openRun: request.run.id, retry: undefined }), {
      events: [{ at: now, kind: 'schedule-run', detail }],
      request,
    });
  });
}
