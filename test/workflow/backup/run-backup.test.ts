import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { runSteps } from '../../../src/domain/run/run.ts';
import { inspectScript, removeScript } from '../../../src/openshift/node/node-scripts.ts';
import { openWorkflowLab, until, type WorkflowLab, who } from '../../support/workflow-lab.ts';

const timeout = 600_000;
let lab: WorkflowLab;

before(
  async () => {
    lab = await openWorkflowLab();
  },
  { timeout },
);
after(() => lab?.[Symbol.asyncDispose]());
afterEach(async () => {
  lab.lab.cluster.faults.clear();
  await node().behave({});
  for (const pod of lab.sessionPods())
    lab.lab.cluster.objects.delete('pods', pod.metadata.name, 'etcd-backup-sessions');
});

function node() {
  return lab.lab.plane.nodes[0] ?? assert.fail();
}

function onNode(place: string): boolean {
  return existsSync(path.join(node().dir, place));
}

describe('an approved run', { timeout }, () => {
  it('puts each step on record before its effect; the thread is notified of the result alone', async () => {
    const { id } = await lab.approved();
    await lab.notices(id);
    const creations: { step: string | undefined }[] = [];
    lab.lab.cluster.faults.add({
      match: ({ resource, subresource, verb, dryRun }) => {
        if (resource === 'pods' && verb === 'create' && subresource === undefined && !dryRun) void look();
        return false;
      },
      kind: 'reset',
    });
    const look = async () => creations.push({ step: (await lab.records.run(id))?.step });

    const run = await lab.turn();

    assert.equal(run?.status, 'succeeded', JSON.stringify(run?.failed));
    assert.deepEqual(creations, [{ step: 'opening-session' }]);
    const steps = (await lab.records.auditLines(id)).flatMap((line) =>
      line.action === 'step' ? [line.detail.step] : [],
    );
    // Nothing leaves this cluster and nothing is restored: neither destinations nor drills are configured.
    assert.deepEqual(
      steps,
      runSteps.filter((step) => step !== 'copying' && step !== 'drilling'),
    );
    const notices = await lab.notices(id);
    assert.deepEqual(
      notices.flatMap((notice) => (notice.kind === 'thread' ? [notice.entry.type] : [])),
      ['report'],
    );
    // A card that is not sent yet shows the run as it is then: one is enough, and it comes first.
    assert.equal(notices[0]?.kind, 'card');
    assert.ok((await lab.actions(id)).at(-1) === 'succeeded');
    const { artifacts } = run.success ?? assert.fail();
    assert.ok(onNode(artifacts.snapshot.path) && onNode(artifacts.resources.path));
    assert.ok(!onNode(`${run.plan?.directory}/.run`), 'what the wrapper kept is tidied away');
    assert.deepEqual(lab.sessionPods(), []);
  });

  it('cannot be cancelled once it runs', async () => {
    const { id } = await lab.approved();
    await node().behave({ slowSeconds: 1 });
    const running = lab.turn();
    const stepTaken = await until(async () => {
      const run = await lab.run(id);
      return run.status === 'running' && run;
    });

    const answer = await lab.backups.cancel(lab.asked(who.requester), { runId: id, reason: undefined });

    assert.equal(stepTaken.id, id);
    assert.equal(answer.outcome, 'running');
    assert.equal((await running)?.status, 'succeeded');
  });

  it('is whole although its pod cannot be removed: the report names the pod', async () => {
    await lab.approved();
    lab.lab.cluster.faults.add({
      match: ({ resource, verb }) => resource === 'pods' && verb === 'delete',
      kind: 'status',
      code: 403,
      reason: 'Forbidden',
    });

    const run = await lab.turn();

    assert.equal(run?.status, 'succeeded');
    assert.equal(run.success?.sessionPodLeft, 'etcd-backup-session');
    assert.ok(lab.log.some(({ message }) => message === 'session not left in order'));
  });

  it('removes the pod although the directory could not be tidied', async () => {
    await lab.approved();
    lab.lab.cluster.faults.add({
      match: ({ subresource, command }) => subresource === 'exec' && command.includes(removeScript),
      kind: 'status',
      code: 403,
      reason: 'Forbidden',
    });

    const run = await lab.turn();

    assert.equal(run?.status, 'succeeded', JSON.stringify(run?.failed));
    assert.deepEqual(lab.sessionPods(), []);
    assert.equal(run.success?.sessionPodLeft, undefined);
  });

  it('fails at the node’s own blockers before the script is started', async () => {
    await lab.approved();
    await node().behave({ outcome: 'script-missing' });

    const run = await lab.turn();

    assert.equal(run?.failed?.failure.kind, 'preflight-blocked');
    assert.equal(run.failed.step, 'checking-node');
    assert.deepEqual(run.failed.left, { node: 'master-0', paths: [] });
    assert.ok(!onNode(run.plan?.directory ?? ''));
    assert.deepEqual(lab.sessionPods(), []);
  });

  it('removes what a failed script left, and shows its last lines', async () => {
    const { id } = await lab.approved();
    await node().behave({ outcome: 'disk-full' });

    const run = await lab.turn();

    assert.equal(run?.failed?.failure.kind, 'script-disk-full');
    assert.match(run.failed.outputTail.join('\n'), /no space left on device/i);
    assert.deepEqual(run.failed.left?.paths, []);
    assert.ok(!onNode(run.plan?.directory ?? ''));
    assert.equal((await lab.actions(id)).at(-1), 'failed');
  });

  it('keeps and names files that are there but not proven', async () => {
    await lab.approved();
    await node().behave({ outcome: 'torn-snapshot' });

    const run = await lab.turn();

    assert.equal(run?.failed?.failure.kind, 'snapshot-trailer');
    const left = run.failed.left?.paths ?? [];
    assert.ok(
      left.some((each) => /snapshot_.*\.db$/.test(each)),
      left.join(' '),
    );
    for (const each of left) assert.ok(onNode(each), each);
  });

  it('says so when it cannot look at what is left', async () => {
    await lab.approved();
    await node().behave({ outcome: 'disk-full' });
    const { faults } = lab.lab.cluster;
    faults.add({
      match: ({ resource, verb }) => resource === 'pods' && verb === 'delete',
      kind: 'status',
      code: 403,
      reason: 'Forbidden',
    });
    faults.add({
      match: ({ subresource, command }) => subresource === 'exec' && command.includes(removeScript),
      kind: 'status',
      code: 403,
      reason: 'Forbidden',
    });

    const run = await lab.turn();

    assert.equal(run?.failed?.failure.kind, 'script-disk-full');
    assert.deepEqual(run.failed.left, { node: 'master-0', sessionPod: 'etcd-backup-session' });
  });

  it('cleans up through another session when its own is taken away in mid-script', async () => {
    const { plan } = await lab.approved();
    await node().behave({ slowSeconds: 20 });
    const directory = plan?.directory ?? assert.fail();
    const running = lab.turn();
    await until(async () => onNode(`${directory}/.run/stdout`));
    const message = 'The node was low on resource: ephemeral-storage.';
    lab.lab.cluster.pods.fail('etcd-backup-session', 'etcd-backup-sessions', { reason: 'Evicted', message });

    const run = await running;

    assert.deepEqual(run?.failed?.failure, {
      kind: 'session-lost',
      params: { detail: `its pod was ended: Evicted: ${message}` },
    });
    assert.deepEqual(run.failed.left, { node: 'master-0', paths: [] });
    assert.ok(!onNode(directory));
    assert.deepEqual(lab.sessionPods(), []);
  });

  it('goes on through one broken, refused or lost call of each kind', async () => {
    await lab.approved();
    const { faults } = lab.lab.cluster;
    const once = [
      { verb: 'create', kind: 'lost-response' },
      { verb: 'get', kind: 'status', code: 429 },
      { verb: 'delete', kind: 'lost-response' },
      { verb: 'delete', kind: 'status', code: 500 },
    ] as const;
    for (const { verb, ...fault } of once) {
      faults.add({
        ...fault,
        times: 1,
        match: (each) =>
          each.resource === 'pods' &&
          !each.subresource &&
          !each.dryRun &&
          each.verb === verb &&
          each.namespace === 'etcd-backup-sessions',
      });
    }
    faults.add({
      match: ({ command }) => command.includes(inspectScript),
      kind: 'exec-cut',
      afterBytes: 40,
      times: 1,
    });

    const run = await lab.turn();

    assert.equal(run?.status, 'succeeded', JSON.stringify(run?.failed));
    assert.deepEqual(lab.sessionPods(), []);
  });

  it('fails while another installation has a session on the cluster, and leaves that one alone', async () => {
    const session = await lab.lab.sessions.open(
      lab.lab.policy,
      { runId: 'r-foreigna', node: 'master-0', image: (await lab.approved()).plan?.sessionImage ?? '' },
      new AbortController().signal,
    );

    const run = await lab.turn();

    assert.deepEqual(run?.failed?.failure, {
      kind: 'session-taken',
      params: { pod: 'etcd-backup-session', namespace: 'etcd-backup-sessions', byRun: 'r-foreigna' },
    });
    assert.equal(lab.sessionPods().length, 1);
    await session.close();
  });
});
