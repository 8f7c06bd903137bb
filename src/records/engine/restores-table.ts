import type { Kysely } from 'kysely';

/** What people said of restores, and the time lines that clusters left by them: migration 10, frozen. */
export async function restores(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('restores')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('cluster', 'text', (column) => column.notNull())
    .addColumn('cluster_id', 'text', (column) => column.notNull())
    // No reference: records that were rebuilt may know of a restore from a backup that is gone.
    .addColumn('from_run', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('declared_at', 'bigint', (column) => column.notNull())
    .addColumn('declared_by', 'text', (column) => column.notNull())
    .addColumn('revoked_at', 'bigint')
    .addColumn('revoked_by', 'text')
    .execute();
  await db.schema
    .createIndex('restores_of_cluster')
    .on('restores')
    .columns(['cluster', 'declared_at'])
    .execute();
  // No run bears a mark yet.
  for (const column of ['left_by', 'left_from'] as const)
    await db.schema.alterTable('ended_runs').addColumn(column, 'text').execute();
  await db.schema.alterTable('ended_runs').addColumn('left_at', 'bigint').execute();
}
