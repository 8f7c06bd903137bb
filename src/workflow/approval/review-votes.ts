import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { blockers, type Finding } from '../../domain/preflight/finding.ts';
import { approvalsMissing } from '../../domain/run/approval.ts';
import type { Notice } from '../../domain/run/notice.ts';
import type { PrivateMessage } from '../../domain/run/private-message.ts';
import { type BackupRun, channelOfAsking, type Vote } from '../../domain/run/run.ts';
import { mayAct } from '../access/authorization.ts';
import { auditEvent } from '../ports/audit-events.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import type { Claim, RunChange } from '../ports/records.ts';
import { askAgain } from './ask-again.ts';
import { notifyPendingVoters, tooLate } from './late-votes.ts';
import { notCountedSay } from './not-counted.ts';
import { type PlanNow, planNow } from './plan-now.ts';
import { besideFacts } from './preflight-context.ts';

interface Reviewed {
  readonly vote: Vote;
  /** undefined: the vote counts. */
  readonly refusal: PrivateMessage | undefined;
}

/** A waiting run has pending votes or its time is over: cluster and people are looked at again, then all is settled at once. */
export async function reviewVotes(deps: WorkflowDeps, claim: Claim, cluster: ClusterPolicy): Promise<void> {
  const pending = claim.run.votes.filter((vote) => vote.status === 'pending');
  const [reviewed, plan] = await Promise.all([
    Promise.all(pending.map((vote) => review(deps, cluster, vote))),
    planAtTheClick(deps, claim.run, pending, cluster),
  ]);
  const now = deps.clock.now();
  await deps.records.advance(claim, (run) => {
    if (reviewed.length === 0) return expiry(run, now);
    // A vote was for a plan that does not hold; what was read is of the run as it was claimed. A rejection needs no plan.
    if (plan?.kind === 'changed' && !reviewed.some(isRejection)) return askAgain(run, plan, cluster, now);
    return settle(run, withBlockers(run, reviewed, plan), plan?.findings ?? run.findings, now);
  });
}

/** What an approval is given to is read again at the click; a rejection needs no plan. */
async function planAtTheClick(
  deps: WorkflowDeps,
  run: BackupRun,
  pending: readonly Vote[],
  cluster: ClusterPolicy,
): Promise<PlanNow | undefined> {
  if (!run.plan || !pending.some((vote) => vote.decision === 'approve')) return undefined;
  const [facts, beside] = await Promise.all([deps.clusters.facts(cluster), besideFacts(deps, cluster)]);
  return planNow(run, run.plan, facts, cluster, deps.clock.now(), beside);
}

async function review(deps: WorkflowDeps, cluster: ClusterPolicy, vote: Vote): Promise<Reviewed> {
  const access = await mayAct(deps, 'backUp', vote.person, cluster);
  return { vote, refusal: access.ok ? undefined : notCountedSay(access.answer, vote.person, cluster) };
}

/** While nothing may run, an approval is not taken: it would start a run that must fail. The request goes on waiting. */
function withBlockers(
  run: BackupRun,
  reviewed: readonly Reviewed[],
  plan: PlanNow | undefined,
): readonly Reviewed[] {
  if (plan?.kind !== 'blocked') return reviewed;
  const say: PrivateMessage = { type: 'blocked-now', runId: run.id, findings: blockers(plan.findings) };
  return reviewed.map((each) =>
    each.refusal || each.vote.decision === 'reject' ? each : { ...each, refusal: say },
  );
}

/** The votes' status on the run as it is now: one decision wins, and each voter is notified of what became of theirs. */
function settle(
  before: BackupRun,
  reviewed: readonly Reviewed[],
  findings: readonly Finding[],
  now: number,
): RunChange {
  const votes = before.votes.map((vote) => {
    const found = reviewed.find((each) => isSameVote(each.vote, vote));
    if (!found) return vote;
    return found.refusal
      ? { ...vote, status: 'refused' as const, why: found.refusal.type }
      : { ...vote, status: 'counted' as const };
  });
  const rejection = votes.find((vote) => vote.decision === 'reject' && vote.status === 'counted');
  const missing = approvalsMissing({ ...before, votes });
  const status = rejection ? 'rejected' : missing === 0 ? 'approved' : 'waiting';
  const events = reviewed.map((each) => voteEvent(each, now));
  const thread = events.map((event): Notice => ({ kind: 'thread', entry: { type: 'audit', event } }));
  // Everyone who might decide next has to know the blocker, not the clicker alone.
  if (reviewed.some(({ refusal }) => refusal?.type === 'blocked-now'))
    thread.push({ kind: 'thread', entry: { type: 'details' } });
  return {
    set: {
      votes,
      status,
      findings,
      ...(rejection ? { finishedAt: now, endedBy: rejection.person, endReason: rejection.reason } : {}),
    },
    audit: events,
    notices: [
      { kind: 'card' },
      ...thread,
      ...reviewed.map((each) => privateAnswer(before, each, { missing, status })),
      ...(rejection ? notifyPendingVoters({ ...before, votes }, 'rejected') : []),
    ],
  };
}

function expiry(run: BackupRun, now: number): RunChange {
  const nothing = { set: {}, audit: [], notices: [] };
  if (run.expiresAt === undefined || now < run.expiresAt) return nothing;
  // A vote that came in time is looked at first.
  if (run.votes.some((vote) => vote.status === 'pending')) return nothing;
  const event = auditEvent(now, 'bot', 'expired');
  return {
    set: { status: 'expired', finishedAt: now },
    audit: [event],
    notices: [{ kind: 'card' }, { kind: 'thread', entry: { type: 'audit', event } }],
  };
}

function isRejection({ vote, refusal }: Reviewed): boolean {
  return vote.decision === 'reject' && !refusal;
}

function isSameVote(a: Vote, b: Vote): boolean {
  return a.at === b.at && a.person.slackUser === b.person.slackUser && a.decision === b.decision;
}

function voteEvent({ vote, refusal }: Reviewed, now: number) {
  if (refusal) {
    const { decision } = vote;
    return auditEvent(now, vote.person, 'vote-refused', {
      decision,
      why: refusal.type,
      ...reasonOf(refusal),
    });
  }
  return auditEvent(vote.at, vote.person, vote.decision === 'approve' ? 'approved' : 'rejected', {
    reason: vote.reason,
  });
}

/** What the words for the kind of refusal do not say. */
function reasonOf(refusal: PrivateMessage): Readonly<Record<string, string>> {
  switch (refusal.type) {
    case 'profile-unreadable':
      return { detail: refusal.detail };
    case 'rights-unreadable':
      return { detail: refusal.why.detail };
    case 'blocked-now':
      return { detail: refusal.findings.map(({ code }) => code).join(', ') };
    default:
      return {};
  }
}

function privateAnswer(
  run: BackupRun,
  { vote, refusal }: Reviewed,
  now: { missing: number; status: 'rejected' | 'approved' | 'waiting' },
): Notice {
  if (!refusal && vote.decision === 'approve' && now.status === 'rejected')
    return tooLate(run, vote, 'rejected');
  const say = refusal ?? {
    type: 'vote-counted',
    runId: run.id,
    decision: vote.decision,
    missing: now.missing,
  };
  return {
    kind: 'private',
    slackUser: vote.person.slackUser,
    channel: run.card?.channel ?? channelOfAsking(run),
    say,
  };
}
