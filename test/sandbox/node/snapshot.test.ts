import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { startControlPlane } from '../../../sandbox/node/control-plane.ts';
import { findProgram, startEtcd } from '../../../sandbox/node/etcd.ts';
import type { SandboxNode } from '../../../sandbox/node/port.ts';
import { need } from '../../support/need.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { eventually, isAlive, makeNode, run } from './harness.ts';

const SCRIPT = '/usr/local/bin/cluster-backup.sh';
const DIR = '/home/core/assets/backup/run';
const execute = promisify(execFile);
const installed =
  findProgram('etcd', process.env.PATH ?? '') && findProgram('etcdctl', process.env.PATH ?? '');

async function backedUp(node: SandboxNode) {
  const ran = await run(node, [SCRIPT, DIR]);
  assert.equal(ran.code, 0, ran.stderr);
  const name = readdirSync(path.join(node.dir, DIR)).find((file) => file.endsWith('.db')) ?? '';
  const file = path.join(node.dir, DIR, name);
  const status = JSON.parse(ran.stdout.match(/^\{.*\}$/m)?.[0] ?? '{}') as Record<string, number>;
  return { file, status, ran };
}

/** The rule for a whole snapshot: its last 32 bytes are the SHA-256 of all before them. */
function trailerHolds(file: string): boolean {
  const bytes = readFileSync(file);
  if (bytes.length % 512 !== 32) return false;
  return createHash('sha256').update(bytes.subarray(0, -32)).digest().equals(bytes.subarray(-32));
}

test('without an etcd the recorded snapshot is handed out, whole', async (t) => {
  const { file, status } = await backedUp(await makeNode(t));
  assert.ok(trailerHolds(file));
  assert.deepEqual(status, { hash: 2207365705, revision: 61, totalKey: 66, totalSize: 36864 });
  assert.equal(statSync(file).size, 36864 + 32);
});

test('a torn snapshot keeps every line and its size, but not the trailer’s rule', async (t) => {
  const node = await makeNode(t);
  await node.behave({ outcome: 'torn-snapshot' });
  const { file, status } = await backedUp(node);
  assert.equal(statSync(file).size, (status.totalSize ?? 0) + 32);
  assert.ok(!trailerHolds(file));
});

async function realControlPlane(t: TestContext) {
  const dir = await temporaryDirectory(t);
  const plane = await startControlPlane({ dir });
  t.after(() => plane.close());
  return { ...plane, dir };
}

test('a real etcd gives a real snapshot of some MB: trailer, status line, restore', {
  timeout: 180_000,
}, async (t) => {
  if (!need(t, 'etcd with etcdctl', installed)) return;
  const { nodes, etcd, dir } = await realControlPlane(t);
  assert.ok(etcd);
  assert.deepEqual(
    nodes.map(({ name, internalIp }) => `${name} ${internalIp}`),
    ['master-0 172.31.77.10', 'master-1 172.31.77.11', 'master-2 172.31.77.12'],
  );
  await etcd.put('/kubernetes.io/configmaps/default/proof', 'kept');
  const [, node] = nodes;
  assert.ok(node);
  const { file, status, ran } = await backedUp(node);
  assert.match(ran.stderr, /"endpoint":"https:\/\/172\.31\.77\.11:2379","size":"[\d.]+ MB"/);
  assert.ok(trailerHolds(file));
  assert.ok((status.totalKey ?? 0) > 3000 && (status.totalSize ?? 0) > 3 << 20, JSON.stringify(status));
  assert.equal(statSync(file).size, (status.totalSize ?? 0) + 32);
  const own = await execute(etcd.statusTool, ['snapshot', 'status', file, '-w', 'json'], {
    env: { ETCDCTL_API: '3' },
  });
  assert.equal(JSON.parse(own.stdout).hash, status.hash);

  const restored = path.join(dir, 'restored');
  const data = path.join(restored, 'data');
  await execute(etcd.statusTool, ['snapshot', 'restore', file, '--data-dir', data], {
    env: { ETCDCTL_API: '3' },
  });
  const again = await startEtcd({ dir: restored, keys: 0 });
  assert.ok(again);
  t.after(() => again.stop());
  const get = [
    '--endpoints',
    again.clientUrl,
    'get',
    '/kubernetes.io/configmaps/default/proof',
    '--print-value-only',
  ];
  assert.equal((await execute(again.etcdctl, get, { env: { ETCDCTL_API: '3' } })).stdout, 'kept\n');
});

test('the node shows the size of the live database', { timeout: 120_000 }, async (t) => {
  if (!need(t, 'etcd with etcdctl', installed)) return;
  const { nodes, etcd } = await realControlPlane(t);
  const [node] = nodes;
  assert.ok(node && etcd);
  const { stdout } = await run(node, ['stat', '-c', '%s', '/var/lib/etcd/member/snap/db']);
  assert.equal(Number(stdout), statSync(etcd.databaseFile).size);
});

test('an etcd that is really down: the script never ends, and dies with the signal', {
  timeout: 120_000,
}, async (t) => {
  if (!need(t, 'etcd with etcdctl', installed)) return;
  const { nodes, etcd } = await realControlPlane(t);
  const [node] = nodes;
  assert.ok(node && etcd);
  await etcd.stop();
  const signal = AbortSignal.timeout(4000);
  const ran = await run(node, [SCRIPT, DIR], { signal });
  assert.equal(ran.code, 137);
  assert.ok(readdirSync(path.join(node.dir, DIR)).some((name) => name.endsWith('.db.part')));
});

test('etcd stops cleanly, twice over, and is undefined where none is installed', {
  timeout: 120_000,
}, async (t) => {
  if (!need(t, 'etcd with etcdctl', installed)) return;
  const dir = await temporaryDirectory(t);
  assert.equal(await startEtcd({ dir, searchPath: dir }), undefined);
  const etcd = await startEtcd({ dir, keys: 10 });
  assert.match(etcd?.version ?? '', /^3\.\d+\.\d+$/);
  await Promise.all([etcd?.stop(), etcd?.stop()]);
  await etcd?.stop();
  await assert.rejects(fetch(`${etcd?.clientUrl}/health`));
});

test('etcd dies with its parent, even by kill -9', { timeout: 120_000 }, async (t) => {
  if (!need(t, 'etcd with etcdctl', installed)) return;
  const dir = await temporaryDirectory(t);
  const module = new URL('../../../sandbox/node/etcd.ts', import.meta.url).href;
  const code = `import { startEtcd } from ${JSON.stringify(module)};
    const etcd = await startEtcd({ dir: ${JSON.stringify(dir)}, keys: 10 }); console.log(etcd.pid);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  assert.ok(await isAlive(pid));
  parent.kill('SIGKILL');
  await eventually('etcd is gone', async () => !(await isAlive(pid)));
});
