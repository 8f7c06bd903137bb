import { clocksApartMs } from '../../domain/text/trusted-time.ts';
import type { Clock } from '../ports/ports.ts';

/** For so long after a step nothing is ended by the wall clock: a clock that is wrong for one look is put right by then. */
const doubtMs = 60_000;

interface Looked {
  readonly wall: number;
  readonly monotonic: number;
  /** By the monotonic clock; undefined: the wall clock is believed. */
  readonly doubtUntil: number | undefined;
}

const looks = new WeakMap<object, Map<string, Looked>>();

/** Whether the wall clock went ahead of the monotonic one since the last look at this cluster, or did a moment ago. */
export function clockStepped(clock: Pick<Clock, 'now' | 'monotonic'>, cluster: string): boolean {
  const known = looks.get(clock) ?? new Map<string, Looked>();
  looks.set(clock, known);
  const [wall, monotonic] = [clock.now(), clock.monotonic()];
  const doubtUntil = doubtedUntil(known.get(cluster), wall, monotonic);
  known.set(cluster, { wall, monotonic, doubtUntil });
  return doubtUntil !== undefined;
}

function doubtedUntil(before: Looked | undefined, wall: number, monotonic: number): number | undefined {
  if (!before) return undefined;
  const ahead = wall - before.wall - (monotonic - before.monotonic);
  if (ahead > clocksApartMs) return monotonic + doubtMs;
  if (ahead < -clocksApartMs || before.doubtUntil === undefined) return undefined;
  return monotonic < before.doubtUntil ? before.doubtUntil : undefined;
}
