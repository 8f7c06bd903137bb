import type { ReminderAnswer } from '../../workflow/backups.ts';
import { type AnswerContext, refusal } from './answers.ts';
import { type Message, message } from './blocks.ts';
import { voiceFor } from './language.ts';
import { link, type Markup } from './markup.ts';

/** To the person alone who snoozed a reminder, said that no backup is needed, or came too late for either. */
export function reminderAnswer(answer: ReminderAnswer, context: AnswerContext): Message {
  switch (answer.outcome) {
    case 'snoozed':
    case 'dismissed':
    case 'duplicate':
    case 'reminder-over':
    case 'reason-missing':
    case 'reason-too-long': {
      const { words, tools } = voiceFor(context);
      // The outcome selects the function that takes this very answer; see answers.ts.
      const say = words.reminder.answers[answer.outcome] as (
        answer: ReminderAnswer,
        t: typeof tools,
        links: { card: (label: Markup) => Markup },
      ) => Markup;
      const links = { card: (label: Markup) => link(context.cardLink, label) };
      return message({ sections: [say(answer, tools, links)] });
    }
    default:
      return refusal(answer, context);
  }
}
