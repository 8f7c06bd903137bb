import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { createWorker } from '../../src/workflow/worker.ts';
import { openWorkflowLab } from '../support/workflow-lab.ts';

it('a worker tells when it last looked for work, also when there is none', { timeout: 60_000 }, async () => {
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
});
