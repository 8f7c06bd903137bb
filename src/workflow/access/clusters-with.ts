import type { ClusterPolicy } from '../../domain/policy/policy.ts';

/** Clusters of which a file goes there. */
export function clustersWith(
  clusters: readonly ClusterPolicy[],
  destination: string,
): readonly ClusterPolicy[] {
  return clusters.filter(({ copies = [] }) => copies.some((copy) => copy.destination === destination));
}
