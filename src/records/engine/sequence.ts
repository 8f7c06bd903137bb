import { sql } from 'kysely';
import { type OrderKey, orderKey, placeAmong } from '../../domain/run/backup-order.ts';
import type { BackupRun } from '../../domain/run/run.ts';
import type { Write } from './schema.ts';

/** Between two runs that were written one after the other: room for what is imported in between. Frozen in a migration, too. */
const step = 1_048_576;

/** For a run that happens now: the newest of all. */
export const nextSeq = sql<number>`(select coalesce(max(seq), 0) + ${sql.lit(step)} from runs)`;

/** For an imported run: where it belongs in its cluster, see `placeAmong`. Others may get new numbers. */
export async function importedSeq(trx: Write, run: BackupRun): Promise<number> {
  for (;;) {
    const ordered = await runsInOrder(trx, run.cluster);
    const index = placeAmong(ordered, orderKey(run));
    const [before, after] = [ordered[index - 1]?.seq, ordered[index]?.seq];
    if (after === undefined) return newest(trx);
    if (before === undefined) return after - step;
    const middle = Math.floor((before + after) / 2);
    if (middle > before) return middle;
    await makeRoom(trx, ordered);
  }
}

async function newest(trx: Write): Promise<number> {
  const { seq } = await trx.selectNoFrom(nextSeq.as('seq')).executeTakeFirstOrThrow();
  return seq;
}

async function runsInOrder(trx: Write, cluster: string): Promise<readonly (OrderKey & { seq: number })[]> {
  const rows = await trx
    .selectFrom('runs')
    .leftJoin('ended_runs', 'ended_runs.run_id', 'runs.id')
    .select(['runs.id', 'runs.seq', 'runs.requested_at', 'cluster_id', 'revision', 'started_at'])
    .select(['left_by', 'left_from', 'left_at'])
    .where('runs.cluster', '=', cluster)
    .orderBy('runs.seq')
    .orderBy('runs.id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    seq: row.seq,
    clusterId: row.cluster_id ?? undefined,
    revision: row.revision ?? undefined,
    at: row.started_at ?? row.requested_at,
    abandoned:
      row.left_by === null ? undefined : { id: row.left_by, from: row.left_from ?? '', at: row.left_at ?? 0 },
  }));
}

/** The same order with all the room between its runs again. The newest stays where it is: others may be newer by its number. */
async function makeRoom(trx: Write, ordered: readonly { id: string; seq: number }[]): Promise<void> {
  const last = ordered.at(-1)?.seq ?? 0;
  for (const [index, { id }] of ordered.entries()) {
    const seq = last - (ordered.length - 1 - index) * step;
    await trx.updateTable('runs').set({ seq }).where('id', '=', id).execute();
    await trx.updateTable('ended_runs').set({ seq }).where('run_id', '=', id).execute();
  }
}
