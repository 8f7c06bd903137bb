import { isActive } from '../domain/run.ts';
import { writeEndedRun } from './ended-runs.ts';
import { fromRow, type RunColumns } from './run-row.ts';
import type { Write } from './schema.ts';

/**
 * Puts a run on record that nobody holds. False: another run of its cluster is active, or its id is taken; nothing was
 * written. `touchedAt`: the latest time that the caller names.
 */
export async function insertRun(trx: Write, row: RunColumns, touchedAt: number): Promise<boolean> {
  const inserted = await trx
    .insertInto('runs')
    .values({ ...row, owner: null, lease_until: null, fence: 0, touched_at: touchedAt })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!inserted) return false;
  const run = fromRow(row);
  if (!isActive(run.status)) await writeEndedRun(trx, run, touchedAt);
  return true;
}
