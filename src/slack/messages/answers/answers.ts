import type { ClusterNote } from '../../../domain/fleet/board.ts';
import type { PrivateMessage } from '../../../domain/run/private-message.ts';
import type {
  AuditAnswer,
  CancelAnswer,
  RequestAnswer,
  RunAnswer,
  RunsAnswer,
  VoteAnswer,
} from '../../../workflow/access/backups.ts';
import type { CommandProblem } from '../../command-problem.ts';
import { boardWords } from '../fleet/words.ts';
import { type Message, message, stack } from '../kit/blocks.ts';
import { toolsFor } from '../kit/make-tools.ts';
import type { Markup } from '../kit/markup.ts';
import { type AnswerContext, answerIn, oneSection, refusal } from '../kit/refusal.ts';
import { linksTo, sayBy } from '../kit/texts-by.ts';
import type { Context, Tools } from '../kit/tools.ts';
import { failureText } from '../run/run-facts.ts';
import { backupLine, runLine } from '../run/run-lines.ts';
import { runSections } from '../run/show-run.ts';
import { threadWords } from '../run/words.ts';
import { coverageWords, pauseWords } from '../watch/words.ts';
import { answerWords } from './words.ts';

export function privateMessage(say: PrivateMessage, context: AnswerContext): Message {
  const t = toolsFor(context);
  return oneSection(sayBy(answerWords(t).say, 'type', say, linksTo(context.cardLink)));
}

export function requestAnswer(answer: RequestAnswer, context: AnswerContext): Message {
  return answerIn(answerWords(toolsFor(context)).request, answer, context);
}

export function voteAnswer(answer: VoteAnswer, context: AnswerContext): Message {
  return answerIn(answerWords(toolsFor(context)).vote, answer, context);
}

export function cancelAnswer(answer: CancelAnswer, context: AnswerContext): Message {
  return answerIn(answerWords(toolsFor(context)).cancel, answer, context);
}

export function runsAnswer(kind: 'status' | 'list', answer: RunsAnswer, context: AnswerContext): Message {
  if (answer.outcome !== 'runs') return refusal(answer, context);
  const t = toolsFor(context);
  const { cluster, runs } = answer;
  const more = boardWords(t).moreInHome;
  const notes = (answer.notes ?? []).flatMap((note) => noteLines(note, t));
  const above = stack(notes, { room: 2_000, more });
  const others = stack(
    (answer.elsewhere ?? []).map((each) => coverageWords(t).elsewhere(each)),
    { room: 2_000, more },
  );
  if (runs.length === 0) {
    const none = answerWords(t).noRuns({ kind, cluster });
    // Of a cluster that others back up no backup is missing here.
    const sections = [...above, ...(cluster !== undefined && others.length > 0 ? [] : [none]), ...others];
    return message({ sections, text: sections.slice(0, 1), rest: t.rest('') });
  }
  const rows = runs.map((run) => (kind === 'list' ? backupLine(run, t) : runLine(run, t)));
  const title = answerWords(t).runsTitle({ kind, cluster, count: runs.length });
  return message({
    sections: [
      ...above,
      ...stack([title, ...rows], { room: 6_500, more: answerWords(t).moreRuns }),
      ...others,
    ],
    text: [
      title,
      ...rows.slice(0, 3),
      ...(rows.length > 3 ? [answerWords(t).moreRuns(rows.length - 3)] : []),
    ],
    rest: t.rest(`${kind} ${cluster ?? ''}`.trim()),
  });
}

function noteLines({ cluster, retry, pause }: ClusterNote, t: Tools): readonly Markup[] {
  return [
    ...(pause ? [pauseWords(t).note({ cluster, pause })] : []),
    ...(retry ? [boardWords(t).retryNote({ cluster, ...retry })] : []),
  ];
}

/** What the check of a run's record came to; the record itself goes as a file. */
export function auditAnswer(answer: AuditAnswer, context: AnswerContext): Message {
  if (answer.outcome !== 'audit') return refusal(answer, context);
  const { audit } = answerWords(toolsFor(context));
  const runId = answer.run.id;
  if (answer.brokenAt !== undefined) return oneSection(audit.broken({ runId, line: answer.brokenAt }));
  if (!answer.endsAsTheRun) return oneSection(audit.cutOff({ runId }));
  const lastHash = answer.lines.at(-1)?.hash ?? '';
  return oneSection(audit.whole({ runId, lines: answer.lines.length, lastHash }));
}

export function auditNotDelivered(runId: string, why: string, context: AnswerContext): Message {
  return oneSection(answerWords(toolsFor(context)).audit.notDelivered({ runId, why }));
}

export function runAnswer(answer: RunAnswer, context: AnswerContext): Message {
  if (answer.outcome === 'run') {
    const t = toolsFor(context);
    const sections = runSections(answer.run, t);
    const { id, failed } = answer.run;
    const next = failed && threadWords(t).next(failureText(failed, t).next);
    return message({ sections, text: [...sections.slice(0, 2), next], rest: t.restInFile(id) });
  }
  return refusal(answer, context);
}

export function commandProblem(problem: CommandProblem, context: Context): Message {
  return oneSection(sayBy(answerWords(toolsFor(context)).problem, 'kind', problem));
}

/** The request or decision could not be written down, so it did not happen. */
export function notRecorded(context: Context): Message {
  return oneSection(answerWords(toolsFor(context)).notRecorded());
}
