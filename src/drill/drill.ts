import { mkdtemp, readdir, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { SnapshotStatus } from '../domain/backup/artifacts.ts';
import type { DrillPhase, StatusField } from '../domain/drill/drill.ts';
import { checkTrailer } from './check-trailer.ts';
import type { EtcdTools } from './find-etcd.ts';
import { clientUrl, type IsolatedEtcd, restoreArguments, startIsolatedEtcd } from './isolated-etcd.ts';
import { DrillError, type DrillNote, type DrillResult } from './outcome.ts';
import { runTool, type ToolRoom, type ToolRun } from './run-tool.ts';
import {
  differingFields,
  type KeyRange,
  readRange,
  readStatus,
  readVersion,
  sameMinor,
} from './tool-answers.ts';

export interface DrillInput {
  readonly tools: EtcdTools;
  /** The fetched copy, decrypted. Only read. */
  readonly snapshotFile: string;
  /** The script's own line; undefined: it printed none. */
  readonly expected: SnapshotStatus | undefined;
  /** `etcdctl version` on the node; undefined: not known, so that only revision and size are compared. */
  readonly scriptEtcdVersion: string | undefined;
  /** A directory for temporary ones, with room for the database; its content is as secret as the snapshot. */
  readonly dir: string;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

const roomName = 'drill-';
/** Beside the database: etcd preallocates its write-ahead log. */
const logBytes = 256 * 1024 ** 2;
const sampleKeys = 20;

interface Drill extends ToolRoom {
  readonly input: DrillInput;
  readonly notes: DrillNote[];
  phase: DrillPhase;
}

/**
 * Restores the snapshot into a temporary etcd that no other process can reach, and reads it. Everything is gone afterwards,
 * whatever happens. Never throws for what the snapshot, the tools or the clock do; only for a broken `dir`.
 */
export async function drill(input: DrillInput): Promise<DrillResult> {
  const startedAt = performance.now();
  const elapsed = () => Math.round(performance.now() - startedAt);
  const deadline = AbortSignal.timeout(input.deadlineMs);
  const signal = AbortSignal.any([input.signal, deadline]);
  const dir = await mkdtemp(path.join(path.resolve(input.dir), roomName));
  const state: Drill = { input, dir, signal, notes: [], phase: 'reading' };
  const { notes } = state;
  try {
    const found = await rehearse(state);
    return { ok: true, ...found, durationMs: elapsed(), notes };
  } catch (error) {
    const { phase } = state;
    if (input.signal.aborted) {
      return { ok: false, failure: { kind: 'aborted', phase }, durationMs: elapsed(), notes };
    }
    if (deadline.aborted) {
      const failure = { kind: 'deadline', deadlineMs: input.deadlineMs, phase } as const;
      return { ok: false, failure, durationMs: elapsed(), notes };
    }
    if (!(error instanceof DrillError)) throw error;
    return { ok: false, failure: error.failure, durationMs: elapsed(), notes };
  } finally {
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Removes what drills left that were killed with the process. Only while none runs in `dir`. */
export async function removeLeftDrills(dir: string): Promise<void> {
  const names = (await readdir(dir)).filter((name) => name.startsWith(roomName));
  await Promise.all(names.map((name) => rm(path.join(dir, name), { recursive: true, force: true })));
}

async function rehearse(state: Drill) {
  const { input, signal } = state;
  const size = await checkTrailer(path.resolve(input.snapshotFile), signal);
  await checkRoom(state, size);
  const { found, compared, toolVersion } = await compareStatus(state);
  await restoreData(state);
  state.phase = 'starting';
  const etcd = await startIsolatedEtcd(input.tools.etcd, state, size);
  try {
    const counted = await countKeys(state, etcd, found.revision);
    return { ...counted, statusMatches: input.expected !== undefined, compared, toolVersion };
  } finally {
    await etcd.stop();
  }
}

/** Beside the snapshot itself, in bytes: its restored copy, which etcd may write once more, and the log. */
export function neededBytes(size: number): number {
  return 2 * size + logBytes;
}

async function checkRoom({ dir }: Drill, size: number): Promise<void> {
  const { bavail, bsize } = await statfs(dir);
  const freeBytes = bavail * bsize;
  const needed = neededBytes(size);
  if (freeBytes < needed) throw new DrillError({ kind: 'no-room', freeBytes, neededBytes: needed });
}

function snapshotTool({ etcdutl, etcdctl }: EtcdTools): string {
  return etcdutl ?? etcdctl;
}

async function compareStatus(state: Drill) {
  const { input, notes } = state;
  state.phase = 'status';
  const tool = snapshotTool(input.tools);
  const toolVersion = readVersion((await runTool(tool, ['version'], state)).stdout);
  if (toolVersion === undefined) {
    throw new DrillError({ kind: 'not-run', detail: `${tool} does not tell its version` });
  }
  const args = ['snapshot', 'status', path.resolve(input.snapshotFile), '--write-out', 'json'];
  const ran = await runOrBlame(tool, args, state);
  const found = ran.ok ? readStatus(ran.stdout) : undefined;
  if (!found) {
    throw new DrillError({ kind: 'status-failed', detail: ran.lastWords || 'no status in its answer' });
  }
  const { expected, scriptEtcdVersion } = input;
  if (!expected) {
    notes.push({ kind: 'no-status-line' });
    return { found, compared: [], toolVersion };
  }
  const same = scriptEtcdVersion !== undefined && sameMinor(toolVersion, scriptEtcdVersion);
  if (!same) notes.push({ kind: 'other-minor', tool: toolVersion, script: scriptEtcdVersion });
  const compared: readonly StatusField[] = same
    ? ['hash', 'revision', 'totalKey', 'totalSize']
    : ['revision', 'totalSize'];
  const fields = differingFields(compared, expected, found);
  if (fields.length > 0) throw new DrillError({ kind: 'status-differs', fields, expected, found });
  return { found, compared, toolVersion };
}

async function restoreData(state: Drill): Promise<void> {
  const { input } = state;
  state.phase = 'restoring';
  const args = ['snapshot', 'restore', path.resolve(input.snapshotFile), ...restoreArguments];
  const ran = await runOrBlame(snapshotTool(input.tools), args, state);
  if (!ran.ok) throw new DrillError({ kind: 'restore-failed', detail: ran.lastWords });
}

/** A program that the machine killed says nothing of the snapshot. */
async function runOrBlame(program: string, args: readonly string[], state: Drill): Promise<ToolRun> {
  const ran = await runTool(program, args, state);
  if (ran.killedBy !== undefined) throw killed(path.basename(program), ran.killedBy);
  return ran;
}

function killed(program: string, signal: string): DrillError {
  const detail = `${program} was killed by ${signal}, for want of memory perhaps`;
  return new DrillError({ kind: 'not-run', detail });
}

/** The revision and the number of live keys survive a restore; hash and key count of the status do not. */
async function countKeys(state: Drill, etcd: IsolatedEtcd, expected: number) {
  await untilReady(state, etcd);
  state.phase = 'counting';
  const range = await read(state, etcd, ['', '--prefix', '--keys-only', `--limit=${sampleKeys}`]);
  if (range.revision !== expected) {
    throw new DrillError({ kind: 'revision-differs', expected, found: range.revision });
  }
  const [key] = range.keys;
  if (range.count === 0 || key === undefined) throw new DrillError({ kind: 'no-keys' });
  const one = await read(state, etcd, [key.toString('utf8')]);
  if (one.count !== 1) {
    throw new DrillError({ kind: 'read-failed', detail: 'a key that was listed could not be read' });
  }
  return { revision: range.revision, keys: range.count };
}

/** Asks for a key that is not there until etcd has elected itself: with a large database that takes its time. */
async function untilReady(state: Drill, etcd: IsolatedEtcd): Promise<void> {
  while (!(await get(state, ['drill'], '2s')).ok) {
    await blameIfEnded(etcd, 'etcd-not-started');
    await delay(100, undefined, { signal: state.signal });
  }
}

async function read(state: Drill, etcd: IsolatedEtcd, args: readonly string[]): Promise<KeyRange> {
  const ran = await get(state, args, '60s');
  const range = ran.ok ? readRange(ran.stdout) : undefined;
  if (range) return range;
  await blameIfEnded(etcd, 'etcd-ended');
  throw new DrillError({ kind: 'read-failed', detail: ran.lastWords || 'no range in its answer' });
}

async function blameIfEnded(etcd: IsolatedEtcd, kind: 'etcd-not-started' | 'etcd-ended'): Promise<void> {
  const end = await etcd.ended();
  if (end?.killedBy !== undefined) throw killed('etcd', end.killedBy);
  if (end) throw new DrillError({ kind, detail: end.lastWords });
}

function get(state: Drill, args: readonly string[], timeout: string) {
  const where = ['--endpoints', clientUrl, `--command-timeout=${timeout}`, '--write-out=json'];
  return runTool(state.input.tools.etcdctl, [...where, 'get', ...args], state);
}
