import type { Clock } from './ports.ts';

/** Ends the pause between two looks for work. A wake-up during a look counts for the pause after it. */
export function createWakeUp(clock: Clock) {
  let due = Promise.withResolvers<void>();
  return {
    wake: () => due.resolve(),
    next(): Promise<void> {
      due = Promise.withResolvers();
      return due.promise;
    },
    async wait(woken: Promise<void>, idleMs: number, signal: AbortSignal): Promise<void> {
      const timer = new AbortController();
      await Promise.race([woken, clock.sleep(idleMs, AbortSignal.any([signal, timer.signal]))]);
      timer.abort();
    },
  };
}
