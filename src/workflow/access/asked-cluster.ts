import type { ClusterPolicy, Fleet } from '../../domain/policy/policy.ts';
import { nearest } from '../../domain/text/nearest.ts';
import type { ClusterQuestion, NotAllowed } from './backups.ts';

/** The cluster that is meant: the named one, the only one, or the one whose channel this is. */
export function meantCluster(
  fleet: Fleet,
  name: string | undefined,
  channel: string,
): { readonly cluster: ClusterPolicy } | { readonly question: ClusterQuestion } {
  const known = fleet.clusters.map((each) => each.name);
  if (name !== undefined) {
    const cluster = fleet.cluster(name) ?? fleet.cluster(name.toLowerCase());
    if (cluster) return { cluster };
    return { question: { outcome: 'unknown-cluster', name, nearest: nearest(name, known), known } };
  }
  const here = fleet.clusters.filter((each) => each.channel === channel);
  const only = fleet.clusters.length === 1 ? fleet.clusters[0] : here.length === 1 ? here[0] : undefined;
  return only ? { cluster: only } : { question: { outcome: 'cluster-missing', known } };
}

export function wrongChannel(
  cluster: ClusterPolicy,
  channel: string,
): Extract<NotAllowed, { outcome: 'wrong-channel' }> | undefined {
  const { allowedChannels } = cluster;
  if (allowedChannels.length === 0 || allowedChannels.includes(channel) || channel === cluster.channel)
    return undefined;
  return {
    outcome: 'wrong-channel',
    cluster: cluster.name,
    allowed: [...new Set([cluster.channel, ...allowedChannels])],
  };
}

/** Clusters that may be asked about in this channel. */
export function clustersHere(fleet: Fleet, channel: string): readonly ClusterPolicy[] {
  return fleet.clusters.filter((each) => wrongChannel(each, channel) === undefined);
}
