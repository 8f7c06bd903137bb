import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunSuccess } from '../../../src/domain/run/run.ts';
import { withRemovals } from '../../../src/domain/run/success-merge.ts';

const before: RunSuccess = {
  artifacts: {
    snapshot: { path: '/backup/snapshot.db', size: 1, sha256: '1f', status: undefined },
    resources: { path: '/backup/resources.tar.gz', size: 1, sha256: '2f' },
  },
  scriptMs: 1,
  sessionPodLeft: undefined,
};

test('a writer with older knowledge does not bring back a directory that goes or is gone', () => {
  for (const onNode of ['removing', 'removed'] as const) {
    for (const after of [before, { ...before, onNode: 'kept' } as const])
      assert.equal(withRemovals({ ...before, onNode }, after).onNode, onNode);
    assert.equal(withRemovals({ ...before, onNode }, { ...before, onNode: 'removed' }).onNode, 'removed');
  }
});

test('what stopped retention stays on record when something else is written', () => {
  const stopped = { kind: 'place', destination: 'nas-1', detail: 'away', at: 1 } as const;
  const retention = { dueAt: undefined, tries: 1, stopped };
  assert.deepEqual(withRemovals({ ...before, retention }, before).retention, retention);
  const done = { dueAt: undefined, tries: 0 };
  assert.deepEqual(withRemovals({ ...before, retention }, { ...before, retention: done }).retention, done);
});
