import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { newestSchema } from './migrations.ts';
import type { Schema } from './schema.ts';
import { busyTimeoutMs, NodeSqliteDialect } from './sqlite-adapter.ts';
import { explained } from './sqlite-errors.ts';

/**
 * Opens records that are there already, for reading and writing beside a running bot: creates nothing, migrates nothing, takes
 * no lock. What is written is on disk (fsync) when it returns; the bot sees it at its next look. Throws when there is no file,
 * or when another version of the program has written it.
 */
export async function openBeside(file: string): Promise<Kysely<Schema>> {
  let database: DatabaseSync | undefined;
  try {
    // Opening for reading first: for writing alone SQLite would create a file that is not there.
    new DatabaseSync(file, { readOnly: true }).close();
    database = new DatabaseSync(file, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
    database.exec('pragma synchronous = full');
    const db = new Kysely<Schema>({ dialect: new NodeSqliteDialect(database, file) });
    const found = await db.selectFrom('schema_version').select('version').executeTakeFirst();
    if (found?.version !== newestSchema) {
      throw new Error(
        `records in ${file}: they have schema ${found?.version ?? 'none'}, this program uses schema ${newestSchema}; ` +
          'use the version of the program that the bot runs',
      );
    }
    return db;
  } catch (error) {
    if (database?.isOpen) database.close();
    throw explained(error, file);
  }
}
