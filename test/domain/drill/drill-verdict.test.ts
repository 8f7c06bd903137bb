import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DrillFailure } from '../../../src/domain/drill/drill.ts';
import { type ControlShown, isPageError, judgeDrill } from '../../../src/domain/drill/drill-verdict.ts';

const status = { hash: 1, revision: 61, totalKey: 3, totalSize: 4_096, version: undefined };
const restored: ControlShown = { kind: 'restored', runId: 'r-control1' };
const failed: ControlShown = { kind: 'failed', runId: 'r-control1' };
const none: ControlShown = { kind: 'none' };
const page = 'panic: assertion failed: Page expected to be: 11, but self identifies as 9999';

function judged(failure: DrillFailure, ownMinor: boolean, times = 1, control?: ControlShown): string {
  const failures = Array.from({ length: times }, () => failure) as [DrillFailure];
  const next = judgeDrill({ failures, ownMinor, control });
  return typeof next === 'string' ? next : `${next.verdict}: ${next.because}`;
}

const ofPrograms = ['status-failed', 'restore-failed', 'etcd-not-started', 'etcd-ended'] as const;

test('a failure of the programs is tried once more, then held against a control', () => {
  for (const kind of ofPrograms) {
    const failure = { kind, detail: 'panic: runtime error: index out of range [3] with length 3' };
    assert.equal(judged(failure, true), 'again');
    assert.equal(judged(failure, true, 2), 'control');
    assert.equal(judged(failure, true, 2, restored), 'does-not-restore: control-restored');
    assert.equal(judged(failure, true, 2, failed), 'not-made: control-failed');
    assert.equal(judged(failure, true, 2, none), 'inconclusive: no-control');
  }
});

test('a page error disproves at the second try, without any control', () => {
  for (const kind of ofPrograms) {
    assert.equal(judged({ kind, detail: page }, true), 'again');
    assert.equal(judged({ kind, detail: page }, true, 2), 'does-not-restore: page-error');
  }
});

test('programs of another minor prove nothing by failing, whatever they say', () => {
  const failures: readonly DrillFailure[] = [
    ...ofPrograms.map((kind) => ({ kind, detail: page })),
    { kind: 'status-differs', fields: ['revision'], expected: status, found: { ...status, revision: 60 } },
    { kind: 'revision-differs', expected: 61, found: 60 },
    { kind: 'no-keys' },
    { kind: 'read-failed', detail: 'x' },
  ];
  for (const failure of failures) {
    assert.equal(judged(failure, false), 'inconclusive: other-minor', failure.kind);
    assert.equal(judged(failure, false, 2, restored), 'inconclusive: other-minor', failure.kind);
  }
});

test('wrong bytes disprove, whatever the programs are; other content does with the right ones', () => {
  assert.equal(judged({ kind: 'snapshot-damaged', size: 1 }, false), 'does-not-restore: damaged');
  assert.equal(judged({ kind: 'snapshot-damaged', size: 1 }, true), 'does-not-restore: damaged');
  assert.equal(judged({ kind: 'no-keys' }, true), 'does-not-restore: content');
  assert.equal(
    judged({ kind: 'status-differs', fields: ['hash'], expected: status, found: status }, true),
    'does-not-restore: content',
  );
  assert.equal(
    judged({ kind: 'revision-differs', expected: 61, found: 60 }, true),
    'does-not-restore: content',
  );
  assert.equal(
    judged({ kind: 'revision-differs', expected: 61, found: 1_000_000_061 }, true),
    'inconclusive: unclear',
    'a bumped or compacted revision loses nothing',
  );
  assert.equal(
    judged({ kind: 'read-failed', detail: 'context deadline exceeded' }, true),
    'inconclusive: unclear',
  );
});

test('tools, room, time and the machine say nothing about the backup', () => {
  const failures: readonly DrillFailure[] = [
    { kind: 'not-fetched', detail: 'x' },
    { kind: 'not-run', detail: 'etcdctl was killed by SIGKILL' },
    { kind: 'process-ended' },
    { kind: 'no-tools', minor: '3.5' },
    { kind: 'other-byte-order' },
    { kind: 'snapshot-unreadable', detail: 'EIO' },
    { kind: 'no-room', freeBytes: 1, neededBytes: 2 },
    { kind: 'deadline', deadlineMs: 1, phase: 'restoring' },
    { kind: 'aborted', phase: 'restoring' },
    { kind: 'restore-failed', detail: 'Error: write data/member/snap/db: no space left on device' },
    { kind: 'etcd-not-started', detail: 'fatal error: runtime: out of memory' },
    { kind: 'status-failed', detail: 'unexpected fault address 0x7f, input/output error' },
  ];
  for (const failure of failures) {
    for (const own of [true, false]) {
      assert.equal(judged(failure, own, 2, restored), 'not-made: place', failure.kind);
    }
  }
});

test('page errors as bbolt and etcd print them are known, and nothing else', () => {
  const known = [
    page,
    'panic: freepages: failed to get all reachable pages (page 9999: out of bounds: 12)',
    'panic: freepages: failed to get all reachable pages (page 138577: multiple references (stack: [1 2]))',
    'panic: page 2 already freed',
    'panic: invalid freelist page: 10, page type is leaf',
    'panic: invalid page type: 1938: 10',
    'panic: invalid page allocation: 0',
    'panic: assertion failed: page 12: has unexpected type/flags: 4e20',
    'unexpected fault address 0x7f502600900a',
    '[signal SIGBUS: bus error code=0x2 addr=0x7f1 pc=0x2]',
    'Error: snapshot file integrity check failed. 2 errors found.',
    'panic: mvcc: range cannot find rev (224,0)',
    'Error: invalid database',
    'Error: checksum error',
  ];
  for (const each of known) assert.ok(isPageError(each), each);
  const others = [
    'panic: runtime error: invalid memory address or nil pointer dereference',
    'Error: unknown command "status" for "etcdctl snapshot"',
    'Error: data-dir "data" exists',
    '{"level":"fatal","msg":"discovery failed","error":"couldn\'t find local name"}',
    'Error: context deadline exceeded',
    'panic: page 2 already freed, no space left on device',
  ];
  for (const each of others) assert.ok(!isPageError(each), each);
});
