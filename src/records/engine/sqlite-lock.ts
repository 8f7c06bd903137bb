import { open } from 'node:fs/promises';
import { hostname } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { isBusy } from './sqlite-errors.ts';

/** The right to be the one bot of these records. */
export interface RecordsLock {
  readonly file: string;
  /** Idempotent. */
  release(): void;
}

/** Another process has the lock. */
export class RecordsHeldError extends Error {
  readonly holder: string;

  constructor(file: string, holder: string, options: ErrorOptions) {
    const next = 'end that one first, or give this one a records.file of its own';
    super(`records in ${file}: another bot uses them: ${holder}; ${next}`, options);
    this.name = 'RecordsHeldError';
    this.holder = holder;
  }
}

/**
 * Takes the lock beside the records' file, or throws an error that names who holds it. It is a lock of the kernel (fcntl,
 * through SQLite) on a small file of its own: it ends with the process, however that ends, and says nothing to programs
 * that only read the records or write to them beside the bot. Between hosts it holds where the file system passes locks on;
 * the records themselves must be on a local disk in any case. `now`: ms UTC, for people.
 */
export async function lockRecords({ file, now }: { file: string; now: number }): Promise<RecordsLock> {
  const lockFile = `${file}.lock`;
  await createPrivately(lockFile);
  const database = new DatabaseSync(lockFile, { timeout: 0 });
  try {
    take(database, now);
    return {
      file: lockFile,
      release() {
        if (database.isOpen) database.close();
      },
    };
  } catch (error) {
    const held = isBusy(error);
    const found = held ? holderOf(database) : error instanceof Error ? error.message : String(error);
    database.close();
    if (held) throw new RecordsHeldError(file, found, { cause: error });
    const why = `${lockFile} cannot be locked (${found}); use a directory on a local disk that this user can write to`;
    throw new Error(`records in ${file}: ${why}`, { cause: error });
  }
}

/** A program that only reads who holds the lock keeps a commit waiting for some ms; two that start together must not both give up. */
const readersMs = 2_000;

/** The holder is named in the file before it is locked: a transaction that only holds the lock lets others read that. */
function take(database: DatabaseSync, now: number): void {
  database.exec('pragma journal_mode = delete');
  database.exec('begin immediate');
  database.exec(`pragma busy_timeout = ${readersMs}`);
  database.exec('create table if not exists holder (pid integer, host text, since text)');
  database.exec('delete from holder');
  const since = new Date(now).toISOString();
  database.prepare('insert into holder values (?, ?, ?)').run(process.pid, hostname(), since);
  database.exec('commit');
  database.exec('begin immediate');
}

function holderOf(database: DatabaseSync): string {
  try {
    const row = database.prepare('select pid, host, since from holder').get();
    if (row) return `process ${row.pid} on ${row.host}, started at ${row.since}`;
  } catch {
    // It is just writing who it is.
  }
  return 'one that is starting at this moment';
}

/** Only a file that is not there: closing one that this process has locked would give up the lock. */
async function createPrivately(lockFile: string): Promise<void> {
  try {
    await (await open(lockFile, 'wx', 0o600)).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    const found = error instanceof Error ? error.message : String(error);
    throw new Error(
      `${lockFile} cannot be made (${found}): its directory must exist, and this user must be able to write to it`,
      { cause: error },
    );
  }
}
