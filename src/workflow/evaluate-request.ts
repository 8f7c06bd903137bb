import { asksNobody } from '../domain/approval.ts';
import type { ClusterFacts } from '../domain/facts.ts';
import { blockers, type Finding, warnings } from '../domain/finding.ts';
import type { ProposedPlan } from '../domain/plan.ts';
import { planText } from '../domain/plan.ts';
import type { ClusterPolicy, PersonMapping } from '../domain/policy.ts';
import { type PreflightContext, preflight } from '../domain/preflight/preflight.ts';
import type { PrivateSay } from '../domain/private-say.ts';
import type { BackupRun } from '../domain/run.ts';
import { memberOnly } from './admission.ts';
import { approvedBySchedule, auditEvent } from './audit-events.ts';
import type { WorkflowDeps } from './deps.ts';
import { completePlan, runDirectory } from './plan-now.ts';
import type { Claim, RunChange } from './records.ts';

/**
 * First work on a request: who asks, may they, and what does the cluster look like. Ends with a card, or a private refusal.
 * A schedule is nobody in person: the configuration is its right to ask.
 */
export async function evaluateRequest(
  deps: WorkflowDeps,
  claim: Claim,
  cluster: ClusterPolicy,
): Promise<void> {
  const { run } = claim;
  const change =
    run.origin.kind === 'schedule'
      ? decideOn(deps, run, cluster, await deps.clusters.facts(cluster), undefined)
      : await decide(deps, run, cluster, requesterOf(deps, run));
  await deps.records.advance(claim, change);
}

function requesterOf({ fleet }: WorkflowDeps, run: BackupRun): PersonMapping {
  const person = fleet.person(run.requester.slackUser);
  if (!person) throw new Error(`run ${run.id}: requester ${run.requester.slackUser} left the configuration`);
  return person;
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
    const { reason, detail } = refusal;
    return refused(run, now, { type: 'profile-unreadable', reason, detail });
  }
  const { clusterUser } = person;
  if (!clusterAdmin.ok) {
    return refused(run, now, { type: 'rights-unreadable', cluster: cluster.name, why: clusterAdmin.why });
  }
  if (!clusterAdmin.value)
    return refused(run, now, { type: 'not-cluster-admin', cluster: cluster.name, clusterUser });

  return decideOn(deps, run, cluster, facts, { clusterUser, clusterAdmin });
}

function decideOn(
  deps: WorkflowDeps,
  run: BackupRun,
  cluster: ClusterPolicy,
  facts: ClusterFacts,
  requester: PreflightContext['requester'],
): RunChange {
  const now = deps.clock.now();
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

/** The card stands: other people decide now, or nobody, where the glass was broken or the schedule's policy has decided. */
function waiting(
  deps: WorkflowDeps,
  run: BackupRun,
  cluster: ClusterPolicy,
  findings: readonly Finding[],
  proposed: ProposedPlan,
  now: number,
): RunChange {
  const plan = completePlan(proposed, cluster, run, runDirectory(cluster.backupRoot, run));
  const scheduled = run.origin.kind === 'schedule';
  const asked = auditEvent(run.requestedAt, scheduled ? 'bot' : run.requester, 'requested', {
    reason: run.reason,
    node: run.nodeWanted,
    emergency: run.emergency,
    schedule: scheduled ? cluster.schedule?.cron : undefined,
  });
  const checked = auditEvent(now, 'bot', 'checked', {
    plan: deps.sha256(planText(plan)),
    node: plan.node,
    warnings: String(warnings(findings).length),
  });
  const glass = run.emergency === undefined ? undefined : breakGlass(run, cluster, run.emergency, now);
  const given = glass?.event ?? (asksNobody({ ...run, plan }) ? approvedBySchedule(now) : undefined);
  return {
    set: {
      status: given ? 'approved' : 'waiting',
      findings,
      plan,
      planRevision: 1,
      expiresAt: now + cluster.approval.expiresAfterMs,
    },
    audit: [checked, ...(given ? [given] : [])],
    notices: [
      ...(glass?.toOwners ?? []),
      { kind: 'card' },
      { kind: 'thread', entry: { type: 'audit', event: asked } },
      ...(given ? [{ kind: 'thread', entry: { type: 'audit', event: given } } as const] : []),
      { kind: 'thread', entry: { type: 'details' } },
      ...pointToCard(run, cluster),
    ],
  };
}

function breakGlass(run: BackupRun, cluster: ClusterPolicy, emergency: string, now: number) {
  const say = {
    type: 'emergency-started',
    runId: run.id,
    cluster: cluster.name,
    by: run.requester,
    emergency,
  } as const;
  const owners = cluster.approval.breakGlass?.owners ?? [];
  return {
    event: auditEvent(now, run.requester, 'break-glass', { emergency, toldOwners: owners.join(', ') }),
    toOwners: owners.map((slackUser) => ({ kind: 'private', slackUser, channel: undefined, say }) as const),
  };
}

function pointToCard(run: BackupRun, cluster: ClusterPolicy): RunChange['notices'] {
  if (run.askedIn === cluster.channel || run.origin.kind === 'schedule') return [];
  const say = { type: 'request-on-card', runId: run.id, cluster: cluster.name } as const;
  return [{ kind: 'private', slackUser: run.requester.slackUser, channel: run.askedIn, say }];
}
