import type { BoardRow } from '../../../domain/fleet/board.ts';
import { type CoverageState, coverageStates } from '../../../domain/watch/coverage.ts';
import { join, lines, type Markup } from '../kit/markup.ts';
import type { Tools } from '../kit/tools.ts';
import { pauseWords } from '../watch/words.ts';
import { boardWords } from './words.ts';

/** How many clusters are in which state. */
export function countStates(rows: readonly BoardRow[]): Readonly<Record<CoverageState, number>> {
  const counts = { covered: 0, stale: 0, uncovered: 0, updating: 0, unknown: 0, elsewhere: 0 };
  for (const { coverage } of rows) counts[coverage.state] += 1;
  return counts;
}

/** The title and a line of counts, in the order in which clusters are in need. */
export function boardSummary(rows: readonly BoardRow[], t: Tools): Markup {
  // Of a paused cluster nothing is expected: it must not look like one in need.
  const paused = rows.filter(({ pause }) => pause !== undefined).length;
  const counts = countStates(rows.filter(({ pause }) => pause === undefined));
  const parts = coverageStates
    .filter((state) => counts[state] > 0)
    .map((state) => boardWords(t).count({ state, count: counts[state] }));
  const all = paused > 0 ? [...parts, pauseWords(t).count(paused)] : parts;
  return lines(boardWords(t).title(rows.length), join(all, ' · '));
}
