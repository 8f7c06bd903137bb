import type { SummaryPicture } from '../workflow/watch/summary-picture.ts';
import { wallTime } from './wall-time.ts';

const dayMs = 86_400_000;
const shortestMs = 7 * dayMs;
const dayTicksAtMost = 7;

/** From and to, in ms as if the wall clock were UTC. */
export type Days = readonly [number, number];

/** Up to the moment of the summary, and back as far as there is something to see: the same for all panels. */
export function dayRange({ until, timeZone, strips, lines }: SummaryPicture): Days {
  const to = wallTime(until, timeZone);
  const times = [
    ...strips.flatMap(({ backups, failures }) => [...backups, ...failures]),
    ...lines.flatMap(({ points }) => points.map(({ at }) => at)),
  ];
  const first = Math.min(...times.map((at) => wallTime(at, timeZone)), to - shortestMs);
  return [first - (to - first) * 0.015, to];
}

/** The horizontal axis of a panel: midnights with the newest one among them, as many as fit side by side. */
export function dayScale(days: Days, dayFormat: string) {
  return {
    field: 'at',
    type: 'temporal',
    scale: { type: 'utc', domain: days },
    axis: {
      title: null,
      format: dayFormat,
      values: dayTicks(days),
      grid: false,
      labelOverlap: false,
      labelFlush: false,
    },
  };
}

function dayTicks([from, until]: Days): readonly number[] {
  const newest = Math.floor(until / dayMs) * dayMs;
  const days = (newest - from) / dayMs;
  const step = dayMs * ([1, 2, 7, 14, 28].find((each) => days / each < dayTicksAtMost) ?? 28);
  const count = Math.floor((newest - from) / step) + 1;
  return Array.from({ length: count }, (_, n) => newest - n * step);
}
