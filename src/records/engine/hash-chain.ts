import { createHash } from 'node:crypto';

/** The position of a line in a record whose lines are chained by hash. */
export interface ChainPlace {
  /** Counted from 1. */
  readonly seq: number;
  readonly previousHash: string;
}
export type Chained = ChainPlace & { readonly hash: string };

/** What the first line of every record is chained to. */
const noPreviousHash = '0'.repeat(64);

/** The line with its place after `previous` (undefined: it is the first one) and its hash. `textOf`: what the hash covers. */
export function chainedAfter<Line extends object>(
  line: Line,
  previous: Chained | undefined,
  textOf: (line: Line & ChainPlace) => string,
): Line & Chained {
  const placed = {
    ...line,
    seq: (previous?.seq ?? 0) + 1,
    previousHash: previous?.hash ?? noPreviousHash,
  };
  return { ...placed, hash: hashOf(placed, textOf) };
}

/** Number of the first line that was changed, removed, added or moved, counted from 1; undefined: the chain is whole. */
export function brokenAt<Line extends Chained>(
  lines: readonly Line[],
  textOf: (line: Line) => string,
): number | undefined {
  let previousHash = noPreviousHash;
  for (const [index, line] of lines.entries()) {
    const follows = line.seq === index + 1 && line.previousHash === previousHash;
    if (!follows || line.hash !== hashOf(line, textOf)) return index + 1;
    previousHash = line.hash;
  }
  return undefined;
}

function hashOf<Line extends ChainPlace>(line: Line, textOf: (line: Line) => string): string {
  return createHash('sha256')
    .update(line.previousHash + textOf(line))
    .digest('hex');
}
