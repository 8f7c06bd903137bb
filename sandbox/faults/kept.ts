import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { FileCopy } from '../../src/domain/copies/file-copy.ts';
import type { BackupRun } from '../../src/domain/run/run.ts';
import type { FaultStage } from './stage.ts';

/** One copy that was proven when it was noted down. */
export interface KeptCopy {
  readonly runId: string;
  readonly copy: FileCopy;
}

/** A backup from the request to its end, with what is removed after it. */
export async function backUp(stage: FaultStage): Promise<BackupRun> {
  const runId = await stage.request();
  await stage.approve(runId);
  await stage.settled(runId);
  return stage.reaches(runId, 'the removal of older backups to end', ({ success }) => {
    const dueAt = success?.retention?.dueAt;
    return dueAt === undefined || dueAt > Date.now();
  });
}

export async function keptCopies({ records }: FaultStage): Promise<readonly KeptCopy[]> {
  const runs = await records.runs({ succeeded: true });
  return runs.flatMap(keptOf);
}

export function keptOf({ id, success }: BackupRun): readonly KeptCopy[] {
  const proven = (success?.copies ?? []).filter(({ provenAt }) => provenAt !== undefined);
  return proven.map((copy) => ({ runId: id, copy }));
}

/** What is not as it was: on record, or on disk, where nothing of the bot's own is asked. */
export async function lostOf({ records }: FaultStage, kept: readonly KeptCopy[]): Promise<readonly string[]> {
  const lost = await Promise.all(
    kept.map(async ({ runId, copy: { location, stored } }) => {
      const run = await records.run(runId);
      const now = run?.success?.copies?.find((each) => each.location === location);
      const bytes = await readFile(location).catch(() => undefined);
      const sha256 = bytes && createHash('sha256').update(bytes).digest('hex');
      return [
        ...(now?.provenAt === undefined ? [`${location} is not proven on record any more`] : []),
        ...(now?.prunedAt === undefined && now?.removing === undefined
          ? []
          : [`${location} is on record as removed`]),
        ...(sha256 === stored?.sha256 ? [] : [`${location} is ${bytes ? 'damaged' : 'gone'}`]),
      ];
    }),
  );
  return lost.flat();
}

/** As a scenario hands it back: nothing, or one text. */
export function wrongIn(all: readonly string[]): { readonly wrong?: string } {
  return all.length === 0 ? {} : { wrong: all.join('; ') };
}
