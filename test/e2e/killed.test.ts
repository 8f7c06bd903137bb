import assert from 'node:assert/strict';
import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type ApiFault, hasButton, until } from '../../sandbox/world.ts';
import type { BackupRun } from '../../src/domain/run/run.ts';
import { isActive } from '../../src/domain/run/run-status.ts';
import { openStage, type Stage } from '../support/e2e.ts';

let stage: Stage;

before(async () => {
  stage = await openStage();
});

after(() => stage[Symbol.asyncDispose]());

async function request(): Promise<string> {
  const { world, records } = stage;
  const known = new Set((await records.runs({ limit: 100 })).map((run) => run.id));
  await world.type(world.people.requester, 'run');
  const found = await until('the run on record', async () =>
    (await records.runs({ limit: 1 })).find((run) => !known.has(run.id)),
  );
  return found.id;
}

async function cardOf(runId: string) {
  const { ts } = await until('the card', async () => (await stage.records.run(runId))?.card);
  return until('the button', () =>
    stage.world.cards(runId).find((each) => each.ts === ts && hasButton(each, 'approve')),
  );
}

/** Clicks on the run's card; resolves when the click is on record. */
async function approve(runId: string): Promise<void> {
  const { world } = stage;
  await world.click(world.people.approver, 'approve', await cardOf(runId));
}

/** Kills the bot without a word when the run on record is as `fits` says; returns the run as it was left. */
async function killWhen(runId: string, what: string, fits: (run: BackupRun) => Promise<boolean> | boolean) {
  const left = await until(what, async () => {
    const run = await stage.records.run(runId);
    return run && (await fits(run)) && run;
  });
  stage.bot.signal('SIGKILL');
  await stage.bot.exited;
  return left;
}

async function ended(runId: string): Promise<BackupRun> {
  return until('the end of the run', async () => {
    const run = await stage.records.run(runId);
    return run && !isActive(run.status) && run;
  });
}

function slow(match: ApiFault['match'], ms: number): void {
  stage.world.cluster.faults.add({ match, kind: 'delay', ms });
}

function node() {
  return stage.world.plane.nodes[0] ?? assert.fail('there is a node');
}

async function snapshotsOf(run: BackupRun): Promise<readonly string[]> {
  const place = path.join(node().dir, run.plan?.directory ?? '');
  const names = await readdir(place).catch(() => []);
  return names.filter((name) => name.startsWith('snapshot_'));
}

function threadOf(run: BackupRun): string {
  const { workspace, channels } = stage.world;
  return workspace
    .thread(channels.platform, run.card?.ts ?? '')
    .map((message) => workspace.renderMessage(message))
    .join('\n');
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

async function succeedsOnce(runId: string): Promise<BackupRun> {
  const run = await ended(runId);
  assert.equal(run.status, 'succeeded', JSON.stringify(run.failed));
  assert.equal((await snapshotsOf(run)).length, 1);
  assert.deepEqual(stage.sessionPods(), []);
  const trail = await stage.records.auditTrail(runId);
  assert.deepEqual(trail.chain, { ok: true });
  assert.equal(trail.lines.filter((line) => line.action === 'succeeded').length, 1);
  const { workspace } = stage.world;
  const card = await workspace.waitFor(
    () => {
      const found = stage.world.cards(runId);
      return found[0] && workspace.renderMessage(found[0]).includes('✅ Backed up') && found;
    },
    { what: 'the final card', timeoutMs: 60_000 },
  );
  assert.equal(card.length, 1, 'one card for one run');
  return run;
}

describe('a bot that is killed with kill -9', () => {
  interface Point {
    readonly at: string;
    readonly arrange: () => void | Promise<void>;
    readonly fits: (run: BackupRun) => Promise<boolean> | boolean;
    readonly beforeApproval?: true;
    readonly resumes?: true;
  }
  const reading: ApiFault['match'] = (each) => each.resource === 'clusterversions';
  const execing: ApiFault['match'] = (each) => each.subresource === 'exec';
  const points: readonly Point[] = [
    {
      at: 'requested',
      arrange: () => slow(reading, 1_500),
      fits: (run) => run.status === 'requested',
      beforeApproval: true,
    },
    { at: 'waiting', arrange: () => undefined, fits: (run) => run.card !== undefined, beforeApproval: true },
    {
      at: 'a vote on record, not yet reviewed',
      arrange: () => slow(reading, 1_500),
      fits: (run) => run.votes.length > 0,
    },
    {
      at: 'checking-again',
      arrange: () => slow(reading, 700),
      fits: (run) => run.step === 'checking-again',
      resumes: true,
    },
    {
      at: 'opening-session',
      arrange: () =>
        slow(
          (each) => each.verb === 'create' && each.resource === 'pods' && !each.subresource && !each.dryRun,
          1_500,
        ),
      fits: (run) => run.step === 'opening-session',
      resumes: true,
    },
    {
      at: 'checking-node',
      arrange: () => slow(execing, 1_000),
      fits: (run) => run.step === 'checking-node',
      resumes: true,
    },
    {
      at: 'running-script, before the script began',
      arrange: () => slow(execing, 1_000),
      fits: (run) => run.step === 'running-script',
      resumes: true,
    },
    {
      at: 'running-script, in the middle of the script',
      arrange: () => node().behave({ slowSeconds: 4 }),
      fits: async (run) =>
        run.step === 'running-script' &&
        (await isThere(path.join(node().dir, run.plan?.directory ?? '', '.run', 'pid'))),
      resumes: true,
    },
    {
      at: 'verifying',
      arrange: () => slow(execing, 1_000),
      fits: (run) => run.step === 'verifying',
      resumes: true,
    },
    {
      at: 'closing-session',
      arrange: () => slow((each) => each.verb === 'delete' && each.resource === 'pods', 1_500),
      fits: (run) => run.step === 'closing-session',
      resumes: true,
    },
  ];

  for (const point of points) {
    it(`at ${point.at}: the next bot goes on, and there is one snapshot`, async () => {
      const arrange = async () => void (await point.arrange());
      if (point.beforeApproval) await arrange();
      const runId = await request();
      if (!point.beforeApproval) {
        await cardOf(runId);
        await arrange();
        await approve(runId);
      }

      await killWhen(runId, point.at, point.fits);
      stage.world.cluster.faults.clear();
      await stage.restart();
      if (point.beforeApproval) await approve(runId);

      const run = await succeedsOnce(runId);
      await node().behave({});
      const said = threadOf(run);
      assert.equal(/restarted/i.test(said), point.resumes === true, said);
    });
  }

  it('while the script runs on to its end without it: the next bot takes over what lies there', async () => {
    await node().behave({ slowSeconds: 2 });
    const runId = await request();
    await approve(runId);
    const place = (run: BackupRun, name: string) =>
      path.join(node().dir, run.plan?.directory ?? '', '.run', name);
    const left = await killWhen(runId, 'the script to run', (run) => isThere(place(run, 'pid')));
    await until('the script to end', () => isThere(place(left, 'exit')));
    await node().behave({});

    await stage.restart();

    await succeedsOnce(runId);
  });

  it('and whose session pod is gone by then: says that it was interrupted, removes the half, and the next run works', async () => {
    await node().behave({ slowSeconds: 30 });
    const runId = await request();
    await approve(runId);
    const half = (run: BackupRun) => path.join(node().dir, run.plan?.directory ?? '', '.run', 'pid');
    const left = await killWhen(runId, 'the script to run', (run) => isThere(half(run)));
    assert.equal(stage.sessionPods().length, 1);
    await deleteSessionPod();
    await node().behave({});

    await stage.restart();
    const run = await ended(runId);

    assert.equal(run.status, 'failed');
    assert.equal(run.failed?.failure.kind, 'interrupted');
    assert.deepEqual(run.failed?.left?.paths, []);
    assert.equal(await isThere(path.join(node().dir, left.plan?.directory ?? '')), false);
    assert.deepEqual(stage.sessionPods(), []);
    const next = await request();
    await approve(next);
    await succeedsOnce(next);
  });
});

/** As a cluster administrator would, or an eviction. */
async function deleteSessionPod(): Promise<void> {
  const { execFile } = await import('node:child_process');
  const { promisify } = await import('node:util');
  const { dir, cluster, client } = stage.world;
  const kubeconfig = path.join(dir, 'admin.kubeconfig');
  await cluster.writeKubeconfig('admin', kubeconfig);
  const args = [
    '--kubeconfig',
    kubeconfig,
    '--cache-dir',
    path.join(dir, 'admin-cache'),
    'delete',
    'pod',
    'etcd-backup-session',
  ];
  await promisify(execFile)(client.path, [...args, '--namespace=etcd-backup-sessions', '--wait']);
}
