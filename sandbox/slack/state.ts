import { EventEmitter } from 'node:events';
import type { JsonObject } from './json.ts';
import type { Channel, LogEntry, Message, Person, SharedFile, UserGroup } from './model.ts';

/** Everything that the workspace knows, in memory. Emits `change` after each thing that a person could notice. */
export class State {
  readonly people = new Map<string, Person>();
  readonly channels = new Map<string, Channel>();
  readonly groups = new Map<string, UserGroup>();
  readonly files = new Map<string, SharedFile>();
  /** Every message ever posted, ephemeral and deleted ones too, in order. */
  readonly messages: Message[] = [];
  readonly log: LogEntry[] = [];
  readonly homes = new Map<string, JsonObject>();
  readonly #changes = new EventEmitter().setMaxListeners(0);

  onChange(listener: () => void): () => void {
    this.#changes.on('change', listener);
    return () => this.#changes.off('change', listener);
  }

  /** Each line of the log as it comes. */
  onEntry(listener: (entry: LogEntry) => void): () => void {
    this.#changes.on('entry', listener);
    return () => this.#changes.off('entry', listener);
  }

  changed(): void {
    this.#changes.emit('change');
  }

  record(entry: LogEntry): void {
    this.log.push(entry);
    this.#changes.emit('entry', entry);
    this.changed();
  }

  addMessage(message: Message, at: number): Message {
    this.messages.push(message);
    message.revisions.push({ at, text: message.text, blocks: message.blocks });
    this.record({
      at,
      kind: 'post',
      who: message.user,
      channel: message.channel,
      text: '',
      message,
      revision: 0,
    });
    return message;
  }

  edit(message: Message, next: { text: string; blocks: JsonObject[] }, at: number, marked: boolean): void {
    message.text = next.text;
    message.blocks = next.blocks;
    message.markedEdited ||= marked;
    message.revisions.push({ at, ...next });
    const revision = message.revisions.length - 1;
    this.record({
      at,
      kind: 'edit',
      who: message.user,
      channel: message.channel,
      text: '',
      message,
      revision,
    });
  }

  remove(message: Message, who: string, at: number): void {
    message.deleted = true;
    const revision = message.revisions.length - 1;
    this.record({ at, kind: 'delete', who, channel: message.channel, text: '', message, revision });
  }

  /** A message that is there now; ephemeral ones only when asked for. */
  find(channel: string, ts: string, options: { ephemeral?: boolean } = {}): Message | undefined {
    return this.messages.find(
      (message) =>
        message.channel === channel &&
        message.ts === ts &&
        !message.deleted &&
        (options.ephemeral === true || message.visibleTo === undefined),
    );
  }

  /** Messages of a channel that everyone in it sees, oldest first, replies included. */
  visibleIn(channel: string): Message[] {
    return this.messages.filter(
      (message) => message.channel === channel && !message.deleted && message.visibleTo === undefined,
    );
  }

  repliesTo(channel: string, ts: string): Message[] {
    return this.visibleIn(channel).filter((message) => message.threadTs === ts);
  }

  directChannel(user: string): Channel | undefined {
    return [...this.channels.values()].find((entry) => entry.kind === 'direct' && entry.members.has(user));
  }
}
