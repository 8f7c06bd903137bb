import { RecordsUnavailableError } from '../../workflow/ports/records.ts';

/** SQLite's primary result codes that a person can do something about. */
const advice: Readonly<Record<number, string>> = {
  5: 'another process holds the write lock for too long: stop the second program that uses this file',
  8: 'the file or its directory is read-only: give this user the right to write to both',
  10: 'reading or writing failed: check the disk, its quota and the file size limit, then restart',
  11: 'the file is damaged: stop the program, keep a copy, and restore the file from a backup',
  13: 'the disk is full: free some space',
  14: 'the file cannot be opened: the bot makes it at its first start, and its directory must exist and be writable, because two more files are kept beside it',
  26: 'the file is no database: name another file, or move this one away',
};

interface SqliteError extends Error {
  readonly errcode: number;
  readonly errstr: string;
}

function isSqliteError(error: unknown): error is SqliteError {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
}

/** The lower eight bits; the rest of the code is detail. */
function primaryCode(error: SqliteError): number {
  return error.errcode & 0xff;
}

export function isBusy(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (isSqliteError(error)) return primaryCode(error) === 5;
  return isBusy(error.cause);
}

/** The error as a person needs it: which file, what happened, what to do. Other errors pass unchanged. */
export function explained(error: unknown, file: string): unknown {
  if (!isSqliteError(error)) return error;
  const next = advice[primaryCode(error)];
  if (!next) return error;
  return new RecordsUnavailableError(
    `records in ${file}: ${error.message} (SQLite code ${error.errcode}); ${next}`,
    { busy: isBusy(error), cause: error },
  );
}
