import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { newestSchema } from './migrations.ts';
import type { Schema } from './schema.ts';
import { busyTimeoutMs, NodeSqliteDialect } from './sqlite-adapter.ts';
import { explained } from './sqlite-errors.ts';

/**
 * Opens records that are there already, beside a running bot: creates nothing, migrates nothing, takes no lock. `use`: whether
 * they are only read. What is written is on disk (fsync) when it returns; the bot sees it at its next look. Throws when there is
 * no file, or when another version of the program has written it.
 */
export async function openBeside(file: string, use: 'reads' | 'uses' = 'uses'): Promise<Kysely<Schema>> {
  let database: DatabaseSync | undefined;
  try {
    database = use === 'reads' ? openToRead(file) : openToWrite(file);
    const db = new Kysely<Schema>({ dialect: new NodeSqliteDialect(database, file) });
    const found = await db.selectFrom('schema_version').select('version').executeTakeFirst();
    if (found?.version !== newestSchema) {
      throw new Error(
        `records in ${file}: they have schema ${found?.version ?? 'none'}, this program ${use} schema ${newestSchema}; ` +
          'use the version of the program that the bot runs',
      );
    }
    return db;
  } catch (error) {
    if (database?.isOpen) database.close();
    throw explained(error, file);
  }
}

function openToRead(file: string): DatabaseSync {
  return new DatabaseSync(file, { readOnly: true, timeout: busyTimeoutMs });
}

function openToWrite(file: string): DatabaseSync {
  // Opening for reading first: for writing alone SQLite would create a file that is not there.
  openToRead(file).close();
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
  database.exec('pragma synchronous = full');
  return database;
}
