import { mkdtemp, open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { DrillFailure } from '../domain/drill.ts';
import { redact } from '../domain/redact.ts';
import type { DrillOutcome } from '../domain/run.ts';
import type { Drill } from '../workflow/copy-ports.ts';
import { drill } from './drill.ts';
import { drillFailureText } from './failure-text.ts';
import { type EtcdTools, findEtcdTools } from './find-etcd.ts';

export interface DrillOptions {
  /** Search path for etcd, etcdctl and etcdutl. */
  readonly pathEnv: string;
  /** Directory for temporary ones, local to this machine, with room for three databases. */
  readonly dir: string;
  /** For all of one drill, fetching included. */
  readonly deadlineMs: number;
  readonly clock: { now(): number };
}

const roomName = 'etcd-backup-drill-';
const longestWhy = 500;

/**
 * Drills on fetched copies, or undefined where etcd and etcdctl are not at hand. Removes what drills of killed processes
 * left in `dir`. Each drill keeps its files in a directory of its own (0700, the snapshot 0600), which is gone afterwards.
 */
export async function openDrill(options: DrillOptions): Promise<Drill | undefined> {
  const tools = findEtcdTools(options.pathEnv);
  await removeLeftRooms(options.dir);
  return tools === undefined ? undefined : (input) => drillOnCopy(options, tools, input);
}

async function drillOnCopy(
  options: DrillOptions,
  tools: EtcdTools,
  input: Parameters<Drill>[0],
): Promise<DrillOutcome> {
  const { dir, clock, deadlineMs } = options;
  const deadline = AbortSignal.timeout(deadlineMs);
  const signal = AbortSignal.any([input.signal, deadline]);
  const failed = (found: DrillFailure): DrillOutcome => {
    const failure = 'detail' in found ? { ...found, detail: shown(found.detail) } : found;
    return { ok: false, failure, why: shown(drillFailureText(failure)), at: clock.now() };
  };
  let room: string | undefined;
  let doing: 'fetch' | 'run' = 'fetch';
  try {
    room = await mkdtemp(path.join(dir, `${roomName}${process.pid}-`));
    const snapshotFile = path.join(room, 'snapshot.db');
    await fetched(snapshotFile, input.open, signal);
    doing = 'run';
    const { expected, scriptEtcdVersion } = input;
    const result = await drill({
      tools,
      snapshotFile,
      expected,
      scriptEtcdVersion,
      dir: room,
      deadlineMs,
      signal,
    });
    if (result.ok) return { ok: true, revision: result.revision, keys: result.keys, at: clock.now() };
    const { failure } = result;
    // Our own deadline covers the fetching too, so that drill() knows it only as an abort.
    const late = failure.kind === 'aborted' && !input.signal.aborted;
    return failed(late ? { kind: 'deadline', deadlineMs, phase: failure.phase } : failure);
  } catch (error) {
    if (input.signal.aborted) return failed({ kind: 'aborted', phase: 'fetching' });
    if (deadline.aborted) return failed({ kind: 'deadline', deadlineMs, phase: 'fetching' });
    return failed({ kind: doing === 'fetch' ? 'not-fetched' : 'not-run', detail: lineOf(error) });
  } finally {
    if (room !== undefined) await rm(room, { recursive: true, force: true, maxRetries: 5 }).catch(() => {});
  }
}

async function fetched(
  file: string,
  openCopy: Parameters<Drill>[0]['open'],
  signal: AbortSignal,
): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await unlessAborted(write(handle, openCopy, signal), signal);
  } finally {
    await handle.close();
  }
}

type Handle = Awaited<ReturnType<typeof open>>;

async function write(
  handle: Handle,
  openCopy: Parameters<Drill>[0]['open'],
  signal: AbortSignal,
): Promise<void> {
  for await (const chunk of await openCopy()) {
    signal.throwIfAborted();
    await handle.writeFile(chunk);
  }
}

/** A place that hangs must not hold the drill: its answer then comes too late for anybody. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', stop));
}

/** A room's name tells its process: of those that live on this machine, only our own id can be a dead one's. */
async function removeLeftRooms(dir: string): Promise<void> {
  const names = await readdir(dir);
  const left = names.filter((name) => name.startsWith(roomName) && isLeft(name));
  await Promise.all(
    left.map((name) => rm(path.join(dir, name), { recursive: true, force: true }).catch(() => {})),
  );
}

function isLeft(name: string): boolean {
  const pid = Number(name.slice(roomName.length).split('-')[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as { code?: string }).code === 'ESRCH';
  }
}

function shown(text: string): string {
  return redact(text).slice(0, longestWhy);
}

function lineOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}
