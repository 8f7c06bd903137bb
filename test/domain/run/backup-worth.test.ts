import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BackupWorth, backupWorth, isUseless } from '../../../src/domain/run/backup-worth.ts';
import type { RunSuccess } from '../../../src/domain/run/run.ts';
import {
  failedCopy,
  resourcesCopy,
  rottenCopy,
  snapshotCopy,
  succeededWith,
} from '../../slack/messages/copied-runs.ts';
import { run, runs } from '../../slack/messages/runs.ts';

const disproven: RunSuccess['drill'] = {
  ok: false,
  failure: { kind: 'revision-differs', expected: 5346, found: 5340 },
  why: '',
  at: 0,
};
const pruned = { ...snapshotCopy, provenAt: undefined, prunedAt: 5 };
const leaving = { ...snapshotCopy, provenAt: undefined, removing: { at: 5, by: 'r-new', provenAt: 4 } };

const cases: readonly [string, Partial<RunSuccess>, BackupWorth][] = [
  ['both copies verified', { copies: [snapshotCopy, resourcesCopy], onNode: 'removed' }, { kind: 'whole' }],
  [
    'both verified, and a drill failed',
    { copies: [snapshotCopy, resourcesCopy], drill: disproven },
    { kind: 'disproven' },
  ],
  ['no destination', { copies: [] }, { kind: 'node-only' }],
  [
    'no destination, and the directory on the node removed',
    { copies: [], onNode: 'removed' },
    { kind: 'removed' },
  ],
  [
    'one copy failed, the original on the node',
    { copies: [snapshotCopy, failedCopy], onNode: 'kept' },
    { kind: 'not-off-yet' },
  ],
  [
    'the only copy of one file damaged, the original gone',
    { copies: [rottenCopy, resourcesCopy], onNode: 'removed' },
    { kind: 'unusable', files: ['snapshot'] },
  ],
  [
    'the same while the directory on the node is going',
    { copies: [rottenCopy, resourcesCopy], onNode: 'removing' },
    { kind: 'unusable', files: ['snapshot'] },
  ],
  [
    'a damaged copy beside a verified one of the same file',
    { copies: [rottenCopy, snapshotCopy, resourcesCopy], onNode: 'removed' },
    { kind: 'whole' },
  ],
  ['removed by retention', { copies: [pruned, resourcesCopy], onNode: 'removed' }, { kind: 'removed' }],
  [
    'being removed by retention',
    { copies: [leaving, resourcesCopy], onNode: 'removed' },
    { kind: 'removed' },
  ],
];

for (const [name, success, expected] of cases) {
  test(`what a backup is worth: ${name}`, () => {
    assert.deepEqual(backupWorth(succeededWith(success)), expected);
  });
}

test('a run that made no backup is not worth reporting', () => {
  assert.equal(backupWorth(run(runs.failed)), undefined);
});

test('useless is what nothing can be restored from', () => {
  const useless = cases.filter(([, , worth]) => isUseless(worth)).map(([, , { kind }]) => kind);
  assert.deepEqual([...new Set(useless)], ['disproven', 'unusable']);
});

test('of a time line that the cluster left, unless its files are gone or useless all the same', () => {
  const mark = {
    id: 'x',
    from: 'r-aaaaaaaa',
    at: 1,
    declaredAt: 2,
    by: { slackUser: 'U1', clusterUser: 'u' },
  };
  const worth = (success: Partial<RunSuccess>) =>
    backupWorth({ ...succeededWith(success), abandoned: mark })?.kind;
  assert.equal(worth({ copies: [snapshotCopy, resourcesCopy] }), 'abandoned');
  assert.equal(worth({ copies: [] }), 'abandoned');
  assert.equal(worth({ copies: [snapshotCopy, failedCopy], onNode: 'kept' }), 'abandoned');
  assert.equal(worth({ copies: [snapshotCopy, resourcesCopy], drill: disproven }), 'disproven');
  assert.equal(worth({ copies: [], onNode: 'removed' }), 'removed');
  assert.ok(!isUseless({ kind: 'abandoned' }));
});
