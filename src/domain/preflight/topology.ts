import type { InfrastructureFacts } from '../facts.ts';
import { type Finding, finding } from '../finding.ts';
import type { Reading } from '../reading.ts';

/** A hosted control plane has no node to go to; the rest differ in how they are restored. */
export function topologyFindings(infrastructure: Reading<InfrastructureFacts>): readonly Finding[] {
  if (!infrastructure.ok) return [finding('blocker', 'topology.unreadable', { why: infrastructure.why })];
  const topology = infrastructure.value.controlPlaneTopology;
  switch (topology) {
    case 'External':
      return [finding('blocker', 'topology.hosted', {})];
    case 'SingleReplica':
    case 'HighlyAvailable':
    case 'HighlyAvailableArbiter':
      return [finding('passed', 'topology.runs', { topology })];
    case 'DualReplica':
      return [finding('warning', 'topology.dual-replica', {})];
    default:
      return [finding('warning', 'topology.unknown-kind', { topology })];
  }
}
