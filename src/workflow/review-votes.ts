import { approvalsMissing } from '../domain/approval.ts';
import type { Notice, PrivateSay } from '../domain/notice.ts';
import type { ClusterPolicy } from '../domain/policy.ts';
import type { BackupRun, Vote } from '../domain/run.ts';
import { memberOnly } from './admission.ts';
import { auditEvent } from './audit-events.ts';
import type { WorkflowDeps } from './deps.ts';
import type { Claim, RunChange } from './records.ts';

interface Reviewed {
  readonly vote: Vote;
  /** undefined: the vote counts. */
  readonly refusal: PrivateSay | undefined;
}

/** A waiting run has pending votes or its time is over: the cluster is asked about each voter, then all is settled at once. */
export async function reviewVotes(deps: WorkflowDeps, claim: Claim, cluster: ClusterPolicy): Promise<void> {
  const pending = claim.run.votes.filter((vote) => vote.standing === 'pending');
  const reviewed = await Promise.all(pending.map((vote) => review(deps, cluster, vote)));
  const now = deps.clock.now();
  await deps.records.advance(claim, (run) => settle(run, reviewed, now));
}

async function review(deps: WorkflowDeps, cluster: ClusterPolicy, vote: Vote): Promise<Reviewed> {
  const mapping = deps.fleet.person(vote.person.slackUser);
  if (!mapping) {
    return {
      vote,
      refusal: { type: 'not-cluster-admin', cluster: cluster.name, clusterUser: vote.person.clusterUser },
    };
  }
  const [notMember, clusterAdmin] = await Promise.all([
    memberOnly(deps.people, vote.person.slackUser),
    deps.clusters.clusterAdmin(cluster, mapping),
  ]);
  if (notMember?.outcome === 'refused-person') {
    return { vote, refusal: { type: 'refused-person', standing: notMember.standing } };
  }
  if (notMember?.outcome === 'profile-unreadable') {
    return { vote, refusal: { type: 'profile-unreadable', detail: notMember.detail } };
  }
  if (!clusterAdmin.ok) {
    return { vote, refusal: { type: 'rights-unreadable', cluster: cluster.name, why: clusterAdmin.why } };
  }
  if (clusterAdmin.value) return { vote, refusal: undefined };
  return {
    vote,
    refusal: { type: 'not-cluster-admin', cluster: cluster.name, clusterUser: mapping.clusterUser },
  };
}

/** The votes' standing on the run as it is now: one winner, and everybody who voted hears what became of it. */
function settle(before: BackupRun, reviewed: readonly Reviewed[], now: number): RunChange {
  if (reviewed.length === 0) return expiry(before, now);
  const votes = before.votes.map((vote) => {
    const found = reviewed.find((each) => isSameVote(each.vote, vote));
    return found ? { ...vote, standing: found.refusal ? ('refused' as const) : ('counted' as const) } : vote;
  });
  const run = { ...before, votes };
  const rejection = votes.find((vote) => vote.decision === 'reject' && vote.standing === 'counted');
  const missing = approvalsMissing(run);
  const status = rejection ? 'rejected' : missing === 0 ? 'approved' : 'waiting';
  const events = reviewed.map((each) => voteEvent(each, now));
  const shown = events.filter((event) => event.action !== 'vote-refused');
  const thread = shown.map((event): Notice => ({ kind: 'thread', entry: { type: 'audit', event } }));
  const answers = reviewed.map((each) => privateAnswer(before, each, missing));
  return {
    set: {
      votes,
      status,
      ...(rejection ? { finishedAt: now, endedBy: rejection.person, endReason: rejection.reason } : {}),
    },
    audit: events,
    notices: [...(shown.length > 0 ? [{ kind: 'card' } as const] : []), ...thread, ...answers],
  };
}

function expiry(run: BackupRun, now: number): RunChange {
  if (run.expiresAt === undefined || now < run.expiresAt) return { set: {}, audit: [], notices: [] };
  const event = auditEvent(now, 'bot', 'expired');
  return {
    set: { status: 'expired', finishedAt: now },
    audit: [event],
    notices: [{ kind: 'card' }, { kind: 'thread', entry: { type: 'audit', event } }],
  };
}

function isSameVote(a: Vote, b: Vote): boolean {
  return a.at === b.at && a.person.slackUser === b.person.slackUser && a.decision === b.decision;
}

function voteEvent({ vote, refusal }: Reviewed, now: number) {
  if (refusal)
    return auditEvent(now, vote.person, 'vote-refused', { decision: vote.decision, why: refusal.type });
  return auditEvent(vote.at, vote.person, vote.decision === 'approve' ? 'approved' : 'rejected', {
    reason: vote.reason,
  });
}

function privateAnswer(run: BackupRun, { vote, refusal }: Reviewed, missing: number): Notice {
  const say: PrivateSay = refusal ?? {
    type: 'vote-counted',
    runId: run.id,
    decision: vote.decision,
    missing,
  };
  return {
    kind: 'private',
    slackUser: vote.person.slackUser,
    channel: run.card?.channel ?? run.askedIn,
    say,
  };
}
