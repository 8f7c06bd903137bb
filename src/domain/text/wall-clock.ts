const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Making one takes about as long as a thousand answers of it. */
const clocks = new Map<string, Intl.DateTimeFormat>();

/** How far the zone's clocks are ahead of UTC at `at` (ms UTC), in whole minutes. */
export function offsetMs(timeZone: string, at: number): number {
  const parts = clockOf(timeZone).formatToParts(at);
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
  const wall = Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day, part.hour, part.minute);
  return wall - Math.floor(at / minuteMs) * minuteMs;
}

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  });
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
