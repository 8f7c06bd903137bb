import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmod,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  readlink,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { SnapshotStatus } from '../../src/domain/backup/artifacts.ts';
import { type DrillInput, drill, removeLeftDrills } from '../../src/drill/drill.ts';
import { type EtcdTools, findEtcdTools } from '../../src/drill/find-etcd.ts';
import { need } from '../support/need.ts';

const fixture = new URL('../fixtures/snapshot/snapshot_etcd-3.5.16.db.gz', import.meta.url);
/** What etcd 3.5.16 said of the recorded snapshot. */
const recorded: SnapshotStatus = {
  hash: 2207365705,
  revision: 61,
  totalKey: 66,
  totalSize: 36864,
  version: undefined,
};
const tools = findEtcdTools(process.env.PATH ?? '');
const long = { timeout: 180_000 };

async function temporaryDirectory(t: TestContext): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'drill-test-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

async function prepared(t: TestContext, change: Partial<DrillInput> = {}) {
  const dir = await temporaryDirectory(t);
  const snapshotFile = path.join(dir, 'snapshot.db');
  await writeFile(snapshotFile, gunzipSync(await readFile(fixture)));
  const room = path.join(dir, 'room');
  await mkdir(room);
  const input: DrillInput = {
    tools: tools as EtcdTools,
    snapshotFile,
    expected: recorded,
    scriptEtcdVersion: '3.5.16',
    dir: room,
    deadlineMs: 120_000,
    signal: new AbortController().signal,
    ...change,
  };
  return { dir, room, snapshotFile, input };
}

async function isEmpty(dir: string): Promise<boolean> {
  return (await readdir(dir)).length === 0;
}

/** Command lines of processes that work in `dir`, from the process table. */
async function processesIn(dir: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
      return cwd.startsWith(dir) ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') : '';
    }),
  );
  return found.filter((line) => line !== '');
}

/** A program where one of etcd's should be. */
async function script(dir: string, name: string, text: string): Promise<string> {
  const file = path.join(dir, name);
  await writeFile(file, `#!/bin/sh\n${text}\n`);
  await chmod(file, 0o755);
  return file;
}

test(
  'a whole snapshot comes through a real restore: same revision, live keys counted, nothing left',
  long,
  async (t) => {
    if (!need(t, 'etcd with etcdctl', tools)) return;
    const { input, room, dir } = await prepared(t);
    const result = await drill(input);
    assert.equal(result.ok, true, JSON.stringify(result));
    assert.ok(result.ok);
    assert.equal(result.revision, 61);
    assert.equal(result.keys, 60);
    assert.equal(result.statusMatches, true);
    assert.match(result.toolVersion, /^3\.\d+\.\d+/);
    const sameMinor = result.toolVersion.startsWith('3.5.');
    assert.equal(
      result.notes.some((note) => note.kind === 'other-minor'),
      !sameMinor,
    );
    assert.deepEqual(
      result.compared,
      sameMinor ? ['hash', 'revision', 'totalKey', 'totalSize'] : ['revision', 'totalSize'],
    );
    assert.ok(await isEmpty(room));
    assert.deepEqual(await processesIn(dir), []);
  },
);

test('with the same minor hash and key count are compared, too', long, async (t) => {
  if (!need(t, 'etcd with etcdctl', tools)) return;
  const first = await prepared(t);
  const known = await drill(first.input);
  assert.ok(known.ok);
  const { input } = await prepared(t, { scriptEtcdVersion: known.toolVersion });
  const result = await drill(input);
  assert.ok(result.ok);
  assert.deepEqual(result.compared, ['hash', 'revision', 'totalKey', 'totalSize']);
  assert.deepEqual(result.notes, []);
  const wrong = await drill({ ...input, expected: { ...recorded, hash: 1, totalKey: 2 } });
  assert.ok(!wrong.ok && wrong.failure.kind === 'status-differs');
  assert.deepEqual(wrong.failure.fields, ['hash', 'totalKey']);
});

test('the revision of the script’s line decides even across minors', long, async (t) => {
  if (!need(t, 'etcd with etcdctl', tools)) return;
  const { input, room } = await prepared(t, { expected: { ...recorded, revision: 62 } });
  const result = await drill(input);
  assert.ok(!result.ok && result.failure.kind === 'status-differs');
  assert.deepEqual(result.failure.fields, ['revision']);
  assert.ok(await isEmpty(room));
});

test('without a line of the script it says so, and still restores', long, async (t) => {
  if (!need(t, 'etcd with etcdctl', tools)) return;
  const { input } = await prepared(t, { expected: undefined });
  const result = await drill(input);
  assert.ok(result.ok);
  assert.equal(result.statusMatches, false);
  assert.deepEqual(result.notes, [{ kind: 'no-status-line' }]);
});

const damages: readonly (readonly [string, (file: string) => Promise<void>])[] = [
  ['one flipped bit', (file) => flip(file, 20_000)],
  ['a flipped bit in the trailer', (file) => flip(file, 36864 + 3)],
  ['cut off at a page', (file) => truncate(file, 4096)],
  ['cut off by its trailer', (file) => truncate(file, 36864)],
  ['cut off to nothing', (file) => truncate(file, 0)],
  ['zeros at the end', (file) => truncate(file, 36864 + 32 + 512)],
];

for (const [name, damage] of damages) {
  test(`a damaged copy is refused before anything is restored: ${name}`, long, async (t) => {
    if (!need(t, 'etcd with etcdctl', tools)) return;
    const { input, snapshotFile, room } = await prepared(t);
    await damage(snapshotFile);
    const result = await drill(input);
    assert.ok(!result.ok);
    assert.equal(result.failure.kind, 'snapshot-damaged');
    assert.ok(await isEmpty(room));
  });
}

async function flip(file: string, position: number): Promise<void> {
  const handle = await open(file, 'r+');
  const byte = Buffer.alloc(1);
  await handle.read(byte, 0, 1, position);
  byte[0] = (byte[0] ?? 0) ^ 1;
  await handle.write(byte, 0, 1, position);
  await handle.close();
}

test('a file that is not there and one that is no database', long, async (t) => {
  if (!need(t, 'etcd with etcdctl', tools)) return;
  const { input, snapshotFile, room } = await prepared(t);
  const missing = await drill({ ...input, snapshotFile: `${snapshotFile}.gone` });
  assert.deepEqual(!missing.ok && missing.failure, { kind: 'snapshot-unreadable', detail: 'ENOENT' });
  const noise = Buffer.alloc(36864, 'not a database ');
  await writeFile(snapshotFile, Buffer.concat([noise, createHash('sha256').update(noise).digest()]));
  const result = await drill(input);
  assert.ok(!result.ok);
  assert.equal(result.failure.kind, 'status-failed');
  assert.ok(await isEmpty(room));
});

test(
  'a tool that never ends meets the deadline; an abort ends it at once; nothing is left',
  long,
  async (t) => {
    if (!need(t, 'etcd with etcdctl', tools)) return;
    const { input, room, dir } = await prepared(t);
    const etcd = await script(dir, 'etcd', 'exec sleep 600');
    const stuck = { ...input, tools: { ...tools, etcd } };
    const late = await drill({ ...stuck, deadlineMs: 3_000 });
    assert.deepEqual(!late.ok && late.failure, { kind: 'deadline', deadlineMs: 3_000, phase: 'starting' });
    assert.ok(await isEmpty(room));
    assert.deepEqual(await processesIn(room), []);

    const abort = new AbortController();
    const running = drill({ ...stuck, signal: abort.signal });
    await until(async () => (await processesIn(room)).some((line) => line.startsWith('sleep')));
    abort.abort();
    const aborted = await running;
    assert.equal(!aborted.ok && aborted.failure.kind, 'aborted');
    assert.ok(await isEmpty(room));
    assert.deepEqual(await processesIn(room), []);
  },
);

test('an etcd that ends by itself is named with its last words', long, async (t) => {
  if (!need(t, 'etcd with etcdctl', tools)) return;
  const { input, dir, room } = await prepared(t);
  const etcd = await script(dir, 'etcd', 'echo "cannot be downgraded" >&2; exit 1');
  const result = await drill({ ...input, tools: { ...tools, etcd } });
  assert.deepEqual(!result.ok && result.failure, {
    kind: 'etcd-not-started',
    detail: 'cannot be downgraded',
  });
  assert.ok(await isEmpty(room));
});

test('another revision, no key, or a key that cannot be read is no restored etcd', long, async (t) => {
  if (!need(t, 'etcd with etcdctl', tools)) return;
  const { input, dir, room } = await prepared(t);
  const answers = async (change: string) => {
    const real = `${tools.etcdctl} "$@"`;
    const text = `case " $* " in *" get "*) ${real} | ${change};; *) exec ${real};; esac`;
    const etcdctl = await script(dir, 'etcdctl', text);
    const result = await drill({ ...input, tools: { ...tools, etcdctl } });
    assert.ok(await isEmpty(room));
    return result.ok ? undefined : result.failure;
  };
  const revision = await answers(`sed 's/"revision":61/"revision":62/'`);
  assert.deepEqual(revision, { kind: 'revision-differs', expected: 61, found: 62 });
  const empty = await answers(`sed 's/"count":60/"count":0/'`);
  assert.equal(empty?.kind, 'no-keys');
  const unread = await answers(`sed 's/"count":1}/"count":0}/'`);
  assert.equal(unread?.kind, 'read-failed');
});

test('no tool sees a proxy or anything else of our environment, and no port is opened', long, async (t) => {
  if (!need(t, 'etcd with etcdctl', tools)) return;
  const { input, dir } = await prepared(t);
  const seen = path.join(dir, 'seen');
  const spy = (program: string) => `env >> ${seen}; echo "$@" >> ${seen}; exec ${program} "$@"`;
  const etcd = await script(dir, 'etcd', spy(tools.etcd));
  const etcdctl = await script(dir, 'etcdctl', spy(tools.etcdctl));
  process.env.HTTPS_PROXY = 'http://127.0.0.1:9';
  t.after(() => delete process.env.HTTPS_PROXY);
  const result = await drill({ ...input, tools: { ...tools, etcd, etcdctl } });
  assert.ok(result.ok, JSON.stringify(result));
  const text = await readFile(seen, 'utf8');
  assert.match(text, / get .*--keys-only/, 'the spy was asked');
  assert.doesNotMatch(text, /proxy/i);
  assert.doesNotMatch(text, /https?:\/\//);
});

test('etcd dies with the process of the drill, even by kill -9', long, async (t) => {
  if (!need(t, 'etcd with etcdctl', tools)) return;
  const { input, room, dir } = await prepared(t);
  const etcd = await script(dir, 'etcd', 'exec sleep 600');
  const module = new URL('../../src/drill/drill.ts', import.meta.url).href;
  const { signal: _, ...rest } = { ...input, tools: { ...tools, etcd } };
  const code = `import { drill } from ${JSON.stringify(module)};
    await drill({ ...${JSON.stringify(rest)}, signal: new AbortController().signal });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'inherit' });
  await until(async () => (await processesIn(room)).some((line) => line.startsWith('sleep')));
  child.kill('SIGKILL');
  await until(async () => (await processesIn(room)).every((line) => !line.startsWith('sleep')));
  assert.ok(!(await isEmpty(room)), 'a killed process cannot remove its room');
  await removeLeftDrills(room);
  assert.ok(await isEmpty(room));
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await condition())) {
    assert.ok(performance.now() < deadline, 'waited 60 s without result');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('rooms of drills that were killed are found and removed', async (t) => {
  const dir = await temporaryDirectory(t);
  await mkdir(path.join(dir, 'drill-abc/data'), { recursive: true });
  await writeFile(path.join(dir, 'other'), '');
  await removeLeftDrills(dir);
  assert.deepEqual(await readdir(dir), ['other']);
});

test('tools are found along a search path, both that are needed or none', async (t) => {
  const dir = await temporaryDirectory(t);
  assert.equal(findEtcdTools(dir), undefined);
  const etcd = await script(dir, 'etcd', 'exit 0');
  await mkdir(path.join(dir, 'etcdctl'));
  assert.equal(findEtcdTools(dir), undefined, 'a directory is no program');
  await rm(path.join(dir, 'etcdctl'), { recursive: true });
  const etcdctl = await script(dir, 'etcdctl', 'exit 0');
  assert.deepEqual(findEtcdTools(`relative:${dir}`), { etcd, etcdctl });
  const etcdutl = await script(dir, 'etcdutl', 'exit 0');
  assert.deepEqual(findEtcdTools(dir), { etcd, etcdctl, etcdutl });
});
