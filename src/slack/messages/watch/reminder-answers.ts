import type { ReminderAnswer } from '../../../workflow/access/backups.ts';
import type { Message } from '../kit/blocks.ts';
import { toolsFor } from '../kit/make-tools.ts';
import { type AnswerContext, answerIn } from '../kit/refusal.ts';
import { reminderWords } from './words.ts';

/** To the person alone who snoozed a reminder, said that no backup is needed, or came too late for either. */
export function reminderAnswer(answer: ReminderAnswer, context: AnswerContext): Message {
  return answerIn(reminderWords(toolsFor(context)).answers, answer, context);
}
