import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import WebSocket from 'ws';
import { need } from '../../support/need.ts';
import { api, clusterForTests, kubectlFor, runningPod, sessionPod, sessions, until } from './harness.ts';

const timeout = 600_000;
const cluster = await clusterForTests();
const kubectl = await kubectlFor(cluster);
const ask = api(cluster);
await runningPod(cluster, 'session');
const inPod = (...argv: string[]) => ['-n', sessions, 'exec', 'session', '--', 'chroot', '/host', ...argv];
const isExec = (request: { subresource?: string }) => request.subresource === 'exec';
const isNodes = (request: { resource?: string }) => request.resource === 'nodes';

afterEach(() => cluster.faults.clear());

test('a status fault strikes as often as configured', { timeout }, async () => {
  cluster.faults.add({ kind: 'status', code: 503, message: 'try later', times: 2, match: isNodes });
  const codes = [];
  for (let index = 0; index < 3; index += 1) codes.push((await ask('bot', 'GET', '/api/v1/nodes')).status);
  assert.deepEqual(codes, [503, 503, 200]);
  cluster.faults.add({ kind: 'status', code: 200, body: '<html>proxy</html>', match: isNodes });
  assert.equal((await ask('bot', 'GET', '/api/v1/nodes')).body, '<html>proxy</html>');
  assert.equal((await ask('bot', 'GET', '/api/v1/nodes/master-0')).body, '<html>proxy</html>');
  assert.equal((await ask('bot', 'GET', '/version')).status, 200, 'others pass');
});

test('reset, delay and freeze', { timeout }, async () => {
  cluster.faults.add({ kind: 'reset', times: 1, match: isNodes });
  await assert.rejects(ask('bot', 'GET', '/api/v1/nodes'), /ECONNRESET|socket hang up/);
  cluster.faults.add({ kind: 'delay', ms: 300, times: 1, match: isNodes });
  const begin = performance.now();
  assert.equal((await ask('bot', 'GET', '/api/v1/nodes')).status, 200);
  assert.ok(performance.now() - begin >= 290);
  const thaw = cluster.faults.add({ kind: 'freeze', times: 1, match: isNodes });
  const frozen = ask('bot', 'GET', '/api/v1/nodes').then(
    () => 'answered',
    () => 'broken',
  );
  // A later request is answered while the frozen one still waits.
  assert.equal((await ask('bot', 'GET', '/version')).status, 200);
  const first = await Promise.race([frozen, new Promise((resolve) => setTimeout(resolve, 300, 'waiting'))]);
  assert.equal(first, 'waiting');
  thaw();
});

test('a lost response is lost after the thing was done', { timeout }, async () => {
  cluster.faults.add({ kind: 'lost-response', times: 1, match: ({ verb }) => verb === 'create' });
  const path = `/api/v1/namespaces/${sessions}/pods`;
  await assert.rejects(ask('bot', 'POST', path, sessionPod('lost')), /ECONNRESET|socket hang up/);
  assert.equal((await ask('bot', 'GET', `${path}/lost`)).status, 200);
});

test('an exec that is cut after all of its bytes lacks only its status', { timeout }, async () => {
  cluster.faults.add({ kind: 'exec-cut', afterBytes: 'all', times: 1, match: isExec });
  const { socket, frames } = openExec('v5.channel.k8s.io', 'echo', 'hello');
  const code = await new Promise((resolve) => socket.once('close', resolve));
  assert.equal(code, 1006);
  assert.deepEqual(frames, [Buffer.from('\u0001hello\n')]);
});

test('an exec is cut after so many bytes', { timeout }, async (t) => {
  if (!need(t, 'kubectl or oc', kubectl)) return;
  cluster.faults.add({ kind: 'exec-cut', afterBytes: 100_000, times: 1, match: isExec });
  const cut = await kubectl('bot', ...inPod('head', '-c', '1000000', '/dev/zero')).outcome;
  assert.equal(cut.stdout.length, 100_000);
  assert.notEqual(cut.code, 0);
});

test('a wrong exit code and noise on stderr', { timeout }, async (t) => {
  if (!need(t, 'kubectl or oc', kubectl)) return;
  cluster.faults.add({ kind: 'exec-exit-code', code: 5, times: 1, match: isExec });
  assert.equal((await kubectl('bot', ...inPod('true')).outcome).code, 5);
  cluster.faults.add({
    kind: 'exec-noise',
    text: 'Unknown stream id 1, discarding message\n',
    times: 1,
    match: isExec,
  });
  const noisy = await kubectl('bot', ...inPod('echo', 'out')).outcome;
  assert.deepEqual([noisy.code, noisy.stdout.toString()], [0, 'out\n']);
  assert.match(noisy.stderr, /Unknown stream id 1/);
});

function openExec(protocol: string, ...argv: string[]): { socket: WebSocket; frames: Buffer[] } {
  const words = ['chroot', '/host', ...argv].map((word) => `command=${encodeURIComponent(word)}`).join('&');
  const url = `${cluster.url.replace('https', 'wss')}/api/v1/namespaces/${sessions}/pods/session/exec?stdout=true&stderr=true&${words}`;
  const headers = { authorization: `Bearer ${cluster.token('bot')}` };
  const socket = new WebSocket(url, protocol, { ca: cluster.caPem, headers });
  const frames: Buffer[] = [];
  socket.on('message', (data: Buffer) => frames.push(data));
  socket.on('error', () => {});
  return { socket, frames };
}

test('the frames of both protocols', { timeout }, async () => {
  for (const protocol of ['v5.channel.k8s.io', 'v4.channel.k8s.io']) {
    const { socket, frames } = openExec(protocol, 'echo', 'hello');
    const code = await new Promise((resolve) => socket.once('close', resolve));
    assert.equal(code, 1000);
    assert.equal(socket.protocol, protocol);
    assert.deepEqual(frames.at(0), Buffer.from('\u0001hello\n'));
    assert.deepEqual(frames.at(-1), Buffer.from('\u0003{"metadata":{},"status":"Success"}'));
  }
});

test('a hung exec answers pings, unless configured not to', { timeout }, async () => {
  const pongs = async (ignorePings: boolean) => {
    cluster.faults.add({ kind: 'exec-hang', afterBytes: 0, ignorePings, times: 1, match: isExec });
    const { socket, frames } = openExec('v5.channel.k8s.io', 'echo', 'hello');
    let count = 0;
    socket.on('pong', () => {
      count += 1;
    });
    await new Promise((resolve) => socket.once('open', resolve));
    socket.ping();
    if (ignorePings) await new Promise((resolve) => setTimeout(resolve, 500));
    else await until(() => count === 1, 'a pong');
    assert.deepEqual(frames, []);
    socket.terminate();
    // A frozen server does not see that the client went; a hung one does, and the command's pipe breaks.
    const isOver = () => !cluster.pods.running().some((command) => command.kind === 'exec');
    if (!ignorePings) await until(isOver, 'the command to end');
    return count;
  };
  assert.equal(await pongs(false), 1);
  assert.equal(await pongs(true), 0);
});
