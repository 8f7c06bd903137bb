import type { ClusterFacts } from '../../domain/cluster/facts.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { blockers, type Finding, warnings } from '../../domain/preflight/finding.ts';
import type { ProposedPlan } from '../../domain/preflight/plan.ts';
import { planText } from '../../domain/preflight/plan.ts';
import { preflight } from '../../domain/preflight/preflight.ts';
import { needsNoApproval } from '../../domain/run/approval.ts';
import type { PrivateMessage } from '../../domain/run/private-message.ts';
import { type BackupRun, channelOfAsking, retryOf } from '../../domain/run/run.ts';
import { mayAct } from '../access/authorization.ts';
import { approvedBySchedule, auditEvent } from '../ports/audit-events.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import type { Claim, RunChange } from '../ports/records.ts';
import { notCountedSay } from './not-counted.ts';
import { completePlan, requesterOf, runDirectory } from './plan-now.ts';
import { besideFacts } from './preflight-context.ts';

/**
 * First work on a request: who asks, may they, and what does the cluster look like. Ends with a card, or a private refusal.
 * A schedule is no person: the configuration is its right to ask.
 */
export async function evaluateRequest(
  deps: WorkflowDeps,
  claim: Claim,
  cluster: ClusterPolicy,
): Promise<void> {
  const { run } = claim;
  const { requester } = run;
  const scheduled = run.origin.kind === 'schedule';
  const [access, facts] = await Promise.all([
    scheduled ? undefined : mayAct(deps, 'backUp', requester, cluster),
    deps.clusters.facts(cluster),
  ]);
  const change =
    access?.ok === false
      ? refused(run, deps.clock.now(), notCountedSay(access.answer, requester, cluster))
      : await decideOn(deps, run, cluster, facts);
  await deps.records.advance(claim, change);
}

async function decideOn(
  deps: WorkflowDeps,
  run: BackupRun,
  cluster: ClusterPolicy,
  facts: ClusterFacts,
): Promise<RunChange> {
  const beside = await besideFacts(deps, cluster);
  const now = deps.clock.now();
  const { findings, plan } = preflight(facts, {
    policy: cluster,
    nodeWanted: run.nodeWanted,
    avoidNodes: retryOf(run)?.avoid,
    requester: requesterOf(run),
    now,
    ...beside,
  });
  if (!plan || blockers(findings).length > 0) return blocked(run, cluster, findings, now);
  return waiting(deps, run, cluster, findings, plan, now);
}

function refused(run: BackupRun, now: number, say: PrivateMessage): RunChange {
  return {
    set: { status: 'refused', finishedAt: now },
    audit: [auditEvent(now, 'bot', 'refused', { why: say.type })],
    notices: [{ kind: 'private', slackUser: run.requester.slackUser, channel: channelOfAsking(run), say }],
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

/** The card is posted: other people decide now, or no one, where the glass was broken or the schedule's policy has decided. */
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
  const retry = retryOf(run);
  const asked = auditEvent(run.requestedAt, scheduled ? 'bot' : run.requester, 'requested', {
    reason: run.reason,
    node: run.nodeWanted,
    emergency: run.emergency,
    schedule: scheduled ? cluster.schedule?.cron : undefined,
    retry: retry && `${retry.number}/${retry.of}`,
  });
  const checked = auditEvent(now, 'bot', 'checked', {
    plan: deps.sha256(planText(plan)),
    node: plan.node,
    warnings: String(warnings(findings).length),
  });
  const glass = run.emergency === undefined ? undefined : breakGlass(run, cluster, run.emergency, now);
  const given = glass?.event ?? (needsNoApproval({ ...run, plan }) ? approvedBySchedule(now) : undefined);
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
    event: auditEvent(now, run.requester, 'break-glass', { emergency, owners: owners.join(', ') }),
    toOwners: owners.map((slackUser) => ({ kind: 'private', slackUser, channel: undefined, say }) as const),
  };
}

function pointToCard(run: BackupRun, cluster: ClusterPolicy): RunChange['notices'] {
  if (run.askedIn === cluster.channel || run.origin.kind === 'schedule') return [];
  const say = { type: 'request-on-card', runId: run.id, cluster: cluster.name } as const;
  return [{ kind: 'private', slackUser: run.requester.slackUser, channel: channelOfAsking(run), say }];
}
