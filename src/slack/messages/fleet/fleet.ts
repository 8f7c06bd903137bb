import type { BoardRow } from '../../../domain/fleet/board.ts';
import type { BoardAnswer } from '../../../workflow/access/backups.ts';
import { actionIds } from '../kit/action-ids.ts';
import { button, type Message, message, stack } from '../kit/blocks.ts';
import { toolsFor } from '../kit/make-tools.ts';
import { type AnswerContext, refusal } from '../kit/refusal.ts';
import { boardRowLine } from './board-rows.ts';
import { boardSummary } from './board-summary.ts';
import { boardWords } from './words.ts';

/** `/etcd-backup` alone. */
export function boardAnswer(answer: BoardAnswer, context: AnswerContext): Message {
  return answer.outcome === 'board' ? fleetMessage(answer.rows, context) : refusal(answer, context);
}

/** All clusters at a glance, in the order given: those in need first, so that a cut list hides none of them. */
export function fleetMessage(rows: readonly BoardRow[], context: AnswerContext): Message {
  const t = toolsFor(context);
  const board = boardWords(t);
  if (rows.length === 0) return message({ sections: [board.fleetEmpty()] });
  const entries = rows.map((row) => boardRowLine(row, t));
  const list = stack(entries, { room: 9_500, more: board.moreInHome });
  const summary = boardSummary(rows, t);
  return message({
    sections: [summary, ...list],
    // Those in need come first.
    text: [summary, ...entries.slice(0, 3), board.hint()],
    rest: t.units.notAll,
    buttons: [button({ id: actionIds.ask, label: board.askButton, value: 'fleet' })],
    footer: board.hint(),
  });
}
