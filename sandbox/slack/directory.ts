import type { Core } from './core.ts';
import type { Channel, Message, Person } from './model.ts';

/** A person or channel as callers may name them: the thing itself, its id, or its name (with or without @ or #). */
export type PersonRef = string | Person;
export type ChannelRef = string | Channel;

export function personOf(core: Core, ref: PersonRef): Person {
  if (typeof ref !== 'string') return ref;
  const name = ref.replace(/^@/, '');
  const person =
    core.state.people.get(ref) ?? [...core.state.people.values()].find((entry) => entry.name === name);
  if (person) return person;
  const known = [...core.state.people.values()].map((entry) => `@${entry.name}`).join(', ');
  throw new Error(`No person "${ref}" in the workspace; there are: ${known}. Add them with addUser first.`);
}

export function channelOf(core: Core, ref: ChannelRef): Channel {
  if (typeof ref !== 'string') return ref;
  const name = ref.replace(/^#/, '');
  const channels = [...core.state.channels.values()];
  const channel =
    core.state.channels.get(ref) ?? channels.find((entry) => entry.kind !== 'direct' && entry.name === name);
  if (channel) return channel;
  const known = channels.map((entry) => channelName(core, entry.id)).join(', ');
  throw new Error(`No channel "${ref}" in the workspace; there are: ${known}. Add it with addChannel first.`);
}

export function channelName(core: Core, id: string): string {
  const channel = core.state.channels.get(id);
  if (!channel) return id;
  return channel.kind === 'direct' ? `direct message with @${channel.name}` : `#${channel.name}`;
}

export function userName(core: Core, id: string): string {
  return `@${core.state.people.get(id)?.name ?? id}`;
}

/** What a person sees only for themselves: ephemeral messages and the direct conversation with the app. */
export function privateMessages(core: Core, user: string): Message[] {
  const direct = core.state.directChannel(user)?.id;
  return core.state.messages.filter(
    (message) =>
      !message.deleted &&
      (message.visibleTo === user || (direct !== undefined && message.channel === direct)),
  );
}
