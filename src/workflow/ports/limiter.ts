/** A semaphore: runs what it is given, at most `limit` at a time, in the order of asking; an aborted wait never runs. */
export type Limiter = <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>;

export function createLimiter(limit: number): Limiter {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (signal, work) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      // The place is handed on, never counted free in between.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
