import type { ModalView } from '@slack/types';
import { type Message, message, plain, sectionBlocks } from '../kit/blocks.ts';
import { limits } from '../kit/limits.ts';
import { toolsFor } from '../kit/make-tools.ts';
import { plainText } from '../kit/markup.ts';
import type { Context } from '../kit/tools.ts';
import { parseWatchButton, type WatchButton, watchButtonValue } from '../kit/watch-button.ts';
import { dismissFormWords } from './words.ts';

export const reminderForm = { view: 'reminder-dismiss-form', reason: 'reminder-dismiss-reason' } as const;

const maxReason = 500;

/** Why a form that was sent did not end the reminder and stays open. */
export type ReminderFormProblem =
  | { readonly outcome: 'reason-missing' | 'not-recorded' }
  | { readonly outcome: 'reason-too-long'; readonly length: number; readonly max: number };

/** Where the form was opened, and what it is about: all that Slack keeps for us. */
export interface ReminderFormPlace extends WatchButton {
  readonly channel: string;
}

/** Complete at once: there is nothing to be read for it. */
export function reminderFormView(place: ReminderFormPlace, context: Context): ModalView {
  const t = toolsFor(context);
  const form = dismissFormWords(t);
  return {
    type: 'modal',
    callback_id: reminderForm.view,
    private_metadata: `${place.channel} ${watchButtonValue(place)}`,
    title: plain(form.title, limits.modalTitle),
    submit: plain(form.submit, limits.modalButton),
    close: plain(form.close, limits.modalButton),
    blocks: [
      ...sectionBlocks([form.intro(place.cluster)]),
      {
        type: 'input',
        block_id: reminderForm.reason,
        label: plain(form.label, limits.inputLabel),
        hint: plain(form.hint, limits.inputHint),
        element: {
          type: 'plain_text_input',
          action_id: reminderForm.reason,
          multiline: true,
          max_length: maxReason,
        },
      },
    ],
  };
}

/** Undefined for what no form of ours carried: it was in the hands of a client. */
export function parseReminderPlace(metadata: string): ReminderFormPlace | undefined {
  const [, channel = '', rest = ''] = /^([CDG][A-Z0-9]{1,30}|) (.*)$/u.exec(metadata) ?? [];
  const button = parseWatchButton(rest);
  return button && { channel, ...button };
}

/** A sentence under the field. */
export function reminderFormErrors(problem: ReminderFormProblem, context: Context): Record<string, string> {
  const form = dismissFormWords(toolsFor(context));
  const said = () => {
    if (problem.outcome === 'reason-too-long') return form.reasonTooLong(problem);
    return problem.outcome === 'reason-missing' ? form.reasonMissing : form.notRecorded;
  };
  return { [reminderForm.reason]: plainText(said(), limits.fieldError) };
}

export function reminderFormNotOpened(context: Context): Message {
  const t = toolsFor(context);
  return message({ sections: [dismissFormWords(t).notOpened()] });
}
