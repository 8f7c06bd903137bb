import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { until } from '../../sandbox/world.ts';
import { endOf } from '../support/backups.ts';
import { writeToolSet } from '../support/drill-room.ts';
import { openStage, type Stage } from '../support/e2e.ts';
import { etcd35, etcd35Dir, etcd35Name } from '../support/etcd-programs.ts';
import { need } from '../support/need.ts';
import { recordedSnapshot, withDamagedPage } from '../support/snapshots.ts';

const timeout = 240_000;
let stage: Stage;
let drillDir: string;
let toolDir: string;

before(
  async () => {
    if (!etcd35()) return;
    stage = await openStage({
      async configure(config, { dir }) {
        [drillDir, toolDir] = [path.join(dir, 'drills'), path.join(dir, 'tools')];
        for (const made of [drillDir, toolDir]) await mkdir(made);
        const slow = `case "$1 $2" in "snapshot restore") [ -e ${toolDir}/slow ] && echo x >> ${drillDir}/restores && sleep 2;; esac`;
        await writeToolSet(toolDir, etcd35Dir, slow);
        Object.assign(config, { drillTools: { '3.5': toolDir }, drillDir });
        for (const cluster of config.clusters) cluster.drill = true;
      },
    });
  },
  { timeout },
);
after(() => stage?.[Symbol.asyncDispose]());

async function handOut({ world }: Stage, snapshot: Uint8Array): Promise<void> {
  for (const node of world.plane.nodes) {
    await writeFile(path.join(node.dir, '.sandbox', 'snapshot.db.gz'), gzipSync(snapshot));
  }
}

describe('a restore drill in the real bot', { timeout }, () => {
  it('that disproves a backup: the card says so, and ready-to-update counts it for nothing', async (t) => {
    if (!need(t, etcd35Name, etcd35())) return;
    const { people, channels } = stage.world;
    await handOut(stage, withDamagedPage(await recordedSnapshot()));
    const request = await stage.request('');
    await stage.click(people.approver, request, 'approve');
    const card = await stage.waitForCard(request, /does not restore/);
    assert.doesNotMatch(card, /✅/);
    assert.match(card, /Page expected to be: \d+, but self identifies as 9999/);
    const ready = await stage.ask(people.requester, 'ready-to-update', channels.platform);
    assert.doesNotMatch(ready, /✅/);
    assert.doesNotMatch(ready, new RegExp(request.runId));
    assert.match(await stage.ask(people.requester, 'list'), /❌ no usable backup: does not restore/);

    await handOut(stage, await recordedSnapshot());
    const next = await stage.request('');
    await stage.click(people.approver, next, 'approve');
    await stage.waitForCard(next, /✅ Restore drill: restored/);
  });

  it('that is killed with the bot is not made again, and the run ends well', async (t) => {
    if (!need(t, etcd35Name, etcd35())) return;
    await writeFile(path.join(toolDir, 'slow'), '');
    const { people } = stage.world;
    const request = await stage.request('');
    await stage.click(people.approver, request, 'approve');
    await until('the drill', async () => {
      const { step } = await stage.run(request);
      return step === 'drilling' && (await readdir(drillDir)).includes('restores');
    });
    assert.deepEqual(stage.sessionPods(), [], 'no privileged pod while it drills');
    stage.bot.signal('SIGKILL');
    await stage.bot.exited;
    await stage.restart();
    const run = await endOf(stage, request);
    assert.equal(run.status, 'succeeded');
    assert.ok(run.success?.drill?.ok === false && run.success.drill.failure?.kind === 'process-ended');
    await stage.waitForCard(request, /Restore drill not made: the bot's process ended/);
    assert.deepEqual(await readdir(drillDir), ['restores'], 'what the killed drill left is removed');
  });
});
