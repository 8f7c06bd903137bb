import { setTimeout as delay } from 'node:timers/promises';
import { abandonedAfterMs } from './part-names.ts';
import type { PlaceFile } from './place-files.ts';

export const touchEveryMs = abandonedAfterMs / 12;

/**
 * Runs `write` and gives the part the present time every so often meanwhile, so that a source that is silent for hours does not
 * make its writer look dead. The time is the place's own: when it created the part, plus what has passed here since, by the
 * monotonic clock. The system's timers, since a clock that is faster would only make more work.
 */
export async function keptAlive<T>(file: PlaceFile, everyMs: number, write: () => Promise<T>): Promise<T> {
  const over = new AbortController();
  const touching = touchUntil(over.signal, file, everyMs);
  try {
    return await write();
  } finally {
    over.abort();
    await touching;
  }
}

async function touchUntil(over: AbortSignal, file: PlaceFile, everyMs: number): Promise<void> {
  try {
    const createdAt = Number((await file.stat({ bigint: true })).mtimeMs);
    const began = performance.now();
    for (;;) {
      await delay(everyMs, undefined, { signal: over });
      const now = (createdAt + performance.now() - began) / 1000;
      await file.utimes(now, now);
    }
  } catch {
    // Over; or the place fails, which the writing itself reports.
  }
}
