import { type Finding, finding } from '../finding.ts';
import type { Reading } from '../reading.ts';

export interface Requester {
  readonly clusterUser: string;
  readonly clusterAdmin: Reading<boolean>;
}

/** Whoever holds a backup holds the cluster. Here not knowing blocks: a right that cannot be seen is not there. */
export function accessFindings({ clusterUser, clusterAdmin }: Requester): readonly Finding[] {
  if (!clusterAdmin.ok)
    return [finding('blocker', 'requester.unreadable', { clusterUser, why: clusterAdmin.why })];
  if (!clusterAdmin.value) return [finding('blocker', 'requester.not-cluster-admin', { clusterUser })];
  return [finding('passed', 'requester.cluster-admin', { clusterUser })];
}
