import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { CopyTaken, CopyTask } from './copy-task.ts';

/** Runs one task in a process of its own. Throws unless the copy was proven. */
export async function inOwnProcess(task: CopyTask): Promise<CopyTaken> {
  const child = fork(path.join(import.meta.dirname, 'copy-process.ts'), {
    stdio: 'inherit',
  });
  const exited = exitOf(child);
  const answer = Promise.race([once(child, 'message'), exited]);
  child.send(task);
  const [{ taken, error }] = (await answer) as [{ taken?: CopyTaken; error?: string }];
  if (!taken) throw new Error(`the copying process failed: ${error}`);
  await exited;
  if (taken.copy.provenAt === undefined) {
    throw new Error(`the copy was not proven: ${JSON.stringify(taken.copy.failure)}`);
  }
  return taken;
}

async function exitOf(child: ChildProcess): Promise<readonly [{ readonly error: string }]> {
  const [code, signal] = await once(child, 'exit');
  return [{ error: `it ended without an answer (${signal ?? `exit ${code}`})` }];
}
