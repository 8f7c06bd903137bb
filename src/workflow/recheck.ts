import { approversOf } from '../domain/approval.ts';
import type { ClusterFacts, ProxyFacts } from '../domain/facts.ts';
import { blockers } from '../domain/finding.ts';
import { type Plan, planChanges } from '../domain/plan.ts';
import type { ClusterPolicy } from '../domain/policy.ts';
import { preflight } from '../domain/preflight/preflight.ts';
import type { BackupRun } from '../domain/run.ts';
import type { WorkflowDeps } from './deps.ts';
import { completePlan } from './evaluate-request.ts';
import { runFailure } from './run-failure-error.ts';

/**
 * Everything once more at the start: people, cluster, plan. What was true at the click may not be true now.
 * Returns the proxy for the script (SECRET); throws RunFailureError when the run may not start.
 */
export async function recheck(
  deps: WorkflowDeps,
  run: BackupRun,
  plan: Plan,
  cluster: ClusterPolicy,
): Promise<{ proxy: ProxyFacts | undefined }> {
  const [facts] = await Promise.all([deps.clusters.facts(cluster), checkPeople(deps, run, cluster)]);
  const requester = {
    clusterUser: run.requester.clusterUser,
    clusterAdmin: { ok: true, value: true },
  } as const;
  // The plan's own node is asked for by name: a second-best choice made now would not be what was approved.
  const now = deps.clock.now();
  const again = preflight(facts, { policy: cluster, nodeWanted: plan.node, requester, now });
  const stops = blockers(again.findings);
  if (stops.length > 0 || !again.plan) throw runFailure('preflight-blocked', { findings: stops });
  const changes = planChanges(plan, completePlan(again.plan, cluster, run));
  if (changes.length > 0) throw runFailure('plan-changed', { changes });
  return { proxy: proxyOf(facts) };
}

/** Requester and every approver must be cluster-admin still. */
async function checkPeople(deps: WorkflowDeps, run: BackupRun, cluster: ClusterPolicy): Promise<void> {
  const approvers = approversOf(run).map((person) => ({ person, role: 'approver' as const }));
  const people = [{ person: run.requester, role: 'requester' as const }, ...approvers];
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

export function proxyOf(facts: ClusterFacts): ProxyFacts | undefined {
  if (!facts.proxy.ok) return undefined;
  const { httpProxy, httpsProxy } = facts.proxy.value;
  return httpProxy === '' && httpsProxy === '' ? undefined : facts.proxy.value;
}
