import type { BoardRow } from '../../../domain/fleet/board.ts';
import { type Coverage, isOnNodeOnly } from '../../../domain/watch/coverage.ts';
import { limits } from '../kit/limits.ts';
import { cutMarkup, join, lines, Markup } from '../kit/markup.ts';
import type { Tools } from '../kit/tools.ts';
import { coverageWords, pauseWords } from '../watch/words.ts';
import { boardWords } from './words.ts';

/** A cluster on the board. `full`: warnings in whole sentences, with what to do. */
export function boardRowText(row: BoardRow, t: Tools, full = false): Markup {
  const { coverage, active, lastFailure, lastDrill, nextRunAt, reminder, retry, pause } = row;
  const say = boardWords(t).row;
  // Of a cluster that others back up, nothing is missing and nothing is to come.
  const isOurs = coverage.elsewhere === undefined;
  const warnings = coverage.warnings.map((each) =>
    full ? coverageWords(t).warning(each) : coverageWords(t).warningShort[each.kind],
  );
  const coming = [
    retry ? say.retry(retry) : say.next(nextRunAt),
    ...(lastFailure ? [say.failure(lastFailure)] : []),
    say.drill(lastDrill),
  ];
  return lines(
    headOf(row, t),
    pause ? pauseWords(t).line(pause) : undefined,
    needsSentence(coverage) ? coverageWords(t).means(coverage) : undefined,
    coverage.newest ? say.newest(coverage.newest) : isOurs ? say.noBackup() : undefined,
    coverage.backup && coverage.backup.runId !== coverage.newest?.runId
      ? say.restoring(coverage.backup)
      : undefined,
    isOurs ? join(coming, ' · ') : undefined,
    active ? say.active(active) : undefined,
    reminder ? say.reminder(reminder) : undefined,
    warnings.length > 0 ? join(warnings, full ? '\n' : ' · ') : undefined,
  );
}

/** The same in one short line. */
export function boardRowLine(row: BoardRow, t: Tools): Markup {
  const { coverage, active, lastFailure, reminder, retry, pause } = row;
  const say = boardWords(t).row;
  const { elsewhere } = coverage;
  // What restores it counts more than what was taken last.
  const backup = coverage.backup ?? coverage.newest;
  const parts = [
    headOf(row, t),
    ...(pause ? [pauseWords(t).short(pause)] : []),
    ...(elsewhere ? [coverageWords(t).elsewhereShort(elsewhere.by)] : []),
    ...(backup ? [say.newestShort(backup)] : elsewhere ? [] : [say.noBackupShort()]),
    ...(active ? [say.active(active)] : []),
    ...(lastFailure && !elsewhere ? [say.failureShort(lastFailure)] : []),
    ...(retry ? [say.retry(retry)] : []),
    ...(reminder ? [say.reminderShort()] : []),
    ...coverage.warnings
      // The state says it already.
      .filter(({ kind }) => !(kind === 'only-on-node' && nodeOnly(coverage)))
      .map((each) => coverageWords(t).warningShort[each.kind]),
  ];
  return new Markup(cutMarkup(join(parts, ' · ').source, limits.boardLine));
}

/** A cluster that is covered, or whose backup is only old, is described by its state and its newest backup. */
function needsSentence({ state }: Coverage): boolean {
  return state === 'uncovered' || state === 'updating' || state === 'unknown' || state === 'elsewhere';
}

function nodeOnly(coverage: Coverage): boolean {
  return coverage.state === 'covered' && isOnNodeOnly(coverage);
}

function headOf({ cluster, coverage }: BoardRow, t: Tools): Markup {
  return boardWords(t).row.head({
    cluster,
    version: coverage.release?.version,
    state: nodeOnly(coverage) ? coverageWords(t).coveredOnNode : coverageWords(t).state[coverage.state],
  });
}
