import { statSync } from 'node:fs';

/** Throws when one of the files is no longer the one that it was; cheap enough for every write. */
export type StillThere = () => void;

/**
 * SQLite goes on writing to files that were deleted or replaced, without any error: all of it would be lost. Remembers what
 * `file`, its write-ahead log and `more` are now (device and inode); all of them must be there and open.
 */
export function rememberFiles(file: string, more: readonly string[]): StillThere {
  const known = [file, `${file}-wal`, `${file}-shm`, ...more].map((path) => {
    const identity = identityOf(path);
    if (identity === undefined) throw new Error(`records in ${file}: ${path} is not there`);
    return { path, identity };
  });
  return () => {
    for (const { path, identity } of known) {
      const found = identityOf(path);
      if (found === identity) continue;
      const what = path === file ? 'the file' : path;
      throw new Error(
        `records in ${file}: ${what} was ${found === undefined ? 'removed' : 'replaced'} while it was open, ` +
          'so that what is written now would be lost; put it back or restore it, then restart',
      );
    }
  };
}

/** Undefined: there is no such file, or nothing can be said of it (a directory that was unmounted, an I/O error). */
function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
