import { setTimeout as delay } from 'node:timers/promises';
import type { FileCopy } from '../src/domain/file-copy.ts';
import type { ClusterPolicy } from '../src/domain/policy.ts';
import type { ClusterConnection } from '../src/openshift/connection.ts';
import { createNodeSessions } from '../src/openshift/node-sessions.ts';
import { copyTools } from '../src/storage/copy-tools.ts';
import { type DestinationOptions, openDestinations } from '../src/storage/open-destinations.ts';
import { systemClock } from '../src/system/clock.ts';
import { copyFile } from '../src/workflow/copy-file.ts';
import type { Destinations } from '../src/workflow/copy-ports.ts';
import type { SessionRequest } from '../src/workflow/ports.ts';
import { fileBody } from './file-body.ts';
import { peakOver } from './memory.ts';

// The bot's own way from a node to a destination, in a process of its own, so that its memory can be told.

export interface CopyTask {
  /** `node`: through the client and the session pod; `disk`: a local file, where only the destination is measured. */
  readonly from:
    | {
        readonly kind: 'node';
        readonly request: SessionRequest;
        readonly connection: ClusterConnection;
        readonly policy: ClusterPolicy;
        readonly clientPath: string;
        readonly clientEnv: Readonly<Record<string, string>>;
        readonly cacheDir: string;
        readonly path: string;
      }
    | { readonly kind: 'disk'; readonly path: string };
  readonly to: DestinationOptions;
  readonly key: string;
  readonly size: number;
  readonly sha256: string;
}

export interface CopyTaken {
  readonly putMs: number;
  /** From the first byte that is asked for to the last one that was read back. */
  readonly readbackMs: number;
  readonly peakOverIdleKiB: number | undefined;
  /** Processor time of this process alone, readback included: what other work on the machine does not change much. */
  readonly cpuMs: number;
  readonly copy: FileCopy;
}

export async function runTask(task: CopyTask): Promise<CopyTaken> {
  const clock = systemClock();
  const { signal } = new AbortController();
  const timed = timedDestinations(openDestinations([task.to], clock));
  const source = await openSource(task, signal);
  // Let what loading left behind go, so that idle is idle.
  await delay(500);
  const planned: FileCopy = {
    file: 'snapshot',
    destination: task.to.name,
    place: { kind: 'directory', path: '/' },
    custodians: [],
    encryptFor: [],
    key: task.key,
    location: task.key,
    tries: 0,
    stored: undefined,
    provenAt: undefined,
    failure: undefined,
    nextTryAt: undefined,
  };
  const deps = { destinations: timed.destinations, tools: copyTools(), clock };
  const cpuBefore = process.cpuUsage();
  try {
    const { result: copy, peakOverIdleKiB } = await peakOver(() =>
      copyFile(deps, planned, { ...task, open: source.open, onProgress: () => undefined }, signal),
    );
    const cpu = process.cpuUsage(cpuBefore);
    return { ...timed.times(), peakOverIdleKiB, cpuMs: (cpu.user + cpu.system) / 1000, copy };
  } finally {
    await source.close();
  }
}

async function openSource(task: CopyTask, signal: AbortSignal) {
  const { from } = task;
  if (from.kind === 'disk') return { open: () => fileBody(from.path), close: async () => undefined };
  const sessions = createNodeSessions({ ...from, connections: [from.connection], clock: systemClock() });
  const session = await sessions.open(from.policy, from.request, signal);
  return { open: () => session.readFile(from.path), close: () => session.close() };
}

/** The same destinations; how long `put` and the reading back took. */
function timedDestinations(destinations: Destinations) {
  const times = { putMs: 0, readbackMs: 0 };
  return {
    times: () => times,
    destinations: {
      get(name: string) {
        const real = destinations.get(name);
        return Object.assign(Object.create(real) as typeof real, {
          put: async (...args: Parameters<typeof real.put>) => {
            const started = performance.now();
            const stored = await real.put(...args);
            times.putMs = performance.now() - started;
            return stored;
          },
          open: async (...args: Parameters<typeof real.open>) => {
            const started = performance.now();
            return toEnd(await real.open(...args), () => {
              times.readbackMs = performance.now() - started;
            });
          },
          remove: (key: string) => real.remove(key),
        });
      },
    },
  };
}

async function* toEnd(body: AsyncIterable<Uint8Array>, ended: () => void) {
  yield* body;
  ended();
}

if (process.send) {
  process.once('message', (task: CopyTask) => {
    runTask(task).then(
      (taken) => process.send?.({ taken }, () => process.disconnect()),
      (error: unknown) =>
        process.send?.(
          { error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
          () => process.disconnect(),
        ),
    );
  });
}
