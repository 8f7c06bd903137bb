import { type Release, sameRelease } from '../cluster/release.ts';
import type { ClusterWatch } from './cluster-watch.ts';

/** Where a cluster is between releases, by its last answer and what is on record: coverage, reminders and alarms all go by it. */
export type ReleasePosition =
  /** Completely on a release. Its operators may be unwell there, and a request may wait. */
  | { readonly kind: 'on'; readonly release: Release }
  /** Between releases, or not arrived by every sign yet. `from`: the last one that it was completely on, if known. */
  | {
      readonly kind: 'between';
      readonly from: Release | undefined;
      readonly to: Release;
      readonly failing: boolean;
    };

/**
 * A cluster whose version operator applies something to a release that is complete is not quiet, but is no less on it: that
 * was settled before, or its history calls it complete at the first observation. The first arrival anywhere else must be quiet.
 * undefined: it never answered.
 */
export function releasePosition({
  seen,
  settled,
}: Pick<ClusterWatch, 'seen' | 'settled'>): ReleasePosition | undefined {
  if (!seen) return undefined;
  const { state } = seen;
  if (state.kind === 'settled') return { kind: 'on', release: state.release };
  const known = settled?.clusterId === seen.clusterId ? settled.release : undefined;
  if (state.arrived && (known === undefined || sameRelease(known, state.to))) {
    return { kind: 'on', release: state.to };
  }
  // The history knows more than the watch: it also names a release that came and went between two observations.
  return { kind: 'between', from: state.from ?? known, to: state.to, failing: state.failing };
}

/** The release that the cluster is on, or goes to. */
export function releaseOf(position: ReleasePosition): Release {
  return position.kind === 'on' ? position.release : position.to;
}

/** The update that is under way; undefined: none is, or the cluster goes back to the release that it left. */
export function updateOf(
  position: ReleasePosition | undefined,
): { readonly from: Release; readonly to: Release } | undefined {
  if (position?.kind !== 'between' || !position.from || sameRelease(position.from, position.to)) {
    return undefined;
  }
  return { from: position.from, to: position.to };
}
