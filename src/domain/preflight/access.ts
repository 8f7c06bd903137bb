import type { Reading } from '../cluster/reading.ts';
import { type Finding, finding } from './finding.ts';

export interface Requester {
  readonly clusterUser: string;
  readonly clusterAdmin: Reading<boolean>;
}

/** A backup gives full access to its cluster. Here unknown blocks: a permission that cannot be read counts as missing. */
export function accessFindings({ clusterUser, clusterAdmin }: Requester): readonly Finding[] {
  if (!clusterAdmin.ok)
    return [finding('blocker', 'requester.unreadable', { clusterUser, why: clusterAdmin.why })];
  if (!clusterAdmin.value) return [finding('blocker', 'requester.not-cluster-admin', { clusterUser })];
  return [finding('passed', 'requester.cluster-admin', { clusterUser })];
}
