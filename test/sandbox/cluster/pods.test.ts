import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startCluster } from '../../../sandbox/cluster/cluster.ts';
import { api, clusterForTests, runningPod, sessionPod, sessions, until } from './harness.ts';
import { localNode } from './local-node.ts';

const timeout = 600_000;
const cluster = await clusterForTests();
const ask = api(cluster);
const path = `/api/v1/namespaces/${sessions}/pods`;
const pod = (name: string) => cluster.objects.get('pods', name, sessions);
const runs = (name: string) =>
  cluster.pods.running().some((command) => command.pod === `${sessions}/${name}`);
const create = (name: string, spec: object = {}) => ask('bot', 'POST', path, sessionPod(name, spec));
const container = (command: string[], image?: string) => {
  const { spec } = sessionPod('any') as { spec: { containers: { image: string }[] } };
  return { containers: [{ ...spec.containers[0], command, ...(image ? { image } : {}) }] };
};

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('a pod is Pending, then Running and Ready with its command running', { timeout }, async () => {
  const made = await create('plain');
  assert.equal(made.status, 201);
  assert.equal(made.body.status.phase, 'Pending');
  await until(() => pod('plain').status.phase === 'Running', 'Running');
  const { conditions, containerStatuses } = pod('plain').status;
  assert.equal(conditions.find((entry: { type: string }) => entry.type === 'Ready').status, 'True');
  assert.ok(containerStatuses[0].state.running.startedAt);
  assert.equal(runs('plain'), true);
  assert.equal((await create('plain')).body.message, 'pods "plain" already exists');
});

test('a deadline fails the pod and kills what runs in it', { timeout }, async () => {
  await runningPod(cluster, 'short', { activeDeadlineSeconds: 1 });
  assert.equal(runs('short'), true);
  await until(() => pod('short').status.phase === 'Failed', 'Failed');
  assert.equal(pod('short').status.reason, 'DeadlineExceeded');
  await until(() => !runs('short'), 'the command to die');
});

test('an eviction kills what runs in the pod and says why', { timeout }, async () => {
  await runningPod(cluster, 'evicted');
  cluster.pods.fail('evicted', sessions, {
    reason: 'Evicted',
    message: 'The node was low on resource: memory.',
  });
  const { phase, reason, message } = pod('evicted').status;
  assert.deepEqual([phase, reason, message], ['Failed', 'Evicted', 'The node was low on resource: memory.']);
  await until(() => !runs('evicted'), 'the command to die');
});

test('a command that ends ends the pod with its exit code', { timeout }, async () => {
  await create('good', container(['chroot', '/host', 'true']));
  await create('bad', container(['chroot', '/host', 'sh', '-c', 'exit 3']));
  await until(() => pod('good').status.phase === 'Succeeded', 'Succeeded');
  await until(() => pod('bad').status.phase === 'Failed', 'Failed');
  assert.equal(pod('bad').status.containerStatuses[0].state.terminated.exitCode, 3);
});

test('an image that is nowhere keeps the container waiting', { timeout }, async () => {
  await create('imageless', container(['chroot', '/host', 'true'], 'quay.io/example/absent:1'));
  const reason = () => pod('imageless').status.containerStatuses?.[0].state.waiting?.reason;
  await until(() => reason() === 'ImagePullBackOff', 'ImagePullBackOff');
  assert.equal(pod('imageless').status.phase, 'Pending');
});

test('a pod on a node that is not Ready waits, and runs once it is', { timeout }, async () => {
  const ready = (status: 'True' | 'Unknown') =>
    cluster.objects.setCondition('nodes', 'master-0', { type: 'Ready', status });
  ready('Unknown');
  await create('patient');
  assert.equal(pod('patient').status.startTime, undefined);
  ready('True');
  await until(() => pod('patient').status.phase === 'Running', 'Running');
  ready('Unknown');
  assert.equal((await ask('bot', 'DELETE', `${path}/patient`)).status, 200);
  assert.ok(pod('patient').metadata.deletionTimestamp);
  assert.equal(runs('patient'), true, 'a lost kubelet kills nothing');
  ready('True');
  await until(() => cluster.objects.find('pods', 'patient', sessions) === undefined, 'the pod to go');
  assert.equal(runs('patient'), false);
});

test('deletion kills the command; grace 0 removes the object at once', { timeout }, async (t) => {
  await runningPod(cluster, 'polite');
  const deleted = await ask('bot', 'DELETE', `${path}/polite`, {});
  assert.ok(deleted.body.metadata.deletionTimestamp);
  await until(() => cluster.objects.find('pods', 'polite', sessions) === undefined, 'the pod to go');
  assert.equal(runs('polite'), false);
  const directory = await mkdtemp(join(tmpdir(), 'sandbox-pods-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const file = join(directory, 'pid');
  const script = 'echo $$ > "$1"; exec sleep 900';
  await runningPod(cluster, 'forced', container(['chroot', '/host', 'sh', '-c', script, 'sh', file]));
  const pid = () => (existsSync(file) ? readFileSync(file, 'utf8').trim() : '');
  await until(() => pid() !== '', 'the command to run');
  await ask('bot', 'DELETE', `${path}/forced`, { gracePeriodSeconds: 0 });
  assert.equal((await ask('bot', 'GET', `${path}/forced`)).body.message, 'pods "forced" not found');
  assert.equal((await ask('bot', 'DELETE', `${path}/forced`)).status, 404);
  await until(() => !isAlive(Number(pid())), 'the command to die');
});

test('a deletion for another uid is refused', { timeout }, async () => {
  await runningPod(cluster, 'mine');
  const other = await ask('bot', 'DELETE', `${path}/mine`, { preconditions: { uid: 'another' } });
  assert.equal(other.status, 409);
  assert.equal(runs('mine'), true);
  const own = { preconditions: { uid: pod('mine').metadata.uid }, gracePeriodSeconds: 0 };
  assert.equal((await ask('bot', 'DELETE', `${path}/mine`, own)).status, 200);
});

test('close() leaves no process behind', { timeout }, async () => {
  const node = await localNode('master-0');
  const other = await startCluster({ nodes: [node], podStartMs: 1 });
  await runningPod(other, 'left');
  await other.close();
  assert.deepEqual(other.pods.running(), []);
  await node.close();
});
