import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { scheduledRequest } from '../../../src/workflow/approval/scheduled-request.ts';
import { createWorker } from '../../../src/workflow/backup/worker.ts';
import { openWorkflowLab, until, who } from '../../support/workflow-lab.ts';

it('a worker reports when it last looked for work, also when there is none', {
  timeout: 60_000,
}, async () => {
  await using lab = await openWorkflowLab();
  const worker = createWorker(lab.deps, { owner: 'w', leaseMs: 15_000, idleMs: 20, concurrency: 1 });
  await using stopping = new AsyncDisposableStack();
  stopping.defer(() => worker.stop(1_000));
  assert.equal(worker.lastTurn(), undefined, 'not started');
  worker.start();
  const first = worker.lastTurn() ?? assert.fail('started, so it has looked');
  for (const end = Date.now() + 20_000; (worker.lastTurn() ?? 0) <= first; await setTimeout(10)) {
    assert.ok(Date.now() < end, 'it never looked again');
  }
  for (const hours of [2, -2]) {
    lab.clock.set(hours * 3_600_000);
    const ageMs = lab.clock.now() - (worker.lastTurn() ?? 0);
    assert.ok(ageMs >= 0 && ageMs < 60_000, `set by ${hours} h, its last turn seems ${ageMs} ms old`);
  }
});

it('a worker full of scheduled runs still takes what a person asks for', { timeout: 60_000 }, async () => {
  const names = ['c-1', 'c-2', 'c-3', 'c-4'];
  await using lab = await openWorkflowLab({ clusters: names.map((name) => ({ name })) });
  const { clusters } = lab.deps;
  const reading = new Set<string>();
  const gate = Promise.withResolvers<never>();
  gate.promise.catch(() => undefined);
  const facts: typeof clusters.facts = ({ name }) => {
    reading.add(name);
    return gate.promise;
  };
  for (const name of names) {
    const cluster = lab.deps.fleet.cluster(name) ?? assert.fail(name);
    const { run, audit } = scheduledRequest(lab.deps, cluster, lab.clock.now(), 'UBOT');
    await lab.records.accept({ run, audit, deliveryId: name, notices: [] });
  }
  const options = { owner: 'w', leaseMs: 15_000, idleMs: 20, concurrency: 4 };
  const worker = createWorker({ ...lab.deps, clusters: { ...clusters, facts } }, options);
  await using stopping = new AsyncDisposableStack();
  stopping.defer(() => worker.stop(1_000));
  stopping.defer(() => gate.reject(new Error('the test is over')));
  worker.start();
  await until(async () => reading.size === 3);
  const asked = await lab.backups.request(lab.asked(who.requester), {
    cluster: 'prod-east',
    reason: undefined,
    node: undefined,
    emergency: undefined,
  });
  assert.equal(asked.outcome, 'recorded');
  await until(async () => reading.size === 4);
  assert.ok(reading.has('prod-east'), [...reading].join());
});
