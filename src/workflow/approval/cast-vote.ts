import type { MessagePlace } from '../../domain/people/message-place.ts';
import { voteProblem } from '../../domain/run/approval.ts';
import type { BackupRun, Vote } from '../../domain/run/run.ts';
import { wrongChannel } from '../access/asked-cluster.ts';
import { noSuchRun } from '../access/asked-run.ts';
import { mayAct, personOf } from '../access/authorization.ts';
import type { Asked, VoteAnswer } from '../access/backups.ts';
import { auditEvent } from '../ports/audit-events.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import type { RunChange } from '../ports/records.ts';
import { maxReasonLength } from './request-backup.ts';

interface VoteInput {
  runId: string;
  decision: 'approve' | 'reject';
  reason: string | undefined;
  /** The plan that was on the card; absent: typed, so the present one is meant. */
  planRevision?: number;
}
type Refused = Exclude<VoteAnswer, { outcome: 'received' | 'duplicate' | 'no-such-run' }>;

/**
 * Puts a vote on record as pending: one local transaction, so that the click can be acknowledged.
 * Whether it counts is decided when the cluster's access review has answered.
 */
export async function castVote(deps: WorkflowDeps, asked: Asked, input: VoteInput): Promise<VoteAnswer> {
  const access = await mayAct(deps, 'vote', asked);
  if (!access.ok) return access.answer;
  const length = input.reason?.length ?? 0;
  if (length > maxReasonLength) return { outcome: 'reason-too-long', length, max: maxReasonLength };
  const voter = personOf(access.person);
  const now = deps.clock.now();
  const decided = await deps.records.decide<Refused>({
    runId: input.runId,
    deliveryId: asked.deliveryId,
    now,
    decision: (run) => {
      const refusal = refuse(deps, run, asked, voter, input, now);
      if (refusal) return { refusal };
      return pendingVote(run, {
        person: voter,
        decision: input.decision,
        reason: input.reason,
        at: now,
        status: 'pending',
      });
    },
  });
  if (decided.outcome === 'no-such-run') return noSuchRun(deps, asked, input.runId);
  if (decided.outcome === 'duplicate') return { outcome: 'duplicate' };
  if (decided.outcome === 'refused') return decided.refusal;
  deps.wake();
  return { outcome: 'received', run: decided.run };
}

function refuse(
  deps: WorkflowDeps,
  run: BackupRun,
  asked: Asked,
  voter: Vote['person'],
  input: VoteInput,
  now: number,
): Refused | undefined {
  const cluster = deps.fleet.cluster(run.cluster);
  const elsewhere = cluster && wrongChannel(cluster, asked.channel);
  if (elsewhere) return elsewhere;
  const problem = voteProblem(run, voter, input.decision, now);
  const isOver = problem?.kind === 'not-waiting' || problem?.kind === 'expired';
  // Also a card whose place another one has taken; once all is decided, that is the answer on either.
  if (!isOver && asked.message && run.card && !isSamePlace(asked.message, run.card))
    return { outcome: 'not-this-card', run };
  switch (problem?.kind) {
    case undefined:
      // Approving is bound to what was seen; rejecting is safe on any plan.
      if (input.decision === 'approve' && (input.planRevision ?? run.planRevision) !== run.planRevision) {
        return { outcome: 'old-plan', run };
      }
      return undefined;
    case 'not-an-approver':
      return { outcome: 'not-an-approver', run, approvers: problem.approvers };
    case 'expired':
    case 'not-waiting':
    case 'own-request':
    case 'voted-already':
      return { outcome: problem.kind, run };
  }
}

function isSamePlace(a: MessagePlace, b: MessagePlace): boolean {
  return a.channel === b.channel && a.ts === b.ts;
}

function pendingVote(run: BackupRun, vote: Vote): RunChange {
  const detail = { decision: vote.decision, reason: vote.reason };
  return {
    set: { votes: [...run.votes, vote] },
    audit: [auditEvent(vote.at, vote.person, 'vote-received', detail)],
    notices: [],
  };
}
