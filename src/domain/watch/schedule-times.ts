import { isOffPeak, isOffPeakWall, nextOffPeak } from '../policy/off-peak.ts';
import type { ClusterPolicy, OffPeakWindow, SchedulePolicy } from '../policy/policy.ts';
import { offsetMs } from '../text/wall-clock.ts';

/** Moments that a cron expression names by the clocks of a time zone: each once, also where clocks are changed. */
export interface CronSlots {
  /** The first one strictly after `after`; ms UTC. Undefined: none comes. Throws for what is no expression of five fields. */
  next(expression: string, timeZone: string, after: number): number | undefined;
}

/** What decides when a cluster's scheduled runs start. */
export type Timetable = Pick<ClusterPolicy, 'name' | 'timeZone' | 'offPeak'> & {
  readonly schedule: SchedulePolicy;
};

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Two timetables with the same rule start runs at the same times. */
export function ruleOf({ timeZone, offPeak, schedule }: Timetable): string {
  const window = offPeak ? `${offPeak.fromMinute}-${offPeak.toMinute}` : 'any';
  return [schedule.cron, timeZone, window, schedule.jitterMs].join('|');
}

/**
 * When a run that is wanted at `at` starts: in the off-peak window, and later by this cluster's part of the jitter, which
 * never leads out of the window.
 */
export function startFor(table: Timetable, at: number): number {
  const { offPeak, timeZone, schedule } = table;
  const part = partOf(table.name);
  if (!offPeak || offPeak.fromMinute === offPeak.toMinute) return at + Math.floor(part * schedule.jitterMs);
  const base = nextOffPeak(offPeak, timeZone, at) ?? at;
  const left = (endOf(offPeak, timeZone, base) ?? base) - base;
  return base + Math.floor(part * Math.min(schedule.jitterMs, left));
}

/**
 * When the run of a slot starts. Where the clocks skip the slot's time and the rest of the off-peak window with it, the run
 * comes before they are changed, by as much as is skipped. Undefined: they skip the whole window.
 */
export function startOfSlot(table: Timetable, cron: CronSlots, slot: number): number | undefined {
  const early = beforeChange(table, cron, slot);
  if (early === undefined) return startFor(table, slot);
  const startAt = startFor(table, early);
  return startAt < slot ? startAt : undefined;
}

/** The start of a slot whose time in the window is skipped when clocks change: earlier by as much as is skipped. */
function beforeChange(table: Timetable, cron: CronSlots, slot: number): number | undefined {
  const { offPeak, timeZone, schedule } = table;
  if (!offPeak || isOffPeak(offPeak, timeZone, slot)) return undefined;
  const skippedMs = offsetMs(timeZone, slot) - offsetMs(timeZone, slot - 1);
  if (skippedMs <= 0) return undefined;
  const shown = slot + offsetMs(timeZone, slot);
  // By clocks that are never changed: the time that the expression names.
  const named = cron.next(schedule.cron, 'UTC', shown - skippedMs - 1);
  if (named === undefined || named >= shown || !isOffPeakWall(offPeak, named)) return undefined;
  return slot - (shown - named);
}

/** Whether a run may start now at all. */
export function mayStart({ offPeak, timeZone }: Timetable, now: number): boolean {
  return !offPeak || isOffPeak(offPeak, timeZone, now);
}

/** A schedule without an off-peak window repeats what failed for so long. */
const openWindowMs = 2 * hourMs;

/** Until when a run that was asked for at `at` may be repeated. */
export function windowEnd({ offPeak, timeZone }: Timetable, at: number): number {
  const bounded = offPeak && offPeak.fromMinute !== offPeak.toMinute && isOffPeak(offPeak, timeZone, at);
  return (bounded ? endOf(offPeak, timeZone, at) : undefined) ?? at + openWindowMs;
}

function endOf({ fromMinute, toMinute }: OffPeakWindow, timeZone: string, at: number): number | undefined {
  return nextOffPeak({ fromMinute: toMinute, toMinute: fromMinute }, timeZone, at);
}

/** The slot that comes after `now`, with its start, which lies before the slot where clocks are changed. */
export function nextRunAfter(
  table: Timetable,
  cron: CronSlots,
  now: number,
): { readonly slot: number; readonly startAt: number } | undefined {
  const slot = cron.next(table.schedule.cron, table.timeZone, now);
  if (slot === undefined) return undefined;
  // One that cannot run is due at its own time, to be put on record as missed.
  return { slot, startAt: startOfSlot(table, cron, slot) ?? slot };
}

/** The newest slot that is not after `now`; `known` is one. Looks back by leaps: there may be years of slots in between. */
export function newestSlot(
  table: { readonly schedule: Pick<SchedulePolicy, 'cron'>; readonly timeZone: string },
  cron: CronSlots,
  known: number,
  now: number,
): number {
  const after = (at: number) => {
    const slot = cron.next(table.schedule.cron, table.timeZone, at);
    return slot !== undefined && slot <= now ? slot : undefined;
  };
  const leaps = [hourMs, dayMs, 32 * dayMs, 366 * dayMs].map((back) => now - back).filter((at) => at > known);
  const from = leaps.find((at) => after(at) !== undefined) ?? known;
  let newest = known;
  for (let slot = after(from); slot !== undefined; slot = after(slot)) newest = slot;
  return newest;
}

/** A cluster's part of the jitter, from 0 up to but not 1: the same for ever, and spread over a fleet of similar names. */
export function partOf(name: string): number {
  // FNV-1a, then the finaliser of MurmurHash3: names that differ in one digit must not start together.
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
