const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Clocks are changed at full quarters of an hour of UTC, wherever they are. */
const quarterMs = 15 * minuteMs;
/** About ten days of quarters, for each zone. */
const mostOffsets = 1_000;

interface ZoneClock {
  readonly format: Intl.DateTimeFormat;
  /** By the quarter's number: asking the format takes far longer. */
  readonly offsets: Map<number, number>;
}
const clocks = new Map<string, ZoneClock>();

/** How far the zone's clocks are ahead of UTC at `at` (ms UTC), in whole minutes. */
export function offsetMs(timeZone: string, at: number): number {
  const { format, offsets } = clockOf(timeZone);
  const quarter = Math.floor(at / quarterMs);
  const known = offsets.get(quarter);
  if (known !== undefined) return known;
  const parts = format.formatToParts(quarter * quarterMs);
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
  const wall = Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day, part.hour, part.minute);
  const offset = wall - quarter * quarterMs;
  if (offsets.size >= mostOffsets) offsets.clear();
  offsets.set(quarter, offset);
  return offset;
}

/**
 * The wall times (as if UTC) of today and of yesterday that lie `timeMs` after midnight, by the zone's clocks at `now`: what
 * a time without a date can mean.
 */
export function lastTwoDays(timeZone: string, timeMs: number, now: number): readonly [number, number] {
  const wallNow = now + offsetMs(timeZone, now);
  const midnight = wallNow - (wallNow % dayMs);
  return [midnight + timeMs, midnight - dayMs + timeMs];
}

function clockOf(timeZone: string): ZoneClock {
  const known = clocks.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  });
  const clock = { format, offsets: new Map<number, number>() };
  clocks.set(timeZone, clock);
  return clock;
}

/**
 * The moment at which the zone's clocks show `wall` (as if it were UTC): the first one of two; in a time that clocks skip, as
 * long after the change as the time lies after the last one that they showed.
 */
export function momentOf(timeZone: string, wall: number): number {
  const before = wall - offsetMs(timeZone, wall - dayMs);
  const after = wall - offsetMs(timeZone, wall + dayMs);
  const shown = [before, after].find((at) => at + offsetMs(timeZone, at) === wall);
  return shown ?? before;
}
