import { isSamePerson, type Person } from '../people/person.ts';
import type { BackupRun, Vote } from './run.ts';

/** Why a vote does not count, known without asking the cluster. */
export type VoteProblem =
  | { readonly kind: 'not-waiting' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'not-an-approver'; readonly approvers: readonly string[] }
  | { readonly kind: 'own-request' }
  | { readonly kind: 'voted-already' };

/**
 * Two Slack accounts of one cluster user are one person: all comparisons are by cluster user,
 * only the approver list is by Slack id (that is what the configuration names).
 */
export function voteProblem(
  run: BackupRun,
  voter: Person,
  decision: Vote['decision'],
  now: number,
): VoteProblem | undefined {
  const { plan } = run;
  if (run.status !== 'waiting' || !plan) return { kind: 'not-waiting' };
  if (run.expiresAt !== undefined && now >= run.expiresAt) return { kind: 'expired' };
  const own = isOwnRequest(run, voter);
  // In an emergency the lone requester is asked again only when the plan has changed, and no second person may be awake.
  const alone = own && run.emergency !== undefined;
  if (!alone && plan.approvers.length > 0 && !plan.approvers.includes(voter.slackUser)) {
    return { kind: 'not-an-approver', approvers: plan.approvers };
  }
  if (own && decision === 'approve' && !plan.selfApproval && !alone) return { kind: 'own-request' };
  const before = run.votes.some(
    (vote) => vote.person.clusterUser === voter.clusterUser && vote.status !== 'refused',
  );
  return before ? { kind: 'voted-already' } : undefined;
}

/** No person's own: what a schedule asks for. */
export function isOwnRequest(run: BackupRun, person: Person): boolean {
  if (run.origin.kind === 'schedule') return false;
  return isSamePerson(person, run.requester);
}

/** The configuration has approved the run itself: a schedule with approval `auto`. */
export function needsNoApproval(run: Pick<BackupRun, 'origin' | 'plan'>): boolean {
  return run.origin.kind === 'schedule' && run.plan?.approvalsNeeded === 0;
}

/** Different cluster users whose approval is in force. */
export function approversOf(run: BackupRun): readonly Person[] {
  const byUser = new Map<string, Person>();
  for (const vote of run.votes) {
    if (vote.decision === 'approve' && vote.status === 'counted')
      byUser.set(vote.person.clusterUser, vote.person);
  }
  return [...byUser.values()];
}

/** How many approvals are still missing; 0: the run may start. */
export function approvalsMissing(run: BackupRun): number {
  return Math.max(0, (run.plan?.approvalsNeeded ?? 1) - approversOf(run).length);
}
