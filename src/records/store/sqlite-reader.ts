import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import type { Records } from '../../workflow/ports/records.ts';
import { newestSchema } from '../engine/migrations.ts';
import type { Schema } from '../engine/schema.ts';
import { busyTimeoutMs, NodeSqliteDialect } from '../engine/sqlite-adapter.ts';
import { explained } from '../engine/sqlite-errors.ts';
import { fleet } from '../fleet/fleet.ts';
import { place } from '../places/places.ts';

/** What may be read beside a running bot. */
export type RecordsReader = Pick<Records, 'fleet' | 'place' | 'close'>;

/**
 * Opens records that are there already, for reading alone: creates nothing, migrates nothing, takes no message out of the
 * sender's hands. Throws when there is no file, or when another version of the program has written it.
 */
export async function readSqliteRecords({ file }: { file: string }): Promise<RecordsReader> {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true, timeout: busyTimeoutMs });
    const db = new Kysely<Schema>({ dialect: new NodeSqliteDialect(database, file) });
    const found = await db.selectFrom('schema_version').select('version').executeTakeFirst();
    if (found?.version !== newestSchema) {
      throw new Error(
        `records in ${file}: they have schema ${found?.version ?? 'none'}, this program reads schema ${newestSchema}; ` +
          'use the version of the program that the bot runs',
      );
    }
    // The bot says in its log what it could not read.
    return {
      fleet: (input) => fleet(db, input, () => undefined),
      place: (destination) => place(db, destination),
      close: () => db.destroy(),
    };
  } catch (error) {
    if (database?.isOpen) database.close();
    throw explained(error, file);
  }
}
