import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { SnapshotStatus } from '../../src/domain/artifacts.ts';
import type { DrillFailure } from '../../src/domain/drill.ts';
import { type DrillOptions, openDrill } from '../../src/drill/copy-drill.ts';
import { drillFailureText } from '../../src/drill/failure-text.ts';
import { findEtcdTools } from '../../src/drill/find-etcd.ts';
import type { Drill } from '../../src/workflow/copy-ports.ts';
import { need } from '../support/need.ts';

const fixture = new URL('../fixtures/snapshot/snapshot_etcd-3.5.16.db.gz', import.meta.url);
const snapshot = gunzipSync(await readFile(fixture));
const expected: SnapshotStatus = {
  hash: 2207365705,
  revision: 61,
  totalKey: 66,
  totalSize: 36864,
  version: undefined,
};
const at = Date.parse('2026-11-23T06:14:44Z');
const long = { timeout: 180_000 };

async function opened(t: TestContext, changes: Partial<DrillOptions> = {}) {
  const dir = await mkdtemp(path.join(tmpdir(), 'copy-drill-test-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const pathEnv = process.env.PATH ?? '';
  const drill = await openDrill({ pathEnv, dir, deadlineMs: 120_000, clock: { now: () => at }, ...changes });
  return { dir, drill };
}

function input(open: Parameters<Drill>[0]['open'], signal = new AbortController().signal) {
  return { open, expected, scriptEtcdVersion: '3.5.16', signal };
}

async function* inPieces(content: Uint8Array): AsyncGenerator<Uint8Array, void> {
  for (let from = 0; from < content.byteLength; from += 10_000) yield content.subarray(from, from + 10_000);
}

test('a fetched copy is restored: revision and live keys are told, nothing is left', long, async (t) => {
  if (!need(t, 'etcd with etcdctl', findEtcdTools(process.env.PATH ?? ''))) return;
  const { dir, drill } = await opened(t);
  assert.ok(drill);
  const modes: number[] = [];
  async function* watched(): AsyncGenerator<Uint8Array, void> {
    for await (const piece of inPieces(snapshot)) {
      yield piece;
      const [room = ''] = await readdir(dir);
      const file = path.join(dir, room, 'snapshot.db');
      for (const each of [path.join(dir, room), file]) modes.push((await stat(each)).mode & 0o777);
    }
  }
  const outcome = await drill(input(async () => watched()));
  assert.deepEqual(outcome, { ok: true, revision: 61, keys: 60, at });
  assert.deepEqual([...new Set(modes)], [0o700, 0o600]);
  assert.deepEqual(await readdir(dir), []);
});

test(
  'a damaged, a torn and a foreign copy fail with one plain line each, and nothing is left',
  long,
  async (t) => {
    if (!need(t, 'etcd with etcdctl', findEtcdTools(process.env.PATH ?? ''))) return;
    const { dir, drill } = await opened(t);
    assert.ok(drill);
    const damaged = Buffer.from(snapshot);
    damaged[20_000] = (damaged[20_000] ?? 0) ^ 1;
    const cases: readonly (readonly [Parameters<Drill>[0], RegExp])[] = [
      [input(async () => inPieces(damaged)), /^the fetched snapshot is damaged: .*36896 bytes/],
      [
        { ...input(async () => inPieces(snapshot)), expected: { ...expected, revision: 62 } },
        /^the fetched snapshot is not the one that the node reported: revision 61 instead of 62$/,
      ],
      [
        input(() => Promise.reject(new Error('denied\nfor https://me:pass@nas'))),
        /^the snapshot could not be fetched: denied for https:\/\/\[secret\]@nas$/,
      ],
      [
        input(async () => {
          async function* torn(): AsyncGenerator<Uint8Array, void> {
            yield snapshot.subarray(0, 100);
            throw new Error('the stream ended early');
          }
          return torn();
        }),
        /^the snapshot could not be fetched: the stream ended early$/,
      ],
    ];
    for (const [each, why] of cases) {
      const outcome = await drill(each);
      assert.ok(!outcome.ok);
      assert.match(outcome.why, why);
      assert.equal(outcome.at, at);
      assert.deepEqual(await readdir(dir), []);
    }
  },
);

test('a place that hangs meets the deadline, and an abort ends it at once', long, async (t) => {
  if (!need(t, 'etcd with etcdctl', findEtcdTools(process.env.PATH ?? ''))) return;
  const never = () => new Promise<never>(() => undefined);
  const late = await opened(t, { deadlineMs: 1_000 });
  const outcome = await late.drill?.(input(never));
  assert.deepEqual(outcome, {
    ok: false,
    failure: { kind: 'deadline', deadlineMs: 1_000, phase: 'fetching' },
    why: 'not done within 1 s, cut off while fetching the snapshot',
    at,
  });
  assert.deepEqual(await readdir(late.dir), []);

  const abort = new AbortController();
  const { dir, drill } = await opened(t);
  const running = drill?.(
    input(() => {
      abort.abort();
      return never();
    }, abort.signal),
  );
  assert.deepEqual(await running, {
    ok: false,
    failure: { kind: 'aborted', phase: 'fetching' },
    why: 'stopped while fetching the snapshot',
    at,
  });
  assert.deepEqual(await readdir(dir), []);
});

test('a deadline in the middle of the restore names what was being done', long, async (t) => {
  if (!need(t, 'etcd with etcdctl', findEtcdTools(process.env.PATH ?? ''))) return;
  const bin = await mkdtemp(path.join(tmpdir(), 'copy-drill-bin-'));
  t.after(() => rm(bin, { recursive: true, force: true }));
  await writeFile(path.join(bin, 'etcd'), '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 });
  const pathEnv = `${bin}${path.delimiter}${process.env.PATH ?? ''}`;
  const { dir, drill } = await opened(t, { pathEnv, deadlineMs: 4_000 });
  const outcome = await drill?.(input(async () => inPieces(snapshot)));
  assert.ok(outcome && !outcome.ok);
  assert.match(outcome.why, /^not done within 4 s, cut off while starting etcd on it$/);
  assert.deepEqual(await readdir(dir), []);
});

test(
  'without etcd there is no drill; a directory that cannot be written is told, not thrown',
  long,
  async (t) => {
    const { drill } = await opened(t, { pathEnv: '/nowhere' });
    assert.equal(drill, undefined);
    if (!need(t, 'etcd with etcdctl', findEtcdTools(process.env.PATH ?? ''))) return;
    const gone = await opened(t);
    await rm(gone.dir, { recursive: true });
    const outcome = await gone.drill?.(input(async () => inPieces(snapshot)));
    assert.ok(outcome && !outcome.ok);
    assert.match(outcome.why, /ENOENT/);
  },
);

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
  await openDrill({ pathEnv: '', dir, deadlineMs: 1_000, clock: { now: () => at } });
  assert.deepEqual((await readdir(dir)).sort(), [names[2], 'etcd-backup-drill-x', 'something-else'].sort());
});

test('every failure has one plain line', () => {
  const detail = 'first\nsecond\t';
  const failures: readonly DrillFailure[] = [
    { kind: 'not-fetched', detail },
    { kind: 'not-run', detail },
    { kind: 'snapshot-unreadable', detail },
    { kind: 'snapshot-damaged', size: 12 },
    { kind: 'no-room', freeBytes: 1, neededBytes: 2 ** 30 },
    { kind: 'status-failed', detail },
    { kind: 'status-differs', fields: ['hash'], expected, found: { ...expected, hash: 1 } },
    { kind: 'restore-failed', detail },
    { kind: 'etcd-not-started', detail },
    { kind: 'revision-differs', expected: 1, found: 2 },
    { kind: 'no-keys' },
    { kind: 'read-failed', detail },
    { kind: 'deadline', deadlineMs: 2_000, phase: 'counting' },
    { kind: 'aborted', phase: 'status' },
  ];
  const texts = failures.map(drillFailureText);
  assert.equal(new Set(texts).size, failures.length);
  for (const text of texts) assert.match(text, /^[a-z][^\n\t]*[^\s.]$/);
  assert.match(texts[4] ?? '', /1024 MiB needed .* 1 MiB free/);
});
