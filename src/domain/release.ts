import { conditionOf, isTrue } from './condition.ts';
import type { VersionFacts } from './facts.ts';

/** A release by what the cluster calls it; `version` may be no z-stream (nightly, ci, OKD): it is kept as it is written. */
export interface Release {
  readonly version: string;
  readonly image: string;
}

/** Where a cluster stands between releases, by its ClusterVersion alone. Times are the cluster's own, ms UTC. */
export type ReleaseState =
  /** On one release by every sign. `since`: when the cluster began to go there, as its history tells; it names this arrival. */
  | { readonly kind: 'settled'; readonly release: Release; readonly since: number | undefined }
  /** On its way, or not whole. `from`: the last release that it was completely on; undefined: its history names none. */
  | {
      readonly kind: 'updating';
      readonly from: Release | undefined;
      readonly to: Release;
      readonly since: number | undefined;
      /** The update has begun and reports a failure. */
      readonly failing: boolean;
      /** By its history `to` was complete once: it is not between releases, but fails, or has not seen its present spec. */
      readonly arrived: boolean;
    };

/**
 * An update is finished when the newest history entry is Completed, its image is the desired one, the operator has seen the
 * present spec, and it neither progresses nor fails. `completionTime` proves nothing: a replaced Partial entry gets one.
 */
export function releaseState(facts: VersionFacts): ReleaseState {
  const [newest] = facts.history;
  const to = { version: facts.desiredVersion, image: facts.desiredImage };
  const arrived = newest?.state === 'Completed' && newest.image === facts.desiredImage;
  const quiet =
    conditionOf(facts.conditions, 'Progressing')?.status === 'False' && !isTrue(facts.conditions, 'Failing');
  const since = newest?.image === facts.desiredImage ? newest.startedAt : undefined;
  if (arrived && quiet && facts.observedGeneration === facts.generation) {
    return { kind: 'settled', release: to, since };
  }
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
 * The update that somebody asked for and that the cluster has not taken up; undefined: none. A request stays in the spec when
 * its update is over, so one for where the cluster is, or goes to, asks for nothing.
 */
export function requestedRelease(facts: VersionFacts): Release | undefined {
  const { desiredUpdate: asked, desiredVersion, desiredImage } = facts;
  if (!asked || (asked.version === '' && asked.image === '')) return undefined;
  return meansSame(asked, { version: desiredVersion, image: desiredImage }) ? undefined : { ...asked };
}
