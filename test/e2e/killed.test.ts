import assert from 'node:assert/strict';
import { access, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type BotProcess, startBot } from '../../sandbox/bot-process.ts';
import type { Fault } from '../../sandbox/cluster/faults.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import type { BackupRun } from '../../src/domain/run/run.ts';
import { isActive } from '../../src/domain/run/run-status.ts';
import { openSqliteRecords } from '../../src/records/store/sqlite.ts';
import { actionIds } from '../../src/slack/messages/kit/action-ids.ts';
import type { Records } from '../../src/workflow/ports/records.ts';

const patientMs = 30_000;
const command = '/etcd-backup';

let dir: string;
let world: World;
let records: Records;
let bot: BotProcess;

before(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'etcd-backup-killed-'));
  world = await startWorld({ dir, etcd: false });
  bot = await startBot(world);
  records = await openSqliteRecords({ file: world.recordsFile });
});

after(async () => {
  await records.close();
  await bot.stop();
  await world.close();
  await rm(dir, { recursive: true, force: true });
});

async function until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + patientMs;
  while (Date.now() < end) {
    const found = await look();
    if (found) return found;
    await delay(5);
  }
  throw new Error(`waited ${patientMs} ms for ${what}\n${world.workspace.transcript().slice(-6000)}`);
}

async function request(): Promise<string> {
  const { workspace, people, channels } = world;
  const known = new Set((await records.runs({ limit: 100 })).map((run) => run.id));
  await workspace.slash({ user: people.requester, channel: channels.platform, command, text: 'run' });
  const found = await until('the run on record', async () =>
    (await records.runs({ limit: 1 })).find((run) => !known.has(run.id)),
  );
  return found.id;
}

/** Clicks on the run's card; resolves when the click is on record. */
async function approve(runId: string): Promise<void> {
  const { workspace, people, channels } = world;
  const card = await until('the card', async () => (await records.run(runId))?.card);
  await until('the button', async () =>
    workspace.messages(channels.platform).some((each) => each.ts === card.ts && hasButtons(each.blocks)),
  );
  const click = {
    user: people.approver,
    channel: channels.platform,
    ts: card.ts,
    actionId: actionIds.approve,
  };
  await workspace.click(click);
}

function hasButtons(blocks: unknown): boolean {
  return JSON.stringify(blocks).includes(actionIds.approve);
}

/** Kills the bot without a word when the run on record is as `fits` says; returns the run as it was left. */
async function killWhen(runId: string, what: string, fits: (run: BackupRun) => Promise<boolean> | boolean) {
  const left = await until(what, async () => {
    const run = await records.run(runId);
    return run && (await fits(run)) && run;
  });
  bot.signal('SIGKILL');
  await bot.exited;
  return left;
}

async function ended(runId: string): Promise<BackupRun> {
  return until('the end of the run', async () => {
    const run = await records.run(runId);
    return run && !isActive(run.status) && run;
  });
}

function slow(match: Fault['match'], ms: number): void {
  world.cluster.faults.add({ match, kind: 'delay', ms });
}

function nodeDir(): string {
  return world.plane.nodes[0]?.dir ?? '';
}

async function snapshotsOf(run: BackupRun): Promise<readonly string[]> {
  const place = path.join(nodeDir(), run.plan?.directory ?? '');
  const names = await readdir(place).catch(() => []);
  return names.filter((name) => name.startsWith('snapshot_'));
}

function threadOf(run: BackupRun): string {
  const { workspace, channels } = world;
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

function sessionPods(): number {
  return world.cluster.objects.list('pods', 'etcd-backup-sessions').length;
}

async function succeedsOnce(runId: string): Promise<BackupRun> {
  const run = await ended(runId);
  assert.equal(run.status, 'succeeded', JSON.stringify(run.failed));
  assert.equal((await snapshotsOf(run)).length, 1);
  assert.equal(sessionPods(), 0);
  const trail = await records.auditTrail(runId);
  assert.deepEqual(trail.chain, { ok: true });
  assert.equal(trail.lines.filter((line) => line.action === 'succeeded').length, 1);
  const { workspace, channels } = world;
  const card = await workspace.waitFor(
    () => {
      const found = workspace
        .messages(channels.platform)
        .filter((each) => JSON.stringify(each.metadata ?? {}).includes(runId));
      return found.length > 0 && workspace.renderMessage(found[0] as never).includes('✅ Backed up') && found;
    },
    { what: 'the final card', timeoutMs: patientMs },
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
  const reading: Fault['match'] = (each) => each.resource === 'clusterversions';
  const execing: Fault['match'] = (each) => each.subresource === 'exec';
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
      arrange: () => world.plane.nodes[0]?.behave({ slowSeconds: 4 }),
      fits: async (run) =>
        run.step === 'running-script' &&
        (await isThere(path.join(nodeDir(), run.plan?.directory ?? '', '.run', 'pid'))),
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
        await until('the card', async () => (await records.run(runId))?.card);
        await arrange();
        await approve(runId);
      }

      await killWhen(runId, point.at, point.fits);
      world.cluster.faults.clear();
      bot = await startBot(world);
      if (point.beforeApproval) await approve(runId);

      const run = await succeedsOnce(runId);
      await world.plane.nodes[0]?.behave({});
      const said = threadOf(run);
      assert.equal(/restarted/i.test(said), point.resumes === true, said);
    });
  }

  it('while the script runs on to its end without it: the next bot takes over what lies there', async () => {
    await world.plane.nodes[0]?.behave({ slowSeconds: 2 });
    const runId = await request();
    await approve(runId);
    const place = (run: BackupRun, name: string) =>
      path.join(nodeDir(), run.plan?.directory ?? '', '.run', name);
    const left = await killWhen(runId, 'the script to run', (run) => isThere(place(run, 'pid')));
    await until('the script to end', () => isThere(place(left, 'exit')));
    await world.plane.nodes[0]?.behave({});

    bot = await startBot(world);

    await succeedsOnce(runId);
  });

  it('and whose session pod is gone by then: says that it was interrupted, removes the half, and the next run works', async () => {
    await world.plane.nodes[0]?.behave({ slowSeconds: 30 });
    const runId = await request();
    await approve(runId);
    const half = (run: BackupRun) => path.join(nodeDir(), run.plan?.directory ?? '', '.run', 'pid');
    const left = await killWhen(runId, 'the script to run', (run) => isThere(half(run)));
    const admin = world.cluster.objects.list('pods', 'etcd-backup-sessions');
    assert.equal(admin.length, 1);
    await deleteSessionPod();
    await world.plane.nodes[0]?.behave({});

    bot = await startBot(world);
    const run = await ended(runId);

    assert.equal(run.status, 'failed');
    assert.equal(run.failed?.failure.kind, 'interrupted');
    assert.deepEqual(run.failed?.left?.paths, []);
    assert.equal(await isThere(path.join(nodeDir(), left.plan?.directory ?? '')), false);
    assert.equal(sessionPods(), 0);
    const next = await request();
    await approve(next);
    await succeedsOnce(next);
  });
});

/** As a cluster administrator would, or an eviction. */
async function deleteSessionPod(): Promise<void> {
  const { execFile } = await import('node:child_process');
  const { promisify } = await import('node:util');
  const kubeconfig = path.join(dir, 'admin.kubeconfig');
  await world.cluster.writeKubeconfig('admin', kubeconfig);
  const args = [
    '--kubeconfig',
    kubeconfig,
    '--cache-dir',
    path.join(dir, 'admin-cache'),
    'delete',
    'pod',
    'etcd-backup-session',
  ];
  await promisify(execFile)(world.client.path, [...args, '--namespace=etcd-backup-sessions', '--wait']);
}
