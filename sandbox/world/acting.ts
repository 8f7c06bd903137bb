import { formIds } from '../../src/slack/messages/form/form-ids.ts';
import { reminderForm } from '../../src/slack/messages/form/reminder-form.ts';
import { actionIds } from '../../src/slack/messages/kit/action-ids.ts';
import { skipForm } from '../../src/slack/messages/restore-room/skip-form.ts';
import { elementsOf } from '../slack/block-check.ts';
import type { ChannelRef, PersonRef } from '../slack/directory.ts';
import type { Outcome } from '../slack/dispatch.ts';
import { asObject, asText, objectsIn } from '../slack/json.ts';
import type { Message } from '../slack/model.ts';
import type { SubmitOutcome } from '../slack/view-actions.ts';
import type { View } from '../slack/views.ts';
import type { Workspace } from '../slack/workspace.ts';

/** A button of the bot by the name that the bot's own code has for it. */
export type ButtonName = keyof typeof actionIds;
/** A field of the bot's forms likewise. */
export type FieldName = Exclude<keyof typeof formIds, 'view'>;

export type MessagePlace = Pick<Message, 'channel' | 'ts'>;

/** What people do in the workspace, said as briefly as it can be. */
export interface WorldActing {
  /** Types `/etcd-backup` with this text, in the cluster's channel unless another one is named. */
  type(person: PersonRef, text: string, channel?: ChannelRef): Promise<Outcome>;
  /** Clicks the button in this message; by default in the newest message with such a button that the person sees. */
  click(person: PersonRef, button: ButtonName, message?: MessagePlace): Promise<Outcome>;
  /** Fills in the form that is open and sends it: text as typed, and an option's value for a choice. */
  fill(person: PersonRef, values: Readonly<Partial<Record<FieldName, string>>>): Promise<SubmitOutcome>;
  /** Waits until the person can read a message that fits: in the cluster's channel, in a thread there, or alone. */
  reads(person: PersonRef, fits: RegExp, timeoutMs?: number): Promise<Message>;
  /** The cards of runs in the cluster's channel, oldest first; of one run, if given. */
  cards(runId?: string): readonly Message[];
}

export function createWorldActing(workspace: Workspace, channel: string): WorldActing {
  const seenBy = (person: PersonRef): readonly Message[] => {
    const roots = workspace.messages(channel);
    const threads = roots.flatMap(({ ts }) => workspace.thread(channel, ts).slice(1));
    return [...roots, ...threads, ...workspace.private(person)].toSorted(
      (a, b) => Number(a.ts) - Number(b.ts),
    );
  };
  return {
    type: (user, text, at = channel) => workspace.slash({ user, channel: at, command: '/etcd-backup', text }),
    async click(user, button, message) {
      const actionId = actionIds[button];
      const place = message ?? seenBy(user).findLast((each) => hasButton(each, button));
      if (!place)
        throw new Error(`no message that ${nameOf(user)} sees has the button ${button} (${actionId})`);
      return workspace.click({ user, channel: place.channel, ts: place.ts, actionId });
    },
    async fill(user, values) {
      const form = workspace.modals(user).at(-1);
      if (!form) throw new Error(`no form is open before ${nameOf(user)}`);
      const byId = Object.entries(values).map(([name, value]) => [fieldOf(form, name as FieldName), value]);
      return workspace.submitView({ user, values: Object.fromEntries(byId) });
    },
    reads: (person, fits, timeoutMs = 60_000) =>
      workspace.waitFor(() => seenBy(person).findLast((each) => fits.test(workspace.renderMessage(each))), {
        timeoutMs,
        what: `a message to ${nameOf(person)} that says ${fits}`,
      }),
    cards: (runId) =>
      workspace.messages(channel).filter((each) => {
        const of = runOfCard(each);
        return of !== undefined && (runId === undefined || of === runId);
      }),
  };
}

export function hasButton({ blocks }: Pick<Message, 'blocks'>, button: ButtonName): boolean {
  return blocks.some((block) => elementsOf(block).some(({ action_id }) => action_id === actionIds[button]));
}

function nameOf(person: PersonRef): string {
  return typeof person === 'string' ? person : person.name;
}

function runOfCard(message: Message): string | undefined {
  const id = asObject(asObject(message.metadata).event_payload).run_id;
  return message.byApp && typeof id === 'string' ? id : undefined;
}

/** The action id of this field in the form; every form has its own for a reason. */
function fieldOf(form: View, name: FieldName): string {
  const there = objectsIn(form.blocks).flatMap((block) => asText(asObject(block.element).action_id) || []);
  const names = name === 'reason' ? [formIds.reason, reminderForm.reason, skipForm.reason] : [formIds[name]];
  const found = names.find((id) => there.includes(id));
  if (found === undefined)
    throw new Error(`the form has no field ${name}; it has ${there.join(', ') || 'none'}`);
  return found;
}
