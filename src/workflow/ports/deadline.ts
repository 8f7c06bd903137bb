import type { Clock } from './ports.ts';

export type InTime<T> = { readonly inTime: true; readonly value: T } | { readonly inTime: false };

/** Waits for `work` at most `ms`. Rejects when the work does so in time; what comes of it later is the caller's to watch. */
export async function withDeadline<T>(
  clock: Pick<Clock, 'sleep'>,
  ms: number,
  work: Promise<T>,
): Promise<InTime<T>> {
  const waiting = new AbortController();
  const late = clock.sleep(ms, waiting.signal).then((): InTime<T> => ({ inTime: false }));
  try {
    return await Promise.race([work.then((value): InTime<T> => ({ inTime: true, value })), late]);
  } finally {
    waiting.abort();
    work.catch(() => undefined);
  }
}
