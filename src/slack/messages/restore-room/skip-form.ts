import type { ModalView } from '@slack/types';
import { type Message, message, plain, sectionBlocks } from '../kit/blocks.ts';
import { limits } from '../kit/limits.ts';
import { toolsFor } from '../kit/make-tools.ts';
import { plainText } from '../kit/markup.ts';
import type { Context } from '../kit/tools.ts';
import { parseRoomButton, type RoomButton, roomButtonValue } from './room-button.ts';
import { roomStepWords } from './words.ts';

export const skipForm = { view: 'restore-skip-form', reason: 'restore-skip-reason' } as const;

const maxReason = 500;

/** Why a form that was sent did not skip the step and stays open. */
export type SkipFormProblem =
  | { readonly outcome: 'reason-missing' | 'not-recorded' }
  | { readonly outcome: 'reason-too-long'; readonly length: number; readonly max: number };

/** Where the form was opened, and what it is about: all that Slack keeps for us. */
export interface SkipFormPlace extends RoomButton {
  readonly channel: string;
}

/** Complete at once: there is nothing to be read for it. */
export function skipFormView({ channel, room, cluster, step }: SkipFormPlace, context: Context): ModalView {
  const { form } = roomStepWords(toolsFor(context));
  return {
    type: 'modal',
    callback_id: skipForm.view,
    private_metadata: `${channel} ${roomButtonValue(room, step)}`,
    title: plain(form.title, limits.modalTitle),
    submit: plain(form.submit, limits.modalButton),
    close: plain(form.close, limits.modalButton),
    blocks: [
      ...sectionBlocks([form.intro({ number: step, cluster })]),
      {
        type: 'input',
        block_id: skipForm.reason,
        label: plain(form.label, limits.inputLabel),
        hint: plain(form.hint, limits.inputHint),
        element: {
          type: 'plain_text_input',
          action_id: skipForm.reason,
          multiline: true,
          max_length: maxReason,
        },
      },
    ],
  };
}

/** Undefined for what no form of ours carried: it was in the hands of a client. */
export function parseSkipPlace(metadata: string): SkipFormPlace | undefined {
  const at = metadata.indexOf(' ');
  const button = parseRoomButton(metadata.slice(at + 1));
  const channel = metadata.slice(0, Math.max(0, at));
  return button && /^[CDG][A-Z0-9]{1,30}$/u.test(channel) ? { channel, ...button } : undefined;
}

/** A sentence under the field. */
export function skipFormErrors(problem: SkipFormProblem, context: Context): Record<string, string> {
  const { form } = roomStepWords(toolsFor(context));
  const said = () => {
    if (problem.outcome === 'reason-too-long') return form.reasonTooLong(problem);
    return problem.outcome === 'reason-missing' ? form.reasonMissing : form.notRecorded;
  };
  return { [skipForm.reason]: plainText(said(), limits.fieldError) };
}

export function skipFormNotOpened(context: Context): Message {
  return message({ sections: [roomStepWords(toolsFor(context)).form.notOpened()] });
}
