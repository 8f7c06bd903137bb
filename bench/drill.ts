import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { DrillTaken, DrillTask } from './drill-process.ts';

/**
 * One whole drill of a snapshot of so many bytes, with the programs in PATH or those of `toolDirs`: fetched, judged, restored,
 * read. Memory of the bot's process alone, over idle. Takes three times the bytes of disk. Throws unless the drill succeeds.
 */
export async function measureDrill({
  bytes,
  toolDirs,
}: Pick<DrillTask, 'bytes'> & Partial<Pick<DrillTask, 'toolDirs'>>): Promise<DrillTaken> {
  const child = fork(path.join(import.meta.dirname, 'drill-process.ts'), {
    stdio: 'inherit',
  });
  try {
    const task: DrillTask = { bytes, toolDirs, pathEnv: process.env.PATH ?? '' };
    child.send(task);
    const ended = once(child, 'exit').then(([code, signal]) => [{ error: `it ended (${signal ?? code})` }]);
    const [{ taken, error }] = (await Promise.race([once(child, 'message'), ended])) as [
      { taken?: DrillTaken; error?: string },
    ];
    if (!taken) throw new Error(`the drilling process failed: ${error}`);
    return taken;
  } finally {
    child.kill('SIGKILL');
  }
}
