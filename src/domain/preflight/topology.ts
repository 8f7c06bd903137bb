import type { InfrastructureFacts } from '../cluster/facts.ts';
import type { Reading } from '../cluster/reading.ts';
import { hostedTopology } from '../policy/elsewhere.ts';
import { type Finding, finding } from './finding.ts';

/** A hosted control plane has no node to go to; the rest differ in how they are restored. */
export function topologyFindings(
  infrastructure: Reading<InfrastructureFacts>,
  backedUpBy?: string | undefined,
): readonly Finding[] {
  const found = kindFindings(infrastructure, backedUpBy);
  if (backedUpBy === undefined || !infrastructure.ok || isHosted(found)) return found;
  return [...found, finding('warning', 'topology.backed-up-elsewhere', { by: backedUpBy })];
}

export function isHosted(findings: readonly Finding[]): boolean {
  return findings.some(({ code }) => code === 'topology.hosted');
}

function kindFindings(
  infrastructure: Reading<InfrastructureFacts>,
  by: string | undefined,
): readonly Finding[] {
  if (!infrastructure.ok) return [finding('blocker', 'topology.unreadable', { why: infrastructure.why })];
  const topology = infrastructure.value.controlPlaneTopology;
  switch (topology) {
    case hostedTopology:
      return [finding('blocker', 'topology.hosted', by === undefined ? {} : { by })];
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
