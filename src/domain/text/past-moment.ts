import { parseUntil } from './until.ts';
import { lastTwoDays, momentOf } from './wall-clock.ts';

const timePattern = /^(\d{1,2}):(\d{2})$/;
const datedPattern = /^\d{4}-\d{2}-\d{2}[ T]\d{1,2}:\d{2}$/i;

/**
 * The moment in the past that a person means, ms UTC: `14:05` is the last time that clocks of `timeZone` showed it,
 * `2026-12-01 14:05` that day's. Undefined: no such thing. One that is dated may lie ahead of now.
 */
export function parsePastMoment(text: string, timeZone: string, now: number): number | undefined {
  const typed = text.trim().replace(/\s+/g, ' ');
  if (typed.toLowerCase() === 'now') return now;
  if (datedPattern.test(typed)) return parseUntil(typed, timeZone, now);
  const [, hour, minute] = timePattern.exec(typed)?.map(Number) ?? [];
  if (hour === undefined || minute === undefined || hour > 23 || minute > 59) return undefined;
  const times = lastTwoDays(timeZone, (hour * 60 + minute) * 60_000, now);
  const today = momentOf(timeZone, times[0]);
  return today <= now ? today : momentOf(timeZone, times[1]);
}
