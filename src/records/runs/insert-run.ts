import type { Expression } from 'kysely';
import { isActive } from '../../domain/run/run.ts';
import type { Write } from '../engine/schema.ts';
import { nextSeq } from '../engine/sequence.ts';
import { writeEndedRun } from './ended-runs.ts';
import { fromRow, type RunColumns } from './run-row.ts';

/**
 * Puts a run on record without a claim. False: another run of its cluster is active, or its id is taken; nothing was
 * written. `touchedAt`: the latest time that the caller names. `seq`: its place in the records' order, the newest if not given.
 */
export async function insertRun(
  trx: Write,
  row: RunColumns,
  touchedAt: number,
  seq: number | Expression<number> = nextSeq,
): Promise<boolean> {
  const inserted = await trx
    .insertInto('runs')
    .values({ ...row, seq, owner: null, lease_ms: null, beat: 0, fence: 0, touched_at: touchedAt })
    .onConflict((conflict) => conflict.doNothing())
    .returning('seq')
    .executeTakeFirst();
  if (!inserted) return false;
  const run = fromRow(row);
  if (!isActive(run.status)) await writeEndedRun(trx, run, { touched_at: touchedAt, seq: inserted.seq });
  return true;
}
