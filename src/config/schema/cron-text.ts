import { Cron } from 'croner';

export const cronExpected =
  'a cron expression of five fields (minute, hour, day of the month, month, day of the week) that comes to pass, such as "0 2 * * *"';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** A year that begins on a Monday: slots are counted from a fixed day, so that a file is right or wrong for ever. */
const start = new Date(Date.UTC(2024, 0, 1) - minuteMs);

/** Why this is no expression that the schedule can follow, in a few words; undefined: it is one. */
export function cronProblem(text: string): string | undefined {
  if (text !== text.trim()) return 'spaces at its beginning or end';
  const fields = text.split(/\s+/);
  if (text.startsWith('@')) return 'nicknames are not read: @daily is "0 0 * * *"';
  if (/^(?:CRON_)?TZ=/.test(text)) return 'the time zone goes into timeZone';
  if (fields.length === 6) return 'six fields: leave out the first one, which would be seconds';
  if (fields.length !== 5) return `${fields.length === 1 ? '1 field' : `${fields.length} fields`}, not five`;
  try {
    return wallClock(text).nextRun(start) ? undefined : 'it never comes to pass: no such day';
  } catch (error) {
    return String(error instanceof Error ? error.message : error).replace(/^CronPattern: /, '');
  }
}

/** Minutes since midnight at which the expression fires on a day on which it does, in their order. */
export function cronMinutes(text: string): readonly number[] {
  const [minute, hour] = text.split(/\s+/);
  const minutes = slots(`${minute} * * * *`, hourMs).map((at) => (at % hourMs) / minuteMs);
  const hours = slots(`0 ${hour} * * *`, dayMs).map((at) => (at % dayMs) / hourMs);
  return hours.flatMap((each) => minutes.map((past) => each * 60 + past));
}

/** The shortest time between two slots of one day, or over a night (minutes). */
export function shortestInterval(text: string): number {
  const minutes = cronMinutes(text);
  const [first = 0] = minutes;
  const apart = minutes.map((minute, index) => (minutes[index + 1] ?? first + dayMs / minuteMs) - minute);
  return Math.min(...apart);
}

/** The longest time between two slots (ms), by a calendar of nine years, or of the first 800 days that are meant. */
export function longestInterval(text: string): number {
  const minutes = cronMinutes(text);
  const [first = 0] = minutes;
  const last = minutes.at(-1) ?? 0;
  const inDay = minutes.map((minute, index) => minute - (minutes[index - 1] ?? minute));
  const overNight = longestDays(text.split(/\s+/).slice(2).join(' ')) - (last - first) * minuteMs;
  return Math.max(overNight, ...inDay.map((each) => each * minuteMs));
}

/** Most clusters of a fleet run on the same days. */
const knownDays = new Map<string, number>();

/** The longest time between two days that the last three fields name, in ms. */
function longestDays(fields: string): number {
  const known = knownDays.get(fields);
  if (known !== undefined) return known;
  const days = slots(`0 0 ${fields}`, 9 * 366 * dayMs, 800);
  const found = Math.max(...days.map((day, index) => day - (days[index - 1] ?? day)));
  knownDays.set(fields, found);
  return found;
}

/** Slots (ms) that come within `within` from the first day on, and no more than `most`. */
function slots(text: string, within: number, most = 1_440): readonly number[] {
  const cron = wallClock(text);
  const found: number[] = [];
  const end = start.getTime() + minuteMs + within;
  for (let slot = cron.nextRun(start); slot && found.length < most; slot = cron.nextRun(slot)) {
    if (slot.getTime() >= end) break;
    found.push(slot.getTime());
  }
  return found;
}

/** Times as a clock on the wall shows them: no zone, so no skipped or repeated hours. */
function wallClock(text: string): Cron {
  return new Cron(text, { mode: '5-part', timezone: 'UTC', paused: true });
}
