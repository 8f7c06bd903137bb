import type { KnownBlock, ModalView } from '@slack/types';
import type { BoardRow } from '../../../domain/fleet/board.ts';
import type { BackupRun } from '../../../domain/run/run.ts';
import type { CheckAnswer } from '../../../workflow/access/backups.ts';
import { truthLine } from '../copies/copies.ts';
import { footerBlock, plain, sectionBlocks, stack } from '../kit/blocks.ts';
import { limits } from '../kit/limits.ts';
import { toolsFor } from '../kit/make-tools.ts';
import { lines, type Markup } from '../kit/markup.ts';
import type { Context, Tools } from '../kit/tools.ts';
import { checkAnswer } from '../preflight/check.ts';
import { backupLine, runLine } from '../run/run-lines.ts';
import { boardRowText } from './board-rows.ts';
import { boardWords } from './words.ts';

/** What a window that opens from the board is about. */
export type BoardWindow = 'check' | 'details';

/** Opened before anything is read. */
export function loadingWindow(window: BoardWindow, cluster: string, context: Context): ModalView {
  const t = toolsFor(context);
  return modal(window, sectionBlocks([boardWords(t).window.loading(cluster)]), t);
}

export function failedWindow(window: BoardWindow, context: Context): ModalView {
  const t = toolsFor(context);
  return modal(window, sectionBlocks([boardWords(t).window.failed()]), t);
}

export function checkWindow(answer: CheckAnswer, context: Context): ModalView {
  return modal('check', checkAnswer(answer, context).blocks ?? [], toolsFor(context));
}

interface ClusterDetails {
  readonly cluster: string;
  /** undefined: the board does not know it. */
  readonly row: BoardRow | undefined;
  /** Newest first. */
  readonly runs: readonly BackupRun[];
}

/** One cluster's state, in full, and its runs. */
export function detailsWindow({ cluster, row, runs }: ClusterDetails, context: Context): ModalView {
  const t = toolsFor(context);
  const say = boardWords(t).window;
  const list =
    runs.length === 0
      ? [say.noRuns(cluster)]
      : [
          say.runsTitle(runs.length),
          ...stack(
            runs.map((run) => line(run, t)),
            { separator: '\n\n', room: 8_000, more: say.moreRuns },
          ),
        ];
  return modal(
    'details',
    [...sectionBlocks([...(row ? [boardRowText(row, t, true)] : []), ...list]), footerBlock(say.showHint())],
    t,
  );
}

/** Blocks of an answer that is not the one that was asked for. */
export function answerWindow(
  window: BoardWindow,
  blocks: readonly KnownBlock[],
  context: Context,
): ModalView {
  return modal(window, blocks, toolsFor(context));
}

/** A backup with what it consists of and where each part lies; another run in one line. */
function line(run: BackupRun, t: Tools): Markup {
  if (!run.success) return runLine(run, t);
  return lines(
    backupLine(run, t),
    run.success.copies === undefined || run.success.copies.length === 0
      ? undefined
      : truthLine(run.success, t),
  );
}

function modal(window: BoardWindow, blocks: readonly KnownBlock[], t: Tools): ModalView {
  const { checkTitle, detailsTitle, close } = boardWords(t).window;
  return {
    type: 'modal',
    callback_id: `board-${window}`,
    title: plain(window === 'check' ? checkTitle : detailsTitle, limits.modalTitle),
    close: plain(close, limits.modalButton),
    blocks: blocks.slice(0, limits.modalBlocks),
  };
}
