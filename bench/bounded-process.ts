import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** How the process ended: its exit code, or `late` when it was killed at its deadline. */
export type Ended = number | 'late';

/**
 * Runs a Node program to its end, or to `deadlineMs`: then it is killed with everything that it started, and its temporary
 * files are removed. Its output goes to ours.
 */
export async function runBounded(args: readonly string[], deadlineMs: number): Promise<Ended> {
  const dir = await mkdtemp(path.join(tmpdir(), 'etcd-backup-bench-'));
  const child = spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, TMPDIR: dir } });
  const over = new AbortController();
  const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  const late = delay(deadlineMs, 'late' as const, { signal: over.signal }).catch(() => exited);
  try {
    const ended = await Promise.race([exited, late]);
    if (ended !== 'late') return ended.code ?? 1;
    await killTree(child.pid);
    await exited;
    return 'late';
  } finally {
    over.abort();
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Parents first, so that none starts another child meanwhile. Where /proc does not list the children, the process alone. */
async function killTree(pid: number | undefined): Promise<void> {
  if (pid === undefined) return;
  const children = await childrenByParent();
  const doomed = [pid];
  for (const each of doomed) doomed.push(...(children.get(each) ?? []));
  for (const each of doomed) kill(each);
}

async function childrenByParent(): Promise<ReadonlyMap<number, readonly number[]>> {
  const found = new Map<number, number[]>();
  const names = await readdir('/proc').catch(() => []);
  for (const pid of names.map(Number).filter(Number.isSafeInteger)) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // The name of the program, in parentheses, may hold spaces.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    found.set(parent, [...(found.get(parent) ?? []), pid]);
  }
  return found;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
