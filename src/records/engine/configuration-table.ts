import type { Kysely } from 'kysely';

/** Migration: what each process of the bot runs, and which mistakes of the configuration owners know of. */
export async function configuration(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('bots')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('host', 'text', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .addColumn('beat_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('config_mistakes')
    .addColumn('mistake', 'text', (column) => column.primaryKey().notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .execute();
}
