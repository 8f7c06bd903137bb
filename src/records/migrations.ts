import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

/** Frozen once released: a migration never uses today's types or constants, and is never edited. */
type Migration = (db: Kysely<never>) => Promise<void>;

/** Number n stands at index n - 1. */
const migrations: readonly Migration[] = [
  async function first(db) {
    await db.schema
      .createTable('runs')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('cluster', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('requested_at', 'bigint', (column) => column.notNull())
      .addColumn('due_at', 'bigint')
      .addColumn('owner', 'text')
      .addColumn('lease_until', 'bigint')
      .addColumn('fence', 'bigint', (column) => column.notNull())
      .addColumn('touched_at', 'bigint', (column) => column.notNull())
      .addColumn('format', 'integer', (column) => column.notNull())
      .addColumn('run', 'text', (column) => column.notNull())
      .addColumn('card_channel', 'text')
      .addColumn('card_ts', 'text')
      .execute();
    await db.schema
      .createIndex('one_active_run_per_cluster')
      .unique()
      .on('runs')
      .column('cluster')
      .where('status' as never, 'in', ['requested', 'waiting', 'approved', 'running'])
      .execute();
    await db.schema.createIndex('runs_by_due').on('runs').columns(['due_at', 'requested_at', 'id']).execute();
    await db.schema.createIndex('runs_by_age').on('runs').columns(['requested_at', 'id']).execute();
    await db.schema
      .createIndex('runs_of_cluster')
      .on('runs')
      .columns(['cluster', 'requested_at', 'id'])
      .execute();

    // Deferred: the delivery is written first, so that a redelivery is seen before the run's own conflict.
    await db.schema
      .createTable('deliveries')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('run_id', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addForeignKeyConstraint('delivery_of_run', ['run_id'], 'runs', ['id'], (key) =>
        key.deferrable().initiallyDeferred(),
      )
      .execute();

    await db.schema
      .createTable('audit')
      .addColumn('run_id', 'text', (column) => column.notNull().references('runs.id'))
      .addColumn('seq', 'integer', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('detail', 'text', (column) => column.notNull())
      .addColumn('previous_hash', 'text', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('audit_line', ['run_id', 'seq'])
      .execute();

    await db.schema
      .createTable('outbox')
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('run_id', 'text', (column) => column.notNull().references('runs.id'))
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('notice', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('retry_at', 'bigint', (column) => column.notNull())
      .addColumn('settled_at', 'bigint')
      .addColumn('slack_ts', 'text')
      .addColumn('last_error', 'text')
      .execute();
    // Only what is unsent: the search for the next message stays short however long the history grows.
    await db.schema
      .createIndex('outbox_unsent')
      .on('outbox')
      .columns(['run_id', 'id'])
      .where('state' as never, 'in', ['pending', 'posting'])
      .execute();

    await db.schema
      .createTable('probe')
      .addColumn('id', 'integer', (column) => column.primaryKey().notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .execute();
  },
];

export const newestSchema = migrations.length;

/** Brings the database to `newestSchema` in one transaction. Refuses one that a newer program has written. */
export async function migrate(db: Database): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx.schema
      .createTable('schema_version')
      .ifNotExists()
      .addColumn('version', 'integer', (column) => column.notNull())
      .execute();
    const found = await trx.selectFrom('schema_version').select('version').executeTakeFirst();
    const version = found?.version ?? 0;
    if (version > newestSchema) {
      throw new Error(
        `the records have schema ${version}, this program knows schemas up to ${newestSchema}: ` +
          'a newer version of the program has used them. Start that version, or restore an older copy of the records.',
      );
    }
    if (version === newestSchema) return;
    for (const migration of migrations.slice(version)) await migration(trx as unknown as Kysely<never>);
    await trx.deleteFrom('schema_version').execute();
    await trx.insertInto('schema_version').values({ version: newestSchema }).execute();
  });
}
