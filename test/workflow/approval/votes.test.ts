import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { unknown } from '../../../src/domain/cluster/reading.ts';
import type { BackupRun } from '../../../src/domain/run/run.ts';
import { runCard } from '../../../src/slack/messages/index.ts';
import { ClaimLostError } from '../../../src/workflow/ports/records.ts';
import { labPolicy } from '../../support/cluster-lab.ts';
import { openWorkflowLab, type WorkflowLab, who } from '../../support/workflow-lab.ts';

const timeout = 600_000;
const usual = labPolicy().approval;
let lab: WorkflowLab;

before(
  async () => {
    lab = await openWorkflowLab({
      clusters: [
        {
          name: 'two-needed',
          approval: { ...usual, needed: 2, approvers: [], selfApproval: false },
        },
        {
          name: 'listed',
          approval: { ...usual, needed: 1, approvers: [who.deputy], selfApproval: false },
        },
        {
          name: 'self',
          approval: { ...usual, needed: 1, approvers: [], selfApproval: true },
        },
        { name: 'fenced', channel: 'C3', allowedChannels: ['C3'] },
      ],
    });
  },
  { timeout },
);
after(() => lab?.[Symbol.asyncDispose]());
afterEach(() => lab.tidy());

function cardOf(run: BackupRun): string {
  const policy = labPolicy();
  const { language, timeZone } = policy;
  return JSON.stringify(
    runCard(run, { language, timeZone, now: Date.now(), command: '/etcd-backup', policy }),
  );
}

function cast(runId: string, by: string, decision: 'approve' | 'reject' = 'approve', channel = 'C1') {
  return lab.backups.vote(lab.asked(by, channel), { runId, decision, reason: undefined });
}

async function says(runId: string) {
  const notices = await lab.notices(runId);
  return notices.flatMap((notice) => (notice.kind === 'private' ? [notice.say] : []));
}

describe('casting a vote', { timeout }, () => {
  it('is one local write that waits for the cluster’s word', async () => {
    const { id } = await lab.waiting();
    const before = lab.lab.cluster.requests.length;

    const answer = await cast(id, who.approver);

    assert.equal(answer.outcome, 'received');
    assert.equal(lab.lab.cluster.requests.length, before);
    const run = await lab.run(id);
    assert.equal(run.status, 'waiting');
    assert.deepEqual(
      run.votes.map(({ status }) => status),
      ['pending'],
    );
  });

  it('counts one delivery once', async () => {
    const { id } = await lab.waiting();
    const asked = lab.asked(who.approver);
    const input = { runId: id, decision: 'approve', reason: undefined } as const;

    await lab.backups.vote(asked, input);

    assert.deepEqual(await lab.backups.vote(asked, input), { outcome: 'duplicate' });
    assert.equal((await lab.run(id)).votes.length, 1);
  });

  it('is refused for the requester, for a second time, for an unknown person, for no run, in a wrong channel', async () => {
    const { id } = await lab.waiting();

    assert.equal((await cast(id, who.requester)).outcome, 'own-request');
    assert.equal((await cast(id, who.unmapped)).outcome, 'unknown-person');
    assert.deepEqual(await cast('r-nothere', who.approver), { outcome: 'no-such-run', runId: 'r-nothere' });
    await cast(id, who.approver);
    assert.equal((await cast(id, who.approver)).outcome, 'voted-already');
    assert.equal((await cast(id, who.approver, 'reject')).outcome, 'voted-already');
    const fenced = await (async () => {
      await lab.request({ cluster: 'fenced' }, who.requester, 'C3');
      return (await lab.records.runs({ cluster: 'fenced', limit: 1 }))[0];
    })();
    assert.equal((await cast(fenced?.id ?? '', who.approver, 'approve', 'C1')).outcome, 'wrong-channel');
  });

  it('is refused for a cluster-admin who is not on the list', async () => {
    const { id } = await lab.waiting({ cluster: 'listed' });

    const answer = await cast(id, who.approver);

    assert.deepEqual(answer.outcome === 'not-an-approver' && answer.approvers, [who.deputy]);
  });

  it('comes too late once the time is over, and the run expires', async () => {
    const { id } = await lab.waiting();
    lab.clock.forward(1_800_001);

    assert.equal((await cast(id, who.approver)).outcome, 'expired');
    const run = await lab.turn();

    assert.equal(run?.status, 'expired');
    assert.equal((await cast(id, who.approver)).outcome, 'not-waiting');
    assert.deepEqual(await lab.actions(id), ['requested', 'checked', 'expired']);
    const last = (await lab.notices(id)).at(-1);
    assert.equal(
      last?.kind === 'thread' && last.entry.type === 'audit' && last.entry.event.action,
      'expired',
    );
  });

  it('does not expire before its time', async () => {
    const { id } = await lab.waiting();
    lab.clock.forward(1_700_000);

    assert.equal(await lab.turn(), undefined);
    assert.equal((await lab.run(id)).status, 'waiting');
  });
});

describe('reviewing votes', { timeout }, () => {
  it('approves with a cluster-admin’s vote: card, audit line in the thread, a private word', async () => {
    const { id } = await lab.waiting();
    await lab.notices(id);

    const run = await lab.vote(id, who.approver);

    assert.equal(run.status, 'approved');
    const notices = await lab.notices(id);
    assert.deepEqual(
      notices.map(({ kind }) => kind),
      ['card', 'thread', 'private'],
    );
    assert.deepEqual(await lab.actions(id), ['requested', 'checked', 'vote-received', 'approved']);
  });

  it('does not count the vote of somebody who is not cluster-admin', async () => {
    const { id } = await lab.waiting();
    await lab.notices(id);

    const run = await lab.vote(id, who.viewer);

    assert.equal(run.status, 'waiting');
    assert.deepEqual(
      run.votes.map(({ status }) => status),
      ['refused'],
    );
    assert.deepEqual(await says(id), [
      { type: 'not-cluster-admin', cluster: 'prod-east', clusterUser: 'viewer' },
    ]);
    assert.equal(await lab.turn(), undefined, 'a refused vote leaves no work');
  });

  it('on a card whose place another one has taken is answered: with where that is, or with how the run ended', async () => {
    const { id } = await lab.waiting();
    const click = (ts: string) => {
      const asked = { ...lab.asked(who.approver), message: { channel: 'C1', ts } };
      return lab.backups.vote(asked, { runId: id, decision: 'approve', reason: undefined });
    };
    await lab.records.cardPosted(id, { channel: 'C1', ts: '1.1' });
    await lab.records.cardPosted(id, { channel: 'C1', ts: '2.2' });

    assert.equal((await click('1.1')).outcome, 'not-this-card');
    await lab.vote(id, who.deputy, 'reject');
    assert.equal((await click('1.1')).outcome, 'not-waiting');
    assert.equal((await click('2.2')).outcome, 'not-waiting');
  });

  it('why a vote does not count is said in the thread and on the card, not to the clicker alone', async () => {
    const { id } = await lab.waiting();
    await lab.notices(id);
    const run = await lab.vote(id, who.viewer);

    const notices = await lab.notices(id);
    const events = notices.flatMap((each) =>
      each.kind === 'thread' && each.entry.type === 'audit' ? [each.entry.event] : [],
    );
    assert.deepEqual(
      events.map(({ action, detail }) => [action, detail.why]),
      [['vote-refused', 'not-cluster-admin']],
    );
    assert.ok(notices.some(({ kind }) => kind === 'card'));
    assert.match(cardOf(run), /is not cluster-admin: it does not count/);
  });

  it('what blocks an approval is named on the card and in the thread', async () => {
    const { id } = await lab.waiting();
    await lab.notices(id);
    const progressing = (status: 'True' | 'False') =>
      lab.lab.cluster.objects.setCondition('clusteroperators', 'etcd', { type: 'Progressing', status });
    progressing('True');
    const run = await lab.vote(id, who.approver).finally(() => progressing('False'));

    const entries = (await lab.notices(id)).flatMap((each) => (each.kind === 'thread' ? [each.entry] : []));
    assert.deepEqual(
      entries.map(({ type }) => type),
      ['audit', 'details'],
    );
    const [first] = entries;
    assert.match((first?.type === 'audit' && first.event.detail.detail) || '', /operator/);
    assert.match(cardOf(run), /⛔ [^\n]*etcd[^\n]*→/);
  });

  it('while the API is down a vote does not count, is answered privately, and may be given again', async () => {
    const { id } = await lab.waiting();
    await lab.notices(id);
    const repair = lab.lab.cluster.faults.add({ match: () => true, kind: 'reset' });

    const during = await lab.vote(id, who.approver).finally(repair);

    assert.equal(during.status, 'waiting');
    const [said] = await says(id);
    assert.equal(said?.type, 'rights-unreadable');
    const later = await lab.vote(id, who.approver);
    assert.equal(later.status, 'approved');
    assert.deepEqual(
      later.votes.map(({ status }) => status),
      ['refused', 'counted'],
    );
    assert.deepEqual(await lab.actions(id), [
      'requested',
      'checked',
      'vote-received',
      'vote-refused',
      'vote-received',
      'approved',
    ]);
  });

  it('does not count the vote of a guest, whatever the cluster says', async () => {
    const { id } = await lab.waiting();
    lab.people.set(who.approver, { guest: true });
    try {
      const run = await lab.vote(id, who.approver);
      assert.equal(run.status, 'waiting');
    } finally {
      lab.people.set(who.approver, {});
    }
  });

  it('does not count the vote of somebody who has lost their rights, nor refuses it for ever', async () => {
    const { id } = await lab.waiting();
    const restore = lab.change('groups', 'cluster-admins', { users: [] });
    const lost = await lab.vote(id, who.approver);
    restore();

    assert.equal(lost.status, 'waiting');
    assert.equal((await lab.vote(id, who.approver)).status, 'approved');
  });

  it('needs as many different people as the plan says', async () => {
    const { id } = await lab.waiting({ cluster: 'two-needed' });
    await lab.notices(id);

    assert.equal((await lab.vote(id, who.approver)).status, 'waiting');
    assert.deepEqual(await says(id), [{ type: 'vote-counted', runId: id, decision: 'approve', missing: 1 }]);
    assert.equal((await lab.vote(id, who.deputy)).status, 'approved');
    assert.deepEqual(await says(id), [{ type: 'vote-counted', runId: id, decision: 'approve', missing: 0 }]);
  });

  it('settles two votes at once in one step', async () => {
    const { id } = await lab.waiting({ cluster: 'two-needed' });
    await Promise.all([cast(id, who.approver), cast(id, who.deputy)]);

    const run = await lab.turn();

    assert.equal(run?.status, 'approved');
    assert.deepEqual(
      run.votes.map(({ status }) => status),
      ['counted', 'counted'],
    );
  });

  it('lets one rejection outweigh an approval of the same moment', async () => {
    const { id } = await lab.waiting({ cluster: 'two-needed' });
    await cast(id, who.approver);
    await cast(id, who.deputy, 'reject');

    const run = await lab.turn();

    assert.equal(run?.status, 'rejected');
    assert.equal(run.endedBy?.slackUser, who.deputy);
    assert.equal(run.startedAt, undefined);
  });

  it('lets the requester approve only where the policy says so', async () => {
    const { id } = await lab.waiting({ cluster: 'self' });

    assert.equal((await lab.vote(id, who.requester)).status, 'approved');
  });

  it('keeps a vote that comes while others are reviewed', async () => {
    const { id } = await lab.waiting({ cluster: 'two-needed' });
    await cast(id, who.approver);
    const slow = lab.lab.cluster.faults.add({
      match: ({ resource }) => resource === 'subjectaccessreviews',
      kind: 'delay',
      ms: 300,
    });

    const reviewing = lab.turn();
    await cast(id, who.deputy);
    await reviewing.finally(slow);

    const between = await lab.run(id);
    assert.deepEqual(
      between.votes.map(({ status }) => status),
      ['counted', 'pending'],
    );
    assert.equal((await lab.turn())?.status, 'approved');
  });
});

describe('a vote for a plan that does not hold any more', { timeout }, () => {
  const otherEncryption = () =>
    lab.change('apiservers', 'cluster', { spec: { encryption: { type: 'aesgcm' } } });

  it('is void: the card shows the new plan, the voter is notified', async () => {
    const { id } = await lab.waiting();
    await lab.notices(id);
    const undo = otherEncryption();

    const run = await lab.vote(id, who.approver).finally(undo);

    assert.equal(run.status, 'waiting');
    assert.deepEqual(run.votes, []);
    assert.equal(run.plan?.encryptionType, 'aesgcm');
    const [said] = await says(id);
    assert.equal(said?.type, 'vote-void');
  });

  it('does not take a rejection away', async () => {
    const { id } = await lab.waiting();
    await cast(id, who.approver);
    await cast(id, who.deputy, 'reject');
    const undo = otherEncryption();

    const run = await lab.turn().finally(undo);

    assert.equal(run?.status, 'rejected');
    assert.equal(run.endedBy?.slackUser, who.deputy);
  });

  it('does not take a rejection away that comes while the plan is looked at', async () => {
    const { id } = await lab.waiting();
    await cast(id, who.approver);
    const undo = otherEncryption();
    const reviewing = lab.turn();
    await cast(id, who.deputy, 'reject');
    await reviewing;
    const run = await lab.turn().finally(undo);

    assert.equal(run?.status, 'rejected');
  });

  it('is not taken while something blocks; the request goes on waiting', async () => {
    const { id } = await lab.waiting();
    await lab.notices(id);
    lab.lab.cluster.objects.setCondition('clusteroperators', 'etcd', { type: 'Progressing', status: 'True' });
    const run = await lab.vote(id, who.approver);
    lab.lab.cluster.objects.setCondition('clusteroperators', 'etcd', {
      type: 'Progressing',
      status: 'False',
    });

    assert.equal(run.status, 'waiting');
    assert.deepEqual(
      run.votes.map(({ status }) => status),
      ['refused'],
    );
    const [said] = await says(id);
    assert.equal(said?.type, 'blocked-now');
    assert.equal((await lab.vote(id, who.approver)).status, 'approved');
  });
});

describe('cancelling', { timeout }, () => {
  function cancel(runId: string, by: string) {
    return lab.backups.cancel(lab.asked(by), { runId, reason: 'changed my mind' });
  }

  /** How long Slack was given, ms. */
  const patience: (number | undefined)[] = [];

  function unanswered(reason: 'absent' | 'timeout'): () => void {
    const { profile } = lab.people;
    lab.people.profile = async (_, withinMs) => {
      patience.push(withinMs);
      return unknown(reason, 'users.info');
    };
    return () => {
      lab.people.profile = profile;
    };
  }

  it('is for the requester and for those on the list, not for others', async () => {
    const first = await lab.waiting({ cluster: 'listed' });

    assert.equal((await cancel(first.id, who.approver)).outcome, 'not-yours');
    assert.equal((await cancel(first.id, who.deputy)).outcome, 'cancelled');
    assert.deepEqual(await cancel('r-nothere', who.requester), {
      outcome: 'no-such-run',
      runId: 'r-nothere',
    });
    assert.equal((await cancel(first.id, who.requester)).outcome, 'over');
    assert.deepEqual(await lab.actions(first.id), ['requested', 'checked', 'cancelled']);
  });

  it('is not for an account that was deactivated or made a guest meanwhile, nor for one that Slack does not know', async () => {
    const { id } = await lab.waiting();
    for (const [change, accountKind] of [
      [{ deleted: true }, 'deactivated'],
      [{ guest: true }, 'guest'],
    ] as const) {
      lab.people.set(who.requester, change);
      assert.deepEqual(await cancel(id, who.requester), { outcome: 'refused-person', accountKind });
    }
    lab.people.set(who.requester, {});
    const undo = unanswered('absent');
    assert.equal((await cancel(id, who.requester)).outcome, 'profile-unreadable');
    undo();
    assert.equal((await lab.run(id)).status, 'waiting');
    assert.equal((await cancel(id, who.requester)).outcome, 'cancelled');
  });

  it('passes when Slack does not say in time who asks: nothing is run is the safe direction', async () => {
    const { id } = await lab.waiting();
    const undo = unanswered('timeout');
    const answer = await cancel(id, who.requester).finally(undo);

    assert.equal(answer.outcome, 'cancelled');
    assert.ok(patience.length > 0 && patience.every((ms) => ms !== undefined && ms < 2_500), `${patience}`);
  });

  it('an approved run can be taken back before its work begins, and nothing is run', async () => {
    const { id } = await lab.approved();

    assert.equal((await cancel(id, who.requester)).outcome, 'cancelled');

    assert.equal(await lab.turn(), undefined);
    assert.deepEqual(lab.sessionPods(), []);
    assert.equal((await lab.run(id)).endReason, 'changed my mind');
  });

  it('wins over the look at the cluster that is under way', async () => {
    const answer = await lab.request({ cluster: 'prod-east' });
    const runId = answer.outcome === 'recorded' ? answer.run.id : '';

    const looking = lab.turn();
    assert.equal((await cancel(runId, who.requester)).outcome, 'cancelled');
    await assert.rejects(looking, ClaimLostError);

    assert.equal((await lab.run(runId)).status, 'cancelled');
    assert.deepEqual(await lab.actions(runId), ['requested', 'cancelled']);
  });

  it('wins over the review of a vote that is under way', async () => {
    const { id } = await lab.waiting();
    await cast(id, who.approver);

    const reviewing = lab.turn();
    assert.equal((await cancel(id, who.requester)).outcome, 'cancelled');
    await assert.rejects(reviewing, ClaimLostError);

    assert.equal((await lab.run(id)).status, 'cancelled');
    assert.deepEqual(lab.sessionPods(), []);
  });
});
