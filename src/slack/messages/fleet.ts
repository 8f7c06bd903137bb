import type { BoardRow } from '../../domain/board.ts';
import type { BoardAnswer } from '../../workflow/backups.ts';
import { actionIds } from './action-ids.ts';
import { type AnswerContext, refusal } from './answers.ts';
import { button, type Message, message, stack } from './blocks.ts';
import { boardRowLine } from './board-rows.ts';
import { boardSummary } from './board-summary.ts';
import { voiceFor } from './language.ts';

/** `/etcd-backup` alone. */
export function boardAnswer(answer: BoardAnswer, context: AnswerContext): Message {
  return answer.outcome === 'board' ? fleetMessage(answer.rows, context) : refusal(answer, context);
}

/** All clusters at a glance, in the order given: those in need first, so that a cut list hides none of them. */
export function fleetMessage(rows: readonly BoardRow[], context: AnswerContext): Message {
  const voice = voiceFor(context);
  const { answers, board } = voice.words;
  if (rows.length === 0) return message({ sections: [answers.fleetEmpty(voice.tools)] });
  const list = stack(
    rows.map((row) => boardRowLine(row, voice)),
    { room: 10_500, more: board.moreInHome },
  );
  return message({
    sections: [boardSummary(rows, voice), ...list],
    buttons: [button({ id: actionIds.ask, label: answers.askButton, value: 'fleet' })],
    footer: board.hint(voice.tools),
  });
}
