import type { Clock } from './ports.ts';

/**
 * A moment of the monotonic clock in ms UTC, as the clock goes now: its age stays right when the clock is set.
 */
export function wallTimeOf(clock: Pick<Clock, 'now' | 'monotonic'>, monotonicAt: number): number {
  return clock.now() - (clock.monotonic() - monotonicAt);
}
