import type { VersionFacts } from '../cluster/facts.ts';
import type { Reading, Unreadable } from '../cluster/reading.ts';
import { type Release, refusalOf, releaseState, requestedRelease, sameRelease } from '../cluster/release.ts';
import { isAhead } from '../text/trusted-time.ts';
import type { ClusterWatch, SeenVersion } from './cluster-watch.ts';
import { unreachableAfterMs } from './coverage.ts';
import type { ReleasePosition } from './release-position.ts';

/** While nothing changes, the time of the last answer is written so often: often enough to be of use, rarely enough for the disk. */
const seenEveryMs = 5 * 60_000;

/**
 * The watch after one reading of ClusterVersion: how the cluster answers, what it runs, which update is requested. The very same
 * object when all of it is on record already. `position`: by what is on record.
 */
export function observeRelease(
  before: ClusterWatch,
  position: ReleasePosition | undefined,
  reading: Reading<VersionFacts>,
  now: number,
): ClusterWatch {
  if (!reading.ok) return unanswered(before, reading.why, now);
  const seen = seenIn(reading.value, now);
  const known = before.seen;
  const isRecent = known && now - known.at < seenEveryMs && !isAhead(known.at, now);
  if (isRecent && !before.silent && sameAnswer(known, seen)) return before;
  const { settled, ...watch } = forgetOther(before, seen.clusterId);
  return {
    ...watch,
    seen,
    silent: undefined,
    settled: settledAt(settled, seen, position?.kind === 'between', now),
  };
}

/** API servers restart during every update: some failed readings change nothing of what is known. */
function unanswered(before: ClusterWatch, why: Unreadable, now: number): ClusterWatch {
  const known = before.silent;
  // A clock that went ahead: a silence that begins next year would never be reported.
  const since = !known || isAhead(known.since, now) ? now : known.since;
  const reported = known?.reported === true || now - since >= unreachableAfterMs;
  const isKnown = known?.since === since && known.why.reason === why.reason;
  if (isKnown && reported === (known.reported === true)) return before;
  return { ...before, silent: { since, why, ...(reported ? { reported } : {}) } };
}

function seenIn(facts: VersionFacts, now: number): SeenVersion {
  const refusal = refusalOf(facts);
  return {
    at: now,
    clusterId: facts.clusterId,
    state: releaseState(facts),
    requested: requestedRelease(facts),
    ...(refusal === undefined ? {} : { refusal }),
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
  if (a.since !== b.since || !sameRelease(namedIn(a), namedIn(b))) return false;
  if (a.kind === 'settled' || b.kind === 'settled') return a.kind === b.kind;
  const sameFrom = a.from && b.from ? sameRelease(a.from, b.from) : a.from === b.from;
  return sameFrom && a.failing === b.failing && a.arrived === b.arrived;
}

function namedIn(state: SeenVersion['state']): Release {
  return state.kind === 'settled' ? state.release : state.to;
}

/** On a release by every sign, and the last time not, or on another one: a new arrival. Else what is on record. */
function settledAt(
  known: ClusterWatch['settled'],
  { state, clusterId }: SeenVersion,
  wasAway: boolean,
  now: number,
): ClusterWatch['settled'] {
  if (state.kind !== 'settled') return known;
  const { release, since } = state;
  const isSame = known && sameRelease(known.release, release);
  if (isSame && !isNewArrival(known.arrival, since, wasAway)) return known;
  return { release, clusterId, since: now, arrival: arrivalName(release, since, now) };
}

/**
 * The history's time of an arrival is the cluster's own clock: it names the arrival and is compared with nothing but itself.
 * Where the cluster names none, the time of the observation does, and only leaving makes a new arrival.
 */
function arrivalName(release: Release, since: number | undefined, now: number): string {
  const name = release.version.replace(/\s+/g, '_');
  return since === undefined ? `${name}@seen-${now}` : `${name}@${since}`;
}

function isNewArrival(known: string, since: number | undefined, wasAway: boolean): boolean {
  if (since === undefined || /@seen-\d+$/.test(known)) return wasAway;
  return !known.endsWith(`@${since}`);
}
