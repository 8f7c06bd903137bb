import { approversOf } from '../domain/approval.ts';
import type { ProxyFacts } from '../domain/facts.ts';
import { blockers } from '../domain/finding.ts';
import type { Plan } from '../domain/plan.ts';
import type { ClusterPolicy } from '../domain/policy.ts';
import type { BackupRun } from '../domain/run.ts';
import type { WorkflowDeps } from './deps.ts';
import { type PlanNow, planNow, proxyOf } from './plan-now.ts';
import { runFailure } from './run-failure-error.ts';

export type Recheck =
  | { readonly kind: 'go'; readonly proxy: ProxyFacts | undefined }
  | Extract<PlanNow, { kind: 'changed' }>;

/**
 * Everything once more at the start: people, cluster, plan. What was true at the click may not be true now.
 * Throws RunFailureError when the run may not start; a changed plan is for people to decide on, so it is returned.
 */
export async function recheck(
  deps: WorkflowDeps,
  run: BackupRun,
  plan: Plan,
  cluster: ClusterPolicy,
): Promise<Recheck> {
  const [facts] = await Promise.all([deps.clusters.facts(cluster), checkPeople(deps, run, cluster)]);
  const now = planNow(run, plan, facts, cluster, deps.clock.now());
  if (now.kind === 'blocked') throw runFailure('preflight-blocked', { findings: blockers(now.findings) });
  return now.kind === 'changed' ? now : { kind: 'go', proxy: proxyOf(facts) };
}

/** Requester and every approver must be cluster-admin still. */
async function checkPeople(deps: WorkflowDeps, run: BackupRun, cluster: ClusterPolicy): Promise<void> {
  const approvers = approversOf(run).map((person) => ({ person, role: 'approver' as const }));
  // A schedule is nobody: the configuration that names it is the authority.
  const requester =
    run.origin.kind === 'schedule' ? [] : [{ person: run.requester, role: 'requester' as const }];
  const people = [...requester, ...approvers];
  await Promise.all(
    people.map(async ({ person, role }) => {
      const { clusterUser } = person;
      const mapping = deps.fleet.person(person.slackUser);
      const admin = mapping ? await deps.clusters.clusterAdmin(cluster, mapping) : undefined;
      if (admin && !admin.ok)
        throw runFailure('rights-unreadable', { clusterUser, detail: admin.why.detail });
      const still = admin?.value === true && mapping?.clusterUser === clusterUser;
      if (!still) throw runFailure(`${role}-not-cluster-admin`, { clusterUser });
    }),
  );
}
