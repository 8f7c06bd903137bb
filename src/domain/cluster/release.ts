import { conditionOf, isTrue } from './condition.ts';
import type { Condition, VersionFacts } from './facts.ts';

/** A release by what the cluster calls it; `version` may be no z-stream (nightly, ci, OKD): it is kept as it is written. */
export interface Release {
  readonly version: string;
  readonly image: string;
}

/** Where a cluster is between releases, by its ClusterVersion alone. Times are the cluster's own, ms UTC. */
export type ReleaseState =
  /** On one release by every sign. `since`: when the cluster began to go there, as its history says; it names this arrival. */
  | { readonly kind: 'settled'; readonly release: Release; readonly since: number | undefined }
  /** On its way. `from`: the last release that it was completely on; undefined: its history names none. */
  | {
      readonly kind: 'updating';
      readonly from: Release | undefined;
      readonly to: Release;
      readonly since: number | undefined;
      /** The update has begun and reports a failure. */
      readonly failing: boolean;
      /** By its history `to` was complete once: the version operator applies something there, it is not between releases. */
      readonly arrived: boolean;
    };

/**
 * An update is finished when the newest history entry is Completed, its image is the desired one, and nothing progresses.
 * `completionTime` proves nothing: a replaced Partial entry gets one. Neither does `Failing`: it is True at rest, too,
 * whenever any operator of the cluster is unwell. Nor does the generation: any change of the spec raises it.
 */
export function releaseState(facts: VersionFacts): ReleaseState {
  const [newest] = facts.history;
  const to = { version: facts.desiredVersion, image: facts.desiredImage };
  const arrived = newest?.state === 'Completed' && newest.image === facts.desiredImage;
  const since = newest?.image === facts.desiredImage ? newest.startedAt : undefined;
  if (arrived && !isTrue(facts.conditions, 'Progressing')) return { kind: 'settled', release: to, since };
  // One that goes back comes from the release that it goes to: so only what has arrived must come from another.
  const before = facts.history.find(
    (entry) => entry.state === 'Completed' && !(arrived && entry.image === facts.desiredImage),
  );
  const from = before && { version: before.version, image: before.image };
  const failing = isTrue(facts.conditions, 'Failing');
  return { kind: 'updating', from, to, since, failing, arrived };
}

export function sameRelease(a: Release, b: Release): boolean {
  return a.version === b.version && a.image === b.image;
}

/** Whether two names of a release may mean the same one: a request may name the version alone, or the image alone. */
export function meansSame(a: Release, b: Release): boolean {
  if (a.image !== '' && b.image !== '') return a.image === b.image;
  return a.version !== '' && a.version === b.version;
}

/**
 * The update that was requested and that the cluster has not taken up; undefined: none. The generations say nothing of
 * it: they are equal while an update waits or was refused. A request stays in the spec when its update is over, so one for
 * where the cluster is, or goes to, asks for nothing.
 */
export function requestedRelease(facts: VersionFacts): Release | undefined {
  const { desiredUpdate: asked, desiredVersion, desiredImage } = facts;
  if (!asked || (asked.version === '' && asked.image === '')) return undefined;
  return meansSame(asked, { version: desiredVersion, image: desiredImage }) ? undefined : { ...asked };
}

/** The version operator has not looked at the present spec yet. */
export function isSpecUnseen({ generation, observedGeneration }: VersionFacts): boolean {
  return observedGeneration < generation;
}

/** It goes on record with the watch. */
const longestRefusal = 500;

/** Why the cluster does not accept the release that is asked for, in its own words; undefined: it did not refuse it. */
export function refusalOf(facts: VersionFacts): string | undefined {
  if (!requestedRelease(facts)) return undefined;
  // A request that names nothing known is refused before its payload is looked at.
  const invalid = conditionOf(facts.conditions, 'Invalid');
  if (invalid?.status === 'True') return wordsOf(invalid).slice(0, longestRefusal);
  // What was said before the operator has seen this request is about another one.
  const accepted = isSpecUnseen(facts) ? undefined : conditionOf(facts.conditions, 'ReleaseAccepted');
  return accepted?.status === 'False' ? wordsOf(accepted).slice(0, longestRefusal) : undefined;
}

function wordsOf({ type, status, reason, message }: Condition): string {
  return message === undefined ? (reason ?? `${type}: ${status}`) : withoutImage(message);
}

/** A digest of 64 digits is of no use to a person, and pushes the reason behind it out of sight. */
function withoutImage(message: string): string {
  const start = message.indexOf(' image="');
  const end = message.indexOf('"', start + ' image="'.length);
  return start < 0 || end < 0 ? message : message.slice(0, start) + message.slice(end + 1);
}
