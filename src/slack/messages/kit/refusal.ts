import { type Message, message } from './blocks.ts';
import { toolsFor } from './make-tools.ts';
import type { Markup } from './markup.ts';
import { type Links, linksTo, type Refused, type Says, sayBy, type TextsBy } from './texts-by.ts';
import type { Context } from './tools.ts';
import { refusalWords } from './words.ts';

/** `cardLink`: address of the run's card, where it is known. */
export type AnswerContext = Context & { readonly cardLink?: string };

/** The person may not ask this, or names no cluster that the bot knows. */
export function refusal(answer: Refused, context: AnswerContext): Message {
  return answerIn({}, answer, context);
}

type AnyOutcome<Answer extends { readonly outcome: string }> = TextsBy<'outcome', Answer, [links: Links]>;

/** The outcome's own sentence; those of refusals are the same everywhere. */
export function answerIn<Answer extends { readonly outcome: string }>(
  texts: Says<Answer, Refused['outcome']>,
  answer: Answer,
  context: AnswerContext,
): Message {
  const table = { ...refusalWords(toolsFor(context)), ...texts } as unknown as AnyOutcome<Answer>;
  return oneSection(sayBy(table, 'outcome', answer, linksTo(context.cardLink)));
}

export function oneSection(text: Markup): Message {
  return message({ sections: [text] });
}
