import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileCopy } from '../../src/domain/copies/file-copy.ts';
import type { RunSuccess } from '../../src/domain/run/run.ts';
import type { Records } from '../../src/workflow/ports/records.ts';
import { backedUp, endedRun } from './ended-runs-samples.ts';
import { accepted, change, claimed, later, type OpenStore, t0, withStore } from './records-samples.ts';

const { plan, success } = backedUp('r-1', 'prod-east', t0);

/** What no writer can undo, whatever it holds in its hands. */
export function removalsContract(open: OpenStore): void {
  test('a run whose backup is verified never fails, and goes on as it was', () =>
    withStore(open, async ({ records }) => {
      await accepted(records, 'r-1');
      const claim = await claimed(records, t0);
      for (const status of ['waiting', 'approved', 'running'] as const)
        await records.advance(claim, change({ status, plan }));
      await records.advance(claim, change({ step: 'copying', success }));
      const before = await records.run('r-1');
      for (const status of ['failed', 'waiting', 'approved'] as const) {
        await assert.rejects(
          records.advance(claim, change({ status })),
          /verified backup.*nothing was written/,
        );
      }
      await assert.rejects(
        records.decide({
          runId: 'r-1',
          deliveryId: 'd',
          now: t0,
          decision: () => change({ status: 'failed', success: undefined }),
        }),
        /verified backup/,
      );
      assert.deepEqual(await records.run('r-1'), before);
      await records.advance(claim, change({ status: 'succeeded', success: undefined }));
      assert.deepEqual((await records.run('r-1'))?.success, before?.success, 'nor is it forgotten');
    }));

  test('what was removed stays removed, even after a write by a stale reader', () =>
    withStore(open, async ({ records }) => {
      await records.importRun(backedUp('r-1', 'prod-east', t0), []);
      const stale = (await records.run('r-1'))?.success ?? assert.fail();
      await becomes(records, (copy) => ({ ...copy, provenAt: undefined, removing }));
      await becomes(records, (_copy, index) => stale.copies?.[index] ?? assert.fail());
      assert.deepEqual(await copies(records, ({ provenAt, removing: by }) => [provenAt, by?.by]), [
        [undefined, 'r-2'],
        [undefined, 'r-2'],
      ]);
      await becomes(records, ({ removing: _, ...copy }) => ({
        ...copy,
        stored: undefined,
        prunedAt: t0 + 9,
      }));
      await becomes(records, (_copy, index) => stale.copies?.[index] ?? assert.fail());
      assert.deepEqual(
        await copies(records, ({ stored, provenAt, prunedAt }) => [stored, provenAt, prunedAt]),
        [
          [undefined, undefined, t0 + 9],
          [undefined, undefined, t0 + 9],
        ],
      );
      assert.deepEqual((await records.fleet({ now: later }))[0]?.proven, []);
    }));

  test('a removal that is called off gives the copy back, and only that does', () =>
    withStore(open, async ({ records }) => {
      await records.importRun(backedUp('r-1', 'prod-east', t0), []);
      const stale = (await records.run('r-1'))?.success?.copies ?? [];
      await becomes(records, (copy) => ({ ...copy, provenAt: undefined, removing }));
      await becomes(records, (_copy, index) => ({
        ...(stale[index] ?? assert.fail()),
        sparedAt: removing.at,
      }));
      assert.deepEqual(await copies(records, ({ provenAt, removing: by }) => [provenAt !== undefined, by]), [
        [true, undefined],
        [true, undefined],
      ]);
      assert.equal((await records.fleet({ now: later }))[0]?.proven.length, 1);
    }));

  test('runs that keep copies, or their directory, are all found, newest first', () =>
    withStore(open, async ({ records }) => {
      for (const n of [1, 2, 3, 4]) await records.importRun(backedUp(`r-${n}`, 'prod-east', t0 + n), []);
      await records.importRun(endedRun('r-5', 'prod-east', t0 + 5), []);
      await records.importRun(backedUp('r-6', 'prod-west', t0 + 6), []);
      await becomes(records, (copy) => ({ ...copy, stored: undefined, prunedAt: t0 }), 'r-2');
      await successBecomes(records, 'r-3', (each) => ({ ...each, onNode: 'removed' }));
      const ids = async (keeps: 'copies' | 'directory') =>
        (await records.runs({ cluster: 'prod-east', keeps })).map(({ id }) => id);
      assert.deepEqual(await ids('copies'), ['r-4', 'r-3', 'r-1']);
      assert.deepEqual(await ids('directory'), ['r-4', 'r-2', 'r-1']);
    }));

  test('what has a date ahead is neither the newest backup nor the newest drill until then', () =>
    withStore(open, async ({ records }) => {
      const drill = { ok: true, revision: 1, keys: 1, at: t0 + 5 } as const;
      await records.importRun(backedUp('r-1', 'prod-east', t0, { success: { drill } }), []);
      const ahead = { ...drill, at: later + 3_600_000 };
      await records.importRun(
        backedUp('r-2', 'prod-east', later + 3_600_000, { success: { drill: ahead } }),
        [],
      );
      const drillsAt = async (now: number) => {
        const [record] = await records.fleet({ now });
        return [record?.proven.map(({ runId }) => runId), record?.lastDrill?.runId];
      };
      assert.deepEqual(await drillsAt(later), [['r-1'], 'r-1']);
      assert.deepEqual(await drillsAt(later + 7_200_000), [['r-2'], 'r-2']);
    }));
}

const removing = { at: t0 + 5, by: 'r-2', provenAt: t0 } as const;
let writes = 0;

async function successBecomes(
  records: Records,
  runId: string,
  next: (success: RunSuccess) => RunSuccess,
): Promise<void> {
  writes += 1;
  await records.decide({
    runId,
    deliveryId: `write-${writes}`,
    now: t0,
    decision: ({ success: now }) => change({ success: now && next(now) }),
  });
}

function becomes(
  records: Records,
  next: (copy: FileCopy, index: number) => FileCopy,
  runId = 'r-1',
): Promise<void> {
  return successBecomes(records, runId, (now) => ({ ...now, copies: now.copies?.map(next) ?? [] }));
}

async function copies<T>(records: Records, of: (copy: FileCopy) => T): Promise<readonly T[] | undefined> {
  return (await records.run('r-1'))?.success?.copies?.map(of);
}
