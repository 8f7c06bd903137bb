import type { WorkingHours } from './policy.ts';

const minuteMs = 60_000;
const dayMinutes = 24 * 60;
// Clocks are changed by two hours at most: a wait that is shortened by so much never ends behind the window's start.
const clockChangeMinutes = 120;
// Two hours of single minutes for each of a few windows that changes of the clocks may swallow, and the leaps between.
const maxSteps = 1_000;

/**
 * The next minute (ms UTC, not before `at`; `at` itself where it qualifies) that lies in the working hours by the clocks of
 * `timeZone`. A window over midnight belongs to the day on which it begins; equal ends mean the whole day.
 * Hours that never come (no day is named) move nothing.
 */
export function nextWorkingMinute(hours: WorkingHours, timeZone: string, at: number): number {
  const clock = weekClock(timeZone);
  let candidate = at;
  for (let step = 0; step < maxSteps; step += 1) {
    const local = localTime(clock, candidate);
    if (isWorking(hours, local)) return candidate;
    const wait = minutesToStart(hours, local);
    if (wait === undefined) return at;
    const leap = Math.max(1, wait - clockChangeMinutes);
    candidate = Math.floor(candidate / minuteMs) * minuteMs + leap * minuteMs;
  }
  return at;
}

interface LocalTime {
  /** 1 Monday … 7 Sunday */
  readonly day: number;
  readonly minute: number;
}

function isWorking({ fromMinute, toMinute, days }: WorkingHours, { day, minute }: LocalTime): boolean {
  const today = days.includes(day);
  if (fromMinute === toMinute) return today;
  if (fromMinute < toMinute) return today && minute >= fromMinute && minute < toMinute;
  const yesterday = days.includes(day === 1 ? 7 : day - 1);
  return (today && minute >= fromMinute) || (yesterday && minute < toMinute);
}

/** By the clock's face; what lies between may be longer or shorter by a change of the clocks. */
function minutesToStart({ fromMinute, toMinute, days }: WorkingHours, local: LocalTime): number | undefined {
  const start = fromMinute === toMinute ? 0 : fromMinute;
  const waits = days.map((day) => {
    const ahead = (day - local.day) * dayMinutes + start - local.minute;
    return ahead > 0 ? ahead : ahead + 7 * dayMinutes;
  });
  return waits.length > 0 ? Math.min(...waits) : undefined;
}

const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

function weekClock(timeZone: string): Intl.DateTimeFormat {
  const parts = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat('en-GB', { timeZone, ...parts });
}

function localTime(clock: Intl.DateTimeFormat, at: number): LocalTime {
  const parts = new Map(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    day: dayNames.indexOf(parts.get('weekday') ?? '') + 1,
    minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
  };
}
