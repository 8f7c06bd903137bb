import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteRecords } from '../../src/records/store/sqlite.ts';
import type { Records } from '../../src/workflow/ports/records.ts';
import type { Store } from '../contracts/records-samples.ts';

/** A directory of this test alone, removed afterwards. */
export async function withDirectory(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'records-'));
  try {
    await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

export async function sqliteStore(): Promise<Store> {
  const directory = await mkdtemp(join(tmpdir(), 'records-'));
  const file = join(directory, 'records.db');
  const opened: Records[] = [];
  const reopen = async () => {
    const records = await openSqliteRecords({ file });
    opened.push(records);
    return records;
  };
  return {
    records: await reopen(),
    reopen,
    async close() {
      try {
        for (const records of opened) await records.close();
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
  };
}
