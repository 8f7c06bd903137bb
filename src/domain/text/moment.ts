import { lastTwoDays, momentOf, offsetMs } from './wall-clock.ts';

const minuteMs = 60_000;
const quarterMs = 15 * minuteMs;
const dayMs = 24 * 60 * minuteMs;

/** A moment that a person named by the clocks of a zone. */
export interface NamedMoment {
  /** ms UTC */
  readonly at: number;
  /**
   * skipped  no clock showed that time: the clocks were put forward over it, at `at`
   * doubled  clocks showed it twice, and the first is meant: what came before it came before both
   */
  readonly note?: 'skipped' | 'doubled';
}

/** `14:05`, `14:05:30`, `2026-11-23 14:05`, `2026-11-23T14:05:30` */
const form = /^(?:(\d{4})-(\d{2})-(\d{2})[T ])?(\d{1,2}):(\d{2})(?::(\d{2}))?$/;

/**
 * A moment on the clocks of `timeZone` that has passed or is now; without a date the last one before `now` (ms UTC).
 * Undefined: it names no moment.
 */
export function parseMoment(text: string, timeZone: string, now: number): NamedMoment | undefined {
  const typed = form.exec(text.trim().toUpperCase().replace(/ +/g, ' '));
  if (!typed) return undefined;
  const [, year, month, day] = typed;
  const [hour, minute, second] = typed.slice(4).map((part) => Number(part ?? 0)) as [number, number, number];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const time = (hour * 60 + minute) * minuteMs + second * 1000;
  if (year !== undefined) {
    const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
    const named = new Date(midnight).toISOString().slice(0, 10) === `${year}-${month}-${day}`;
    return named ? momentAt(timeZone, midnight + time) : undefined;
  }
  const times = lastTwoDays(timeZone, time, now);
  const today = momentAt(timeZone, times[0]);
  return today.at <= now ? today : momentAt(timeZone, times[1]);
}

/** `wall`: what the clocks show, as if it were UTC. */
function momentAt(timeZone: string, wall: number): NamedMoment {
  const seconds = wall % minuteMs;
  const minute = wall - seconds;
  const offsets = [minute - dayMs, minute + dayMs].map((at) => offsetMs(timeZone, at));
  const [early, late] = [minute - Math.max(...offsets), minute - Math.min(...offsets)];
  const shown = [early, late].filter((at) => at + offsetMs(timeZone, at) === minute);
  if (shown.length === 0) return { at: changeBetween(timeZone, early, late), note: 'skipped' };
  if (early !== late && shown.length === 2) return { at: early + seconds, note: 'doubled' };
  return { at: momentOf(timeZone, minute) + seconds };
}

/** Clocks are changed at full quarters of an hour of UTC. */
function changeBetween(timeZone: string, from: number, to: number): number {
  const before = offsetMs(timeZone, from);
  for (let at = Math.floor(from / quarterMs) * quarterMs; at <= to; at += quarterMs) {
    if (offsetMs(timeZone, at) !== before) return at;
  }
  return from;
}

/** `2026-11-23 14:05:00 Asia/Seoul` */
export function momentText(timeZone: string, at: number): string {
  const local = new Date(at + offsetMs(timeZone, at)).toISOString().slice(0, 19).replace('T', ' ');
  return `${local} ${timeZone}`;
}
