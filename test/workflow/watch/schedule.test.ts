import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { ClusterPolicy } from '../../../src/domain/policy/policy.ts';
import type { BackupRun } from '../../../src/domain/run/run.ts';
import type { ClusterNotice } from '../../../src/domain/watch/cluster-notice.ts';
import { createCronSlots } from '../../../src/system/cron.ts';
import { askAgain } from '../../../src/workflow/approval/ask-again.ts';
import { recheck } from '../../../src/workflow/approval/recheck.ts';
import { recordObservation } from '../../../src/workflow/watch/record-observation.ts';
import { openWorkflowLab, type WorkflowLab, who } from '../../support/workflow-lab.ts';

const timeout = 600_000;
const owner = 'U7';
let lab: WorkflowLab;

const nightly = { cron: '0 2 * * *', jitterMs: 0 };

/** The cluster of the following tests has this schedule. */
function scheduled(approval: 'auto' | 'ask') {
  before(
    async () => {
      const schedule = { ...nightly, approval };
      lab = await openWorkflowLab({ policy: { schedule, owners: [owner, who.viewer] } });
    },
    { timeout },
  );
  after(() => lab?.[Symbol.asyncDispose]());
}

afterEach(async () => {
  for (const { id } of await lab.records.runs({ active: true, limit: 50 })) {
    await lab.records.decide({
      runId: id,
      deliveryId: `tidy-${id}`,
      now: lab.clock.now(),
      decision: () => ({ set: { status: 'cancelled', finishedAt: lab.clock.now() }, audit: [], notices: [] }),
    });
  }
});

/** One look of the watch at the cluster, as often as the bot would. */
async function look() {
  const { policy } = lab.lab;
  const reading = await lab.deps.clusters.version(policy);
  const deps = { ...lab.deps, cron: createCronSlots(), botUser: 'UBOT' };
  const watch = await recordObservation(deps, policy, { reading });
  return watch?.schedule ?? assert.fail('there is no schedule');
}

/** On to the next slot, and a look. */
async function nextSlot(): Promise<BackupRun> {
  const { next } = await look();
  lab.clock.forward((next?.startAt ?? assert.fail('no slot')) - lab.clock.now() + 5_000);
  const { openRun } = await look();
  return lab.run(openRun ?? assert.fail('no run was asked for'));
}

async function turn(): Promise<BackupRun> {
  return (await lab.turn()) ?? assert.fail('nothing was due');
}

/** What the clusters as such had to say since the last time. */
async function clusterNotices(): Promise<readonly ClusterNotice[]> {
  const taken: ClusterNotice[] = [];
  for (;;) {
    const item = await lab.records.takeNotice({ now: lab.clock.now() });
    if (!item) return taken;
    if (item.about === 'cluster') taken.push(item.notice);
    await lab.records.noticeSent(item.id, { now: lab.clock.now(), ts: undefined });
  }
}

/** The plan's node is fit no more; the answer puts that right. */
function unready(name = ''): () => void {
  const { objects } = lab.lab.cluster;
  const before = structuredClone(objects.get('nodes', name));
  objects.setCondition('nodes', name, { type: 'Ready', status: 'Unknown' });
  return () => void objects.put(before);
}

function accessReviews(since: number) {
  return lab.lab.cluster.requests.slice(since).filter(({ resource, verb }) => {
    return resource === 'subjectaccessreviews' && verb === 'create';
  });
}

describe('a schedule that needs no approval', { timeout }, () => {
  scheduled('auto');

  it('takes a backup: the same checks, no person, approved by the configuration on record', async () => {
    const run = await nextSlot();
    assert.deepEqual(run.requester, { slackUser: 'UBOT', clusterUser: 'schedule' });
    assert.deepEqual(run.origin, { kind: 'schedule' });
    const requests = lab.lab.cluster.requests.length;

    const approved = await turn();

    assert.equal(approved.status, 'approved', JSON.stringify(approved.findings));
    assert.equal(approved.plan?.approvalsNeeded, 0);
    assert(approved.findings.some(({ code }) => code === 'node.chosen'));
    assert(approved.findings.every(({ code }) => !code.startsWith('requester.')));
    const notices = (await lab.notices(run.id)).map((each) =>
      each.kind === 'thread' && each.entry.type === 'audit' ? each.entry.event.action : each.kind,
    );
    assert.deepEqual(notices, ['card', 'requested', 'approved', 'thread']);

    const done = await turn();

    assert.equal(done.status, 'succeeded', JSON.stringify(done.failed));
    assert.deepEqual(accessReviews(requests), [], 'no person, so no access review');
    const lines = await lab.records.auditLines(run.id);
    assert.deepEqual(
      lines.slice(0, 4).map(({ action, actor }) => [action, actor.kind]),
      [
        ['requested', 'bot'],
        ['checked', 'bot'],
        ['approved', 'bot'],
        ['started', 'bot'],
      ],
    );
    assert.equal(lines[2]?.detail.by, 'schedule policy');
    const after = await look();
    assert.deepEqual([after.openRun, after.judgedRun, after.failures], [undefined, run.id, 0]);
  });

  it('asks once for one slot, however often and by how many it is observed', async () => {
    const run = await nextSlot();
    await Promise.all(Array.from({ length: 5 }, () => look()));
    const runs = await lab.records.runs({ cluster: 'prod-east', limit: 50 });
    assert.equal(runs.filter(({ requestedAt }) => requestedAt >= run.requestedAt).length, 1);
    assert.equal(runs[0]?.id, run.id);
  });

  it('goes on with a plan that changed before the start, without asking', async () => {
    const run = await nextSlot();
    const before = await turn();
    const undo = unready(before.plan?.node);
    const planned = await turn().finally(undo);
    assert.equal(planned.status, 'approved', JSON.stringify(planned.failed));
    assert.notEqual(planned.plan?.node, before.plan?.node);
    assert.equal(planned.planRevision, 2);
    const done = await turn();
    assert.equal(done.status, 'succeeded', JSON.stringify(done.failed));
    const actions = await lab.actions(run.id);
    const from = actions.indexOf('plan-void');
    assert.deepEqual(actions.slice(from, from + 3), ['plan-void', 'approved', 'started']);
  });

  it('asks people after all when the configuration does so by now', async () => {
    const run = await nextSlot();
    await turn();
    const policy = lab.lab.policy;
    const asking: ClusterPolicy = { ...policy, schedule: { ...nightly, approval: 'ask' } };
    const current = await lab.run(run.id);
    const found = await recheck(lab.deps, current, current.plan ?? assert.fail('no plan'), asking);
    assert(found.kind === 'changed');
    assert.deepEqual(
      found.changes.map(({ field, approved, now }) => [field, approved, now]),
      [['approvalsNeeded', '0', '1']],
    );
    assert.equal(askAgain(current, found, asking, lab.clock.now()).set.status, 'waiting');
  });

  it('is blocked by the checks like any other: card and details, and the owners are notified', async () => {
    await clusterNotices();
    const run = await nextSlot();
    // A missing permission does not pass by itself: no retry is planned, the failure counts at once.
    const { cluster } = lab.lab;
    const exec = cluster.botRules().find(({ rule }) => rule.resources?.includes('pods/exec'));
    const blocked = await turn().finally(cluster.withoutRule(exec ?? assert.fail('no such rule'), 'get'));
    assert.equal(blocked.status, 'blocked', JSON.stringify(blocked.findings));
    const notices = await lab.notices(run.id);
    assert.deepEqual(
      notices.map(({ kind }) => kind),
      ['card', 'thread'],
    );
    const { failures, next } = await look();
    assert.equal(failures, 1);
    const notified = (await clusterNotices()).filter(({ kind }) => kind === 'private');
    const say = { type: 'schedule-failed', runId: run.id, failures: 1, nextStartAt: next?.startAt };
    assert.deepEqual(notified, [
      { kind: 'private', slackUser: owner, say },
      { kind: 'private', slackUser: who.viewer, say },
    ]);
    await look();
    assert.deepEqual(await clusterNotices(), [], 'notified once');
  });

  it('that fails a third time notifies the channel, and a success ends the row', async () => {
    await clusterNotices();
    const notified: string[] = [];
    let { failures } = await look();
    while (failures < 3) {
      const { id } = await nextSlot();
      await lab.records.decide({
        runId: id,
        deliveryId: `fail-${id}`,
        now: lab.clock.now(),
        decision: () => ({ set: { status: 'failed', finishedAt: lab.clock.now() }, audit: [], notices: [] }),
      });
      ({ failures } = await look());
      const kinds = (await clusterNotices()).map(({ kind }) => kind);
      notified.push(...kinds.filter((kind) => kind === 'private' || kind === 'escalation'));
    }
    assert.equal(notified.at(-1), 'escalation');
    assert.equal(notified.filter((kind) => kind === 'escalation').length, 1);
    await nextSlot();
    await turn();
    await turn();
    assert.equal((await look()).failures, 0);
    const events = (await lab.records.clusterEvents('prod-east', { limit: 200 })).map(({ kind }) => kind);
    for (const kind of ['schedule-run', 'schedule-failed', 'schedule-escalated'] as const) {
      assert(events.includes(kind), kind);
    }
  });
});

describe('a schedule that asks', { timeout }, () => {
  scheduled('ask');

  it('waits for an approval as any run does, and anybody may give it: it is no person’s own request', async () => {
    const run = await nextSlot();
    const waiting = await turn();
    assert.equal(waiting.status, 'waiting', JSON.stringify(waiting.findings));
    assert.equal(waiting.plan?.approvalsNeeded, 1);
    assert.deepEqual(
      (await lab.notices(run.id)).filter(({ kind }) => kind === 'private'),
      [],
    );
    const viewer = await lab.vote(run.id, who.viewer);
    assert.equal(viewer.status, 'waiting', 'not cluster-admin: refused');
    const approved = await lab.vote(run.id, who.requester);
    assert.equal(approved.status, 'approved');
    const done = await turn();
    assert.equal(done.status, 'succeeded', JSON.stringify(done.failed));
  });

  it('is asked again when the plan changes, and the vote is void', async () => {
    const run = await nextSlot();
    await turn();
    const approved = await lab.vote(run.id, who.approver);
    const undo = unready(approved.plan?.node);
    const again = await turn().finally(undo);
    assert.equal(again.status, 'waiting', JSON.stringify(again.failed));
    assert.deepEqual(again.votes, []);
  });

  it('fails when it is not approved in time, and is no failure when somebody rejects it', async () => {
    await nextSlot();
    await turn();
    lab.clock.forward(1_800_001);
    const expired = await turn();
    assert.equal(expired.status, 'expired');
    const { failures } = await look();
    assert.equal(failures, 1);
    const run = await nextSlot();
    await turn();
    const rejected = await lab.vote(run.id, who.approver, 'reject');
    assert.equal(rejected.status, 'rejected');
    assert.equal((await look()).failures, 1);
    const [newest] = await lab.records.clusterEvents('prod-east', { limit: 1 });
    assert.deepEqual([newest?.kind, newest?.detail.ended], ['schedule-missed', 'rejected']);
  });

  it('can be cancelled by an owner, and by no one else', async () => {
    const run = await nextSlot();
    await turn();
    const input = { runId: run.id, reason: undefined };
    const stranger = await lab.backups.cancel(lab.asked(who.approver), input);
    assert.equal(stranger.outcome, 'not-yours');
    const byOwner = await lab.backups.cancel(lab.asked(who.viewer), input);
    assert.equal(byOwner.outcome, 'cancelled');
  });
});

describe('a slot while another run is active', { timeout }, () => {
  scheduled('auto');

  it('is let go when that run brought a backup', async () => {
    const { next } = await look();
    lab.clock.forward((next?.startAt ?? assert.fail('no slot')) - lab.clock.now() - 30_000);
    const byHand = await lab.approved({ cluster: 'prod-east' });
    lab.clock.forward(60_000);
    const { openRun } = await look();
    assert.equal(openRun, undefined);
    const done = await turn();
    assert.equal(done.status, 'succeeded', JSON.stringify(done.failed));
    const schedule = await look();
    assert.equal(schedule.lastSlot, next?.slot);
    assert.equal(schedule.openRun, undefined);
    const [newest] = await lab.records.clusterEvents('prod-east', { limit: 1 });
    assert.deepEqual([newest?.kind, newest?.detail.servedBy], ['schedule-missed', byHand.id]);
  });

  it('is caught up when it did not', async () => {
    const { next } = await look();
    lab.clock.forward((next?.startAt ?? assert.fail('no slot')) - lab.clock.now() - 30_000);
    const { id } = await lab.waiting({ cluster: 'prod-east' });
    lab.clock.forward(60_000);
    assert.equal((await look()).openRun, undefined);
    await lab.backups.cancel(lab.asked(who.requester), { runId: id, reason: undefined });
    const schedule = await look();
    assert.equal(schedule.lastSlot, next?.slot);
    assert.equal((await lab.run(schedule.openRun ?? '')).origin.kind, 'schedule');
  });
});
