import type { KnownBlock, ModalView } from '@slack/types';
import type { BoardRow } from '../../domain/board.ts';
import type { BackupRun } from '../../domain/run.ts';
import type { CheckAnswer } from '../../workflow/backups.ts';
import { backupLine, checkAnswer, runLine } from './answers.ts';
import { footerBlock, plain, sectionBlocks, stack } from './blocks.ts';
import { boardRowText } from './board-rows.ts';
import { truthLine } from './copies.ts';
import { type Voice, voiceFor } from './language.ts';
import { limits } from './limits.ts';
import { lines, type Markup } from './markup.ts';
import type { Context } from './tools.ts';

/** What a window that opens from the board is about. */
export type BoardWindow = 'check' | 'details';

/** Opened before anything is read. */
export function loadingWindow(window: BoardWindow, cluster: string, context: Context): ModalView {
  const { words, tools } = voiceFor(context);
  return modal(window, sectionBlocks([words.board.window.loading(cluster, tools)]), voiceFor(context));
}

export function failedWindow(window: BoardWindow, context: Context): ModalView {
  const voice = voiceFor(context);
  return modal(window, sectionBlocks([voice.words.board.window.failed()]), voice);
}

export function checkWindow(answer: CheckAnswer, context: Context): ModalView {
  return modal('check', checkAnswer(answer, context).blocks ?? [], voiceFor(context));
}

export interface ClusterDetails {
  readonly cluster: string;
  /** undefined: the board does not know it. */
  readonly row: BoardRow | undefined;
  /** Newest first. */
  readonly runs: readonly BackupRun[];
}

/** How one cluster stands, in full, and its runs. */
export function detailsWindow({ cluster, row, runs }: ClusterDetails, context: Context): ModalView {
  const voice = voiceFor(context);
  const { words, tools } = voice;
  const say = words.board.window;
  const list =
    runs.length === 0
      ? [say.noRuns(cluster, tools)]
      : [
          say.runsTitle(runs.length),
          ...stack(
            runs.map((run) => line(run, voice)),
            { separator: '\n\n', room: 8_000, more: say.moreRuns },
          ),
        ];
  return modal(
    'details',
    [
      ...sectionBlocks([...(row ? [boardRowText(row, voice, true)] : []), ...list]),
      footerBlock(say.showHint(tools)),
    ],
    voice,
  );
}

/** Blocks of an answer that is not the one that was asked for. */
export function answerWindow(
  window: BoardWindow,
  blocks: readonly KnownBlock[],
  context: Context,
): ModalView {
  return modal(window, blocks, voiceFor(context));
}

/** A backup with what it consists of and where each part lies; another run in one line. */
function line(run: BackupRun, voice: Voice): Markup {
  if (!run.success) return runLine(run, voice);
  return lines(
    backupLine(run, voice),
    run.success.copies === undefined || run.success.copies.length === 0
      ? undefined
      : truthLine(run.success, voice),
  );
}

function modal(window: BoardWindow, blocks: readonly KnownBlock[], { words }: Voice): ModalView {
  const { checkTitle, detailsTitle, close } = words.board.window;
  return {
    type: 'modal',
    callback_id: `board-${window}`,
    title: plain(window === 'check' ? checkTitle : detailsTitle, limits.modalTitle),
    close: plain(close, limits.modalButton),
    blocks: blocks.slice(0, limits.modalBlocks),
  };
}
