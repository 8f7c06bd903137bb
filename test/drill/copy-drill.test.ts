import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { DrillFailure } from '../../src/domain/drill/drill.ts';
import { drillFailureText } from '../../src/domain/drill/drill-failure-text.ts';
import { type DrillOptions, openDrill } from '../../src/drill/copy-drill.ts';
import { findEtcdTools } from '../../src/drill/find-etcd.ts';
import type { Drill, DrillAttempt, Fetched } from '../../src/workflow/ports/drill-ports.ts';
import { etcd35, etcd35Dir, etcd35Name } from '../support/etcd-programs.ts';
import { need } from '../support/need.ts';
import {
  recordedStatus as expected,
  foreign,
  recordedDamagedPage,
  recordedSnapshot,
  withDamagedPage,
} from '../support/snapshots.ts';

const snapshot = await recordedSnapshot();
const pathEnv = process.env.PATH ?? '';
const long = { timeout: 180_000 };
const never = new AbortController().signal;

async function opened(t: TestContext, changes: Partial<DrillOptions> = {}) {
  const dir = await mkdtemp(path.join(tmpdir(), 'copy-drill-test-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const drill = await openDrill({ toolDirs: undefined, pathEnv, dir, deadlineMs: 120_000, ...changes });
  return { dir, drill };
}

async function* inPieces(content: Uint8Array): AsyncGenerator<Uint8Array, void> {
  for (let from = 0; from < content.byteLength; from += 10_000) yield content.subarray(from, from + 10_000);
}

function fetched(drill: Drill, content: Uint8Array, signal = never): Promise<Fetched> {
  return drill.fetch(async () => inPieces(content), content.byteLength, signal);
}

async function restored(
  drill: Drill,
  content: Uint8Array,
  change: Partial<Parameters<Drill['restore']>[1]> = {},
): Promise<DrillAttempt> {
  const came = await fetched(drill, content);
  assert.ok(came.ok, JSON.stringify(came));
  const [set] = drill.tools.sets;
  assert.ok(set, JSON.stringify(drill.tools.problems));
  try {
    const input = { set, expected: undefined, scriptEtcdVersion: '3.5.16', signal: never, ...change };
    return await drill.restore(came.snapshot, input);
  } finally {
    await came.snapshot.remove();
  }
}

test('a fetched copy is restored: revision and live keys are counted, nothing is left', long, async (t) => {
  if (!need(t, 'etcd with etcdctl', findEtcdTools(pathEnv))) return;
  const { dir, drill } = await opened(t);
  const modes: number[] = [];
  async function* watched(): AsyncGenerator<Uint8Array, void> {
    for await (const piece of inPieces(snapshot)) {
      yield piece;
      const [room = ''] = await readdir(dir);
      const file = path.join(dir, room, 'snapshot.db');
      for (const each of [path.join(dir, room), file]) modes.push((await stat(each)).mode & 0o777);
    }
  }
  const came = await drill.fetch(async () => watched(), snapshot.byteLength, never);
  assert.ok(came.ok);
  assert.deepEqual([...new Set(modes)], [0o700, 0o600]);
  assert.equal(came.snapshot.sha256, createHash('sha256').update(snapshot).digest('hex'));
  const [set] = drill.tools.sets;
  assert.ok(set);
  const input = { set, expected, scriptEtcdVersion: '3.5.16', signal: never };
  const once = await drill.restore(came.snapshot, input);
  assert.deepEqual(once, { ok: true, revision: 61, keys: 60 });
  assert.deepEqual(await drill.restore(came.snapshot, input), once, 'the fetched snapshot stays as it is');
  await came.snapshot.remove();
  await came.snapshot.remove();
  assert.deepEqual(await readdir(dir), []);
});

test('the right bytes of another size, a torn and a refused copy are seen', long, async (t) => {
  const { dir, drill } = await opened(t);
  const short = await drill.fetch(
    async () => inPieces(snapshot.subarray(0, 100)),
    snapshot.byteLength,
    never,
  );
  assert.equal(short.ok && short.snapshot.size, 100);
  if (short.ok) await short.snapshot.remove();
  const refused = await drill.fetch(
    () => Promise.reject(new Error('denied\nfor https://me:pass@nas')),
    snapshot.byteLength,
    never,
  );
  assert.deepEqual(refused, {
    ok: false,
    failure: { kind: 'not-fetched', detail: 'denied for https://[secret]@nas' },
  });
  const torn = await drill.fetch(
    async () => {
      async function* body(): AsyncGenerator<Uint8Array, void> {
        yield snapshot.subarray(0, 100);
        throw new Error('the stream ended early');
      }
      return body();
    },
    snapshot.byteLength,
    never,
  );
  assert.deepEqual(torn, { ok: false, failure: { kind: 'not-fetched', detail: 'the stream ended early' } });
  const vast = await drill.fetch(async () => inPieces(snapshot), 2 ** 50, never);
  assert.equal(!vast.ok && vast.failure.kind, 'no-room');
  assert.deepEqual(await readdir(dir), []);
});

test('a place that hangs meets the deadline, and an abort ends it at once', long, async (t) => {
  const hanging = () => new Promise<never>(() => undefined);
  const late = await opened(t, { deadlineMs: 1_000 });
  assert.deepEqual(await late.drill.fetch(hanging, 1, never), {
    ok: false,
    failure: { kind: 'deadline', deadlineMs: 1_000, phase: 'fetching' },
  });
  assert.deepEqual(await readdir(late.dir), []);

  const abort = new AbortController();
  const { dir, drill } = await opened(t);
  const running = drill.fetch(
    () => {
      abort.abort();
      return hanging();
    },
    1,
    abort.signal,
  );
  assert.deepEqual(await running, { ok: false, failure: { kind: 'aborted', phase: 'fetching' } });
  assert.deepEqual(await readdir(dir), []);
});

/** A directory with programs of one's own making. */
async function programs(t: TestContext, texts: Readonly<Record<string, string>>): Promise<string> {
  const bin = await mkdtemp(path.join(tmpdir(), 'copy-drill-bin-'));
  t.after(() => rm(bin, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(texts)) {
    await writeFile(path.join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  }
  return bin;
}

test('a deadline in the middle of the restore names what was being done', long, async (t) => {
  const real = findEtcdTools(pathEnv);
  if (!need(t, 'etcd with etcdctl', real)) return;
  const version = `[ "$1" = --version ] && exec ${real.etcd} --version`;
  const bin = await programs(t, { etcd: `${version}\nexec sleep 600` });
  const { dir, drill } = await opened(t, { pathEnv: `${bin}:${pathEnv}`, deadlineMs: 4_000 });
  assert.deepEqual(await restored(drill, snapshot), {
    ok: false,
    failure: { kind: 'deadline', deadlineMs: 4_000, phase: 'starting' },
  });
  assert.deepEqual(await readdir(dir), []);
});

test('a program that the machine kills says nothing of the snapshot', long, async (t) => {
  const real = findEtcdTools(pathEnv);
  if (!need(t, 'etcd with etcdctl', real)) return;
  const killedAt = async (program: 'etcd' | 'etcdctl', when: string) => {
    const text = `case " $* " in *"${when}"*) kill -9 $$;; esac\nexec ${real[program]} "$@"`;
    const bin = await programs(t, { [program]: text });
    const { drill } = await opened(t, { pathEnv: `${bin}:${pathEnv}` });
    const attempt = await restored(drill, snapshot);
    assert.ok(!attempt.ok && attempt.failure.kind === 'not-run', JSON.stringify(attempt));
    return attempt.failure.detail;
  };
  for (const when of [' status ', ' restore ']) {
    assert.match(await killedAt('etcdctl', when), /^etcdctl was killed by SIGKILL/);
  }
  assert.match(await killedAt('etcd', ' --data-dir '), /^etcd was killed by SIGKILL/);
});

test('a directory for drills that is gone is reported, not thrown', long, async (t) => {
  const gone = path.join(tmpdir(), 'copy-drill-nowhere', 'drills');
  const { drill } = await opened(t, { dir: gone });
  assert.match(drill.tools.problems.map(({ detail }) => detail).join(), /copy-drill-nowhere.*ENOENT/);
  const came = await fetched(drill, snapshot);
  assert.ok(!came.ok && came.failure.kind === 'not-run');
  assert.match(came.failure.detail, /ENOENT/);
});

test('what a killed process left is removed at the next start; a living one’s is not', async (t) => {
  const dir = await mkdtemp(path.join(tmpdir(), 'copy-drill-left-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const living = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  t.after(() => living.kill('SIGKILL'));
  await once(living, 'spawn');
  const dead = spawn(process.execPath, ['-e', '']);
  await once(dead, 'exit');
  const names = [process.pid, dead.pid, living.pid].map((pid) => `etcd-backup-drill-${pid}-abc`);
  for (const name of [...names, 'etcd-backup-drill-x', 'something-else']) {
    await mkdir(path.join(dir, name));
    await writeFile(path.join(dir, name, 'snapshot.db'), 'secret');
  }
  const options = { toolDirs: undefined, pathEnv: '', dir, deadlineMs: 1_000 };
  const all = (await readdir(dir)).sort();
  await openDrill({ ...options, onlyLook: true });
  assert.deepEqual((await readdir(dir)).sort(), all, 'who only looks removes nothing');
  await openDrill(options);
  const left = [names[2] ?? '', 'etcd-backup-drill-x', 'something-else'];
  assert.deepEqual((await readdir(dir)).sort(), left.sort());
});

test(
  'a damaged page under a right trailer fails with etcd’s own words, with 3.4 and with 3.5',
  long,
  async (t) => {
    const sets: Record<string, string> = {};
    const debian = findEtcdTools('/usr/bin');
    if (debian) sets['3.4'] = '/usr/bin';
    if (!need(t, etcd35Name, etcd35())) return;
    sets['3.5'] = etcd35Dir;
    const { drill } = await opened(t, { toolDirs: sets });
    const own = drill.tools.sets.find(({ minor }) => minor === '3.5');
    assert.ok(own, JSON.stringify(drill.tools));
    for (const damaged of [await recordedDamagedPage(), withDamagedPage(snapshot)]) {
      for (const set of drill.tools.sets) {
        const attempt = await restored(drill, damaged, { set });
        assert.ok(!attempt.ok && attempt.failure.kind === 'status-failed', JSON.stringify(attempt));
        // 3.4 checks while it reads: either may end the program first.
        const words =
          set === own
            ? /Page expected to be: \d+, but self identifies as 9999/
            : /page 9999: out of bounds|snapshot file integrity check failed/;
        assert.match(attempt.failure.detail, words);
      }
    }
    assert.deepEqual(await restored(drill, snapshot, { set: own, expected }), {
      ok: true,
      revision: 61,
      keys: 60,
    });
  },
);

test('a snapshot of another byte order is not held against itself', long, async (t) => {
  if (!need(t, 'etcd with etcdctl', findEtcdTools(pathEnv))) return;
  const { drill } = await opened(t);
  const whole = foreign(snapshot);
  assert.deepEqual(await restored(drill, whole), { ok: false, failure: { kind: 'other-byte-order' } });
  const damaged = Buffer.from(whole);
  damaged[5000] = (damaged[5000] ?? 0) ^ 1;
  assert.deepEqual(await restored(drill, damaged), {
    ok: false,
    failure: { kind: 'snapshot-damaged', size: damaged.byteLength },
  });
});

test('every failure has one plain line', () => {
  const detail = 'first\nsecond\t';
  const failures: readonly DrillFailure[] = [
    { kind: 'not-fetched', detail },
    { kind: 'not-run', detail },
    { kind: 'process-ended' },
    { kind: 'no-tools' },
    { kind: 'no-tools', minor: '3.5' },
    { kind: 'other-byte-order' },
    { kind: 'snapshot-unreadable', detail },
    { kind: 'snapshot-damaged', size: 12 },
    { kind: 'no-room', freeBytes: 1, neededBytes: 2 ** 30 },
    { kind: 'status-failed', detail },
    { kind: 'status-differs', fields: ['hash'], expected, found: { ...expected, hash: 1 } },
    { kind: 'restore-failed', detail },
    { kind: 'etcd-not-started', detail },
    { kind: 'etcd-ended', detail },
    { kind: 'revision-differs', expected: 1, found: 2 },
    { kind: 'no-keys' },
    { kind: 'read-failed', detail },
    { kind: 'deadline', deadlineMs: 2_000, phase: 'counting' },
    { kind: 'aborted', phase: 'status' },
  ];
  const texts = failures.map(drillFailureText);
  assert.equal(new Set(texts).size, failures.length);
  for (const text of texts) assert.match(text, /^[a-z][^\n\t]*[^\s.]$/);
  assert.match(texts[8] ?? '', /1024 MiB needed .* 1 MiB free/);
});
