import { setTimeout as delay } from 'node:timers/promises';
import type { FileCopy } from '../src/domain/copies/file-copy.ts';
import { createNodeSessions } from '../src/openshift/node/node-sessions.ts';
import { openDestinations } from '../src/storage/open-destinations.ts';
import { copyTools } from '../src/storage/verify/copy-tools.ts';
import { systemClock } from '../src/system/clock.ts';
import { copyFile } from '../src/workflow/copies/copy-file.ts';
import type { Destinations } from '../src/workflow/ports/copy-ports.ts';
import type { OpenFile } from '../src/workflow/ports/destination.ts';
import { knownPlaces } from '../test/support/known-places.ts';
import type { CopyTaken, CopyTask } from './copy-task.ts';
import { fileBody } from './file-body.ts';
import { peakOver } from './memory.ts';

// The bot's own way from a node to a destination, in a process of its own, so that its memory can be measured.

async function runTask(task: CopyTask): Promise<CopyTaken> {
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
  const deps = { destinations: timed.destinations, places: knownPlaces, tools: copyTools(), clock };
  const cpuBefore = process.cpuUsage();
  try {
    const { result: copy, peakOverIdleKiB } = await peakOver(() =>
      copyFile(deps, planned, { ...task, ...source, onProgress: () => undefined }, signal),
    );
    const cpu = process.cpuUsage(cpuBefore);
    return { ...timed.times(), peakOverIdleKiB, cpuMs: (cpu.user + cpu.system) / 1000, copy };
  } finally {
    await source.close();
  }
}

async function openSource(task: CopyTask, signal: AbortSignal) {
  const { from } = task;
  if (from.kind === 'disk')
    return { open: () => fileBody(from.path), into: undefined, close: async () => undefined };
  const sessions = createNodeSessions({ ...from, connections: [from.connection], clock: systemClock() });
  const session = await sessions.open(from.policy, from.request, signal);
  return {
    open: () => session.readFile(from.path),
    into: (file: OpenFile) => session.readFile(from.path, file),
    close: () => session.close(),
  };
}

/** The same destinations; how long `put` and the reading back took. */
function timedDestinations(destinations: Destinations) {
  const times = { putMs: 0, readbackMs: 0 };
  return {
    times: () => times,
    destinations: {
      get(name: string) {
        const real = destinations.get(name);
        return {
          name: real.name,
          label: real.label,
          kind: real.kind,
          stat: (key: string) => real.stat(key),
          list: (prefix: string) => real.list(prefix),
          check: () => real.check(),
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
        };
      },
    },
  };
}

async function* toEnd(body: AsyncIterable<Uint8Array>, ended: () => void) {
  yield* body;
  ended();
}

process.once('message', (task: CopyTask) => {
  runTask(task).then(
    (taken) => answer({ taken }),
    (error: unknown) => answer({ error: error instanceof Error ? error.stack : String(error) }),
  );
});

function answer(message: { readonly taken: CopyTaken } | { readonly error: string | undefined }): void {
  process.send?.(message, () => process.disconnect());
}
