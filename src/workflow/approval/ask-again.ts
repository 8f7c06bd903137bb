import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { needsNoApproval } from '../../domain/run/approval.ts';
import type { Notice } from '../../domain/run/notice.ts';
import type { BackupRun, Vote } from '../../domain/run/run.ts';
import { approvedBySchedule, auditEvent } from '../ports/audit-events.ts';
import type { RunChange } from '../ports/records.ts';
import type { PlanNow } from './plan-now.ts';

/**
 * The plan is no longer what people said yes to: every approval is void, the card shows the new plan and what changed,
 * and the time to approve starts over. Everyone whose vote is void is notified. A run that needs no approval goes on with
 * the new plan.
 */
export function askAgain(
  run: BackupRun,
  changed: Extract<PlanNow, { kind: 'changed' }>,
  cluster: ClusterPolicy,
  now: number,
): RunChange {
  const event = auditEvent(now, 'bot', 'plan-void', {
    ...Object.fromEntries(changed.changes.map((each) => [each.field, `${each.approved} → ${each.now}`])),
    voidedApprovals:
      lostVotes(run)
        .map((vote) => vote.person.clusterUser)
        .join(', ') || undefined,
  });
  // A rejection that was not reviewed yet holds for any plan.
  const votes = run.votes.filter((vote) => vote.decision === 'reject' && vote.status === 'pending');
  const goesOn = votes.length === 0 && needsNoApproval({ origin: run.origin, plan: changed.plan });
  const events = [event, ...(goesOn ? [approvedBySchedule(now)] : [])];
  return {
    set: {
      status: goesOn ? 'approved' : 'waiting',
      plan: changed.plan,
      planRevision: run.planRevision + 1,
      planChanges: changed.changes,
      findings: changed.findings,
      votes,
      expiresAt: now + cluster.approval.expiresAfterMs,
      step: undefined,
      startedAt: undefined,
    },
    audit: events,
    notices: [
      { kind: 'card' },
      ...events.map((each): Notice => ({ kind: 'thread', entry: { type: 'audit', event: each } })),
      ...lostVotes(run).map((vote) => notifyVoter(run, vote, changed)),
    ],
  };
}

function lostVotes(run: BackupRun): readonly Vote[] {
  return run.votes.filter((vote) => vote.decision === 'approve' && vote.status !== 'refused');
}

function notifyVoter(run: BackupRun, vote: Vote, { changes }: Extract<PlanNow, { kind: 'changed' }>): Notice {
  const say = { type: 'vote-void', runId: run.id, changes } as const;
  return { kind: 'private', slackUser: vote.person.slackUser, channel: run.card?.channel, say };
}
