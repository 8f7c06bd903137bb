import { meansSame, sameRelease } from '../cluster/release.ts';
import { releaseText } from '../cluster/release-text.ts';
import type { ClusterEvent } from './cluster-watch.ts';
import { leftRelease, type ReducerInput } from './reducer-input.ts';
import { releaseOf, updateOf } from './release-position.ts';

/** Only what an observation changes. */
type Observed = Pick<ReducerInput, 'before' | 'watch' | 'position' | 'positionBefore' | 'now'>;
type What = Pick<ClusterEvent, 'kind' | 'detail'>;

/** What differs between the watch before the observation and after it, for the record. */
export function observedEvents(observed: Observed): readonly ClusterEvent[] {
  return [
    reachability(observed),
    firstSeen(observed),
    requestChange(observed),
    updateBegun(observed),
    arrival(observed),
  ].flatMap((what) => (what ? [{ at: observed.now, ...what }] : []));
}

function reachability({ before, watch: { silent } }: Observed): What | undefined {
  const wasReported = before.silent?.reported === true;
  if (!silent) return wasReported ? { kind: 'reachable', detail: {} } : undefined;
  if (wasReported || !silent.reported) return undefined;
  const detail = { reason: silent.why.reason, since: new Date(silent.since).toISOString() };
  return { kind: 'unreachable', detail };
}

function firstSeen({ before, watch: { seen }, position }: Observed): What | undefined {
  if (!seen || !position || before.seen?.clusterId === seen.clusterId) return undefined;
  const detail = { clusterId: seen.clusterId, release: releaseText(releaseOf(position)) };
  return { kind: 'first-seen', detail };
}

/** Requests as they come and go while the cluster has not taken them up. */
function requestChange(observed: Observed): What | undefined {
  const { before, watch, position, positionBefore } = observed;
  if (!position) return undefined;
  const requested = watch.seen?.requested;
  const known = positionBefore && before.seen?.requested;
  if (requested) {
    if (known && meansSame(known, requested)) return undefined;
    return { kind: 'update-requested', detail: { to: releaseText(requested) } };
  }
  if (!known || meansSame(known, releaseOf(position))) return undefined;
  const detail = { to: releaseText(known) };
  // The cluster set out since then, but not to the release that was requested at the last observation.
  const begun = begunUpdate(observed);
  return begun
    ? { kind: 'update-redirected', detail: { ...detail, instead: releaseText(begun.to) } }
    : { kind: 'update-withdrawn', detail };
}

function updateBegun(observed: Observed): What | undefined {
  const begun = begunUpdate(observed);
  return (
    begun && {
      kind: 'update-begun',
      detail: { from: releaseText(begun.from), to: releaseText(begun.to) },
    }
  );
}

/** The update that was not under way at the last observation. */
function begunUpdate({ position, positionBefore: last }: Observed): ReturnType<typeof updateOf> {
  const update = updateOf(position);
  return update && last?.kind === 'between' && sameRelease(last.to, update.to) ? undefined : update;
}

function arrival({ before, watch, positionBefore }: Observed): What | undefined {
  const { settled } = watch;
  if (!settled || settled === before.settled) return undefined;
  const from = leftRelease({ before, positionBefore });
  const detail = { to: releaseText(settled.release) };
  if (from && !sameRelease(from, settled.release)) {
    return { kind: 'upgrade-finished', detail: { from: releaseText(from), ...detail } };
  }
  // It began to leave, and came back.
  return from && positionBefore?.kind === 'between' ? { kind: 'update-withdrawn', detail } : undefined;
}
