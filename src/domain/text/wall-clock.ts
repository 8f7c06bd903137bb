const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** How far the zone's clocks are ahead of UTC at `at` (ms UTC). */
export function offsetMs(timeZone: string, at: number): number {
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  });
  const part = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const wall = Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day, part.hour, part.minute);
  return wall - Math.floor(at / minuteMs) * minuteMs;
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
