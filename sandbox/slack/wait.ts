import type { State } from './state.ts';

export interface WaitOptions {
  /** 10,000 by default. Real time, whatever clock the workspace runs on. */
  readonly timeoutMs?: number;
  /** What is awaited, for the error. */
  readonly what: string;
}

/**
 * Waits until the predicate gives something truthy, asking it after every change in the workspace.
 * Rejects with what was awaited, for how long, and what was there instead.
 */
export function waitFor<T>(
  state: State,
  predicate: () => T | undefined | null | false,
  options: WaitOptions,
  whatIsThere: () => string,
): Promise<T> {
  const timeoutMs = options.timeoutMs ?? 10_000;
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const timer = setTimeout(() => {
    stop();
    reject(
      new Error(`Waited ${timeoutMs} ms for ${options.what}; it did not come. There was:\n${whatIsThere()}`),
    );
  }, timeoutMs);
  const stop = state.onChange(look);

  function finish(): void {
    clearTimeout(timer);
    stop();
  }

  function look(): void {
    try {
      const found = predicate();
      if (found === undefined || found === null || found === false) return;
      finish();
      resolve(found);
    } catch (error) {
      finish();
      reject(error);
    }
  }

  look();
  return promise;
}
