import { Cron } from 'croner';
import { offsetMs } from '../domain/text/wall-clock.ts';
import type { CronSlots } from '../domain/watch/schedule.ts';

const dayMs = 86_400_000;

/**
 * Slots of cron expressions by the clocks of a time zone. croner only counts the times on the wall (it is asked in UTC, which
 * changes no clocks); the moment of such a time is the first one at which the clock shows it or a later one. So a time that
 * is skipped comes right after the change, one that is shown twice comes the first time, and none comes twice.
 */
export function createCronSlots(): CronSlots {
  const patterns = new Map<string, Cron>();
  return {
    next(expression, timeZone, after) {
      const pattern = patterns.get(expression) ?? wallClock(expression);
      patterns.set(expression, pattern);
      const clock = (at: number) => offsetMs(timeZone, at);
      let wall = pattern.nextRun(new Date(after + clock(after)))?.getTime();
      // In a repeated hour the clock shows times that came already.
      while (wall !== undefined && momentOf(wall, clock) <= after) {
        wall = pattern.nextRun(new Date(wall))?.getTime();
      }
      return wall === undefined ? undefined : momentOf(wall, clock);
    },
  };
}

function wallClock(expression: string): Cron {
  return new Cron(expression, { mode: '5-part', timezone: 'UTC', paused: true });
}

/** How far the clocks are ahead of UTC at a moment, in ms. */
type Clock = (at: number) => number;

/** The first moment (ms UTC) at which the clock shows `wall` or a later time. Clocks change less often than every two days. */
function momentOf(wall: number, clock: Clock): number {
  const before = clock(wall - dayMs);
  const after = clock(wall + dayMs);
  if (before === after) return wall - after;
  const change = changeBetween(wall - dayMs, wall + dayMs, clock);
  const unchanged = wall - before;
  return unchanged < change ? unchanged : Math.max(change, wall - after);
}

/** The moment from which on the clock goes as it does at `to`. */
function changeBetween(from: number, to: number, clock: Clock): number {
  const there = clock(to);
  let [early, late] = [from, to];
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2);
    if (clock(middle) === there) late = middle;
    else early = middle;
  }
  return late;
}
