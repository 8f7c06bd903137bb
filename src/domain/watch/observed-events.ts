import { meansSame, sameRelease } from '../cluster/release.ts';
import { releaseText } from '../cluster/release-text.ts';
import type { ClusterEvent } from './cluster-watch.ts';
import { leftRelease, type ReducerInput } from './reducer-input.ts';
import { releaseOf, updateOf } from './release-position.ts';

/** What differs between the watch before the observation and after it, for the record. */
export function observedEvents(input: ReducerInput): readonly ClusterEvent[] {
  return [
    reachability(input),
    firstSeen(input),
    requestChange(input),
    updateBegun(input),
    arrival(input),
  ].filter((event) => event !== undefined);
}

function reachability({ before, watch: { silent }, now }: ReducerInput): ClusterEvent | undefined {
  const wasReported = before.silent?.reported === true;
  if (!silent) return wasReported ? { at: now, kind: 'reachable', detail: {} } : undefined;
  if (wasReported || !silent.reported) return undefined;
  const detail = { reason: silent.why.reason, since: new Date(silent.since).toISOString() };
  return { at: now, kind: 'unreachable', detail };
}

function firstSeen({ before, watch: { seen }, position, now }: ReducerInput): ClusterEvent | undefined {
  if (!seen || !position || before.seen?.clusterId === seen.clusterId) return undefined;
  const detail = { clusterId: seen.clusterId, release: releaseText(releaseOf(position)) };
  return { at: now, kind: 'first-seen', detail };
}

/** Requests as they come and go while the cluster has not taken them up. */
function requestChange(input: ReducerInput): ClusterEvent | undefined {
  const { before, watch, position, positionBefore, now } = input;
  if (!position) return undefined;
  const requested = watch.seen?.requested;
  const known = positionBefore && before.seen?.requested;
  if (requested) {
    if (known && meansSame(known, requested)) return undefined;
    return { at: now, kind: 'update-requested', detail: { to: releaseText(requested) } };
  }
  if (!known || meansSame(known, releaseOf(position))) return undefined;
  const detail = { to: releaseText(known) };
  // The cluster set out since then, but not to the release that was requested at the last observation.
  const begun = begunUpdate(input);
  return begun
    ? { at: now, kind: 'update-redirected', detail: { ...detail, instead: releaseText(begun.to) } }
    : { at: now, kind: 'update-withdrawn', detail };
}

function updateBegun(input: ReducerInput): ClusterEvent | undefined {
  const begun = begunUpdate(input);
  return (
    begun && {
      at: input.now,
      kind: 'update-begun',
      detail: { from: releaseText(begun.from), to: releaseText(begun.to) },
    }
  );
}

/** The update that was not under way at the last observation. */
function begunUpdate({ position, positionBefore: last }: ReducerInput): ReturnType<typeof updateOf> {
  const update = updateOf(position);
  return update && last?.kind === 'between' && sameRelease(last.to, update.to) ? undefined : update;
}

function arrival({ before, watch, positionBefore, now }: ReducerInput): ClusterEvent | undefined {
  const { settled } = watch;
  if (!settled || settled === before.settled) return undefined;
  const from = leftRelease({ before, positionBefore });
  const detail = { to: releaseText(settled.release) };
  if (from && !sameRelease(from, settled.release)) {
    return { at: now, kind: 'upgrade-finished', detail: { from: releaseText(from), ...detail } };
  }
  // It began to leave, and came back.
  return from && positionBefore?.kind === 'between'
    ? { at: now, kind: 'update-withdrawn', detail }
    : undefined;
}
