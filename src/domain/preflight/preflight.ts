import type { ClusterFacts } from '../facts.ts';
import type { Finding } from '../finding.ts';
import type { ProposedPlan } from '../plan.ts';
import type { ClusterPolicy } from '../policy.ts';
import { accessFindings, type Requester } from './access.ts';
import { certificateFindings } from './certificates.ts';
import { encryptionFindings } from './encryption.ts';
import { etcdFindings } from './etcd.ts';
import { nodeResult } from './node.ts';
import { laterFindings } from './node-findings.ts';
import { offPeakFindings } from './off-peak.ts';
import { operatorFindings } from './operators.ts';
import { poolFindings } from './pools.ts';
import { previewBackupFindings } from './preview-backups.ts';
import { proposedPlan } from './proposed-plan.ts';
import { proxyFindings } from './proxy.ts';
import { rightsFindings } from './rights.ts';
import { topologyFindings } from './topology.ts';
import { isMicroShift, versionFindings } from './version.ts';

export interface PreflightContext {
  readonly policy: ClusterPolicy;
  readonly nodeWanted: string | undefined;
  /** undefined: nobody in person; a schedule asks, or a reminder looks. */
  readonly requester: Requester | undefined;
  /** ms UTC */
  readonly now: number;
}

export interface Preflight {
  /** In the order in which a person should read them. */
  readonly findings: readonly Finding[];
  /** There even when something blocks, as long as it can be told what would run. */
  readonly plan: ProposedPlan | undefined;
}

/**
 * Facts → decision. The same facts and context always give the same findings: `check`, the card and the start of a run
 * all print this one. Not knowing is a warning that names what could not be read; where no run can be planned without
 * the fact, or where it decides about a person's rights, it is a blocker.
 */
export function preflight(facts: ClusterFacts, context: PreflightContext): Preflight {
  const refused = wrongKindOfCluster(facts);
  if (refused) return { findings: refused, plan: undefined };

  const { policy, now } = context;
  const wish = { nodeWanted: context.nodeWanted, configuredImage: policy.session.image };
  const node = nodeResult(facts.nodes, facts.etcdPods, wish);
  const findings = [
    ...topologyFindings(facts.infrastructure),
    ...versionFindings(facts.version),
    ...certificateFindings(facts.version, facts.caBundles, now),
    ...operatorFindings(facts.operators),
    ...etcdFindings(facts.etcd),
    ...encryptionFindings(facts.encryption),
    ...node.findings,
    ...proxyFindings(facts.proxy, node.node?.internalIp),
    ...offPeakFindings(policy, now),
    ...poolFindings(facts.workerPools),
    ...previewBackupFindings(facts.previewBackups),
    ...rightsFindings(facts.ownRights),
    ...(context.requester ? accessFindings(context.requester) : []),
    ...laterFindings(policy.scriptPath),
  ];
  return { findings, plan: proposedPlan(facts, node) };
}

/** Where etcd is not the cluster's own, the other checks would only add noise to the refusal. */
function wrongKindOfCluster(facts: ClusterFacts): readonly Finding[] | undefined {
  if (isMicroShift(facts.version)) return versionFindings(facts.version);
  const topology = topologyFindings(facts.infrastructure);
  return topology.some((each) => each.code === 'topology.hosted') ? topology : undefined;
}
