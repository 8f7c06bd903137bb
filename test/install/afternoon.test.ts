import assert from 'node:assert/strict';
import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { execa } from 'execa';
import { parse, stringify } from 'yaml';
import { type SandboxCluster, startCluster } from '../../sandbox/cluster/cluster.ts';
import { compileCache } from '../../sandbox/compile-cache.ts';
import { startControlPlane } from '../../sandbox/node/control-plane.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { findKubectl, temporaryFolder } from '../deploy/render.ts';
import { adminKubeconfig } from '../support/admin-kubeconfig.ts';
import { need } from '../support/need.ts';
import { openWorkspaceDoor } from './workspace-door.ts';

const timeout = 900_000;
const root = path.join(import.meta.dirname, '..', '..');
const names = ['prod-1', 'prod-2', 'prod-3', 'prod-4'];

/** A cluster of three nodes on which nothing of the bot is. */
async function openCluster(t: TestContext, dir: string): Promise<SandboxCluster> {
  const plane = await startControlPlane({ dir, etcd: false, members: 3 });
  t.after(() => plane.close());
  const cluster = await startCluster({ nodes: plane.nodes, deployDirectory: 'none' });
  t.after(() => cluster.close());
  return cluster;
}

/** The world's configuration without its cluster, whose policy becomes that of all. */
async function writeConfig(folder: string, world: World): Promise<void> {
  const { clusters, ...config } = parse(await readFile(world.configFile, 'utf8'));
  const { name: _, connect: __, ...policy } = clusters[0];
  const defaults = { ...policy, owners: [world.people.approver], requestDeadline: '30s' };
  const records = { ...config.records, file: 'records.db' };
  await writeFile(path.join(folder, 'config.yaml'), stringify({ ...config, records, defaults }));
}

test('an afternoon with four clusters, from a fresh clone', { timeout }, async (t) => {
  if (!need(t, 'kubectl or oc', await findKubectl())) return;
  const folder = await temporaryFolder(t);
  const clone = path.join(folder, 'clone');
  const isOurs = (source: string) => !/[/\\](?:node_modules|\.git|\.sandbox)$/.test(source);
  await cp(root, clone, { recursive: true, filter: isOurs });
  await symlink(path.join(root, 'node_modules'), path.join(clone, 'node_modules'));
  const world = await startWorld({ dir: path.join(folder, 'world'), etcd: false });
  t.after(() => world.stop());
  const clusters = new Map<string, SandboxCluster>();
  for (const name of names) clusters.set(name, await openCluster(t, path.join(folder, name)));
  await writeFile(path.join(folder, 'admin'), adminKubeconfig(clusters), { mode: 0o600 });
  await writeConfig(clone, world);
  const door = await openWorkspaceDoor(world, path.join(folder, 'slack'));
  t.after(() => door.close());

  const { all, exitCode } = await execa('bash', ['test/install/afternoon.sh'], {
    cwd: clone,
    env: {
      ...compileCache,
      PATH: `${folder}${path.delimiter}${process.env.PATH}`,
      HOME: folder,
      KUBECONFIG: path.join(folder, 'admin'),
      SLACK_BOT_TOKEN: world.workspace.botToken,
      SLACK_APP_TOKEN: world.workspace.appToken,
    },
    extendEnv: false,
    reject: false,
    all: true,
    timeout: timeout - 60_000,
  });

  const log = await readFile(path.join(clone, 'bot.log'), 'utf8').catch(() => '');
  assert.equal(exitCode, 0, `${all}\n${log.slice(-3000)}`);
  for (const name of names) {
    const runs = [...(clusters.get(name)?.requests ?? [])].filter(({ path: asked }) =>
      asked.includes('/exec'),
    );
    assert.ok(runs.length > 0, `no command was run on a node of ${name}`);
  }
});
