import type { ReminderAnswer } from '../../../workflow/access/backups.ts';
import type { Message } from '../kit/blocks.ts';
import { toolsFor } from '../kit/make-tools.ts';
import { type AnswerContext, answerIn } from '../kit/refusal.ts';
import { reminderWords } from './words.ts';

/** Private answer to the person who snoozed or dismissed a reminder, or was too late for either. */
export function reminderAnswer(answer: ReminderAnswer, context: AnswerContext): Message {
  return answerIn(reminderWords(toolsFor(context)).answers, answer, context);
}
