import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, afterEach, before, describe, it } from 'node:test';
import type { BackupRun, RunStep } from '../../../src/domain/run/run.ts';
import { createNodeSessions } from '../../../src/openshift/node/node-sessions.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { createWorker, type Worker, type WorkerOptions } from '../../../src/workflow/backup/worker.ts';
import type { WorkflowDeps } from '../../../src/workflow/ports/deps.ts';
import type { Records } from '../../../src/workflow/ports/records.ts';
import { labClock, openWorkflowLab, until, type WorkflowLab, who } from '../../support/workflow-lab.ts';

const timeout = 600_000;
const graceMs = 60_000;
let lab: WorkflowLab;
const workers: Worker[] = [];

before(
  async () => {
    // A cluster of the configuration to which nothing leads is a mistake in our own wiring: no step expects it.
    lab = await openWorkflowLab({ clusters: [{ name: 'unwired' }], unwired: ['unwired'] });
  },
  { timeout },
);
after(() => lab?.[Symbol.asyncDispose]());
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop(graceMs)));
  await node().behave({});
  await lab.tidy();
});

function node() {
  return lab.lab.plane.nodes[0] ?? assert.fail();
}

function started(options: Partial<WorkerOptions> = {}, change: Partial<WorkflowDeps> = {}): Worker {
  const worker = createWorker(
    { ...lab.deps, ...change },
    { owner: 'first', leaseMs: 60_000, idleMs: 50, concurrency: 4, ...options },
  );
  workers.push(worker);
  worker.start();
  return worker;
}

function reaches(runId: string, fits: (run: BackupRun) => boolean): Promise<BackupRun> {
  return until(async () => {
    const run = await lab.run(runId);
    return fits(run) && run;
  });
}

const atStep = (step: RunStep) => (run: BackupRun) => run.step === step;
const over = (run: BackupRun) => run.finishedAt !== undefined;

async function request(cluster = 'prod-east'): Promise<string> {
  const answer = await lab.request({ cluster });
  return answer.outcome === 'recorded' ? answer.run.id : assert.fail(JSON.stringify(answer));
}

describe('a worker', { timeout }, () => {
  it('does all that is due, from the request to the report, on its own', async () => {
    started();
    const runId = await request();
    await reaches(runId, (run) => run.status === 'waiting');
    const vote = { runId, decision: 'approve', reason: undefined } as const;
    await lab.backups.vote(lab.asked(who.approver), vote);

    const run = await reaches(runId, over);

    assert.equal(run.status, 'succeeded', JSON.stringify(run.failed));
    assert.equal((await lab.actions(runId)).at(-1), 'succeeded');
  });

  it('waits at its stop for the work under way, and takes nothing new', async () => {
    const { id } = await lab.approved();
    await node().behave({ slowSeconds: 1 });
    const worker = started();
    await reaches(id, atStep('running-script'));

    await worker.stop(graceMs);

    assert.equal((await lab.run(id)).status, 'succeeded');
    const next = await request();
    worker.wake();
    assert.equal((await lab.run(next)).status, 'requested');
  });

  it('hands over when the work lasts longer than the grace: another worker goes on, the script runs once', async () => {
    const { id } = await lab.approved();
    await node().behave({ slowSeconds: 2 });
    const worker = started();
    await reaches(id, atStep('running-script'));
    await until(async () => (await scriptStarted(id)) && true);

    await worker.stop(1);
    const between = await lab.run(id);
    started({ owner: 'second' });
    const run = await reaches(id, over);

    assert.equal(between.status, 'running');
    assert.equal(run.status, 'succeeded', JSON.stringify(run.failed));
    const actions = await lab.actions(id);
    assert.deepEqual(
      actions.filter((action) => ['started', 'handed-over', 'resumed', 'succeeded'].includes(action)),
      ['started', 'handed-over', 'resumed', 'succeeded'],
    );
    await onePair(run);
    assert.deepEqual(lab.sessionPods(), []);
  });

  it('that lost its claim stops at once and writes nothing more', async () => {
    const { id } = await lab.approved();
    await node().behave({ slowSeconds: 2 });
    const first = stoppableClock();
    started({ owner: 'first', leaseMs: 600 }, { clock: first.clock });
    await reaches(id, atStep('running-script'));
    await until(async () => (await scriptStarted(id)) && true);
    const lines = (await lab.actions(id)).length;

    first.stop();
    started({ owner: 'second' });
    await until(async () => (await lab.actions(id)).includes('resumed'));
    first.goOn();
    await until(async () => lab.log.some(({ message }) => message.startsWith('claim lost')));
    const kept = await readdir(path.join(directoryOn(await lab.run(id)), '.run'));
    assert.ok(!kept.includes('exit'), 'it did not wait for the script');
    const run = await reaches(id, over);

    assert.equal(run.status, 'succeeded', JSON.stringify(run.failed));
    const actions = (await lab.actions(id)).slice(lines);
    assert.equal(actions[0], 'resumed');
    assert.deepEqual(
      actions.filter((action) => action === 'succeeded' || action === 'failed'),
      ['succeeded'],
    );
    await onePair(run);
    assert.deepEqual(lab.sessionPods(), []);
  });

  it('that was stopped for longer than its lease goes on with its run: it is not taken up a second time', async () => {
    const { id } = await lab.approved();
    await node().behave({ slowSeconds: 2 });
    const own = stoppableClock();
    const leaseMs = 300;
    const worker = started({ leaseMs }, { clock: own.clock });
    await reaches(id, atStep('running-script'));
    await until(async () => (await scriptStarted(id)) && true);
    own.stop();
    const { fence } = await heldRun(id);
    // The loop looks for work before any heartbeat is given, again and again.
    const end = Date.now() + 5 * leaseMs;
    await until(async () => {
      worker.wake();
      return Date.now() > end;
    });
    assert.equal((await heldRun(id)).fence, fence, 'it took its own run from itself');
    own.goOn();
    const run = await reaches(id, over);

    assert.equal(run.status, 'succeeded', JSON.stringify(run.failed));
    assert.ok(!(await lab.actions(id)).includes('resumed'));
    await onePair(run);
  });

  it('keeps its lease when the records did not answer once: the run is not given to a second worker', async () => {
    await node().behave({ slowSeconds: 3 });
    const { id } = await lab.approved();
    let renewals = 0;
    const records: Records = {
      ...lab.records,
      async renew(claim, input) {
        renewals += 1;
        if (renewals === 1) throw new Error('database is locked');
        return lab.records.renew(claim, input);
      },
    };
    const options = { leaseMs: 1_500, concurrency: 1 };
    started({ ...options, owner: 'first' }, { records });
    await reaches(id, atStep('running-script'));
    started({ ...options, owner: 'second' });

    const run = await reaches(id, over);

    assert.equal(run.status, 'succeeded', JSON.stringify(run.failed));
    assert.ok(renewals > 1, `${renewals} renewals`);
    assert.ok(!(await lab.actions(id)).includes('resumed'), 'a second worker took it');
  });

  it('ends a run as failed when something happens that no step expected, with the truth on the card', async () => {
    const runId = await request('unwired');
    started();

    const run = await reaches(runId, over);

    assert.deepEqual(run.failed?.failure, {
      kind: 'internal',
      params: { detail: 'no connection is configured for cluster "unwired"' },
    });
    assert.deepEqual(await lab.actions(runId), ['requested', 'failed']);
    const notices = await lab.notices(runId);
    assert.deepEqual(notices, [{ kind: 'card' }, { kind: 'thread', entry: { type: 'failure' } }]);
    assert.ok(
      lab.log.some(({ level, message }) => level === 'error' && message.startsWith('unexpected error')),
    );
  });

  it('does not say that nothing is left when it failed unexpectedly in the middle', async () => {
    const { id } = await lab.approved();
    const unwired = createNodeSessions({
      connections: [],
      clientPath: lab.lab.client.path,
      clientEnv: {},
      cacheDir: lab.lab.dir,
      clock: lab.clock,
    });
    started({}, { sessions: unwired });

    const run = await reaches(id, over);

    assert.equal(run.failed?.failure.kind, 'internal');
    assert.equal(run.failed.step, 'opening-session');
    assert.equal(run.failed.left, undefined);
    assert.equal((await lab.actions(id)).at(-1), 'failed');
  });

  it('expires what was not decided on, without being woken', async () => {
    const { id } = await lab.waiting();
    started({}, { clock: labClock(3_600_000) });

    assert.equal((await reaches(id, over)).status, 'expired');
  });
});

/** Its sleeps end only when it goes on: no heartbeat is given meanwhile. Time passes all the same. */
function stoppableClock() {
  const real = systemClock();
  let stopped = Promise.withResolvers<void>();
  stopped.resolve();
  const sleep = async (ms: number, signal?: AbortSignal) => {
    await real.sleep(ms, signal);
    if (!signal?.aborted) await stopped.promise;
  };
  return {
    clock: { ...real, sleep },
    stop: () => {
      stopped = Promise.withResolvers();
    },
    goOn: () => stopped.resolve(),
  };
}

/** The row of a run as SQLite itself has it. */
async function heldRun(id: string): Promise<{ owner: unknown; fence: unknown }> {
  const raw = new DatabaseSync(path.join(lab.lab.dir, 'records.sqlite'), { readOnly: true });
  try {
    const row = raw.prepare('select owner, fence from runs where id = ?').get(id);
    return { owner: row?.owner, fence: row?.fence };
  } finally {
    raw.close();
  }
}

function directoryOn(run: BackupRun): string {
  return path.join(node().dir, run.plan?.directory ?? '');
}

/** The script's own process has begun: its output file is there. */
async function scriptStarted(runId: string): Promise<boolean> {
  const names = await readdir(path.join(directoryOn(await lab.run(runId)), '.run')).catch((): string[] => []);
  return names.includes('stdout');
}

async function onePair(run: BackupRun): Promise<void> {
  const names = await readdir(directoryOn(run));
  assert.deepEqual(
    names.map((name) => name.replace(/_\d.*?\./, '.')).toSorted(),
    ['snapshot.db', 'static_kuberesources.tar.gz'],
    'the script ran once',
  );
}
