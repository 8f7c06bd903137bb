import type { BoardRow } from '../../domain/board.ts';
import type { Coverage } from '../../domain/coverage.ts';
import type { Voice } from './language.ts';
import { limits } from './limits.ts';
import { cutMarkup, join, lines, Markup } from './markup.ts';

/** A cluster on the board. `full`: warnings in whole sentences, with what to do. */
export function boardRowText(row: BoardRow, { words, tools: t }: Voice, full = false): Markup {
  const { coverage, active, lastFailure, lastDrill, nextRunAt, reminder } = row;
  const say = words.board.row;
  const warnings = coverage.warnings.map((each) =>
    full ? words.coverage.warning(each, t) : words.coverage.warningShort[each.kind],
  );
  const coming = [
    say.next(nextRunAt, t),
    ...(lastFailure ? [say.failure(lastFailure, t)] : []),
    say.drill(lastDrill, t),
  ];
  return lines(
    headOf(row, words),
    needsSentence(coverage) ? words.coverage.means(coverage, t) : undefined,
    coverage.newest ? say.newest(coverage.newest, t) : say.noBackup(),
    coverage.backup && coverage.backup.runId !== coverage.newest?.runId
      ? say.restoring(coverage.backup, t)
      : undefined,
    join(coming, ' · '),
    active ? say.active(active, t) : undefined,
    reminder ? say.reminder(reminder, t) : undefined,
    warnings.length > 0 ? join(warnings, full ? '\n' : ' · ') : undefined,
  );
}

/** The same in one short line. */
export function boardRowLine(row: BoardRow, { words, tools: t }: Voice): Markup {
  const { coverage, active, lastFailure, reminder } = row;
  const say = words.board.row;
  // What restores it counts more than what was taken last.
  const backup = coverage.backup ?? coverage.newest;
  const parts = [
    headOf(row, words),
    backup ? say.newestShort(backup, t) : say.noBackupShort(),
    ...(active ? [say.active(active, t)] : []),
    ...(lastFailure ? [say.failureShort(lastFailure, t)] : []),
    ...(reminder ? [say.reminderShort()] : []),
    ...coverage.warnings.map((each) => words.coverage.warningShort[each.kind]),
  ];
  return new Markup(cutMarkup(join(parts, ' · ').source, limits.boardLine));
}

/** A cluster that is covered, or whose backup is only old, is told by its state and its newest backup. */
function needsSentence({ state }: Coverage): boolean {
  return state === 'uncovered' || state === 'updating' || state === 'unknown';
}

function headOf({ cluster, coverage }: BoardRow, words: Voice['words']): Markup {
  return words.board.row.head({
    cluster,
    version: coverage.release?.version,
    state: words.coverage.state[coverage.state],
  });
}
