import { offsetMs } from '../text/wall-clock.ts';
import type { OffPeakWindow } from './policy.ts';

const minuteMs = 60_000;
// The longest wait for a daily window: a day, and one more where a change of the clocks skips it.
const searchMinutes = 49 * 60;
const dayMinutes = 24 * 60;
/** No zone's clocks skip more than this at once, whole days aside, which leave the minute of the day as it is. */
const longestSkipMinutes = 180;

/** Whether `at` (ms UTC) lies in the window by the clocks of `timeZone`. Equal ends mean the whole day. */
export function isOffPeak(window: OffPeakWindow, timeZone: string, at: number): boolean {
  return inWindow(window, minuteOfDay(timeZone, at));
}

/**
 * The next minute (ms UTC, not before `at`) that lies in the window. Looks near its start minute by minute at what the clocks
 * show, so that skipped and repeated hours need no rules of their own.
 * Undefined: no such minute within two days.
 */
export function nextOffPeak(window: OffPeakWindow, timeZone: string, at: number): number | undefined {
  if (isOffPeak(window, timeZone, at)) return at;
  const nextMinute = Math.floor(at / minuteMs) * minuteMs + minuteMs;
  for (let step = 0; step < searchMinutes; ) {
    const candidate = nextMinute + step * minuteMs;
    const minute = minuteOfDay(timeZone, candidate);
    if (inWindow(window, minute)) return candidate;
    const ahead = (window.fromMinute - minute + dayMinutes) % dayMinutes;
    step += Math.max(1, ahead - longestSkipMinutes);
  }
  return undefined;
}

/** Whether clocks that show `wall` (as if it were UTC) are in the window, in whichever zone they go. */
export function isOffPeakWall(window: OffPeakWindow, wall: number): boolean {
  return isOffPeak(window, 'UTC', wall);
}

/** `22:00–05:00` */
export function windowText(window: OffPeakWindow): string {
  return `${clockText(window.fromMinute)}–${clockText(window.toMinute)}`;
}

function clockText(minute: number): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** Whether a minute since midnight lies in the window. Equal ends mean the whole day. */
export function inWindow({ fromMinute, toMinute }: OffPeakWindow, minute: number): boolean {
  if (fromMinute === toMinute) return true;
  if (fromMinute < toMinute) return minute >= fromMinute && minute < toMinute;
  return minute >= fromMinute || minute < toMinute;
}

function minuteOfDay(timeZone: string, at: number): number {
  const minute = Math.floor((at + offsetMs(timeZone, at)) / minuteMs) % dayMinutes;
  return minute < 0 ? minute + dayMinutes : minute;
}
