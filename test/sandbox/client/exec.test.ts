import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { bundledArchive } from '../../../sandbox/client/extract-program.ts';
import { findClient } from '../../../sandbox/client/find-client.ts';
import { need } from '../../support/need.ts';
import { startExecServer } from './exec-server.ts';

const bundled = process.platform === 'linux' && process.arch === 'x64' ? bundledArchive() : undefined;

async function makeClientFile(t: TestContext, archive: string | undefined) {
  const cacheDir = await mkdtemp(path.join(tmpdir(), 'exec-client-'));
  t.after(() => rm(cacheDir, { recursive: true, force: true }));
  return { cacheDir, ...(await findClient({ cacheDir, archive, env: {} })) };
}

async function makeClient(t: TestContext, archive: string | undefined) {
  const { cacheDir, ...client } = await makeClientFile(t, archive);
  return (args: string[], stdin = '') => {
    const home = { HOME: cacheDir, PATH: '/usr/bin:/bin' };
    const child = spawn(client.path, args, { env: home });
    child.stdin.end(stdin);
    return collected(child);
  };
}

async function collected(child: ReturnType<typeof spawn>) {
  const hash = createHash('sha256');
  const found = { code: -1, stdout: '', stderr: '', bytes: 0, sha256: '' };
  child.stdout?.on('data', (data: Buffer) => {
    hash.update(data);
    found.bytes += data.length;
    if (found.bytes < 100_000) found.stdout += data;
  });
  child.stderr?.on('data', (data: Buffer) => {
    found.stderr += data;
  });
  found.code = await new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)));
  return { ...found, sha256: hash.digest('hex') };
}

// The same expectations for both: what the stand-in must get right is what the real one does.
for (const [name, archive] of [
  ['kubectl', bundled],
  ['stand-in', undefined],
] as const) {
  const there = (t: TestContext) => name === 'stand-in' || need(t, 'kubectl for Linux x64 from npm', archive);

  test(`${name}: exit code, stdout and stderr apart, stdin`, { timeout: 120_000 }, async (t) => {
    if (!there(t)) return;
    const [exec, server] = [await makeClient(t, archive), await startExecServer(t)];
    const flags = ['-n', 'backup', '--kubeconfig', server.good, '--context', 'test', '--request-timeout=30s'];
    const ok = await exec([
      'exec',
      'session',
      ...flags,
      '--',
      'sh',
      '-c',
      'echo out; echo "$1" >&2',
      'sh',
      "it's é --x",
    ]);
    assert.deepEqual([ok.code, ok.stdout, ok.stderr], [0, 'out\n', "it's é --x\n"]);
    const seven = await exec(['exec', 'session', ...flags, '--', 'sh', '-c', 'exit 7']);
    assert.deepEqual([seven.code, seven.stderr], [7, 'command terminated with exit code 7\n']);
    const input = await exec(['exec', '-i', 'session', ...flags, '--', 'cat'], 'secret=1\nline');
    assert.deepEqual([input.code, input.stdout], [0, 'secret=1\nline']);
  });

  test(`${name}: refusals have kubectl's words`, { timeout: 120_000 }, async (t) => {
    if (!there(t)) return;
    const [exec, server] = [await makeClient(t, archive), await startExecServer(t)];
    const call = (kubeconfig: string, pod: string) =>
      exec(['exec', pod, '-n', 'backup', '--kubeconfig', kubeconfig, '--', 'true']);
    const missing = await call(server.good, 'nope');
    assert.deepEqual(
      [missing.code, missing.stderr],
      [1, 'Error from server (NotFound): pods "nope" not found\n'],
    );
    const unauthorized = await call(server.unauthorized, 'session');
    assert.equal(unauthorized.code, 1);
    assert.match(unauthorized.stderr, /error: You must be logged in to the server/);
    const refused = await call(server.refused, 'session');
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /The connection to the server 127\.0\.0\.1:\d+ was refused - did you specify the right host or port\?\n$/,
    );
    const forbidden = await call(server.good, 'no-exec');
    assert.equal(forbidden.code, 1);
    assert.match(forbidden.stderr, /forbidden/i);
    const flags = ['-n', 'backup', '--kubeconfig', server.good, '--'];
    const killed = await exec(['exec', 'session', ...flags, 'sh', '-c', 'kill -9 $$']);
    assert.deepEqual(
      [killed.code, /^error: Internal error occurred: .*signal: SIGKILL/m.test(killed.stderr)],
      [1, true],
    );
  });

  test(`${name}: 64 MB arrive exactly, also at a slow reader`, { timeout: 240_000 }, async (t) => {
    if (!there(t)) return;
    const [exec, server] = [await makeClient(t, archive), await startExecServer(t)];
    const flags = ['-n', 'backup', '--kubeconfig', server.good, '--'];
    const found = await exec(['exec', 'session', ...flags, 'sh', '-c', 'yes abcdefg | head -c 67108864']);
    const expected = createHash('sha256').update(Buffer.alloc(67_108_864, 'abcdefg\n')).digest('hex');
    assert.deepEqual([found.code, found.bytes, found.sha256], [0, 67_108_864, expected]);
    const program = (await makeClientFile(t, archive)).path;
    const slow = ['-c', '"$@" | { sleep 1; sha256sum; }', 'sh', program, 'exec', 'session', ...flags];
    const child = spawn('sh', [...slow, 'sh', '-c', 'yes abcdefg | head -c 67108864'], {
      env: { HOME: tmpdir(), PATH: '/usr/bin:/bin' },
    });
    assert.equal((await collected(child)).stdout.slice(0, 64), expected);
  });
}
