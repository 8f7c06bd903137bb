import type { ApiCall, Core } from './core.ts';
import { type ChannelRef, channelOf, type PersonRef, personOf, privateMessages } from './directory.ts';
import type { Channel, LogEntry, Message, Person, Revision } from './model.ts';
import { type Readable, renderContent, renderView } from './render.ts';
import { namesOf, type TranscriptOptions, transcriptOf } from './transcript.ts';
import type { View } from './views.ts';
import { type WaitOptions, waitFor } from './wait.ts';

/** What can be seen in the workspace, by people and by tests. */
export interface Reading {
  /** A channel's messages outside threads (and thread replies also sent to the channel), oldest first. */
  messages(channel: ChannelRef): Message[];
  /** A thread: its first message, unless deleted, and the replies. */
  thread(channel: ChannelRef, ts: string): Message[];
  /** What one person alone sees: ephemeral messages and the direct conversation with the app, oldest first. */
  private(user: PersonRef): Message[];
  /** All accounts, the app's own among them. */
  everyone(): readonly Person[];
  /** Where this person can read: channels that they are in, and their direct conversation with the app. */
  conversations(user: PersonRef): readonly Channel[];
  /** Every message that this person can read now, in channels, threads and private, oldest first. */
  seenBy(user: PersonRef): readonly Message[];
  /** Every form a message had, the post first; deleted messages too. */
  history(channel: ChannelRef, ts: string): readonly Revision[];
  /** The person's modals, the top one last. */
  modals(user: PersonRef): readonly View[];
  home(user: PersonRef): View | undefined;
  /** Web API calls as they came in, newest last; of one method, if given. */
  calls(method?: string): readonly ApiCall[];
  /** What the app may do. */
  scopes(): readonly string[];
  /** Asks the predicate after each change until it gives something; rejects after the timeout, saying what was there. */
  waitFor<T>(predicate: () => T | undefined | null | false, options: WaitOptions): Promise<T>;
  /** The message as a person reads it, in plain text. */
  renderMessage(message: Readable): string;
  renderView(view: View): string;
  /** All that happened, in order, for a terminal. */
  transcript(options?: TranscriptOptions): string;
  /** How many entries the transcript has: the `from` of the next part. */
  transcriptLength(): number;
  /** What happened so far, in the order of the transcript. */
  entries(): readonly LogEntry[];
  /** Called after every change; returns the way to stop that. */
  onChange(listener: () => void): () => void;
  /** Called with each thing that happened, in the order of the transcript; returns the way to stop that. */
  onEntry(listener: (entry: LogEntry) => void): () => void;
}

const TAIL_ENTRIES = 12;

export function createReading(core: Core): Reading {
  const { state } = core;
  return {
    messages(ref) {
      return state
        .visibleIn(channelOf(core, ref).id)
        .filter((message) => message.threadTs === undefined || message.broadcast);
    },
    thread(ref, ts) {
      const channel = channelOf(core, ref).id;
      const root = state.find(channel, ts);
      return [...(root ? [root] : []), ...state.repliesTo(channel, ts)];
    },
    private: (ref) => privateMessages(core, personOf(core, ref).id),
    everyone: () => [...state.people.values()],
    conversations: (ref) => conversationsOf(core, personOf(core, ref)),
    seenBy(ref) {
      const person = personOf(core, ref);
      const places = new Set(conversationsOf(core, person).map(({ id }) => id));
      return state.messages.filter(
        ({ deleted, channel, visibleTo }) =>
          !deleted && places.has(channel) && (visibleTo === undefined || visibleTo === person.id),
      );
    },
    history(ref, ts) {
      const channel = channelOf(core, ref).id;
      const message = state.messages.find((entry) => entry.channel === channel && entry.ts === ts);
      if (!message) throw new Error(`There never was a message ${ts} in this channel.`);
      return message.revisions;
    },
    modals: (ref) => core.views.stack(personOf(core, ref).id),
    home: (ref) => core.views.home(personOf(core, ref).id),
    calls: (method) => core.calls.filter((call) => method === undefined || call.method === method),
    scopes: () => core.scopes,
    waitFor: (predicate, options) =>
      waitFor(state, predicate, options, () =>
        transcriptOf(core, { from: Math.max(0, state.log.length - TAIL_ENTRIES) }),
      ),
    renderMessage: (message) => renderContent(message, namesOf(core)),
    renderView: (view) => renderView(view, namesOf(core)),
    transcript: (options) => transcriptOf(core, options),
    transcriptLength() {
      return state.log.length;
    },
    entries: () => state.log,
    onChange: (listener) => state.onChange(listener),
    onEntry: (listener) => state.onEntry(listener),
  };
}

function conversationsOf(core: Core, person: Person): readonly Channel[] {
  return [...core.state.channels.values()].filter(({ members }) => members.has(person.id));
}
