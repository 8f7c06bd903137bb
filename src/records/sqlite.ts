import { open, stat } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import type { Records } from '../workflow/records.ts';
import { deriveEndedRuns } from './ended-runs.ts';
import type { OnUnreadable } from './fleet.ts';
import { kyselyRecords } from './kysely-records.ts';
import { migrate } from './migrations.ts';
import { recoverPosting } from './outbox.ts';
import type { Schema } from './schema.ts';
import { busyTimeoutMs, NodeSqliteDialect, patiently } from './sqlite-adapter.ts';
import { explained } from './sqlite-errors.ts';

/**
 * Opens the records in one SQLite file on a local disk, creates or migrates it, and puts messages that a crash left
 * half-sent back into the outbox. Every write is on disk (fsync) when it returns. The directory must exist.
 * Several programs may use the file at once; only one of them should send messages. `onUnreadable` hears once of each
 * watch that the fleet has to be told without.
 */
export async function openSqliteRecords({
  file,
  onUnreadable = () => undefined,
}: {
  file: string;
  onUnreadable?: OnUnreadable;
}): Promise<Records> {
  await createPrivately(file);
  const database = await openDatabase(file);
  const db = new Kysely<Schema>({ dialect: new NodeSqliteDialect(database, file) });
  try {
    await migrate(db);
    await deriveEndedRuns(db);
    await recoverPosting(db);
    const opened = await stat(file);
    return kyselyRecords(db, () => sameFile(file, opened.ino), onUnreadable);
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
    // Two programs that create the file at the same moment: only one can switch it, the other one is told to wait.
    const mode = await patiently(() => opened.prepare('pragma journal_mode = wal').get());
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

/** SQLite goes on writing to a file that was deleted or replaced, without any error: all of it would be lost. */
async function sameFile(file: string, inode: number): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found?.ino === inode) return;
  throw new Error(
    `records in ${file}: the file was ${found ? 'replaced' : 'removed'} while it was open, ` +
      'so that what is written now would be lost; put it back or restore it, then restart',
  );
}
