import assert from 'node:assert/strict';
import { access, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { until } from '../../sandbox/world.ts';
import { type FileKind, fileKinds } from '../../src/domain/copies/manifest-document.ts';
import type { BackupRun } from '../../src/domain/run/run.ts';
import {
  approvedRun,
  backup,
  copyOf,
  endOf,
  filesBelow,
  onNode,
  reads,
  sha256Of,
  tryNow,
} from '../support/backups.ts';
import { openStage, type Stage } from '../support/e2e.ts';

const timeout = 150_000;

let stage: Stage;

before(async () => {
  stage = await openStage();
});

after(() => stage[Symbol.asyncDispose]());
afterEach(() => stage.world.cluster.faults.clear());

function placeOf(file: FileKind): string {
  const { destinations } = stage.world.offCluster ?? assert.fail('the sandbox has two places');
  return destinations[file === 'snapshot' ? 'nas-1' : 'vault'];
}

/** What lies at the place of this run, hidden files too. */
async function storedOf(file: FileKind, runId: string): Promise<readonly string[]> {
  return (await filesBelow(placeOf(file)))
    .filter((name) => name.includes(runId))
    .map((name) => path.basename(name));
}

/** One object each, whole, with both documents beside it, and nothing that was begun. */
async function isStoredWhole(run: BackupRun): Promise<void> {
  for (const file of fileKinds) {
    const copy = copyOf(run, file);
    assert.equal(typeof copy.provenAt, 'number', JSON.stringify(copy));
    assert.equal(await sha256Of(copy.location), copy.stored?.sha256);
    const expected = ['RESTORE.md', 'manifest.json', path.basename(copy.location)];
    assert.deepEqual([...(await storedOf(file, run.id))].toSorted(), expected.toSorted());
  }
}

describe('copies that meet trouble', { timeout }, () => {
  it('a place that is gone: the backup is reported as it is, kept on the node, and proven once the place is back', async () => {
    const vault = placeOf('resources');
    await rename(vault, `${vault}.away`);
    const { request, run } = await backup(stage);

    assert.equal(typeof copyOf(run, 'snapshot').provenAt, 'number');
    const failed = copyOf(run, 'resources');
    assert.equal(failed.stored, undefined);
    assert.ok(failed.failure && failed.tries >= 1 && failed.nextTryAt, JSON.stringify(failed));
    const card = await stage.waitForCard(request, /not every copy off the cluster is verified/);
    assert.match(
      card,
      /on the node: yes · etcd snapshot at .?nas-1.?: copy verified · static pod resources at .?vault.?: failed, tried \d times?, next try/,
    );
    await stage.waitForThread(request, /The original is on node/);
    await assert.rejects(access(vault), 'a volume that is not mounted is not filled');
    await access(onNode(stage, run, run.success?.artifacts.resources.path ?? ''));

    await rename(`${vault}.away`, vault);
    await tryNow(stage, request);

    const recovered = await until('the copy to be proven', async () => {
      const now = await stage.run(request);
      return copyOf(now, 'resources').provenAt !== undefined && now;
    });
    assert.equal(recovered.status, 'succeeded');
    await isStoredWhole(recovered);
    await stage.waitForCard(request, /✅ Backed up/);
    await stage.waitForThread(request, /static pod resources[\s\S]*Copy verified:[\s\S]*How to restore/);
    await until('the session to be closed', () => stage.sessionPods().length === 0);
  });

  it('a place that takes nothing: nothing half-written is there, and a file kept on the node is not lost', async () => {
    const vault = placeOf('resources');
    await rename(vault, `${vault}.away`);
    await writeFile(vault, 'not a directory');
    const { request, run } = await backup(stage);
    const failed = copyOf(run, 'resources');
    assert.equal(failed.provenAt, undefined);
    assert.ok(failed.nextTryAt !== undefined && failed.nextTryAt > Date.now());
    await access(onNode(stage, run, run.success?.artifacts.resources.path ?? ''));
    await rm(vault);
    await rename(`${vault}.away`, vault);
    assert.deepEqual(await storedOf('resources', run.id), []);
    await tryNow(stage, request);
    await until(
      'the copy to be proven',
      async () => copyOf(await stage.run(request), 'resources').provenAt !== undefined,
    );
  });

  it('a stream that is cut: begun again, proven, and never torn under its final name', async () => {
    const { faults } = stage.world.cluster;
    faults.add({ kind: 'exec-cut', afterBytes: 3_000, match: reads('snapshot_'), times: 1 });
    faults.add({ kind: 'exec-cut', afterBytes: 'all', match: reads('kuberesources_'), times: 1 });

    const { run } = await backup(stage);

    for (const file of fileKinds) assert.equal(copyOf(run, file).tries, 2, file);
    await isStoredWhole(run);
  });

  it('an early end that says exit code 0 is no whole file', async () => {
    stage.world.cluster.faults.add({ kind: 'exec-exit-code', code: 1, match: reads('snapshot_'), times: 1 });
    const { run } = await backup(stage);
    assert.equal(copyOf(run, 'snapshot').tries, 2);
    await isStoredWhole(run);
  });

  it('a bot that is killed while copying: the next one goes on, one object each', async () => {
    const { faults } = stage.world.cluster;
    faults.add({ kind: 'exec-hang', afterBytes: 200, match: reads('kuberesources_') });
    const request = await approvedRun(stage);
    await until('one file stored, the other begun', async () => {
      const [snapshot] = await storedOf('snapshot', request.runId);
      const [part] = await storedOf('resources', request.runId);
      return snapshot?.startsWith('snapshot_') && part?.endsWith('.part');
    });
    assert.equal((await stage.run(request)).step, 'copying');
    stage.bot.signal('SIGKILL');
    await stage.bot.exited;
    faults.clear();

    await stage.restart();
    const run = await endOf(stage, request);
    assert.equal(run.status, 'succeeded', JSON.stringify(run.failed));
    await isStoredWhole(run);
    await stage.waitForThread(request, /restarted/i);
    assert.deepEqual(stage.sessionPods(), []);
  });
});
