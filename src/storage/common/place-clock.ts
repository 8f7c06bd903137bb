import { setTimeout as delay } from 'node:timers/promises';

/** Waits end early, without an error, when the signal is aborted; without `sleep` the system's timers are used. */
export interface PlaceClock {
  now(): number;
  sleep?(ms: number, signal?: AbortSignal): Promise<unknown>;
}

export function pauses(clock: PlaceClock): (ms: number, signal?: AbortSignal) => Promise<unknown> {
  if (clock.sleep) return (ms, signal) => clock.sleep?.(ms, signal) ?? Promise.resolve();
  return (ms, signal) => delay(ms, undefined, signal ? { signal } : {}).catch(() => undefined);
}
