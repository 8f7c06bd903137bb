import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import type { BackupRun } from '../../../src/domain/run/run.ts';
import { createWorker } from '../../../src/workflow/backup/worker.ts';
import { openWorkflowLab, until, type WorkflowLab, who } from '../../support/workflow-lab.ts';

const timeout = 600_000;
const deadlines = { startDeadlineMs: 9_000, scriptDeadlineMs: 8_000, commandDeadlineMs: 2_000 };
const namespace = 'etcd-backup-sessions';
let lab: WorkflowLab;

before(
  async () => {
    const session = { namespace, image: undefined, ...deadlines };
    lab = await openWorkflowLab({ policy: { session } });
  },
  { timeout },
);
after(() => lab?.[Symbol.asyncDispose]());
afterEach(async () => {
  lab.lab.cluster.faults.clear();
  lab.lab.cluster.pods.stopAfter(undefined);
  await node().behave({});
  for (const pod of lab.sessionPods()) lab.lab.cluster.objects.delete('pods', pod.metadata.name, namespace);
  for (;;) {
    const [due] = (await lab.records.runs({ limit: 50 })).filter((run) => run.failed?.cleanUp);
    if (!due) break;
    lab.clock.forward(3_600_000);
    await lab.turn();
  }
  await lab.tidy();
});

function node() {
  return lab.lab.plane.nodes[0] ?? assert.fail();
}

function onNode(place: string): boolean {
  return existsSync(path.join(node().dir, place));
}

/** etcd lost its quorum: the API server runs and answers nothing else. */
function loseQuorum(): () => void {
  return lab.lab.cluster.faults.add({
    match: () => true,
    kind: 'status',
    code: 500,
    message: 'etcdserver: request timed out',
  });
}

/** A run in whose script the cluster goes silent, to its end. */
async function silenced(): Promise<{ run: BackupRun; comeBack: () => void }> {
  const { plan } = await lab.approved();
  await node().behave({ slowSeconds: 60 });
  const directory = plan?.directory ?? assert.fail();
  const running = lab.turn();
  await until(async () => onNode(`${directory}/.run/stdout`));
  const comeBack = loseQuorum();
  return { run: (await running) ?? assert.fail(), comeBack };
}

describe('a cluster that goes silent while the script runs', { timeout }, () => {
  it('is called so, with the time until which the script may run on', async () => {
    const before = Date.now();
    const { run } = await silenced();

    assert.equal(run.status, 'failed');
    const { failure, left, cleanUp } = run.failed ?? assert.fail();
    assert.ok(failure.kind === 'cluster-silent', JSON.stringify(failure));
    assert.match(failure.params.detail, /etcdserver: request timed out/);
    assert.equal(failure.params.stopped, false);
    assert.ok(failure.params.endsAt > before, 'the deadline of the pod');
    assert.deepEqual(left, { node: 'master-0', sessionPod: 'etcd-backup-session' });
    assert.equal(cleanUp?.tries, 0);
    assert.equal(lab.sessionPods().length, 1);
  });

  it('is cleaned up once it answers, by whatever bot is there then, and the thread says so', async () => {
    const { run, comeBack } = await silenced();
    const directory = run.plan?.directory ?? '';
    await lab.notices(run.id);

    assert.equal(await lab.turn(), undefined, 'not before its time');
    lab.clock.forward(10_000);
    const still = await lab.turn();
    assert.equal(still?.failed?.cleanUp?.tries, 1, JSON.stringify(still?.failed));
    assert.ok(onNode(directory));

    comeBack();
    lab.clock.forward(3_600_000);
    const worker = createWorker(
      { ...lab.deps, wake: () => undefined },
      { owner: 'the next bot', leaseMs: 60_000, idleMs: 20, concurrency: 1 },
    );
    worker.start();
    const done = await until(async () => {
      const now = await lab.run(run.id);
      return now.failed?.cleanUp === undefined && now;
    });
    await worker.stop(10_000);

    assert.equal(done.status, 'failed');
    assert.deepEqual(done.failed?.left, { node: 'master-0', paths: [] });
    assert.equal(done.failed?.failure.kind === 'cluster-silent' && done.failed.failure.params.stopped, true);
    assert.ok(!onNode(directory));
    assert.deepEqual(lab.sessionPods(), []);
    assert.equal((await lab.actions(run.id)).at(-1), 'cleaned-up');
    const said = (await lab.notices(run.id)).flatMap((each) =>
      each.kind === 'thread' && each.entry.type === 'audit' ? [each.entry.event] : [],
    );
    assert.deepEqual(
      said.map(({ action, detail }) => ({ action, detail })),
      [{ action: 'cleaned-up', detail: { pod: 'etcd-backup-session', path: directory } }],
    );
    assert.equal(await lab.turn(), undefined);
  });

  it('that answers again before the script’s deadline costs nothing', async () => {
    const { id, plan } = await lab.approved();
    await node().behave({ slowSeconds: 2 });
    const running = lab.turn();
    await until(async () => onNode(`${plan?.directory}/.run/stdout`));
    const execs = lab.lab.cluster.faults.add({
      match: ({ subresource }) => subresource === 'exec',
      kind: 'status',
      code: 500,
      message: 'etcdserver: leader changed',
      times: 6,
    });

    assert.equal((await running)?.status, 'succeeded', JSON.stringify((await lab.run(id)).failed));
    execs();
  });

  it('does not block the next run, which finds the pod and the directory gone', async () => {
    const { run, comeBack } = await silenced();
    comeBack();
    await node().behave({});
    await lab.approved();

    const next = await lab.turn();

    assert.equal(next?.status, 'succeeded', JSON.stringify(next?.failed));
    assert.ok(!onNode(run.plan?.directory ?? ''));
    lab.clock.forward(3_600_000);
    const cleaned = await lab.turn();
    assert.equal(cleaned?.id, run.id);
    assert.equal(cleaned.failed?.cleanUp, undefined);
  });

  it('is tried for only so long where the cluster refuses', async () => {
    const { run, comeBack } = await silenced();
    comeBack();
    lab.lab.cluster.faults.add({
      match: ({ resource, verb }) => resource === 'pods' && verb === 'delete',
      kind: 'status',
      code: 403,
      reason: 'Forbidden',
    });
    let now = run;
    for (let round = 0; now.failed?.cleanUp && round < 20; round++) {
      lab.clock.forward(3_600_000);
      now = (await lab.turn()) ?? assert.fail();
    }
    assert.equal(now.failed?.cleanUp, undefined);
    assert.equal((await lab.actions(run.id)).at(-1), 'clean-up-given-up');
  });
});

describe('the session pod of a run that is over', { timeout }, () => {
  /** Returns the run that waits for its start now. */
  async function leftBy(stopMs: number): Promise<{ ended: string; id: string }> {
    const run = await lab.approved();
    const signal = new AbortController().signal;
    const request = { runId: run.id, node: 'master-0', image: run.plan?.sessionImage ?? '' };
    await lab.lab.sessions.open(lab.lab.policy, request, signal);
    const input = { runId: run.id, reason: undefined };
    assert.equal((await lab.backups.cancel(lab.asked(who.requester), input)).outcome, 'cancelled');
    const { id } = await lab.approved();
    lab.lab.cluster.pods.stopAfter(stopMs);
    return { ended: run.id, id };
  }

  it('that is slow to go is waited for, and the thread says what is awaited', async () => {
    const { ended, id } = await leftBy(5_000);

    const run = await lab.turn();

    assert.equal(run?.status, 'succeeded', JSON.stringify(run?.failed));
    const awaited = (await lab.notices(id)).flatMap((each) =>
      each.kind === 'thread' && each.entry.type === 'awaits-pod' ? [each.entry] : [],
    );
    assert.deepEqual(
      awaited.map(({ ofRun, pod, forMs }) => ({ ofRun, pod, forMs })),
      [{ ofRun: ended, pod: 'etcd-backup-session', forMs: deadlines.startDeadlineMs }],
    );
  });

  it('that does not go is the failure, and nothing of this run is left', async () => {
    const { ended } = await leftBy(40_000);

    const run = await lab.turn();

    const { failure, left, step } = run?.failed ?? assert.fail(run?.status);
    assert.deepEqual(failure, {
      kind: 'session-pod-stuck',
      params: {
        pod: 'etcd-backup-session',
        namespace,
        node: 'master-0',
        ofRun: ended,
        afterMs: deadlines.startDeadlineMs,
      },
    });
    assert.equal(left, undefined);
    assert.equal(step, 'opening-session');
  });
});

describe('a session pod that an earlier bot made for a run', { timeout }, () => {
  /** An approved run whose bot died when its pod was there and nothing was run. */
  async function cutOff(): Promise<BackupRun> {
    const run = await lab.approved();
    const claim = await lab.records.claim({
      owner: 'dead',
      now: lab.clock.now(),
      monotonic: lab.clock.monotonic(),
      leaseMs: 1,
    });
    assert.ok(claim);
    await lab.records.advance(claim, {
      set: { status: 'running', step: 'opening-session', startedAt: lab.clock.now() },
      audit: [],
      notices: [],
    });
    const request = { runId: run.id, node: 'master-0', image: run.plan?.sessionImage ?? '' };
    await lab.lab.sessions.open(lab.lab.policy, request, new AbortController().signal);
    // Its lease ends as others see it: they look twice, with the whole lease between them.
    assert.equal(await lab.turn(), undefined);
    lab.clock.forward(1_000);
    assert.equal(await lab.turn(), undefined);
    lab.clock.forward(1_000);
    return run;
  }

  it('goes when the checks at the start stop the run', async () => {
    const run = await cutOff();
    const putBack = lab.change('clusteroperators', 'etcd', (operator) => {
      for (const each of operator.status.conditions) if (each.type === 'Progressing') each.status = 'True';
    });
    try {
      const ended = await lab.turn();
      assert.equal(ended?.id, run.id);
      assert.equal(ended.failed?.failure.kind ?? ended.status, 'preflight-blocked');
      assert.deepEqual(lab.sessionPods(), []);
      assert.equal(ended.failed?.left, undefined);
    } finally {
      putBack();
    }
  });

  it('is named, and removed later, when it cannot be removed then', async () => {
    await cutOff();
    const refused = lab.lab.cluster.faults.add({
      match: ({ resource, verb, namespace: where }) =>
        resource === 'pods' && where === namespace && verb !== 'list',
      kind: 'status',
      code: 503,
    });

    const ended = await lab.turn();

    assert.equal(ended?.status, 'failed');
    assert.deepEqual(ended.failed?.left, { node: 'master-0', paths: [], sessionPod: 'etcd-backup-session' });
    refused();
    lab.clock.forward(3_600_000);
    assert.deepEqual((await lab.turn())?.failed?.left, { node: 'master-0', paths: [] });
    assert.deepEqual(lab.sessionPods(), []);
  });
});
