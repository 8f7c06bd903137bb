import { AsyncLocalStorage } from 'node:async_hooks';

const askedAt = new AsyncLocalStorage<number>();

/** Runs `work`, which may have to wait for its turn, and remembers by the monotonic clock when it was asked for. */
export function asking<T>(work: () => Promise<T>): Promise<T> {
  return askedAt.run(performance.now(), work);
}

/** ms of the monotonic clock; now, where nothing was remembered. */
export function whenAsked(): number {
  return askedAt.getStore() ?? performance.now();
}
