import { blockers, type Finding, warnings } from '../domain/finding.ts';
import type { PrivateSay } from '../domain/notice.ts';
import type { Plan, ProposedPlan } from '../domain/plan.ts';
import { planText } from '../domain/plan.ts';
import type { ClusterPolicy, PersonMapping } from '../domain/policy.ts';
import { preflight } from '../domain/preflight/preflight.ts';
import type { BackupRun } from '../domain/run.ts';
import { memberOnly } from './admission.ts';
import { auditEvent } from './audit-events.ts';
import type { WorkflowDeps } from './deps.ts';
import type { Claim, RunChange } from './records.ts';

/** First work on a request: who asks, may they, and what does the cluster look like. Ends with a card, or a private refusal. */
export async function evaluateRequest(
  deps: WorkflowDeps,
  claim: Claim,
  cluster: ClusterPolicy,
): Promise<void> {
  const { run } = claim;
  const person = deps.fleet.person(run.requester.slackUser);
  if (!person) throw new Error(`run ${run.id}: requester ${run.requester.slackUser} left the configuration`);
  const change = await decide(deps, run, cluster, person);
  await deps.records.advance(claim, change);
}

async function decide(
  deps: WorkflowDeps,
  run: BackupRun,
  cluster: ClusterPolicy,
  person: PersonMapping,
): Promise<RunChange> {
  const [refusal, clusterAdmin, facts] = await Promise.all([
    memberOnly(deps.people, person.slackUser),
    deps.clusters.clusterAdmin(cluster, person),
    deps.clusters.facts(cluster),
  ]);
  const now = deps.clock.now();
  if (refusal?.outcome === 'refused-person') {
    return refused(run, now, { type: 'refused-person', standing: refusal.standing });
  }
  if (refusal?.outcome === 'profile-unreadable') {
    return refused(run, now, { type: 'profile-unreadable', detail: refusal.detail });
  }
  const { clusterUser } = person;
  if (!clusterAdmin.ok) {
    return refused(run, now, { type: 'rights-unreadable', cluster: cluster.name, why: clusterAdmin.why });
  }
  if (!clusterAdmin.value)
    return refused(run, now, { type: 'not-cluster-admin', cluster: cluster.name, clusterUser });

  const requester = { clusterUser, clusterAdmin };
  const { findings, plan } = preflight(facts, {
    policy: cluster,
    nodeWanted: run.nodeWanted,
    requester,
    now,
  });
  if (!plan || blockers(findings).length > 0) return blocked(run, cluster, findings, now);
  return waiting(deps, run, cluster, findings, plan, now);
}

function refused(run: BackupRun, now: number, say: PrivateSay): RunChange {
  return {
    set: { status: 'refused', finishedAt: now },
    audit: [auditEvent(now, 'bot', 'refused', { why: say.type })],
    notices: [{ kind: 'private', slackUser: run.requester.slackUser, channel: run.askedIn, say }],
  };
}

function blocked(
  run: BackupRun,
  cluster: ClusterPolicy,
  findings: readonly Finding[],
  now: number,
): RunChange {
  const codes = blockers(findings).map((each) => each.code);
  return {
    set: { status: 'blocked', findings, finishedAt: now },
    audit: [auditEvent(now, 'bot', 'blocked', { by: codes.join(', ') })],
    notices: [{ kind: 'card' }, { kind: 'thread', entry: { type: 'details' } }, ...pointToCard(run, cluster)],
  };
}

function waiting(
  deps: WorkflowDeps,
  run: BackupRun,
  cluster: ClusterPolicy,
  findings: readonly Finding[],
  proposed: ProposedPlan,
  now: number,
): RunChange {
  const plan = completePlan(proposed, cluster, run);
  const asked = auditEvent(run.requestedAt, run.requester, 'requested', {
    reason: run.reason,
    node: run.nodeWanted,
  });
  const checked = auditEvent(now, 'bot', 'checked', {
    plan: deps.sha256(planText(plan)),
    node: plan.node,
    warnings: String(warnings(findings).length),
  });
  return {
    set: { status: 'waiting', findings, plan, expiresAt: now + cluster.approval.expiresAfterMs },
    audit: [checked],
    notices: [
      { kind: 'card' },
      { kind: 'thread', entry: { type: 'audit', event: asked } },
      { kind: 'thread', entry: { type: 'details' } },
      ...pointToCard(run, cluster),
    ],
  };
}

function pointToCard(run: BackupRun, cluster: ClusterPolicy): RunChange['notices'] {
  if (run.askedIn === cluster.channel) return [];
  const say = { type: 'request-on-card', runId: run.id, cluster: cluster.name } as const;
  return [{ kind: 'private', slackUser: run.requester.slackUser, channel: run.askedIn, say }];
}

/** The proposal with what this run and the policy add: from here on it is what people approve. */
export function completePlan(proposed: ProposedPlan, cluster: ClusterPolicy, run: BackupRun): Plan {
  return {
    ...proposed,
    directory: runDirectory(cluster.backupRoot, run),
    approvalsNeeded: cluster.approval.needed,
    approvers: cluster.approval.approvers,
    selfApproval: cluster.approval.selfApproval,
  };
}

/** One directory per run: cluster-restore.sh picks the newest of each file in a directory, independently. */
function runDirectory(root: string, run: BackupRun): string {
  const time = new Date(run.requestedAt).toISOString().slice(0, 19).replaceAll(':', '');
  return `${root}/${time}Z-${run.id}`;
}
