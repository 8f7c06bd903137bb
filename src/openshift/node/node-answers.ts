import type { ArtifactEvidence } from '../../domain/backup/artifacts.ts';
import type { NodeDiskFacts } from '../../domain/cluster/facts.ts';
import type { ScriptState } from '../../workflow/ports/ports.ts';
import { runFailure } from '../../workflow/ports/run-failure-error.ts';

/** Reads the answers of node-scripts.ts: `key value` lines. A line that does not fit is a failure, never a guess. */
type Answer = ReadonlyMap<string, readonly string[]>;

function answer(lines: readonly string[]): Answer {
  const values = new Map<string, string[]>();
  for (const line of lines) {
    const space = line.indexOf(' ');
    const key = space < 0 ? line : line.slice(0, space);
    const list = values.get(key) ?? [];
    list.push(space < 0 ? '' : line.slice(space + 1));
    values.set(key, list);
  }
  return values;
}

function one(values: Answer, key: string, shape: RegExp): string {
  const found = values.get(key)?.at(-1)?.trim();
  if (found !== undefined && shape.test(found)) return found;
  const said = found === undefined ? 'nothing' : JSON.stringify(found.slice(0, 80));
  throw runFailure('command-failed', {
    command: 'read the node',
    exitCode: 0,
    detail: `expected ${key} like ${shape.source}, the node said ${said}`,
  });
}

const count = /^\d{1,15}$/;
const digest = /^[0-9a-f]{64}$/;

/** `askedAt`: ms UTC of our own clock. */
export function parseNodeFacts(lines: readonly string[], askedAt: number): NodeDiskFacts {
  const values = answer(lines);
  return {
    scriptPresent: one(values, 'script', /^(yes|no)$/) === 'yes',
    freeBytes: freeBytes(one(values, 'df', dfLine)),
    databaseBytes: Number(one(values, 'database', count)),
    nodeTime: Number(one(values, 'time', count)) * 1000,
    askedAt,
    runDirectories: values.get('entry') ?? [],
  };
}

// POSIX `df -Pk`: blocks, used, available, capacity; the device before them may hold spaces.
const dfLine = /\s\d+\s+\d+\s+(\d+)\s+(?:\d+%|-)\s+\//;

function freeBytes(line: string): number {
  return Number(dfLine.exec(line)?.[1]) * 1024;
}

export interface RunState {
  readonly state: ScriptState;
  /** Since the script's start, by the node's own uptime; undefined: it was not noted. */
  readonly ranMs: number | undefined;
}

export function parseRunState(lines: readonly string[]): RunState {
  const values = answer(lines);
  const [start, now] = values.get('ran')?.at(-1)?.split(' ') ?? [];
  const state = one(values, 'state', /^(none|live|gone|done)$/) as ScriptState;
  return { state, ranMs: uptimeSpanMs(start, now) };
}

const uptime = /^\d{1,10}(?:\.\d{1,3})?$/;

/** Between two readings of `/proc/uptime`, in seconds; undefined: no such readings, or not of one boot. */
export function uptimeSpanMs(from = '', to = ''): number | undefined {
  if (!uptime.test(from) || !uptime.test(to)) return undefined;
  const ms = Math.round((Number(to) - Number(from)) * 1000);
  return ms < 0 ? undefined : ms;
}

export function parsePaths(lines: readonly string[]): readonly string[] {
  return answer(lines).get('path') ?? [];
}

export function parseEvidence(lines: readonly string[]): ArtifactEvidence {
  const values = answer(lines);
  const machine = values.get('machine')?.at(-1)?.trim();
  return {
    // Worth knowing, but no part of the proof.
    ...(machine !== undefined && /^\w{1,32}$/.test(machine) ? { machine } : {}),
    fileNames: (values.get('file') ?? []).filter((name) => name !== '.run'),
    snapshot: values.has('snapshot.name')
      ? {
          name: one(values, 'snapshot.name', /^[^/]+$/),
          size: Number(one(values, 'snapshot.size', count)),
          sha256: one(values, 'snapshot.sha256', digest),
          bodySha256: one(values, 'snapshot.body', digest),
          trailer: one(values, 'snapshot.trailer', /^[0-9a-f]{0,64}$/),
          magic: one(values, 'snapshot.magic', /^[0-9a-f]{0,8}$/),
        }
      : undefined,
    resources: values.has('resources.name')
      ? {
          name: one(values, 'resources.name', /^[^/]+$/),
          size: Number(one(values, 'resources.size', count)),
          sha256: one(values, 'resources.sha256', digest),
          directories: values.get('resources.directory') ?? [],
          listExitCode: Number(one(values, 'resources.list', count)),
        }
      : undefined,
  };
}
