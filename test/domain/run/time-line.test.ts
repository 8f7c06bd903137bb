import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeclaredRestore } from '../../../src/domain/copies/restore-mark.ts';
import { lineChange, takenAfter } from '../../../src/domain/run/restore-effect.ts';
import type { BackupRun } from '../../../src/domain/run/run.ts';
import { higherBefore, leftBackups, restoreTimeDoubt } from '../../../src/domain/run/time-line.ts';
import { aPlan, aRun } from '../../support/runs.ts';

/** A backup whose script had ended at `at`. */
function backup(id: string, at: number, change: Partial<BackupRun> & { revision?: number } = {}): BackupRun {
  const { revision, ...rest } = change;
  const status =
    revision === undefined ? undefined : { hash: 1, revision, totalKey: 1, totalSize: 1, version: undefined };
  return aRun({
    id,
    status: 'succeeded',
    startedAt: at - 5,
    finishedAt: at,
    plan: aPlan,
    success: {
      artifacts: {
        snapshot: { path: '/s', size: 1, sha256: '1f', status },
        resources: { path: '/r', size: 1, sha256: '2f' },
      },
      scriptMs: 5,
      sessionPodLeft: undefined,
    },
    ...rest,
  });
}

const by = { slackUser: 'U1', clusterUser: 'requester' };

function restore(from: string, at: number, change: Partial<DeclaredRestore> = {}): DeclaredRestore {
  const id = `prod-east/restored@${at}`;
  const { clusterId } = aPlan;
  return {
    id,
    cluster: 'prod-east',
    clusterId,
    from,
    at,
    declaredAt: at + 1,
    by,
    revoked: undefined,
    ...change,
  };
}

const left = (runs: readonly BackupRun[], ...restores: readonly DeclaredRestore[]) =>
  Object.fromEntries([...leftBackups(runs, restores)].map(([id, { at }]) => [id, at]));

const [a, b, c, d] = [backup('a', 10), backup('b', 20), backup('c', 30), backup('d', 40)];

test('what was taken after the backup and before the restore is left; the backup itself, older and later ones stay', () => {
  assert.deepEqual(left([a, b, c, d], restore('b', 35)), { c: 35 });
  assert.deepEqual(left([a, b, c, d], restore('a', 40)), { b: 40, c: 40 });
  assert.deepEqual(left([a, b, c, d], restore('a', 41)), { b: 41, c: 41, d: 41 });
  assert.deepEqual(left([a, b], restore('b', 50)), {});
  assert.deepEqual(left([a, b, c, d]), {});
});

test('the order of the records decides what came after the backup, and no date', () => {
  const dated = backup('late', 5);
  assert.deepEqual(left([a, dated, c], restore('a', 35)), { late: 35, c: 35 }, 'its clock was behind');
  assert.deepEqual(left([dated, a, c], restore('a', 35)), { c: 35 });
});

test('when the script had ended counts, not when the copies were verified', () => {
  const facts = { etcdctlVersion: undefined, staticPods: {}, signers: [], thread: undefined, finishedAt: 29 };
  const slow = backup('slow', 90);
  const copied = { ...slow, success: slow.success && { ...slow.success, manifestFacts: facts } };
  assert.deepEqual(left([a, copied], restore('a', 50)), { slow: 50 });
  const begun = aRun({ id: 'begun', status: 'running', startedAt: 45, plan: aPlan });
  assert.deepEqual(left([a, begun], restore('a', 50)), { begun: 50 }, 'its script began before the restore');
  assert.deepEqual(left([a, aRun({ id: 'asked', status: 'waiting' })], restore('a', 50)), {});
});

test('a second restore goes on from where the first one led', () => {
  const after = [backup('e', 60), backup('f', 70)];
  const all = [a, b, c, d, ...after];
  assert.deepEqual(left(all, restore('b', 50), restore('e', 65)), { c: 50, d: 50 });
  assert.deepEqual(left(all, restore('b', 50), restore('a', 80)), { b: 80, c: 50, d: 50, e: 80, f: 80 });
});

test('a restore from a backup that was left brings its line back as far as that', () => {
  const all = [a, b, c, d, backup('e', 60), backup('f', 90)];
  const first = restore('a', 50);
  const second = restore('c', 80);
  assert.deepEqual(left(all, first, second), { d: 50, e: 80 });
  const marked = all.map((run) => (['b', 'c', 'd'].includes(run.id) ? { ...run, abandoned: first } : run));
  const change = lineChange(marked, [first, second], aPlan.clusterId);
  assert.deepEqual(
    change.back.map(({ id }) => id),
    ['b', 'c'],
  );
  assert.deepEqual(
    change.marked.map(({ run, by: { at } }) => [run.id, at]),
    [['e', 80]],
  );
});

test('a restore that was revoked changes nothing, whatever was said since', () => {
  const revoked = { revoked: { at: 99, by } };
  assert.deepEqual(left([a, b, c, d], restore('a', 50, revoked)), {});
  assert.deepEqual(left([a, b, c, d, backup('e', 60)], restore('a', 50, revoked), restore('c', 70)), {
    d: 70,
    e: 70,
  });
});

test('of a restore from a backup that is gone only what was marked stays marked', () => {
  const gone = restore('gone', 35);
  assert.deepEqual(left([a, { ...b, abandoned: gone }, c, d], gone), { b: 35 });
});

test('clusters of the same name that were installed again have lines of their own', () => {
  const other = backup('other', 25, { plan: { ...aPlan, clusterId: 'another' } });
  const change = lineChange([a, b, other, c], [restore('a', 50)], aPlan.clusterId);
  assert.deepEqual(
    change.marked.map(({ run }) => run.id),
    ['b', 'c'],
  );
  assert.deepEqual(
    takenAfter([a, b, other, c], restore('a', 30)).map(({ id }) => id),
    ['c'],
  );
});

test('when the cluster was restored need not be said while nothing shows that a backup was taken since', () => {
  const [base, next] = [backup('a', 10, { revision: 100 }), backup('b', 20, { revision: 200 })];
  assert.equal(restoreTimeDoubt(base, [next], []), undefined);
  assert.equal(restoreTimeDoubt(base, [next], [9, 25]), undefined, 'before it, and after all');
  assert.deepEqual(restoreTimeDoubt(base, [next], [12]), { kind: 'outage', at: 12, runId: 'b' });
  assert.deepEqual(restoreTimeDoubt(base, [next], [], 15), { kind: 'room', at: 15, runId: 'b' });
  assert.equal(restoreTimeDoubt(base, [next], [], 25), undefined, 'none was begun after it');
  const fallen = backup('c', 30, { revision: 150 });
  assert.deepEqual(restoreTimeDoubt(base, [next, fallen], []), { kind: 'revision-fell', runId: 'c' });
  const unread = backup('x', 25);
  assert.deepEqual(restoreTimeDoubt(base, [next, unread, fallen], []), { kind: 'revision-fell', runId: 'c' });
  const running = aRun({ id: 'r', status: 'running', startedAt: 40, plan: aPlan });
  assert.deepEqual(restoreTimeDoubt(base, [next, running], []), { kind: 'running', runId: 'r' });
});

test('a backup is compared with the one before it on its line, of its cluster, that has a revision', () => {
  const run = backup('new', 50, { revision: 120 });
  const asked = (...newestFirst: readonly BackupRun[]) => {
    const found = higherBefore(run, aPlan.clusterId, 120, newestFirst);
    return found && `${found.run.id} ${found.revision}`;
  };
  const [low, high] = [backup('low', 10, { revision: 100 }), backup('high', 40, { revision: 200 })];
  assert.equal(asked(high, low), 'high 200');
  assert.equal(asked(low, high), undefined, 'the last one is what counts: it was asked about before');
  assert.equal(asked(run, backup('unread', 45), high), 'high 200');
  assert.equal(asked({ ...high, abandoned: restore('low', 45) }, low), undefined);
  assert.equal(asked({ ...high, plan: { ...aPlan, clusterId: 'another' } }, low), undefined);
  assert.equal(asked(), undefined);
});
