import { momentOf } from './wall-clock.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** `3d`, `8h`, `1d12h`: weeks, days, hours, minutes, the largest first. */
const spanPattern = /^(?:(\d{1,4})w)?(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m)?$/;
/** `2026-12-01`, `2026-12-01 08:00`, `2026-12-01T08:00` */
const datePattern = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{1,2}):(\d{2}))?$/;

/**
 * The moment that a person means, ms UTC: a span from now, or a date on the clocks of `timeZone`; a date alone means its
 * first minute. Undefined: no such thing.
 */
export function parseUntil(text: string, timeZone: string, now: number): number | undefined {
  const typed = text.trim().toLowerCase().replace(/\s+/g, ' ');
  const span = spanPattern.exec(typed.replaceAll(' ', ''));
  if (span && typed !== '') {
    const [, weeks, days, hours, minutes] = span.map((part) => Number(part ?? 0));
    const ms =
      (weeks ?? 0) * 7 * dayMs + (days ?? 0) * dayMs + (hours ?? 0) * hourMs + (minutes ?? 0) * minuteMs;
    return ms > 0 ? now + ms : undefined;
  }
  const date = datePattern.exec(typed.toUpperCase());
  if (!date) return undefined;
  const [, year, month, day, hour, minute] = date.map((part) => Number(part ?? 0));
  return fromLocal([year ?? 0, month ?? 0, day ?? 0, hour ?? 0, minute ?? 0], timeZone);
}

type Parts = readonly [year: number, month: number, day: number, hour: number, minute: number];

/** Undefined: no calendar has this day, no clock this time. In an hour that clocks skip it is a time after the change. */
function fromLocal([year, month, day, hour, minute]: Parts, timeZone: string): number | undefined {
  if (hour > 23 || minute > 59) return undefined;
  const wall = Date.UTC(year, month - 1, day, hour, minute);
  const named = new Date(wall);
  if (named.getUTCMonth() !== month - 1 || named.getUTCDate() !== day) return undefined;
  return momentOf(timeZone, wall);
}
