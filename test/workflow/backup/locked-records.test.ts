import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type BackupRun, dueAt } from '../../../src/domain/run/run.ts';
import { restoreText } from '../../../src/restore/restore-text.ts';
import { openDestinations } from '../../../src/storage/open-destinations.ts';
import { copyTools } from '../../../src/storage/verify/copy-tools.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { createBackups } from '../../../src/workflow/answers/create-backups.ts';
import { createWorker } from '../../../src/workflow/backup/worker.ts';
import type { Records, RunChange } from '../../../src/workflow/ports/records.ts';
import { filesBelow } from '../../support/backups.ts';
import { openWorkflowLab, until, who } from '../../support/workflow-lab.ts';

const timeout = 600_000;
const child = fileURLToPath(new URL('../../support/lock-child.ts', import.meta.url));
const none = { days: undefined, daily: undefined, weekly: undefined, monthly: undefined, timeZone: 'UTC' };

/** Longer than the records wait by themselves. */
const lockedMs = 9_500;

async function lock(file: string): Promise<void> {
  const held = spawn(process.execPath, [child, file, String(lockedMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(held.stdout, 'data');
}

/** What is written, in the words of the test. */
function stepOf(change: RunChange, run: BackupRun): string | undefined {
  const { success, status, step } = change.set;
  if (status === 'succeeded') return 'succeeded';
  if (step === 'copying' || step === 'closing-session') return step;
  const copies = success?.copies ?? [];
  if (copies.some(({ removing }) => removing)) return 'removing';
  if (copies.some(({ prunedAt }) => prunedAt !== undefined) && run.status === 'succeeded') return 'pruned';
  if (success?.onNode !== undefined && success.onNode !== run.success?.onNode)
    return `directory ${success.onNode}`;
  return undefined;
}

describe('another process that holds the records’ lock for 9.5 s', { timeout }, () => {
  it('when a look by a person found a damaged copy: that is on record all the same', async (t) => {
    const dir = await mkdtemp(path.join(tmpdir(), 'locked-records-'));
    t.after(() => rm(dir, { recursive: true, force: true }));
    await mkdir(path.join(dir, 'nas'));
    const place = { kind: 'directory', path: path.join(dir, 'nas') } as const;
    const destinations = openDestinations([{ name: 'nas-1', ...place }], systemClock());
    const offCluster = { destinations, tools: copyTools(), restoreText, drill: undefined };
    const copies = (['snapshot', 'resources'] as const).map((file) => {
      return { file, destination: 'nas-1', place, custodians: [], encryptFor: [] };
    });
    const lab = await openWorkflowLab({ offCluster, policy: { copies } });
    t.after(() => lab[Symbol.asyncDispose]());
    const worker = createWorker(lab.deps, { owner: 'first', leaseMs: 120_000, idleMs: 50, concurrency: 1 });
    t.after(() => worker.stop(60_000));
    worker.start();
    const asked = await lab.request();
    const runId = asked.outcome === 'recorded' ? asked.run.id : assert.fail();
    await until(async () => (await lab.run(runId)).status === 'waiting');
    await lab.backups.vote(lab.asked(who.approver), { runId, decision: 'approve', reason: undefined });
    await until(async () => (await lab.run(runId)).finishedAt !== undefined);
    const snapshot = (await filesBelow(place.path)).find((name) => name.endsWith('.db')) ?? assert.fail();
    await writeFile(path.join(place.path, snapshot), 'damaged');

    let locked = false;
    const records: Records = {
      ...lab.records,
      async decide(input) {
        if (!locked) await lock(path.join(lab.lab.dir, 'records.sqlite'));
        locked = true;
        return lab.records.decide(input);
      },
    };
    await createBackups({ ...lab.deps, records }).verify(lab.asked(who.requester), { runId });
    const copy = (await lab.run(runId)).success?.copies?.find(({ file }) => file === 'snapshot');
    assert.equal(copy?.provenAt, undefined);
    assert.ok(locked);
  });

  it('at each step of the end: the run succeeds, and retention goes on', async (t) => {
    const dir = await mkdtemp(path.join(tmpdir(), 'locked-records-'));
    t.after(() => rm(dir, { recursive: true, force: true }));
    await mkdir(path.join(dir, 'nas'));
    const place = { kind: 'directory', path: path.join(dir, 'nas') } as const;
    const offCluster = {
      destinations: openDestinations([{ name: 'nas-1', ...place }], systemClock()),
      tools: copyTools(),
      restoreText,
      drill: undefined,
    };
    const copies = (['snapshot', 'resources'] as const).map((file) => {
      return { file, destination: 'nas-1', place, custodians: [], encryptFor: [] };
    });
    const policy = { copies, keepOnNode: 0, retention: { 'nas-1': { newest: 1, ...none } } };
    const lab = await openWorkflowLab({ offCluster, policy });
    t.after(() => lab[Symbol.asyncDispose]());
    const file = path.join(lab.lab.dir, 'records.sqlite');

    const met: string[] = [];
    const steps = new Set<string>();
    /** Locks before each kind of write, once. The change is only looked at: the records decide on it again. */
    const before = async (run: BackupRun | undefined, change: RunChange | undefined) => {
      const step = run && change && stepOf(change, run);
      if (step === undefined || !steps.delete(step)) return;
      met.push(step);
      await lock(file);
    };
    const records: Records = {
      ...lab.records,
      async advance(claim, change) {
        const run = await lab.records.run(claim.run.id);
        await before(run, typeof change === 'function' ? run && change(run) : change);
        return lab.records.advance(claim, change);
      },
      async decide(input) {
        const run = await lab.records.run(input.runId);
        const change = run && input.decision(run);
        await before(run, change && 'set' in change ? change : undefined);
        return lab.records.decide(input);
      },
    };
    const options = { owner: 'first', leaseMs: 120_000, idleMs: 50, concurrency: 1 };
    const worker = createWorker({ ...lab.deps, records }, options);
    t.after(() => worker.stop(60_000));

    worker.start();
    const first = await backup();
    for (const step of ['copying', 'closing-session', 'directory removing', 'directory removed', 'succeeded'])
      steps.add(step);
    for (const step of ['removing', 'pruned']) steps.add(step);
    const second = await backup();

    assert.deepEqual(met.toSorted(), [
      'closing-session',
      'copying',
      'directory removed',
      'directory removing',
      'pruned',
      'removing',
      'succeeded',
    ]);
    assert.equal(second.status, 'succeeded', JSON.stringify(second.failed));
    const left = await filesBelow(place.path);
    assert.ok(left.length === 4 && left.every((name) => name.includes(second.id)), left.join());
    const { success } = await lab.run(first.id);
    assert.ok(success?.copies?.every(({ prunedAt }) => prunedAt !== undefined));
    assert.ok(lab.log.some(({ message }) => message.startsWith('the records are locked')));

    async function backup(): Promise<BackupRun> {
      const answer = await lab.request();
      assert.equal(answer.outcome, 'recorded');
      const runId = answer.outcome === 'recorded' ? answer.run.id : assert.fail();
      await reaches(runId, (run) => run.status === 'waiting');
      await lab.backups.vote(lab.asked(who.approver), { runId, decision: 'approve', reason: undefined });
      return reaches(runId, (run) => run.finishedAt !== undefined && dueAt(run) === undefined);
    }

    function reaches(runId: string, fits: (run: BackupRun) => boolean): Promise<BackupRun> {
      return until(async () => {
        const run = await lab.run(runId);
        return fits(run) && run;
      });
    }
  });
});
