import { type ClickInput, clickMessage, clickPayloadFor, sendAgain } from './clicks.ts';
import { mustBeThere, type SlashInput, typeCommand } from './commands.ts';
import type { Core } from './core.ts';
import { type ChannelRef, channelOf, type PersonRef, personOf } from './directory.ts';
import type { Dispatcher, Outcome } from './dispatch.ts';
import { type OpenTabInput, openHomeTab } from './home-tab.ts';
import type { JsonObject } from './json.ts';
import type { Channel, Message } from './model.ts';
import { openDirect, post } from './posting.ts';
import {
  clickView,
  closeModal,
  type SubmitInput,
  type SubmitOutcome,
  submitModal,
  type ViewClickInput,
} from './view-actions.ts';

/** What a person can do. Each resolves when the app acknowledged or Slack gave up waiting (see `failure`). */
export interface Acting {
  /** Types a slash command. In a thread Slack refuses it and the app gets no event. */
  slash(input: SlashInput): Promise<Outcome>;
  /** Clicks in a message in its current form; throws when there is no such button. */
  click(input: ClickInput): Promise<Outcome>;
  /** Starts to click, reads the confirmation, and declines: nothing is sent. Throws when nothing was asked. */
  declineClick(input: ClickInput): Promise<void>;
  /** What a click would send, without sending it: to be sent later with `clickStale`. */
  clickPayload(input: ClickInput): JsonObject;
  /** Sends an old interaction again: a client that still shows the buttons as they were. */
  clickStale(input: { readonly payload: JsonObject }): Promise<Outcome>;
  clickView(input: ViewClickInput): Promise<Outcome>;
  submitView(input: SubmitInput): Promise<SubmitOutcome>;
  /** Resolves to undefined when the view did not ask for an event. */
  closeView(input: { readonly user: PersonRef }): Promise<Outcome | undefined>;
  /** Opens a tab of the app, Home by default. Resolves to undefined when the app did not ask for an event. */
  openHome(input: OpenTabInput): Promise<Outcome | undefined>;
  /** Writes a plain message; the app is not notified. */
  say(input: {
    readonly user: PersonRef;
    readonly channel: ChannelRef;
    readonly text: string;
    readonly threadTs?: string;
  }): Message;
  /** The person's direct conversation with the app. */
  direct(user: PersonRef): Channel;
}

export function createActing(core: Core, dispatcher: Dispatcher): Acting {
  return {
    slash: (input) => typeCommand(core, dispatcher, input),
    async click(input) {
      const outcome = await clickMessage(core, dispatcher, input, true);
      if (!outcome) throw new Error('A click that was agreed to had no outcome.');
      return outcome;
    },
    async declineClick(input) {
      await clickMessage(core, dispatcher, input, false);
    },
    clickPayload: (input) => clickPayloadFor(core, input),
    clickStale: ({ payload }) => sendAgain(core, dispatcher, payload),
    clickView: (input) => clickView(core, dispatcher, input),
    submitView: (input) => submitModal(core, dispatcher, input),
    closeView: ({ user }) => closeModal(core, dispatcher, user),
    openHome: (input) => openHomeTab(core, dispatcher, input),
    say({ user, channel: ref, text, threadTs }) {
      const person = personOf(core, user);
      const channel = channelOf(core, ref);
      mustBeThere(person, channel);
      const thread = threadTs === undefined ? {} : { threadTs };
      return post(
        core,
        { text, blocks: [], warnings: [] },
        { channel: channel.id, user: person.id, ...thread },
      );
    },
    direct: (user) => openDirect(core, personOf(core, user)),
  };
}
