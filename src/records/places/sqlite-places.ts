import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import type { Records } from '../../workflow/ports/records.ts';
import { newestSchema } from '../engine/migrations.ts';
import type { Schema } from '../engine/schema.ts';
import { busyTimeoutMs, NodeSqliteDialect } from '../engine/sqlite-adapter.ts';
import { explained } from '../engine/sqlite-errors.ts';
import { decidePlace, place, placeAudit, storedCopies } from './places.ts';

/** What a terminal may read and write of destinations beside a running bot. */
export type PlaceRecords = Pick<Records, 'place' | 'decidePlace' | 'placeAudit' | 'storedCopies' | 'close'>;

/**
 * Opens records that are there already, for destinations alone: creates nothing, migrates nothing, takes no message out of the
 * sender's hands. A decision is on disk (fsync) when it returns; the running bot sees it at its next look. Throws when there is
 * no file, or when another version of the program has written it.
 */
export async function openPlaceRecords({ file }: { file: string }): Promise<PlaceRecords> {
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
    return {
      place: (destination) => place(db, destination),
      decidePlace: (input) => decidePlace(db, input),
      placeAudit: (destination) => placeAudit(db, destination),
      storedCopies: (destination) => storedCopies(db, destination),
      close: () => db.destroy(),
    };
  } catch (error) {
    if (database?.isOpen) database.close();
    throw explained(error, file);
  }
}
