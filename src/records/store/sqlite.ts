import { open } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import type { Records } from '../../workflow/ports/records.ts';
import { rememberFiles, type StillThere } from '../engine/file-identity.ts';
import { migrate } from '../engine/migrations.ts';
import type { Schema } from '../engine/schema.ts';
import { busyTimeoutMs, NodeSqliteDialect, patiently } from '../engine/sqlite-adapter.ts';
import { explained } from '../engine/sqlite-errors.ts';
import type { RecordsLock } from '../engine/sqlite-lock.ts';
import type { OnUnreadable } from '../fleet/fleet.ts';
import { deriveEndedRuns } from '../runs/ended-runs.ts';
import { kyselyRecords } from './kysely-records.ts';

/**
 * Opens the records in one SQLite file on a local disk, and creates or migrates it. Every write is on disk (fsync) when it
 * returns. The directory must exist. Several programs may use the file at once; the one that holds its lock (`lockRecords`)
 * is the bot: it alone calls `recover`, works and sends. `onUnreadable` is called once for each
 * watch that the fleet is listed without.
 */
export async function openSqliteRecords({
  file,
  lock,
  onUnreadable = () => undefined,
}: {
  file: string;
  /** Of the bot. Absent: another program, beside the bot or without it. */
  lock?: RecordsLock;
  onUnreadable?: OnUnreadable;
}): Promise<Records> {
  await createPrivately(file);
  const database = await openDatabase(file);
  let stillThere: StillThere = () => undefined;
  const db = new Kysely<Schema>({ dialect: new NodeSqliteDialect(database, file, () => stillThere()) });
  try {
    await migrate(db);
    await deriveEndedRuns(db);
    stillThere = rememberFiles(file, lock ? [lock.file] : []);
    return kyselyRecords(db, onUnreadable);
  } catch (error) {
    if (database.isOpen) database.close();
    throw error instanceof Error && !error.message.includes(file)
      ? new Error(`records in ${file}: ${error.message}`, { cause: error })
      : error;
  }
}

/** Readable by this user alone; SQLite gives the files that it keeps beside it the same mode. */
async function createPrivately(file: string): Promise<void> {
  try {
    await (await open(file, 'a', 0o600)).close();
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `records in ${file}: the file cannot be opened for writing (${found}); ` +
        'its directory must exist, and this user must be able to write to both',
      { cause },
    );
  }
}

async function openDatabase(file: string): Promise<DatabaseSync> {
  let database: DatabaseSync | undefined;
  try {
    const opened = new DatabaseSync(file, { timeout: 0, enableForeignKeyConstraints: true });
    database = opened;
    // Two programs that create the file at the same moment: only one can switch it, the other one gets SQLITE_BUSY.
    const mode = await patiently(() => opened.prepare('pragma journal_mode = wal').get(), performance.now());
    if (mode?.journal_mode !== 'wal') {
      throw new Error(
        `records in ${file}: SQLite cannot keep a write-ahead log there (found ${String(mode?.journal_mode)}); ` +
          'use a directory on a local disk',
      );
    }
    opened.exec(`pragma busy_timeout = ${busyTimeoutMs}`);
    opened.exec('pragma synchronous = full');
    return opened;
  } catch (error) {
    if (database?.isOpen) database.close();
    throw explained(error, file);
  }
}
