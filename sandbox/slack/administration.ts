import type { Core } from './core.ts';
import { type ChannelRef, channelName, channelOf, type PersonRef, personOf, userName } from './directory.ts';
import type { AppFeatures } from './manifest-features.ts';
import type { Channel, Person, UserGroup } from './model.ts';

export interface NewPerson {
  readonly name: string;
  readonly id?: string;
  readonly realName?: string;
  readonly email?: string;
  /** `en-US` unless told. */
  readonly locale?: string;
  /** `Etc/UTC` unless told. */
  readonly tz?: string;
  readonly tzOffsetS?: number;
  /** Another workspace's id, for someone who comes through a shared channel. */
  readonly teamId?: string;
  readonly isAdmin?: boolean;
  readonly isBot?: boolean;
  /** Multi-channel guest. */
  readonly isRestricted?: boolean;
  /** Single-channel guest. */
  readonly isUltraRestricted?: boolean;
  readonly isStranger?: boolean;
  readonly deleted?: boolean;
}

export interface NewChannel {
  readonly name: string;
  readonly id?: string;
  readonly members?: readonly PersonRef[];
  readonly private?: boolean;
  readonly archived?: boolean;
  /** Whether the app was invited; `true` unless told. */
  readonly bot?: boolean;
}

/** What admins and channel members change in the workspace itself. */
export interface Administration {
  addUser(input: NewPerson): Person;
  addChannel(input: NewChannel): Channel;
  addGroup(handle: string, members: readonly PersonRef[]): UserGroup;
  /** Invites a person, or the app with `'app'`. */
  invite(channel: ChannelRef, who: PersonRef | 'app'): void;
  /** Removes a person, or the app with `'app'`. */
  removeMember(channel: ChannelRef, who: PersonRef | 'app'): void;
  archive(channel: ChannelRef): void;
  unarchive(channel: ChannelRef): void;
  /** Deletes anyone's message, as an admin can; the app's own user unless told who did it. */
  deleteMessage(channel: ChannelRef, ts: string, by?: PersonRef): void;
  deactivate(person: PersonRef): void;
  /** What the app may do from now on, as after a reinstallation. */
  setScopes(scopes: readonly string[]): void;
  /** Tabs and events of the app from now on, as after its manifest was changed. */
  setFeatures(change: Partial<AppFeatures>): void;
  /** Something that happened outside the workspace, for whoever reads its transcript. */
  note(text: string): void;
}

export function createAdministration(core: Core): Administration {
  const { state, identity } = core;

  function changed(text: string, channel?: Channel): void {
    const place = channel === undefined ? {} : { channel: channel.id };
    state.record({ at: core.now(), kind: 'change', who: identity.botUserId, text, ...place });
  }

  function userId(who: PersonRef | 'app'): string {
    return who === 'app' ? identity.botUserId : personOf(core, who).id;
  }

  function setArchived(ref: ChannelRef, archived: boolean): void {
    const channel = channelOf(core, ref);
    channel.archived = archived;
    changed(`${channelName(core, channel.id)} is ${archived ? 'archived' : 'no longer archived'}`, channel);
  }

  return {
    addUser: (input) => addUser(core, input),
    addChannel: (input) => addChannel(core, input),
    addGroup(handle, members) {
      const group = { id: core.ids.next('S'), handle, members: members.map((ref) => personOf(core, ref).id) };
      state.groups.set(group.id, group);
      return group;
    },
    invite(ref, who) {
      const channel = channelOf(core, ref);
      channel.members.add(userId(who));
      changed(`${userName(core, userId(who))} joins ${channelName(core, channel.id)}`, channel);
    },
    removeMember(ref, who) {
      const channel = channelOf(core, ref);
      channel.members.delete(userId(who));
      changed(`${userName(core, userId(who))} is removed from ${channelName(core, channel.id)}`, channel);
    },
    archive: (ref) => setArchived(ref, true),
    unarchive: (ref) => setArchived(ref, false),
    deleteMessage(ref, ts, by) {
      const channel = channelOf(core, ref);
      const message = state.find(channel.id, ts, { ephemeral: true });
      if (!message) throw new Error(`No message ${ts} in ${channelName(core, channel.id)} to delete.`);
      state.remove(message, by === undefined ? identity.botUserId : personOf(core, by).id, core.now());
    },
    deactivate(ref) {
      const person = personOf(core, ref);
      person.deleted = true;
      changed(`@${person.name} is deactivated`);
    },
    setScopes(scopes) {
      core.scopes = [...scopes];
    },
    setFeatures(change) {
      core.features = { ...core.features, ...change };
    },
    note: (text) => changed(text),
  };
}

function addUser(core: Core, input: NewPerson): Person {
  const { state } = core;
  if ([...state.people.values()].some((person) => person.name === input.name)) {
    throw new Error(`There is a person @${input.name} already; names are unique in the sandbox.`);
  }
  const person: Person = {
    id: input.id ?? core.ids.next('U'),
    name: input.name,
    realName: input.realName ?? input.name,
    locale: input.locale ?? 'en-US',
    tz: input.tz ?? 'Etc/UTC',
    tzOffsetS: input.tzOffsetS ?? 0,
    teamId: input.teamId ?? core.identity.teamId,
    deleted: input.deleted ?? false,
    isBot: input.isBot ?? false,
    isAdmin: input.isAdmin ?? false,
    isRestricted: input.isRestricted ?? false,
    isUltraRestricted: input.isUltraRestricted ?? false,
    isStranger: input.isStranger ?? false,
    ...(input.email === undefined ? {} : { email: input.email }),
  };
  state.people.set(person.id, person);
  return person;
}

function addChannel(core: Core, input: NewChannel): Channel {
  const members = new Set((input.members ?? []).map((ref) => personOf(core, ref).id));
  if (input.bot !== false) members.add(core.identity.botUserId);
  const channel: Channel = {
    id: input.id ?? core.ids.next('C'),
    name: input.name,
    kind: input.private === true ? 'private' : 'public',
    members,
    archived: input.archived ?? false,
    createdS: Math.floor(core.now() / 1000),
  };
  core.state.channels.set(channel.id, channel);
  return channel;
}
