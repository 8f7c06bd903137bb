import { nearest } from '../../domain/nearest.ts';
import type { PrivateSay } from '../../domain/private-say.ts';
import type { BackupRun } from '../../domain/run.ts';
import type {
  AuditAnswer,
  CancelAnswer,
  CheckAnswer,
  ClusterQuestion,
  DoctorAnswer,
  NotAllowed,
  RequestAnswer,
  RunAnswer,
  RunsAnswer,
  VoteAnswer,
} from '../../workflow/backups.ts';
import type { CommandProblem } from '../command-problem.ts';
import type { Links } from './answers-wording.ts';
import { type Message, message, stack } from './blocks.ts';
import { proofOf } from './copies.ts';
import { doctorMessage } from './doctor.ts';
import { type HelpTopic, helpTopics } from './help-wording.ts';
import { type Voice, voiceFor } from './language.ts';
import { link, type Markup } from './markup.ts';
import { countFindings, statusText } from './run-facts.ts';
import { runSections } from './show-run.ts';
import { findingSections } from './thread.ts';
import type { Context, Tools } from './tools.ts';

/** `cardLink`: address of the run's card, where it is known. */
export type AnswerContext = Context & { readonly cardLink?: string };

export function privateMessage(say: PrivateSay, context: AnswerContext): Message {
  const { words, tools } = voiceFor(context);
  const speak = words.answers.say[say.type] as Speak<PrivateSay>;
  return one(speak(say, tools, linksOf(context)));
}

export function requestAnswer(answer: RequestAnswer, context: AnswerContext): Message {
  const { words } = voiceFor(context);
  return speakAnswer(
    answer,
    { ...words.answers.notAllowed, ...words.answers.cluster, ...words.answers.request },
    context,
  );
}

export function voteAnswer(answer: VoteAnswer, context: AnswerContext): Message {
  const { words } = voiceFor(context);
  return speakAnswer(answer, { ...words.answers.notAllowed, ...words.answers.vote }, context);
}

export function cancelAnswer(answer: CancelAnswer, context: AnswerContext): Message {
  const { words } = voiceFor(context);
  return speakAnswer(answer, { ...words.answers.notAllowed, ...words.answers.cancel }, context);
}

export function checkAnswer(answer: CheckAnswer, context: AnswerContext): Message {
  if (answer.outcome !== 'checked') return refusal(answer, context);
  const voice = voiceFor(context);
  const { answers, card } = voice.words;
  const counts = countFindings(answer.findings);
  return message({
    sections: [
      answers.checkTitle(answer, voice.tools),
      answers.checkVerdict(
        { cluster: answer.cluster, counts, planned: answer.node !== undefined },
        voice.tools,
      ),
      card.counts(counts, voice.tools),
      ...findingSections(answer.findings, voice, { planned: answer.node !== undefined }),
    ],
  });
}

export function doctorAnswer(answer: DoctorAnswer, context: AnswerContext): Message {
  return answer.outcome === 'examined' ? doctorMessage(answer, context) : refusal(answer, context);
}

export function runsAnswer(kind: 'status' | 'list', answer: RunsAnswer, context: AnswerContext): Message {
  if (answer.outcome !== 'runs') return refusal(answer, context);
  const voice = voiceFor(context);
  const { words, tools } = voice;
  const { cluster, runs } = answer;
  if (runs.length === 0) return one(words.answers.noRuns({ kind, cluster }, tools));
  const rows = runs.map((run) => (kind === 'list' ? backupLine(run, voice) : runLine(run, voice)));
  const title = words.answers.runsTitle({ kind, cluster, count: runs.length }, tools);
  return message({ sections: stack([title, ...rows], { more: words.answers.moreRuns }) });
}

export function runLine(run: BackupRun, voice: Voice): Markup {
  const { id, cluster, requester, finishedAt, requestedAt } = run;
  const status = statusText(run, voice);
  const at = finishedAt ?? requestedAt;
  return voice.words.answers.runLine(
    { id, cluster, zStream: run.plan?.zStream, status, slackUser: requester.slackUser, at },
    voice.tools,
  );
}

export function backupLine(run: BackupRun, { words, tools }: Voice): Markup {
  const { copies } = words;
  const { success } = run;
  const sizes = success && success.artifacts.snapshot.size + success.artifacts.resources.size;
  return copies.listLine(
    {
      id: run.id,
      cluster: run.cluster,
      zStream: run.plan?.zStream,
      // The snapshot is as old as the start.
      at: run.startedAt ?? run.requestedAt,
      bytes: sizes,
      proof: copies.proof(proofOf(run)),
      drill: copies.drillShort(success?.drill?.ok),
    },
    tools,
  );
}

/** What the check of a run's record came to; the record itself goes as a file. */
export function auditAnswer(answer: AuditAnswer, context: AnswerContext): Message {
  const { words, tools } = voiceFor(context);
  if (answer.outcome === 'no-such-run') return one(words.answers.noSuchRun(answer, tools));
  if (answer.outcome !== 'audit') return refusal(answer, context);
  const { audit } = words.answers;
  const runId = answer.run.id;
  if (answer.brokenAt !== undefined) return one(audit.broken({ runId, line: answer.brokenAt }, tools));
  if (!answer.endsAsTheRun) return one(audit.cutOff({ runId }, tools));
  const lastHash = answer.lines.at(-1)?.hash ?? '';
  return one(audit.whole({ runId, lines: answer.lines.length, lastHash }, tools));
}

export function auditNotDelivered(runId: string, why: string, context: AnswerContext): Message {
  const { words, tools } = voiceFor(context);
  return one(words.answers.audit.notDelivered({ runId, why }, tools));
}

export function runAnswer(answer: RunAnswer, context: AnswerContext): Message {
  if (answer.outcome === 'run') return message({ sections: runSections(answer.run, voiceFor(context)) });
  if (answer.outcome !== 'no-such-run') return refusal(answer, context);
  const { words, tools } = voiceFor(context);
  return one(words.answers.noSuchRun(answer, tools));
}

export function helpMessage(topic: string | undefined, context: Context): Message {
  const { words, tools } = voiceFor(context);
  const asked = topic?.trim().toLowerCase() ?? '';
  if (asked === '') return message({ sections: words.help.overview(tools) });
  if (!isTopic(asked)) {
    const begun = helpTopics.find((each) => each.startsWith(`${asked}-`));
    const unknown = { topic: asked, nearest: begun ?? nearest(asked, helpTopics) };
    return message({ sections: [words.help.unknownTopic(unknown, tools), ...words.help.overview(tools)] });
  }
  return message({ sections: words.help.topics[asked](tools) });
}

export function commandProblem(problem: CommandProblem, context: Context): Message {
  const { words, tools } = voiceFor(context);
  const speak = words.answers.problem[problem.kind] as (problem: CommandProblem, tools: Tools) => Markup;
  return one(speak(problem, tools));
}

/** The request or decision could not be written down, so it did not happen. */
export function notRecorded(context: Context): Message {
  const { words, tools } = voiceFor(context);
  return one(words.answers.notRecorded(tools));
}

type Speak<Answer> = (answer: Answer, tools: Tools, links: Links) => Markup;

/** The outcome selects the function that takes this very answer; the parameter types make sure that there is one for each. */
function speakAnswer<Answer extends { readonly outcome: string }>(
  answer: Answer,
  table: { readonly [Outcome in Answer['outcome']]: Speak<Extract<Answer, { outcome: Outcome }>> },
  context: AnswerContext,
): Message {
  const speak = table[answer.outcome as Answer['outcome']] as unknown as Speak<Answer>;
  return one(speak(answer, voiceFor(context).tools, linksOf(context)));
}

export function refusal(answer: NotAllowed | ClusterQuestion, context: AnswerContext): Message {
  const { words } = voiceFor(context);
  return speakAnswer(answer, { ...words.answers.notAllowed, ...words.answers.cluster }, context);
}

function linksOf(context: AnswerContext): Links {
  return { card: (label) => link(context.cardLink, label) };
}

function isTopic(word: string): word is HelpTopic {
  return (helpTopics as readonly string[]).includes(word);
}

function one(text: Markup): Message {
  return message({ sections: [text] });
}
