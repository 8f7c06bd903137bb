import type { ClusterPolicy } from '../policy/policy.ts';

/** Clusters whose policy works as it is written and lacks what is missed in an emergency; names. */
export interface PolicyGaps {
  /** No copy leaves the cluster. */
  readonly onNodeOnly: readonly string[];
  readonly withoutOwners: readonly string[];
}

/** Clusters with `backedUpBy` are left out: this bot keeps no backups of them and sends no messages about them. */
export function policyGaps(clusters: readonly ClusterPolicy[]): PolicyGaps {
  const ours = clusters.filter(({ backedUpBy }) => backedUpBy === undefined);
  return {
    onNodeOnly: ours.filter(({ copies = [] }) => copies.length === 0).map(({ name }) => name),
    withoutOwners: ours.filter(({ owners }) => owners.length === 0).map(({ name }) => name),
  };
}
