import { constants } from 'node:fs';
import { access, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openSqliteRecords } from '../records/store/sqlite.ts';
import { type ExaminedRecords, openExaminedRecords } from '../records/store/sqlite-examined.ts';

/** Records of the configuration's file; `isNew`: no bot has made it yet, and nothing is on record. */
export async function recordsAt(
  file: string,
): Promise<{ readonly records: ExaminedRecords; readonly isNew: boolean }> {
  const isThere = await stat(file).then(
    () => true,
    (error: unknown) => !isAbsent(error),
  );
  if (isThere) return { records: await openExaminedRecords({ file }), isNew: false };
  const dir = await mkdtemp(join(tmpdir(), 'etcd-backup-doctor-'));
  const empty = await openSqliteRecords({ file: join(dir, 'records.db') });
  const records: ExaminedRecords = {
    ...empty,
    probe: () => couldBeMade(file),
    async close() {
      await empty.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
  return { records, isNew: true };
}

/** As the bot makes it: with the directories above it that are missing. */
async function couldBeMade(file: string): Promise<void> {
  for (let directory = dirname(file); ; directory = dirname(directory)) {
    try {
      if (!(await stat(directory)).isDirectory()) throw new Error(`${directory} is no directory`);
    } catch (error) {
      if (isAbsent(error) && directory !== dirname(directory)) continue;
      throw error;
    }
    await access(directory, constants.W_OK | constants.X_OK).catch(() => {
      throw new Error(`${file} cannot be made: this user may not write to ${directory}`);
    });
    return;
  }
}

/** Also where something above it is a file. */
function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(String((error as NodeJS.ErrnoException).code));
}
