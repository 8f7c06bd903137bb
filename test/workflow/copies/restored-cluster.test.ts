import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ClusterPolicy } from '../../../src/domain/policy/policy.ts';
import type { BackupRun } from '../../../src/domain/run/run.ts';
import { newWatch } from '../../../src/domain/watch/watch-turn.ts';
import type { RestoredAnswer } from '../../../src/workflow/access/restored-answer.ts';
import { createBackups } from '../../../src/workflow/answers/create-backups.ts';
import { backupOf } from '../../support/fleet-records.ts';
import { fleetOf } from '../../support/policies.ts';
import { openWorkflowLab, type WorkflowLab, who } from '../../support/workflow-lab.ts';

const timeout = 600_000;
const hourMs = 3_600_000;
let lab: WorkflowLab;

before(
  async () => {
    lab = await openWorkflowLab();
  },
  { timeout },
);
after(() => lab?.[Symbol.asyncDispose]());

let clusters = 0;

/** Puts a backup on record as the newest one, as its run would have. */
async function taken(run: BackupRun): Promise<void> {
  const { records, clock } = lab;
  const requested = { ...run, status: 'requested', success: undefined, finishedAt: undefined } as const;
  await records.accept({ run: requested, deliveryId: run.id, audit: [], notices: [] });
  const times = { now: clock.now(), monotonic: clock.monotonic() };
  const claim = await records.claim({ owner: 'test', ...times, leaseMs: 600_000 });
  assert.equal(claim?.run.id, run.id);
  for (const set of [{ status: 'approved' }, { status: 'running' }, run] as const)
    await records.advance(claim, { set, audit: [], notices: [] });
}

/**
 * A cluster of its own with backups, one an hour, the newest an hour ago; its API is the lab's. The approver is cluster-admin,
 * the viewer may break the glass.
 */
async function cluster(revisions: readonly (number | undefined)[] = [100, 200, 300]) {
  clusters += 1;
  const name = `cluster-${clusters}`;
  const breakGlass = { people: [who.viewer], owners: [] };
  const { approval } = lab.lab.policy;
  const policy: ClusterPolicy = { ...lab.lab.policy, name, approval: { ...approval, breakGlass } };
  const deps = {
    ...lab.deps,
    fleet: fleetOf([policy, lab.lab.policy], lab.deps.fleet.people),
    clusters: {
      ...lab.deps.clusters,
      clusterAdmin: (_: ClusterPolicy, person: Parameters<typeof lab.deps.clusters.clusterAdmin>[1]) =>
        lab.deps.clusters.clusterAdmin(lab.lab.policy, person),
    },
  };
  const now = lab.clock.now();
  const runs = revisions.map((revision, index) => {
    const run = backupOf(name, { at: now - (revisions.length - index) * hourMs });
    const success = run.success ?? assert.fail();
    const { snapshot } = success.artifacts;
    const status =
      revision === undefined
        ? undefined
        : { hash: 1, revision, totalKey: 1, totalSize: 1, version: undefined };
    const artifacts = { ...success.artifacts, snapshot: { ...snapshot, status } };
    return { ...run, success: { ...success, artifacts } };
  });
  for (const run of runs) await taken(run);
  const backups = createBackups(deps);
  const ask = (input: { from?: string; at?: string }, by: string = who.approver) =>
    backups.restored(lab.asked(by), { cluster: name, from: undefined, at: undefined, ...input });
  return {
    name,
    ids: runs.map(({ id }) => id),
    runs,
    backups,
    ask,
    /** Says it and confirms what the bot shows. */
    async declare(input: { from: string; at?: string }, by: string = who.approver) {
      const asks = await ask(input, by);
      assert.ok(asks.outcome === 'confirm-needed', JSON.stringify(asks));
      const { at, fingerprint } = asks;
      const confirmed = { at, fingerprint };
      return backups.restored(lab.asked(by), { cluster: name, from: input.from, at: undefined, confirmed });
    },
    undo: (by: string = who.approver, id?: string) =>
      backups.revokeRestored(lab.asked(by), { cluster: name, id }),
    async abandoned() {
      const found = await lab.records.runs({ cluster: name });
      return found.filter((run) => run.abandoned).map(({ id }) => id);
    },
    async covering() {
      const fleet = await lab.records.fleet({ now: lab.clock.now() });
      return fleet.find((each) => each.cluster === name)?.proven.map(({ runId }) => runId);
    },
  };
}

const idsOf = (named: readonly { readonly runId: string }[]) => named.map(({ runId }) => runId);

async function messages(): Promise<readonly string[]> {
  const sent: string[] = [];
  for (;;) {
    const item = await lab.records.takeNotice({ now: lab.clock.now() });
    if (!item) return sent;
    await lab.records.noticeSent(item.id, { now: lab.clock.now(), ts: '1.1' });
    if (item.about === 'cluster' && item.notice.kind === 'restored') {
      const { from, marked, revoked } = item.notice;
      sent.push(`${item.cluster} ${revoked ? 'not ' : ''}from ${from}: ${marked.join(' ')}`);
    }
  }
}

describe('a cluster was restored', { timeout }, () => {
  it('the bot shows what that makes of the backups, and puts it on record once it is confirmed', async () => {
    const { name, ids, ask, declare, abandoned, covering } = await cluster();
    const [first = '', second = '', third = ''] = ids;
    assert.deepEqual(await covering(), [third]);
    const asks = await ask({ from: first });
    assert.ok(asks.outcome === 'confirm-needed');
    assert.deepEqual(
      [idsOf(asks.marked), asks.back, asks.staying, asks.changed],
      [[third, second], [], [], false],
    );
    assert.deepEqual(await abandoned(), [], 'nothing is on record yet');
    const said = await declare({ from: first });
    assert.ok(said.outcome === 'declared');
    assert.deepEqual(idsOf(said.marked), [third, second]);
    assert.deepEqual(await abandoned(), [third, second]);
    assert.deepEqual(await covering(), [first]);
    assert.deepEqual(await messages(), [`${name} from ${first}: ${third} ${second}`]);
    assert.deepEqual(await lab.actions(first), ['restored-from']);
    assert.deepEqual(await lab.actions(third), ['left-behind']);
    const [line] = await lab.records.auditLines(first);
    assert.deepEqual(line?.actor, { kind: 'person', slackUser: who.approver, clusterUser: 'approver' });
    assert.equal(line?.detail.marked, `${third}, ${second}`);
    assert.equal((await ask({ from: first })).outcome, 'declared-already');
  });

  it('it can be taken back, with every mark, by a second command or by the button on its message', async () => {
    const { name, ids, declare, undo, abandoned, covering } = await cluster();
    const [first = '', second = '', third = ''] = ids;
    assert.deepEqual(await undo(), { outcome: 'not-restored', cluster: name });
    const said = await declare({ from: second });
    assert.ok(said.outcome === 'declared');
    await messages();
    const taken = await undo();
    assert.ok(taken.outcome === 'revoked');
    assert.deepEqual(idsOf(taken.back), [third]);
    assert.deepEqual([await abandoned(), await covering()], [[], [third]]);
    assert.deepEqual(await messages(), [`${name} not from ${second}: ${third}`]);
    assert.deepEqual(await lab.actions(second), ['restored-from', 'restore-revoked']);
    assert.deepEqual(await lab.actions(third), ['left-behind', 'back-on-line']);
    const again = await undo(who.approver, said.restore.id);
    assert.ok(again.outcome === 'not-restored');
    assert.equal(again.revoked?.from, second);
    await declare({ from: first });
    assert.deepEqual(await abandoned(), [third, second]);
    assert.equal(
      (await undo(who.approver, said.restore.id)).outcome,
      'not-restored',
      'the button of an old one',
    );
    assert.deepEqual(await abandoned(), [third, second]);
  });

  it('a confirmation holds for what was seen: another backup that came meanwhile is shown first', async () => {
    const { name, ids, ask, backups, abandoned } = await cluster();
    const [first = ''] = ids;
    const asks = await ask({ from: first });
    assert.ok(asks.outcome === 'confirm-needed');
    const late = backupOf(name, { at: lab.clock.now() - 60_000, ms: 1_000 });
    await taken(late);
    const { at, fingerprint } = asks;
    const confirm = (print: string) =>
      backups.restored(lab.asked(who.approver), {
        cluster: name,
        from: first,
        at: undefined,
        confirmed: { at, fingerprint: print },
      });
    const changed = await confirm(fingerprint);
    assert.ok(changed.outcome === 'confirm-needed' && changed.changed);
    assert.ok(idsOf(changed.marked).includes(late.id));
    assert.deepEqual(await abandoned(), []);
    assert.equal((await confirm(changed.fingerprint)).outcome, 'declared');
    assert.ok((await abandoned()).includes(late.id));
  });

  it('what was complete after the time that is named stays; the clock is the cluster’s', async () => {
    const { ids, runs, declare, abandoned } = await cluster();
    const [first = '', second = '', third = ''] = ids;
    const between = new Date((runs[2]?.startedAt ?? 0) - 60_000).toISOString().slice(0, 16);
    assert.equal(lab.lab.policy.timeZone, 'UTC');
    const said = await declare({ from: first, at: between.replace('T', ' ') });
    assert.ok(said.outcome === 'declared');
    assert.deepEqual([idsOf(said.marked), idsOf(said.staying)], [[second], [third]]);
    assert.deepEqual(await abandoned(), [second]);
  });

  it('a restore from a backup that was left brings it back, and taking that back leaves it again', async () => {
    const { ids, declare, undo, abandoned } = await cluster();
    const [first = '', second = '', third = ''] = ids;
    await declare({ from: first });
    const said = await declare({ from: second, at: 'now' });
    assert.ok(said.outcome === 'declared');
    assert.deepEqual([idsOf(said.back), said.marked], [[second], []]);
    assert.deepEqual(await abandoned(), [third]);
    const taken = await undo();
    assert.ok(taken.outcome === 'revoked');
    assert.deepEqual([taken.back, idsOf(taken.marked)], [[], [second]]);
    assert.deepEqual(await abandoned(), [third, second]);
    await undo();
    assert.deepEqual(await abandoned(), []);
  });

  it('the same delivery twice is answered once', async () => {
    const { name, ids, ask, backups } = await cluster();
    const asks = await ask({ from: ids[0] ?? '' });
    assert.ok(asks.outcome === 'confirm-needed');
    const asked = lab.asked(who.approver);
    const { at, fingerprint } = asks;
    const input = { cluster: name, from: ids[0], at: undefined, confirmed: { at, fingerprint } };
    assert.equal((await backups.restored(asked, input)).outcome, 'declared');
    assert.equal((await backups.restored(asked, input)).outcome, 'duplicate');
    const undoing = lab.asked(who.approver);
    assert.equal((await backups.revokeRestored(undoing, { cluster: name })).outcome, 'revoked');
    assert.equal((await backups.revokeRestored(undoing, { cluster: name })).outcome, 'duplicate');
  });
});

describe('what cannot have been', { timeout }, () => {
  const outcome = async (answer: Promise<RestoredAnswer>) => (await answer).outcome;

  it('a run that is unknown, of another cluster, or without a verified backup', async () => {
    const { name, ids, ask, abandoned } = await cluster();
    const other = await cluster();
    assert.equal(await outcome(ask({ from: 'r-zzzzzzzz' })), 'no-such-run');
    const near = await ask({ from: `${ids[0]?.slice(0, -1)}x` });
    assert.ok(near.outcome === 'no-such-run' && near.nearest !== undefined, 'with the one that is meant');
    assert.deepEqual(await ask({ from: other.ids[0] ?? '' }), {
      outcome: 'of-another-cluster',
      cluster: name,
      runId: other.ids[0],
      of: other.name,
    });
    const failed: BackupRun = {
      ...backupOf(name, { at: lab.clock.now() - 1_000 }),
      id: 'r-failed00',
      status: 'failed',
      success: undefined,
    };
    await lab.records.importRun(failed, []);
    assert.equal(await outcome(ask({ from: failed.id })), 'nothing-verified');
    assert.deepEqual(await abandoned(), []);
  });

  it('a time that has not come yet, that is before the backup, or that is none', async () => {
    const { ids, runs, ask } = await cluster();
    const [first = ''] = ids;
    assert.equal(await outcome(ask({ from: first, at: '2126-01-01 00:00' })), 'at-ahead');
    assert.equal(await outcome(ask({ from: first, at: '2020-01-01 00:00' })), 'at-before-backup');
    const complete = new Date(runs[0]?.finishedAt ?? 0).toISOString().slice(0, 16).replace('T', ' ');
    assert.equal(await outcome(ask({ from: first, at: complete })), 'confirm-needed', 'the same minute');
    assert.equal(await outcome(ask({ from: first, at: 'yesterday' })), 'at-unreadable');
    assert.equal(await outcome(ask({ from: first, at: '3h' })), 'at-unreadable', 'no span');
  });

  it('nothing is named: the newest backups are offered, and what is on record is named', async () => {
    const { ids, ask, declare } = await cluster();
    const asks = await ask({});
    assert.ok(asks.outcome === 'from-missing');
    assert.deepEqual([idsOf(asks.backups), asks.inForce], [ids.toReversed(), undefined]);
    await declare({ from: ids[1] ?? '' });
    const again = await ask({});
    assert.equal(again.outcome === 'from-missing' && again.inForce?.from, ids[1]);
  });
});

describe('when it was restored must be said', { timeout }, () => {
  it('where a backup was taken after the cluster had not answered for a while', async () => {
    const { name, ids, runs, ask, declare } = await cluster();
    const [first = '', second = '', third = ''] = ids;
    const at = (runs[2]?.startedAt ?? 0) - 1_000;
    const reachable = { at, kind: 'reachable', detail: {} } as const;
    await lab.records.decideWatch({
      cluster: name,
      now: at,
      decision: () => ({ watch: newWatch(name), events: [reachable], notices: [] }),
    });
    const asks = await ask({ from: first });
    assert.ok(asks.outcome === 'at-missing');
    assert.deepEqual(asks.doubt, { kind: 'outage', at, runId: third });
    assert.deepEqual(idsOf(asks.after), [third, second]);
    const said = await declare({ from: first, at: 'now' });
    assert.ok(said.outcome === 'declared');
    assert.deepEqual(idsOf(said.marked), [third, second]);
  });

  it('where the revision fell, or a backup is being made', async () => {
    const fallen = await cluster([100, 300, 200]);
    const asks = await fallen.ask({ from: fallen.ids[0] ?? '' });
    assert.ok(asks.outcome === 'at-missing');
    assert.deepEqual(asks.doubt, { kind: 'revision-fell', runId: fallen.ids[2] });
    const begun = await cluster();
    const now = lab.clock.now();
    const running = backupOf(begun.name, { at: now - 1_000 });
    const requested = { ...running, status: 'requested', success: undefined, finishedAt: undefined } as const;
    await lab.records.accept({ run: requested, deliveryId: running.id, audit: [], notices: [] });
    const times = { now, monotonic: lab.clock.monotonic() };
    const claim = await lab.records.claim({ owner: 'test', ...times, leaseMs: 600_000 });
    assert.ok(claim);
    for (const status of ['approved', 'running'] as const)
      await lab.records.advance(claim, { set: { status }, audit: [], notices: [] });
    const [oldest = ''] = begun.ids;
    const waits = await begun.ask({ from: oldest });
    assert.ok(waits.outcome === 'at-missing' && waits.doubt.kind === 'running');
    await begun.declare({ from: oldest, at: 'now' });
    await lab.records.advance(claim, { set: running, audit: [], notices: [] });
    assert.equal((await lab.run(running.id)).status, 'succeeded');
    assert.deepEqual(
      await begun.covering(),
      [oldest],
      'begun before the restore, it is of the line that was left',
    );
    const unread = await cluster([100, undefined, 200]);
    assert.equal((await unread.ask({ from: unread.ids[0] ?? '' })).outcome, 'confirm-needed');
  });
});

describe('who may say it', { timeout }, () => {
  it('those who may break the glass, also while the API does not answer; the audit says by which right', async () => {
    const { ids, ask, declare, undo } = await cluster();
    const undoFault = lab.lab.cluster.faults.add({
      match: ({ resource }) => resource === 'subjectaccessreviews',
      kind: 'status',
      code: 500,
    });
    try {
      const refused = await ask({ from: ids[0] ?? '' }, who.approver);
      assert.ok(refused.outcome === 'restore-right-unreadable', JSON.stringify(refused));
      assert.deepEqual(refused.breakGlass, [who.viewer]);
      assert.equal((await declare({ from: ids[0] ?? '' }, who.viewer)).outcome, 'declared');
      const [line] = await lab.records.auditLines(ids[0] ?? '');
      assert.equal(line?.detail.byBreakGlass, 'yes');
      assert.equal((await undo(who.viewer)).outcome, 'revoked');
    } finally {
      undoFault();
    }
  });

  it('no other member, at neither step; not in another channel; no person whom the configuration does not know', async () => {
    const { name, ids, ask, backups, declare, undo, abandoned } = await cluster();
    const [first = ''] = ids;
    assert.equal((await ask({ from: first }, who.requester)).outcome, 'confirm-needed', 'is cluster-admin');
    const asks = await ask({ from: first });
    assert.ok(asks.outcome === 'confirm-needed');
    const { at, fingerprint } = asks;
    const clicked = await backups.restored(lab.asked(who.unmapped), {
      cluster: name,
      from: first,
      at: undefined,
      confirmed: { at, fingerprint },
    });
    assert.equal(clicked.outcome, 'unknown-person');
    lab.people.set(who.viewer, { guest: true });
    assert.equal((await ask({ from: first }, who.viewer)).outcome, 'refused-person');
    lab.people.set(who.viewer, {});
    assert.deepEqual(await abandoned(), []);
    await declare({ from: first });
    assert.equal((await undo(who.unmapped)).outcome, 'unknown-person');
    assert.equal((await abandoned()).length, 2);
  });
});
