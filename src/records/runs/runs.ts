import { type Expression, type SqlBool, sql } from 'kysely';
import type { MessagePlace } from '../../domain/people/message-place.ts';
import { activeStatuses, type BackupRun } from '../../domain/run/run.ts';
import type { Records } from '../../workflow/ports/records.ts';
import { type Database, write } from '../engine/schema.ts';
import { fromRow } from './run-row.ts';

export async function run(db: Database, id: string): Promise<BackupRun | undefined> {
  const row = await db.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirst();
  return row && fromRow(row);
}

/** Newest first, in the records' own order. */
export async function runs(
  db: Database,
  filter: Parameters<Records['runs']>[0],
): Promise<readonly BackupRun[]> {
  const { cluster, active, succeeded, keeps, limit } = filter;
  let query = db.selectFrom('runs').selectAll();
  if (cluster !== undefined) query = query.where('cluster', '=', cluster);
  if (active !== undefined) query = query.where((eb) => (active ? runIsActive : eb.not(runIsActive)));
  if (succeeded !== undefined) query = query.where('status', succeeded ? '=' : '!=', 'succeeded');
  if (keeps !== undefined) query = query.where('id', 'in', keeping(db, keeps, cluster));
  query = query.orderBy('seq', 'desc').orderBy('id', 'desc');
  const rows = await (limit === undefined ? query : query.limit(limit)).execute();
  return rows.map(fromRow);
}

/** By the narrow rows: of years of runs only few still keep anything. */
function keeping(db: Database, what: 'copies' | 'directory', cluster: string | undefined) {
  const column = what === 'copies' ? 'stored_copies' : 'on_node';
  const kept = db.selectFrom('ended_runs').select('run_id').where(column, '>', 0);
  return cluster === undefined ? kept : kept.where('cluster', '=', cluster);
}

/** Written out, not bound: only so SQLite searches the index that holds the active runs alone. */
export const runIsActive: Expression<SqlBool> = sql`runs.status in (${sql.join(
  activeStatuses.map((status) => sql.lit(status)),
)})`;

export async function cardPosted(db: Database, runId: string, place: MessagePlace): Promise<void> {
  const row = await write(db, (trx) =>
    trx
      .updateTable('runs')
      .set({ card_channel: place.channel, card_ts: place.ts })
      .where('id', '=', runId)
      .returning('id')
      .executeTakeFirst(),
  );
  if (!row) throw new Error(`run ${runId} is not on record: the place of its card could not be written`);
}
