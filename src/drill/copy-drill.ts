import { createHash } from 'node:crypto';
import { type FileHandle, mkdtemp, open, readdir, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { DrillFailure } from '../domain/drill/drill.ts';
import type { ToolProblem } from '../domain/drill/drill-tools.ts';
import type { EtcdMinor } from '../domain/drill/etcd-minor.ts';
import { redact } from '../domain/redaction/redact.ts';
import { oneLine } from '../domain/text/one-line.ts';
import type { Drill, DrillAttempt, Fetched, FetchedSnapshot } from '../workflow/ports/drill-ports.ts';
import { drill, neededBytes } from './drill.ts';
import { removeLeftRooms, roomName } from './left-rooms.ts';
import { type FoundTools, findToolSets } from './tool-sets.ts';

export interface DrillOptions {
  /** Absolute directories with etcd, etcdctl and etcdutl, by minor release; undefined: one set along `pathEnv`. */
  readonly toolDirs: Readonly<Record<EtcdMinor, string>> | undefined;
  readonly pathEnv: string;
  /** Directory for temporary ones, local to this machine, with room for three databases. */
  readonly dir: string;
  /** For fetching, and for each restore. */
  readonly deadlineMs: number;
  /** Nothing is removed: who only looks may not see the processes whose drills are under way (another container, the same volume). */
  readonly onlyLook?: true;
}

const longestDetail = 500;

interface RoomSnapshot extends FetchedSnapshot {
  readonly room: string;
  readonly file: string;
}

/**
 * Drills on fetched copies. Removes what drills of killed processes left in `dir`. Each drill keeps its files in a directory of
 * its own (0700, the snapshot 0600), which is gone with the fetched snapshot.
 */
export async function openDrill(options: DrillOptions): Promise<Drill> {
  const [found, unusable] = await Promise.all([
    findToolSets(options.toolDirs, options.pathEnv),
    (options.onlyLook ? readdir(options.dir) : removeLeftRooms(options.dir)).then(
      () => [],
      (error: unknown) => [unusableDir(options.dir, error)],
    ),
  ]);
  const rooms = new WeakMap<FetchedSnapshot, RoomSnapshot>();
  return {
    tools: {
      sets: found.sets.map(({ minor, version }) => ({ minor, version })),
      problems: [...found.problems, ...unusable],
    },
    async fetch(openCopy, size, signal) {
      const fetched = await fetchInto(options, openCopy, size, signal);
      if (fetched.ok) rooms.set(fetched.snapshot, fetched.snapshot);
      return fetched;
    },
    async restore(snapshot, input) {
      const held = rooms.get(snapshot);
      if (!held) throw new Error('this snapshot was not fetched by this drill');
      return restoreIn(options, found, held, input);
    },
  };
}

function unusableDir(dir: string, error: unknown): ToolProblem {
  const detail = `the directory for drills cannot be used: ${dir}: ${lineOf(error)}`;
  return { minor: undefined, kind: 'unusable', detail };
}

/** Room for the whole drill, not only for the file: a disk that fills up in the middle harms others. */
async function fetchInto(
  { dir, deadlineMs }: DrillOptions,
  openCopy: () => Promise<AsyncIterable<Uint8Array>>,
  size: number,
  asked: AbortSignal,
): Promise<Fetched & ({ readonly ok: false } | { readonly snapshot: RoomSnapshot })> {
  const deadline = AbortSignal.timeout(deadlineMs);
  const signal = AbortSignal.any([asked, deadline]);
  let room: string | undefined;
  let kind: 'not-run' | 'not-fetched' = 'not-run';
  try {
    const { bavail, bsize } = await statfs(dir);
    const needed = size + neededBytes(size);
    if (bavail * bsize < needed) {
      return failed({ kind: 'no-room', freeBytes: bavail * bsize, neededBytes: needed });
    }
    const made = await mkdtemp(path.join(dir, `${roomName}${process.pid}-`));
    room = made;
    const file = path.join(made, 'snapshot.db');
    await using handle = await open(file, 'wx', 0o600);
    kind = 'not-fetched';
    const came = await unlessAborted(write(handle, openCopy, signal), signal);
    return { ok: true, snapshot: { ...came, room: made, file, remove: () => removeRoom(made) } };
  } catch (error) {
    if (room !== undefined) await removeRoom(room);
    if (asked.aborted) return failed({ kind: 'aborted', phase: 'fetching' });
    if (deadline.aborted) return failed({ kind: 'deadline', deadlineMs, phase: 'fetching' });
    return failed({ kind, detail: lineOf(error) });
  }
}

/** One chunk after the other: nothing of the file stays in memory. */
async function write(
  handle: FileHandle,
  openCopy: () => Promise<AsyncIterable<Uint8Array>>,
  signal: AbortSignal,
): Promise<Pick<FetchedSnapshot, 'size' | 'sha256'>> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of await openCopy()) {
    signal.throwIfAborted();
    hash.update(chunk);
    size += chunk.byteLength;
    await handle.writeFile(chunk);
  }
  return { size, sha256: hash.digest('hex') };
}

async function restoreIn(
  { deadlineMs }: DrillOptions,
  found: FoundTools,
  { room, file }: RoomSnapshot,
  { set, expected, scriptEtcdVersion, signal }: Parameters<Drill['restore']>[1],
): Promise<DrillAttempt> {
  const tools = found.sets.find(({ minor }) => minor === set.minor)?.tools;
  if (!tools) return failed({ kind: 'no-tools', minor: set.minor });
  try {
    const result = await drill({
      tools,
      snapshotFile: file,
      expected,
      scriptEtcdVersion,
      dir: room,
      deadlineMs,
      signal,
    });
    return result.ok ? { ok: true, revision: result.revision, keys: result.keys } : failed(result.failure);
  } catch (error) {
    return failed(
      signal.aborted ? { kind: 'aborted', phase: 'reading' } : { kind: 'not-run', detail: lineOf(error) },
    );
  }
}

function failed(found: DrillFailure): { readonly ok: false; readonly failure: DrillFailure } {
  const failure =
    'detail' in found ? { ...found, detail: redact(found.detail.slice(0, longestDetail)) } : found;
  return { ok: false, failure };
}

async function removeRoom(room: string): Promise<void> {
  await rm(room, { recursive: true, force: true, maxRetries: 5 }).catch(() => {});
}

/** A place that hangs must not hold the drill: its answer then comes too late. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', stop));
}

function lineOf(error: unknown): string {
  return oneLine(error instanceof Error ? error.message : String(error));
}
