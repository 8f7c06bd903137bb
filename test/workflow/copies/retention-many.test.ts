import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRetentionLab } from '../../support/retention-lab.ts';

test('removing old backups is not bound to the newest thousand runs', { timeout: 300_000 }, async (t) => {
  const lab = await openRetentionLab({ newest: 1 });
  t.after(() => lab.close());
  const oldest = await lab.backup();
  const source = await lab.run(oldest);
  for (let n = 0; n < 1_005; n += 1) {
    const id = `r-x${String(n).padStart(7, '0')}`;
    const at = source.requestedAt + 1 + n;
    const copies = source.success?.copies?.map((copy) => ({
      ...copy,
      stored: undefined,
      provenAt: undefined,
      prunedAt: at,
    }));
    const success = source.success && { ...source.success, copies: copies ?? [] };
    const { retention: _, ...rest } = success ?? assert.fail();
    await lab.records.importRun({ ...source, id, requestedAt: at, startedAt: at, success: rest }, []);
  }
  const newest = await lab.backup();
  await lab.settle();
  assert.deepEqual(
    [lab.there(await lab.run(oldest)).length, lab.there(await lab.run(newest)).length],
    [0, 2],
  );
});
