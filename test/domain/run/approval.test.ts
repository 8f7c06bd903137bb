import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Plan } from '../../../src/domain/preflight/plan.ts';
import { approvalsMissing, voteProblem } from '../../../src/domain/run/approval.ts';
import type { BackupRun, Vote } from '../../../src/domain/run/run.ts';
import { aPlan, aRun } from '../../support/runs.ts';

const now = 1_000_000;
const requester = { slackUser: 'U1', clusterUser: 'requester' };
const approver = { slackUser: 'U2', clusterUser: 'approver' };
const bySchedule = { slackUser: 'UBOT', clusterUser: 'schedule' };
const third = { slackUser: 'U3', clusterUser: 'third' };

function waiting(plan: Partial<Plan> = {}, votes: readonly Vote[] = []): BackupRun {
  return aRun({ status: 'waiting', requester, plan: { ...aPlan, ...plan }, votes, expiresAt: now + 1 });
}

function vote(person: Vote['person'], change: Partial<Vote> = {}): Vote {
  return { person, decision: 'approve', reason: undefined, at: now, status: 'counted', ...change };
}

describe('a vote', () => {
  it('of a second person counts', () => {
    assert.equal(voteProblem(waiting(), approver, 'approve', now), undefined);
  });

  it('for one’s own request does not count', () => {
    assert.equal(voteProblem(waiting(), requester, 'approve', now)?.kind, 'own-request');
  });

  it('by a second Slack account of the requester’s cluster user is the requester’s own', () => {
    const other = { slackUser: 'U9', clusterUser: requester.clusterUser };

    assert.equal(voteProblem(waiting(), other, 'approve', now)?.kind, 'own-request');
  });

  it('for one’s own request counts where the policy allows it', () => {
    assert.equal(voteProblem(waiting({ selfApproval: true }), requester, 'approve', now), undefined);
  });

  it('for what a schedule asked for is no person’s own, even where a user is called as it is', () => {
    const run = { ...waiting(), origin: { kind: 'schedule' }, requester: bySchedule } as const;

    assert.equal(voteProblem(run, { slackUser: 'U9', clusterUser: 'schedule' }, 'approve', now), undefined);
    assert.equal(voteProblem(run, requester, 'approve', now), undefined);
  });

  it('against one’s own request is allowed', () => {
    assert.equal(voteProblem(waiting(), requester, 'reject', now), undefined);
  });

  it('of somebody outside the approver list does not count', () => {
    assert.equal(
      voteProblem(waiting({ approvers: ['U3'] }), approver, 'approve', now)?.kind,
      'not-an-approver',
    );
  });

  it('given twice counts once, also from a second Slack account', () => {
    const run = waiting({}, [vote(approver)]);

    assert.equal(voteProblem(run, approver, 'approve', now)?.kind, 'voted-already');
    assert.equal(voteProblem(run, { ...approver, slackUser: 'U8' }, 'approve', now)?.kind, 'voted-already');
  });

  it('that was refused may be given again', () => {
    const run = waiting({}, [vote(approver, { status: 'refused' })]);

    assert.equal(voteProblem(run, approver, 'approve', now), undefined);
  });

  it('at the moment of expiry is too late', () => {
    assert.equal(voteProblem(waiting(), approver, 'approve', now + 1)?.kind, 'expired');
  });

  it('on a run that is over is too late', () => {
    assert.equal(
      voteProblem({ ...waiting(), status: 'cancelled' }, approver, 'approve', now)?.kind,
      'not-waiting',
    );
  });
});

describe('a quorum', () => {
  it('of two needs two different cluster users', () => {
    const twoAccounts = [vote(approver), vote({ ...approver, slackUser: 'U8' })];

    assert.equal(approvalsMissing(waiting({ approvalsNeeded: 2 }, twoAccounts)), 1);
    assert.equal(approvalsMissing(waiting({ approvalsNeeded: 2 }, [vote(approver), vote(third)])), 0);
  });

  it('counts neither pending, refused nor rejecting votes', () => {
    const votes = [
      vote(approver, { status: 'pending' }),
      vote(third, { status: 'refused' }),
      vote({ slackUser: 'U4', clusterUser: 'fourth' }, { decision: 'reject' }),
    ];

    assert.equal(approvalsMissing(waiting({}, votes)), 1);
  });
});

describe('in an emergency whose plan has changed', () => {
  const alone = { ...waiting({ approvers: ['U3'] }), emergency: 'all others are asleep' };

  it('the requester may approve the new plan, because all others may be asleep', () => {
    assert.equal(voteProblem(alone, requester, 'approve', now), undefined);
  });

  it('others are bound to the approver list as ever', () => {
    assert.equal(voteProblem(alone, approver, 'approve', now)?.kind, 'not-an-approver');
  });
});
