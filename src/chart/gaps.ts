const hourMs = 3_600_000;
/** Backups are not taken to the minute: an interval half as long again is none that was missed. */
const longest = 1.8;
const shortestGapMs = 36 * hourMs;

/** Parts of a line between which backups are missing: its usual interval is that between most of them. Oldest first. */
export function withoutGaps<Point extends { readonly at: number }>(
  points: readonly Point[],
): readonly (readonly Point[])[] {
  const intervals = points.slice(1).map(({ at }, index) => at - (points[index]?.at ?? at));
  const usual = intervals.toSorted((a, b) => a - b)[Math.floor((intervals.length - 1) / 2)] ?? 0;
  const gapMs = Math.max(usual * longest, shortestGapMs);
  const parts: Point[][] = [];
  for (const [index, point] of points.entries()) {
    const before = points[index - 1];
    if (before === undefined || point.at - before.at > gapMs) parts.push([point]);
    else parts.at(-1)?.push(point);
  }
  return parts;
}
