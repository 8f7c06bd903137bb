import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BackupRun } from '../../src/domain/run/run.ts';
import {
  accepted,
  event,
  lead,
  leaseMs,
  type OpenStore,
  requestedRun,
  t0,
  withStore,
} from './records-samples.ts';

const card = { channel: 'C0OPS', ts: '1768446000.000100' };

/** Runs that are imported from elsewhere, because the records that knew them are gone. */
export function importContract(open: OpenStore): void {
  test('a run that is over is put on record once, with its card and its audit, and stays as it was', () =>
    withStore(open, async ({ records, reopen }) => {
      const run = succeeded('r-1');
      const audit = [event('imported', t0 + 9, { from: 'nas-1' })];
      assert.equal(await records.importRun(run, audit), 'imported');
      assert.equal(await records.importRun({ ...run, reason: 'another' }, audit), 'known');
      const other = await reopen();
      assert.deepEqual(await other.run('r-1'), run);
      assert.deepEqual(await other.runs({ cluster: 'prod-east', succeeded: true, limit: 5 }), [run]);
      const { lines, chain } = await other.auditTrail('r-1');
      assert.deepEqual([lines.map(({ action }) => action), chain], [['imported'], { ok: true }]);
    }));

  test('two that import the same run at once put it on record once', () =>
    withStore(open, async ({ records, reopen }) => {
      const other = await reopen();
      const outcomes = await Promise.all(
        [records, other].map((each) => each.importRun(succeeded('r-1'), [])),
      );
      assert.deepEqual(outcomes.toSorted(), ['imported', 'known']);
    }));

  test('an import neither touches what is on record nor blocks it', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1');
      const before = await lead(records, 'waiting');
      assert.equal(await records.importRun(succeeded('r-1'), [event('imported', t0)]), 'known');
      assert.equal(await records.importRun(succeeded('r-2'), []), 'imported');
      assert.deepEqual(await records.run('r-1'), before);
      assert.deepEqual(await records.auditLines('r-1'), []);
    }));

  test('nothing is sent for an imported run, and no worker takes it', () =>
    withStore(open, async ({ records }) => {
      await records.importRun(succeeded('r-1'), [event('imported', t0)]);
      assert.equal(await records.takeNotice({ now: t0 + 1 }), undefined);
      assert.equal(
        await records.claim({ owner: 'worker-1', now: t0 + 1, monotonic: t0, leaseMs }),
        undefined,
      );
    }));

  test('a run that is not over is refused, and nothing of it is written', () =>
    withStore(open, async ({ records }) => {
      await assert.rejects(records.importRun(requestedRun('r-1', 'prod-east'), []), /r-1 is not over/);
      assert.equal(await records.run('r-1'), undefined);
    }));
}

function succeeded(id: string): BackupRun {
  return requestedRun(id, 'prod-east', {
    status: 'succeeded',
    startedAt: t0 + 1,
    finishedAt: t0 + 2,
    copyProgress: undefined,
    card,
  });
}
