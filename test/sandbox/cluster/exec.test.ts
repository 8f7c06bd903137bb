import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { need } from '../../support/need.ts';
import {
  api,
  clusterForTests,
  kubectlFor,
  type Outcome,
  runningPod,
  sessionPod,
  sessions,
  until,
} from './harness.ts';

const timeout = 600_000;
const cluster = await clusterForTests();
const kubectl = await kubectlFor(cluster);
await runningPod(cluster, 'session');

const inPod = (...argv: string[]) => ['-n', sessions, 'exec', 'session', '--', 'chroot', '/host', ...argv];
const execs = () => cluster.pods.running().filter((command) => command.kind === 'exec');

async function directoryFor(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sandbox-exec-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

test('exec gives the true exit code, and stdout and stderr apart', { timeout }, async (t) => {
  if (!need(t, 'kubectl or oc', kubectl)) return;
  const { code, stdout, stderr } = await kubectl(
    'bot',
    ...inPod('sh', '-c', 'echo out; echo err >&2; exit 7'),
  ).outcome;
  assert.equal(code, 7);
  assert.equal(stdout.toString(), 'out\n');
  assert.match(stderr, /^err$/m);
  assert.match(stderr, /command terminated with exit code 7/);
});

test('exec passes argv as it is', { timeout }, async (t) => {
  if (!need(t, 'kubectl or oc', kubectl)) return;
  const words = ['a b', "it's", '$(id)', 'ü,/:=', ''];
  const { code, stdout } = await kubectl('bot', ...inPod('printf', '%s|', ...words)).outcome;
  assert.equal(code, 0);
  assert.equal(stdout.toString(), `${words.join('|')}|`);
});

test('64 MiB arrive byte for byte', { timeout }, async (t) => {
  if (!need(t, 'kubectl or oc', kubectl)) return;
  // Numbered lines: a lost, doubled or moved piece changes the digest.
  const last = 8 * 1024 * 1024 - 1;
  const expected = createHash('sha256');
  for (let from = 0; from <= last; from += 65536) {
    const numbers = Array.from({ length: 65536 }, (_, index) => `${String(from + index).padStart(7, '0')}\n`);
    expected.update(numbers.join(''));
  }
  const { code, stdout } = await kubectl('bot', ...inPod('seq', '-f', '%07.0f', '0', String(last))).outcome;
  assert.equal(code, 0);
  assert.equal(stdout.length, 64 * 1024 * 1024);
  assert.equal(createHash('sha256').update(stdout).digest('hex'), expected.digest('hex'));
});

test('stdin reaches the command and ends', { timeout }, async (t) => {
  if (!need(t, 'kubectl or oc', kubectl)) return;
  const client = kubectl('bot', '-n', sessions, 'exec', '-i', 'session', '--', 'chroot', '/host', 'wc', '-c');
  client.stdin.end(Buffer.alloc(5_000_000, 'x'));
  const { code, stdout } = await client.outcome;
  assert.equal(code, 0);
  assert.equal(stdout.toString().trim(), '5000000');
});

test('when the pod is deleted in mid-run the client ends with exit 1 and the command is dead', {
  timeout,
}, async (t) => {
  if (!need(t, 'kubectl or oc', kubectl)) return;
  await runningPod(cluster, 'doomed');
  const client = kubectl(
    'bot',
    '-n',
    sessions,
    'exec',
    'doomed',
    '--',
    'chroot',
    '/host',
    'sh',
    '-c',
    'echo begun; sleep 600',
  );
  await client.saw('begun');
  const removed = await kubectl('admin', '-n', sessions, 'delete', 'pod', 'doomed').outcome;
  assert.equal(removed.code, 0, removed.stderr);
  const { code, stderr } = await client.outcome;
  assert.equal(code, 1);
  assert.match(stderr, /Internal error occurred: .*error executing command in container: signal: killed/);
  assert.deepEqual(execs(), []);
  assert.equal(cluster.objects.find('pods', 'doomed', sessions), undefined);
});

test('a silent command outlives its client', { timeout }, async (t) => {
  if (!need(t, 'kubectl or oc', kubectl)) return;
  const directory = await directoryFor(t);
  const [go, done] = [join(directory, 'go'), join(directory, 'done')];
  const script = 'echo begun; while [ ! -e "$1" ]; do sleep 0.05; done; touch "$2"';
  const client = kubectl('bot', ...inPod('sh', '-c', script, 'sh', go, done));
  await client.saw('begun');
  client.kill();
  await client.outcome;
  await writeFile(go, '');
  await until(() => existsSync(done), 'the command to reach its end');
});

test('a command that writes to a client that is gone dies of the broken pipe', { timeout }, async (t) => {
  if (!need(t, 'kubectl or oc', kubectl)) return;
  const directory = await directoryFor(t);
  const [go, done] = [join(directory, 'go'), join(directory, 'done')];
  const script =
    'echo begun; while [ ! -e "$1" ]; do sleep 0.05; done; cat /dev/zero; [ $? -gt 0 ] && touch "$2"';
  const client = kubectl('bot', ...inPod('sh', '-c', script, 'sh', go, done));
  await client.saw('begun');
  client.kill();
  await client.outcome;
  await writeFile(go, '');
  await until(() => existsSync(done), 'the writer to fail');
});

test('a client that stops reading slows the command down instead of filling memory', {
  timeout,
}, async (t) => {
  if (!need(t, 'kubectl or oc', kubectl)) return;
  const directory = await directoryFor(t);
  const [go, done] = [join(directory, 'go'), join(directory, 'done')];
  const script =
    'echo begun; while [ ! -e "$1" ]; do sleep 0.05; done; head -c 67108864 /dev/zero; touch "$2"';
  const client = kubectl('bot', ...inPod('sh', '-c', script, 'sh', go, done));
  await client.saw('begun');
  client.kill('SIGSTOP');
  await writeFile(go, '');
  // Nothing to wait for: what must not happen would have happened by then.
  await pause(1500);
  assert.equal(existsSync(done), false);
  client.kill('SIGCONT');
  const { code, stdout } = await client.outcome;
  assert.equal(code, 0);
  assert.equal(stdout.length, 67108864 + 'begun\n'.length);
});

test('exec into a pod that does not run yet says that the container is not there', { timeout }, async (t) => {
  if (!need(t, 'kubectl or oc', kubectl)) return;
  const image = 'quay.io/example/absent:1';
  const containers = [{ name: 'container-00', image, command: ['chroot', '/host', 'sleep', '9'] }];
  await api(cluster)(
    'bot',
    'POST',
    `/api/v1/namespaces/${sessions}/pods`,
    sessionPod('unborn', { containers }),
  );
  const { code, stderr } = await kubectl(
    'bot',
    '-n',
    sessions,
    'exec',
    'unborn',
    '--',
    'chroot',
    '/host',
    'true',
  ).outcome;
  assert.equal(code, 1);
  assert.match(stderr, /unable to upgrade connection: container container-00 not found in pod unborn/);
});

test('exec into an absent pod, an absent container, and without the right', { timeout }, async (t) => {
  if (!need(t, 'kubectl or oc', kubectl)) return;
  const absent = await kubectl('bot', '-n', sessions, 'exec', 'x', '--', 'true').outcome;
  assert.equal(absent.stderr.trim(), 'Error from server (NotFound): pods "x" not found');
  const container = await kubectl('bot', '-n', sessions, 'exec', 'session', '-c', 'nope', '--', 'true')
    .outcome;
  assert.match(container.stderr, /container nope (is not valid for|not found in) pod session/);
  const denied = await kubectl('viewer', '-n', sessions, 'exec', 'session', '--', 'true').outcome;
  assert.equal(denied.code, 1);
  assert.match(
    denied.stderr,
    /pods "session" is forbidden: User "viewer" cannot (get|create) resource "pods\/exec"/,
  );
});

test('exec over WebSocket needs get, and each way needs create', { timeout }, async (t) => {
  if (!need(t, 'kubectl or oc', kubectl)) return;
  const rule = cluster.botRules().find((entry) => entry.rule.resources?.includes('pods/exec'));
  assert.ok(rule);
  const withoutCreate = cluster.withoutRule(rule, 'create');
  const denied: Outcome = await kubectl('bot', ...inPod('true')).outcome;
  withoutCreate();
  assert.equal(denied.code, 1);
  assert.match(denied.stderr, /cannot create resource "pods\/exec"/);
  const withoutGet = cluster.withoutRule(rule, 'get');
  const before = cluster.requests.length;
  const fallenBack: Outcome = await kubectl('bot', ...inPod('true')).outcome;
  withoutGet();
  // Usual clients fall back to SPDY without a word.
  assert.equal(fallenBack.code, 0, fallenBack.stderr);
  const execs = cluster.requests.slice(before).filter(({ subresource }) => subresource === 'exec');
  assert.deepEqual(
    execs.map(({ verb, status }) => `${verb} ${status}`),
    ['get 403', 'create 101'],
  );
  assert.equal((await kubectl('bot', ...inPod('true')).outcome).code, 0);
});

test('a client that does not read cannot hold up the end of its pod', { timeout }, async (t) => {
  if (!need(t, 'kubectl or oc', kubectl)) return;
  await runningPod(cluster, 'blocked');
  const script = 'echo begun; cat /dev/zero';
  const client = kubectl(
    'bot',
    '-n',
    sessions,
    'exec',
    'blocked',
    '--',
    'chroot',
    '/host',
    'sh',
    '-c',
    script,
  );
  await client.saw('begun');
  client.kill('SIGSTOP');
  await api(cluster)('bot', 'DELETE', `/api/v1/namespaces/${sessions}/pods/blocked`);
  await until(() => cluster.objects.find('pods', 'blocked', sessions) === undefined, 'the pod to go');
  assert.deepEqual(execs(), []);
  client.kill();
  await client.outcome;
});
