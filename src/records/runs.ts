import { type Expression, type SqlBool, sql } from 'kysely';
import { activeStatuses, type BackupRun, type CardPlace } from '../domain/run.ts';
import type { Records } from '../workflow/records.ts';
import { fromRow } from './run-row.ts';
import { type Database, write } from './schema.ts';

export async function run(db: Database, id: string): Promise<BackupRun | undefined> {
  const row = await db.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirst();
  return row && fromRow(row);
}

/** Newest first; among runs of the same millisecond the order is fixed but means nothing. */
export async function runs(
  db: Database,
  filter: Parameters<Records['runs']>[0],
): Promise<readonly BackupRun[]> {
  const { cluster, active, succeeded, limit } = filter;
  let query = db.selectFrom('runs').selectAll();
  if (cluster !== undefined) query = query.where('cluster', '=', cluster);
  if (active !== undefined) query = query.where((eb) => (active ? runIsActive : eb.not(runIsActive)));
  if (succeeded !== undefined) query = query.where('status', succeeded ? '=' : '!=', 'succeeded');
  const rows = await query.orderBy('requested_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map(fromRow);
}

/** Written out, not bound: only so SQLite searches the index that holds the active runs alone. */
export const runIsActive: Expression<SqlBool> = sql`runs.status in (${sql.join(
  activeStatuses.map((status) => sql.lit(status)),
)})`;

export async function cardPosted(db: Database, runId: string, place: CardPlace): Promise<void> {
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
