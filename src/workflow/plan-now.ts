import type { ClusterFacts, ProxyFacts } from '../domain/facts.ts';
import { copyText } from '../domain/file-copy.ts';
import { blockers, type Finding } from '../domain/finding.ts';
import { type Plan, type PlanChange, type ProposedPlan, planChanges } from '../domain/plan.ts';
import type { ClusterPolicy } from '../domain/policy.ts';
import { preflight } from '../domain/preflight/preflight.ts';
import type { BackupRun } from '../domain/run.ts';

/** How the plan that people approved stands against the cluster as it is now. */
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
 * Decides anew from fresh facts. The plan's own node is kept while it is fit: that another node has become the first choice
 * is no reason to ask people again; that this one is not fit any more is.
 */
export function planNow(
  run: BackupRun,
  plan: Plan,
  facts: ClusterFacts,
  cluster: ClusterPolicy,
  now: number,
): PlanNow {
  const decide = (nodeWanted: string | undefined) =>
    preflight(facts, {
      policy: cluster,
      nodeWanted,
      requester: requesterOf(run),
      now,
    });
  const kept = decide(plan.node);
  const decision = runnable(kept) ? kept : decide(run.nodeWanted);
  if (!runnable(decision)) return { kind: 'blocked', findings: decision.findings };
  const next = completePlan(decision.plan, cluster, run, plan.directory);
  const changes = planChanges(plan, next);
  if (changes.length === 0) return { kind: 'same', findings: decision.findings };
  return { kind: 'changed', findings: decision.findings, plan: next, changes };
}

/** Whether they are cluster-admin still is looked at elsewhere, with the approvers. */
function requesterOf({ origin, requester }: BackupRun) {
  if (origin.kind === 'schedule') return undefined;
  return { clusterUser: requester.clusterUser, clusterAdmin: { ok: true, value: true } } as const;
}

type Decision = ReturnType<typeof preflight>;

function runnable(decision: Decision): decision is Decision & { readonly plan: ProposedPlan } {
  return decision.plan !== undefined && blockers(decision.findings).length === 0;
}

/**
 * The proposal with what this run and the policy add: from here on it is what people approve. Where the schedule's policy
 * has approved already, nobody is needed; when the policy changes, so does the plan.
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
    ...(cluster.copies && cluster.copies.length > 0 ? { copies: cluster.copies.map(copyText) } : {}),
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
