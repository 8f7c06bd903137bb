/** A part of a text that may not be shown, and what is written in its place. `end` is the first unit after it. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly mark: string;
}

/** The text between `from` and `to`, with one mark for each group of ranges that overlap or touch. */
export function withoutRanges(text: string, ranges: readonly Range[], from = 0, to = text.length): string {
  const parts: string[] = [];
  let written = from;
  for (const { start, end, mark } of ranges.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (end <= Math.max(from, start) || start >= to) continue;
    if (start > written || parts.length === 0)
      parts.push(text.slice(written, Math.max(written, start)), mark);
    written = Math.max(written, end);
  }
  if (written < to) parts.push(text.slice(written, to));
  return parts.join('');
}
