import { clocksApartMs } from '../../domain/text/trusted-time.ts';
import type { Clock } from '../ports/ports.ts';

/** For so long after a step nothing is ended by the wall clock: a clock that is wrong for a moment is right again by then. */
const doubtMs = 60_000;

interface ClockReading {
  readonly wall: number;
  readonly monotonic: number;
  /** By the monotonic clock; undefined: the wall clock is believed. */
  readonly doubtUntil: number | undefined;
}

const readings = new WeakMap<object, Map<string, ClockReading>>();

/** Whether the wall clock went ahead of the monotonic one since this cluster's last turn, or did a moment ago. */
export function clockStepped(clock: Pick<Clock, 'now' | 'monotonic'>, cluster: string): boolean {
  const known = readings.get(clock) ?? new Map<string, ClockReading>();
  readings.set(clock, known);
  const [wall, monotonic] = [clock.now(), clock.monotonic()];
  const doubtUntil = doubtedUntil(known.get(cluster), wall, monotonic);
  known.set(cluster, { wall, monotonic, doubtUntil });
  return doubtUntil !== undefined;
}

function doubtedUntil(before: ClockReading | undefined, wall: number, monotonic: number): number | undefined {
  if (!before) return undefined;
  const ahead = wall - before.wall - (monotonic - before.monotonic);
  if (ahead > clocksApartMs) return monotonic + doubtMs;
  if (ahead < -clocksApartMs || before.doubtUntil === undefined) return undefined;
  return monotonic < before.doubtUntil ? before.doubtUntil : undefined;
}
