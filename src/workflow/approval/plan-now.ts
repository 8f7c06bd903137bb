import type { ClusterFacts, ProxyFacts } from '../../domain/cluster/facts.ts';
import { plannedCopy } from '../../domain/copies/planned-copy.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { blockers, type Finding } from '../../domain/preflight/finding.ts';
import { type Plan, type PlanChange, type ProposedPlan, planChanges } from '../../domain/preflight/plan.ts';
import { preflight } from '../../domain/preflight/preflight.ts';
import { type BackupRun, retryOf } from '../../domain/run/run.ts';
import type { BesideFacts } from './preflight-context.ts';

/** How the plan that people approved compares with the cluster as it is now. */
export type PlanNow =
  | { readonly kind: 'same'; readonly findings: readonly Finding[] }
  | {
      readonly kind: 'changed';
      readonly findings: readonly Finding[];
      readonly plan: Plan;
      readonly changes: readonly PlanChange[];
    }
  | { readonly kind: 'blocked'; readonly findings: readonly Finding[] };

/**
 * Decides again from fresh facts. The plan's own node is kept while it is fit: that another node has become the first choice
 * is no reason to ask people again; that this one is not fit any more is.
 */
export function planNow(
  run: BackupRun,
  plan: Plan,
  facts: ClusterFacts,
  cluster: ClusterPolicy,
  now: number,
  beside: BesideFacts,
): PlanNow {
  const decide = (nodeWanted: string | undefined) =>
    preflight(facts, {
      policy: cluster,
      nodeWanted,
      avoidNodes: retryOf(run)?.avoid,
      requester: requesterOf(run),
      now,
      ...beside,
    });
  const kept = decide(plan.node);
  const decision = runnable(kept) ? ofThePlan(kept, run) : decide(run.nodeWanted);
  if (!runnable(decision)) return { kind: 'blocked', findings: decision.findings };
  const next = completePlan(decision.plan, cluster, run, plan.directory);
  const changes = planChanges(plan, next);
  if (changes.length === 0) return { kind: 'same', findings: decision.findings };
  return { kind: 'changed', findings: decision.findings, plan: next, changes };
}

/** The plan's node was wanted here, and not by a person unless the request named it. */
function ofThePlan<D extends Decision>(decision: D, { nodeWanted }: BackupRun): D {
  const findings = decision.findings.map((each) =>
    each.code === 'node.chosen' && each.params.node !== nodeWanted
      ? { ...each, params: { ...each.params, because: 'approved' as const } }
      : each,
  );
  return { ...decision, findings };
}

/** Whether they are cluster-admin (still) is asked beside it, by the gate. */
export function requesterOf({ origin, requester }: BackupRun) {
  if (origin.kind === 'schedule') return undefined;
  return { clusterUser: requester.clusterUser, clusterAdmin: { ok: true, value: true } } as const;
}

type Decision = ReturnType<typeof preflight>;

function runnable(decision: Decision): decision is Decision & { readonly plan: ProposedPlan } {
  return decision.plan !== undefined && blockers(decision.findings).length === 0;
}

/**
 * The proposal with what this run and the policy add: from here on it is what people approve. Where the schedule's policy
 * has approved already, no further person is needed; when the policy changes, so does the plan.
 */
export function completePlan(
  proposed: ProposedPlan,
  cluster: ClusterPolicy,
  { origin }: Pick<BackupRun, 'origin'>,
  directory: string,
): Plan {
  const auto = origin.kind === 'schedule' && cluster.schedule?.approval === 'auto';
  return {
    ...proposed,
    directory,
    approvalsNeeded: auto ? 0 : cluster.approval.needed,
    approvers: cluster.approval.approvers,
    selfApproval: cluster.approval.selfApproval,
    ...(cluster.copies && cluster.copies.length > 0 ? { copies: cluster.copies.map(plannedCopy) } : {}),
  };
}

/** One directory per run: cluster-restore.sh picks the newest of each file in a directory, independently. */
export function runDirectory(root: string, run: Pick<BackupRun, 'id' | 'requestedAt'>): string {
  const time = new Date(run.requestedAt).toISOString().slice(0, 19).replaceAll(':', '');
  return `${root}/${time}Z-${run.id}`;
}

/** SECRET. Undefined: the cluster uses none, or it could not be read (which is a warning on the card). */
export function proxyOf(facts: ClusterFacts): ProxyFacts | undefined {
  if (!facts.proxy.ok) return undefined;
  const { httpProxy, httpsProxy } = facts.proxy.value;
  return httpProxy === '' && httpsProxy === '' ? undefined : facts.proxy.value;
}
