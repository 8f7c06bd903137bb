import { type Release, sameRelease } from '../cluster/release.ts';
import type { ClusterWatch } from './cluster-watch.ts';

/** Where a cluster stands, by its last answer and what is remembered of it: the one notion that coverage, reminders and alarms share. */
export type Whereabouts =
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
 * was settled before, or its history calls it complete at the first sight. The first arrival anywhere else must be quiet.
 * undefined: it never answered.
 */
export function whereabouts({
  seen,
  settled,
}: Pick<ClusterWatch, 'seen' | 'settled'>): Whereabouts | undefined {
  if (!seen) return undefined;
  const { state } = seen;
  if (state.kind === 'settled') return { kind: 'on', release: state.release };
  const known = settled?.clusterId === seen.clusterId ? settled.release : undefined;
  if (state.arrived && (known === undefined || sameRelease(known, state.to))) {
    return { kind: 'on', release: state.to };
  }
  // The history knows better than we do: it also tells of a release that came and went between two looks.
  return { kind: 'between', from: state.from ?? known, to: state.to, failing: state.failing };
}
