import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openDrill } from '../src/drill/copy-drill.ts';
import { openDestinations } from '../src/storage/open-destinations.ts';
import { systemClock } from '../src/system/clock.ts';
import type { DrillAttempt } from '../src/workflow/ports/drill-ports.ts';
import { writeLargeSnapshot } from '../test/support/snapshots.ts';
import { peakOfChildren } from './children-memory.ts';
import { peakOver } from './memory.ts';

// One drill in a process of its own, so that its memory can be kept apart from that of the programs that it starts.

export interface DrillTask {
  /** Of the database. */
  readonly bytes: number;
  readonly toolDirs: Readonly<Record<string, string>> | undefined;
  readonly pathEnv: string;
}

export interface DrillTaken {
  readonly ms: number;
  readonly peakOverIdleKiB: number | undefined;
  /** Of the programs of etcd, together: what no system can take back, and with the files that they look into. */
  readonly programsKiB: { readonly own: number; readonly withFiles: number };
}

async function runTask({ bytes, toolDirs, pathEnv }: DrillTask): Promise<DrillTaken> {
  const dir = await mkdtemp(path.join(tmpdir(), 'bench-drill-'));
  try {
    const file = path.join(dir, 'snapshot.db');
    const { size, sha256 } = await writeLargeSnapshot(file, bytes);
    const drill = await openDrill({ toolDirs, pathEnv, dir, deadlineMs: 30 * 60_000 });
    const options = { kind: 'directory', name: 'bench', path: dir } as const;
    const place = openDestinations([options], systemClock()).get('bench');
    const [set] = drill.tools.sets;
    if (!set) throw new Error(drill.tools.problems.map(({ detail }) => detail).join('; '));
    const { signal } = new AbortController();
    // Let what loading and writing left behind go, so that idle is idle.
    await delay(1_000);
    const started = performance.now();
    const programs = peakOfChildren();
    const { result, peakOverIdleKiB } = await peakOver(async (): Promise<DrillAttempt> => {
      const fetched = await drill.fetch(
        () => place.open('snapshot.db', { signal, passing: true }),
        size,
        signal,
      );
      if (!fetched.ok) return fetched;
      if (fetched.snapshot.sha256 !== sha256) throw new Error('other bytes came');
      const input = { set, expected: undefined, scriptEtcdVersion: undefined, signal };
      return drill.restore(fetched.snapshot, input);
    });
    const programsKiB = await programs.stop();
    if (!result.ok) throw new Error(`the drill failed: ${JSON.stringify(result.failure)}`);
    return { ms: performance.now() - started, peakOverIdleKiB, programsKiB };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

process.once('message', (task: DrillTask) => {
  runTask(task).then(
    (taken) => answer({ taken }),
    (error: unknown) => answer({ error: error instanceof Error ? error.stack : String(error) }),
  );
});

function answer(message: { readonly taken: DrillTaken } | { readonly error: string | undefined }): void {
  process.send?.(message, () => process.disconnect());
}
