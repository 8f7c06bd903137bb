import type { VersionFacts } from '../cluster/facts.ts';
import type { Reading, Unreadable } from '../cluster/reading.ts';
import {
  meansSame,
  type Release,
  refusalOf,
  releaseState,
  requestedRelease,
  sameRelease,
} from '../cluster/release.ts';
import { releaseText } from '../cluster/release-text.ts';
import { isAhead } from '../text/trusted-time.ts';
import type { ClusterEvent, ClusterWatch, SeenVersion } from './cluster-watch.ts';
import { unreachableAfterMs } from './coverage.ts';
import { whereabouts } from './whereabouts.ts';

/** While nothing changes, the time of the last answer is written so often: often enough to be of use, rarely enough for the disk. */
const seenEveryMs = 5 * 60_000;

type Looked = { readonly watch: ClusterWatch; readonly events: readonly ClusterEvent[] };

/** What one look at ClusterVersion tells: how the cluster answers, what it runs, what is asked of it. */
export function lookTurn(before: ClusterWatch, reading: Reading<VersionFacts>, now: number): Looked {
  return reading.ok ? answered(before, reading.value, now) : failedLook(before, reading.why, now);
}

/** API servers restart during every update: some failed looks change nothing of what is known. */
function failedLook(before: ClusterWatch, why: Unreadable, now: number): Looked {
  const known = before.silent?.since;
  // A clock that went ahead: a silence that begins next year would never be reported.
  const since = known === undefined || isAhead(known, now) ? now : known;
  const tell = before.silent?.told === undefined && now - since >= unreachableAfterMs;
  const sameWhy = before.silent?.why.reason === why.reason;
  if (before.silent && since === known && sameWhy && !tell) return { watch: before, events: [] };
  const told = tell || before.silent?.told ? { told: true as const } : {};
  const events: ClusterEvent[] = tell
    ? [{ at: now, kind: 'unreachable', detail: { reason: why.reason, since: new Date(since).toISOString() } }]
    : [];
  return { watch: { ...before, silent: { since, why, ...told } }, events };
}

function answered(before: ClusterWatch, facts: VersionFacts, now: number): Looked {
  const refusal = refusalOf(facts);
  const seen: SeenVersion = {
    at: now,
    clusterId: facts.clusterId,
    state: releaseState(facts),
    requested: requestedRelease(facts),
    ...(refusal === undefined ? {} : { refusal }),
  };
  const known = before.seen;
  const isRecent = known && now - known.at < seenEveryMs && !isAhead(known.at, now);
  if (isRecent && !before.silent && sameAnswer(known, seen)) {
    return { watch: before, events: [] };
  }
  const back: ClusterEvent[] = before.silent?.told ? [{ at: now, kind: 'reachable', detail: {} }] : [];
  const base = { ...forgetOther(before, seen.clusterId), seen, silent: undefined };
  const first: ClusterEvent[] =
    known?.clusterId === seen.clusterId
      ? []
      : [
          {
            at: now,
            kind: 'first-seen',
            detail: { clusterId: seen.clusterId, release: releaseText(placed(seen)) },
          },
        ];
  const asked = requestEvents(before, base, now);
  const arrived = arrival(before, base, now);
  return {
    watch: arrived.watch,
    events: [...back, ...first, ...asked, ...beginEvents(before, base, now), ...arrived.events],
  };
}

/** A cluster that was reinstalled under the same name: nothing that was known of the old one is true of it. */
function forgetOther(before: ClusterWatch, clusterId: string): ClusterWatch {
  if (before.seen === undefined || before.seen.clusterId === clusterId) return before;
  const { topology: _, ...known } = before;
  return { ...known, seen: undefined, settled: undefined, previewBackups: undefined };
}

function sameAnswer(a: SeenVersion, b: SeenVersion): boolean {
  return (
    a.clusterId === b.clusterId &&
    sameState(a.state, b.state) &&
    a.refusal === b.refusal &&
    (a.requested === undefined) === (b.requested === undefined) &&
    (!a.requested || !b.requested || sameRelease(a.requested, b.requested))
  );
}

function sameState(a: SeenVersion['state'], b: SeenVersion['state']): boolean {
  if (a.since !== b.since || !sameRelease(placed({ state: a }), placed({ state: b }))) return false;
  if (a.kind === 'settled' || b.kind === 'settled') return a.kind === b.kind;
  const sameFrom = a.from && b.from ? sameRelease(a.from, b.from) : a.from === b.from;
  return sameFrom && a.failing === b.failing && a.arrived === b.arrived;
}

function placed({ state }: Pick<SeenVersion, 'state'>): Release {
  return state.kind === 'settled' ? state.release : state.to;
}

/** Requests as they come and go while the cluster has not taken them up. */
function requestEvents(before: ClusterWatch, watch: ClusterWatch, now: number): readonly ClusterEvent[] {
  const { seen } = watch;
  if (!seen) return [];
  const known = before.seen?.clusterId === seen.clusterId ? before.seen.requested : undefined;
  const { requested } = seen;
  if (requested) {
    if (known && meansSame(known, requested)) return [];
    return [{ at: now, kind: 'update-requested', detail: { to: releaseText(requested) } }];
  }
  if (!known || meansSame(known, placed(seen))) return [];
  const detail = { to: releaseText(known) };
  // It set out since then, but not to where it was asked to go at the last look.
  const goes = whereabouts(watch);
  if (goes?.kind === 'between' && beginEvents(before, watch, now).length > 0) {
    return [{ at: now, kind: 'update-redirected', detail: { ...detail, instead: releaseText(goes.to) } }];
  }
  return [{ at: now, kind: 'update-withdrawn', detail }];
}

function beginEvents(before: ClusterWatch, watch: ClusterWatch, now: number): readonly ClusterEvent[] {
  const place = whereabouts(watch);
  if (place?.kind !== 'between' || !place.from || sameRelease(place.from, place.to)) return [];
  const known = before.seen?.clusterId === watch.seen?.clusterId ? whereabouts(before) : undefined;
  if (known?.kind === 'between' && sameRelease(known.to, place.to)) return [];
  const detail = { from: releaseText(place.from), to: releaseText(place.to) };
  return [{ at: now, kind: 'update-begun', detail }];
}

/** The cluster stands on a release by every sign, and did not the last time, or on another one. */
function arrival(before: ClusterWatch, watch: ClusterWatch, now: number): Looked {
  const { seen, settled } = watch;
  if (seen?.state.kind !== 'settled') return { watch, events: [] };
  const { release, since } = seen.state;
  const known = before.seen?.clusterId === seen.clusterId ? whereabouts(before) : undefined;
  const wasAway = known?.kind === 'between';
  const same = settled && sameRelease(settled.release, release);
  if (same && !isNewArrival(settled.arrival, since, wasAway)) return { watch, events: [] };
  const on = {
    ...watch,
    settled: { release, clusterId: seen.clusterId, since: now, arrival: arrivalName(release, since, now) },
  };
  const from = settled?.release ?? (wasAway ? known.from : undefined);
  return { watch: on, events: from ? [arrivalEvent(from, release, wasAway, now)].flat() : [] };
}

function arrivalEvent(
  from: Release,
  release: Release,
  wasAway: boolean,
  now: number,
): readonly ClusterEvent[] {
  const detail = { from: releaseText(from), to: releaseText(release) };
  if (!sameRelease(from, release)) return [{ at: now, kind: 'upgrade-finished', detail }];
  // It began to leave, and came back.
  return wasAway ? [{ at: now, kind: 'update-withdrawn', detail: { to: releaseText(release) } }] : [];
}

/**
 * The history's time of an arrival is the cluster's own clock: it names the arrival and is compared with nothing but itself.
 * Where the cluster names none, the time of our look does, and only leaving makes a new arrival.
 */
function arrivalName(release: Release, since: number | undefined, now: number): string {
  const name = release.version.replace(/\s+/g, '_');
  return since === undefined ? `${name}@seen-${now}` : `${name}@${since}`;
}

function isNewArrival(known: string, since: number | undefined, wasAway: boolean): boolean {
  if (since === undefined || /@seen-\d+$/.test(known)) return wasAway;
  return !known.endsWith(`@${since}`);
}
