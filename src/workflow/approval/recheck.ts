import type { ProxyFacts } from '../../domain/cluster/facts.ts';
import type { Person } from '../../domain/people/person.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { blockers } from '../../domain/preflight/finding.ts';
import type { Plan } from '../../domain/preflight/plan.ts';
import { approversOf } from '../../domain/run/approval.ts';
import { isRetryable } from '../../domain/run/retryable.ts';
import type { BackupRun } from '../../domain/run/run.ts';
import { backoffPauses } from '../../domain/text/backoff.ts';
import { mayAct, mayBreakGlass, type NotCounted } from '../access/authorization.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import { RunFailureError, runFailure } from '../ports/run-failure-error.ts';
import { type PlanNow, planNow, proxyOf } from './plan-now.ts';
import { besideFacts } from './preflight-context.ts';

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
  signal?: AbortSignal,
): Promise<Recheck> {
  for (const pauseMs of pausesMs) {
    try {
      return await checkOnce(deps, run, plan, cluster);
    } catch (error) {
      if (!isSilence(error)) throw error;
      deps.log.warn(
        { run: run.id, pauseMs, failure: error.failure },
        'no answer about a person; asking again',
      );
      await deps.clock.sleep(pauseMs, signal);
      signal?.throwIfAborted();
    }
  }
  return checkOnce(deps, run, plan, cluster);
}

/** An approved run must not fail because Slack or the cluster's access review is silent for a moment: half a minute in all. */
const pausesMs = backoffPauses(4, { firstMs: 1_000, maxMs: 8_000 });

/** Slack did not answer who somebody is; the next question may be answered. What was answered is not asked again. */
function isSilence(error: unknown): error is RunFailureError {
  if (!(error instanceof RunFailureError)) return false;
  const { kind } = error.failure;
  return (kind === 'account-unreadable' || kind === 'rights-unreadable') && isRetryable(error.failure);
}

async function checkOnce(
  deps: WorkflowDeps,
  run: BackupRun,
  plan: Plan,
  cluster: ClusterPolicy,
): Promise<Recheck> {
  const [facts, beside] = await Promise.all([
    deps.clusters.facts(cluster),
    besideFacts(deps, cluster),
    checkPeople(deps, run, cluster),
  ]);
  const now = planNow(run, plan, facts, cluster, deps.clock.now(), beside);
  if (now.kind === 'blocked') throw runFailure('preflight-blocked', { findings: blockers(now.findings) });
  return now.kind === 'changed' ? now : { kind: 'go', proxy: proxyOf(facts) };
}

type Role = 'requester' | 'approver';

/**
 * Requester and every approver must still be who they were at their click: members in Slack, mapped to the same cluster user,
 * cluster-admin. Who runs alone in an emergency must still be named for it.
 */
async function checkPeople(deps: WorkflowDeps, run: BackupRun, cluster: ClusterPolicy): Promise<void> {
  const { slackUser } = run.requester;
  if (run.emergency !== undefined && !mayBreakGlass(cluster, slackUser))
    throw runFailure('break-glass-withdrawn', { slackUser });
  const check = async (person: Person, role: Role) => {
    const access = await mayAct(deps, 'backUp', person, cluster);
    if (!access.ok) throw failureOf(access.answer, person, role);
  };
  await Promise.all([
    // A schedule is no person: the configuration that names it is the authority.
    ...(run.origin.kind === 'schedule' ? [] : [check(run.requester, 'requester')]),
    ...approversOf(run).map((person) => check(person, 'approver')),
  ]);
}

function failureOf(why: NotCounted, { slackUser, clusterUser }: Person, role: Role) {
  switch (why.outcome) {
    case 'unknown-person':
      return runFailure('person-unmapped', { slackUser, clusterUser, role });
    case 'refused-person':
      return runFailure('account-refused', { slackUser, role, standing: why.accountKind });
    case 'profile-unreadable':
      return runFailure('account-unreadable', { slackUser, reason: why.reason, detail: why.detail });
    case 'permission-unreadable':
      return runFailure('rights-unreadable', { clusterUser, ...why.why });
    case 'not-cluster-admin':
      return runFailure(`${role}-not-cluster-admin`, { clusterUser });
  }
}
