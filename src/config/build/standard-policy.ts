import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { clusterSchema } from '../schema/cluster-schema.ts';

/** The policy of a cluster of which only the name is said: everything else is the standard. It has no channel and no copies. */
export function standardPolicy(name: string): ClusterPolicy {
  const entry = clusterSchema.parse({ name, connect: { inCluster: true } });
  const { connect: _connect, requestDeadline: _deadline, copies: _copies, ...said } = entry;
  return { ...said, channel: '', language: 'en', onCall: undefined };
}
