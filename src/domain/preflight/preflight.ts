import type { ClusterFacts } from '../cluster/facts.ts';
import type { PlaceInTrouble } from '../copies/place-state.ts';
import type { ActivePause } from '../policy/pause.ts';
import type { ClusterPolicy } from '../policy/policy.ts';
import { accessFindings, type Requester } from './access.ts';
import { certificateFindings } from './certificates.ts';
import { encryptionFindings } from './encryption.ts';
import { etcdFindings } from './etcd.ts';
import { type Finding, finding } from './finding.ts';
import { nodeResult } from './node.ts';
import { laterFindings } from './node-findings.ts';
import { offPeakFindings } from './off-peak.ts';
import { operatorFindings } from './operators.ts';
import { pauseFinding } from './pause-finding.ts';
import type { ProposedPlan } from './plan.ts';
import { poolFindings } from './pools.ts';
import { previewBackupFindings } from './preview-backups.ts';
import { proposedPlan } from './proposed-plan.ts';
import { proxyFindings } from './proxy.ts';
import { rightsFindings } from './rights.ts';
import { sessionPodFindings } from './session-pod.ts';
import { isHosted, topologyFindings } from './topology.ts';
import { isMicroShift, versionFindings } from './version.ts';

export interface PreflightContext {
  readonly policy: ClusterPolicy;
  readonly nodeWanted: string | undefined;
  /** Nodes on which earlier runs failed: taken only where no other is fit. */
  readonly avoidNodes?: readonly string[] | undefined;
  /** The cluster's pause that is in force; absent: there is none, or it was not looked up. */
  readonly pause?: ActivePause | undefined;
  /** Destinations of the cluster that are not the known place; absent: there are none, or they were not looked up. */
  readonly places?: readonly PlaceInTrouble[] | undefined;
  /** The watch has read a ClusterVersion of this cluster before; absent: it has not, or that was not looked up. */
  readonly versionSeen?: boolean | undefined;
  /** undefined: no person; a schedule asks, or a reminder looks. */
  readonly requester: Requester | undefined;
  /** ms UTC */
  readonly now: number;
}

export interface Preflight {
  /** In the order in which a person should read them. */
  readonly findings: readonly Finding[];
  /** There even when something blocks, as long as it is known what would run. */
  readonly plan: ProposedPlan | undefined;
}

/**
 * Facts → decision. The same facts and context always give the same findings: `check`, the card and the start of a run
 * all print this one. Not knowing is a warning that names what could not be read; where no run can be planned without
 * the fact, or where it decides about a person's rights, it is a blocker.
 */
export function preflight(facts: ClusterFacts, context: PreflightContext): Preflight {
  const refused = wrongKindOfCluster(facts, context);
  if (refused) return { findings: refused, plan: undefined };

  const { policy, now } = context;
  const { nodeWanted, avoidNodes } = context;
  const wish = { nodeWanted, avoidNodes, configuredImage: policy.session.image };
  const node = nodeResult(facts.nodes, facts.etcdPods, wish);
  const findings = [
    ...topologyFindings(facts.infrastructure, policy.backedUpBy),
    ...versionFindings(facts.version, facts.operators),
    ...certificateFindings(facts.version, facts.caBundles, now),
    ...operatorFindings(facts.operators),
    ...etcdFindings(facts),
    ...encryptionFindings(facts.encryption),
    ...node.findings,
    ...proxyFindings(facts.proxy, node.node?.internalIp),
    ...offPeakFindings(policy, now),
    ...(context.pause ? [pauseFinding(context.pause)] : []),
    ...(context.places ?? []).map(placeFinding),
    ...poolFindings(facts.workerPools),
    ...previewBackupFindings(facts.previewBackups),
    ...rightsFindings(facts.ownRights),
    ...sessionPodFindings(facts, policy.session.namespace),
    ...(context.requester ? accessFindings(context.requester) : []),
    ...laterFindings(policy.scriptPath),
  ];
  return { findings, plan: proposedPlan(facts, node) };
}

/** The files stay on the node, or in an unconfirmed bucket: people must know this before the backup, not after it. */
function placeFinding({ destination, kind, state }: PlaceInTrouble): Finding {
  return finding('warning', 'destination.not-known', { destination, kind, state });
}

/** Where etcd is not the cluster's own, the other checks would only add noise to the refusal. */
function wrongKindOfCluster(
  facts: ClusterFacts,
  { policy, versionSeen = false }: Pick<PreflightContext, 'policy' | 'versionSeen'>,
): readonly Finding[] | undefined {
  if (isMicroShift(facts, versionSeen)) return [finding('blocker', 'version.microshift', {})];
  const topology = topologyFindings(facts.infrastructure, policy.backedUpBy);
  return isHosted(topology) ? topology : undefined;
}
