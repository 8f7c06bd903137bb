import type { BoardRow } from '../../domain/board.ts';
import { type CoverageState, coverageStates } from '../../domain/coverage.ts';
import type { Voice } from './language.ts';
import { join, lines, type Markup } from './markup.ts';

/** How many clusters stand how. */
export function countStates(rows: readonly BoardRow[]): Readonly<Record<CoverageState, number>> {
  const counts = { covered: 0, stale: 0, uncovered: 0, updating: 0, unknown: 0 };
  for (const { coverage } of rows) counts[coverage.state] += 1;
  return counts;
}

/** The title and a line of counts, in the order in which clusters are in need. */
export function boardSummary(rows: readonly BoardRow[], { words }: Voice): Markup {
  const counts = countStates(rows);
  const parts = coverageStates
    .filter((state) => counts[state] > 0)
    .map((state) => words.board.count({ state, count: counts[state] }));
  return lines(words.board.title(rows.length), join(parts, ' · '));
}
