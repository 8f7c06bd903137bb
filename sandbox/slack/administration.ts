import type { Core } from './core.ts';
import { type ChannelRef, channelName, channelOf, type PersonRef, personOf, userName } from './directory.ts';
import type { AppFeatures } from './manifest-features.ts';
import type { Channel, Person, PostingLimit, UserGroup } from './model.ts';
import { slackLimits, type TextLimits } from './text-limits.ts';

interface NewPerson {
  readonly name: string;
  readonly id?: string;
  readonly realName?: string;
  readonly email?: string;
  /** `en-US` by default. */
  readonly locale?: string;
  /** `Etc/UTC` by default. */
  readonly tz?: string;
  readonly tzOffsetS?: number;
  /** Another workspace's id, for someone who comes through a shared channel; in Enterprise Grid the home workspace or the organisation. */
  readonly teamId?: string;
  /** Enterprise Grid: the workspaces that the person belongs to. */
  readonly workspaces?: readonly string[];
  readonly isAdmin?: boolean;
  readonly isBot?: boolean;
  /** Multi-channel guest. */
  readonly isRestricted?: boolean;
  /** Single-channel guest. */
  readonly isUltraRestricted?: boolean;
  readonly isStranger?: boolean;
  readonly deleted?: boolean;
}

interface NewChannel {
  readonly name: string;
  readonly id?: string;
  readonly members?: readonly PersonRef[];
  readonly private?: boolean;
  readonly archived?: boolean;
  /** Whether the app was invited; `true` by default. */
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
  /** What the channel's admins let the app post there from now on; undefined: everything. */
  limitPosting(channel: ChannelRef, limit: PostingLimit | undefined): void;
  /** Locks or unlocks the message's thread: a locked one takes no more replies. */
  lockThread(channel: ChannelRef, ts: string, locked: boolean): void;
  /** How long messages can be edited from now on, as the workspace's settings say; undefined: for ever. */
  setEditWindow(ms: number | undefined): void;
  /** How long messages may be from now on, where it is not as Slack has it. */
  setTextLimits(change: Partial<TextLimits>): void;
  /** From now on an upload is answered with ok at once, and its files appear in the conversation so much later. */
  shareUploadsAfter(ms: number): void;
  /** Deletes anyone's message, as an admin can; the app's own user by default. */
  deleteMessage(channel: ChannelRef, ts: string, by?: PersonRef): void;
  deactivate(person: PersonRef): void;
  /** What the app may do from now on, as after a reinstallation. */
  setScopes(scopes: readonly string[]): void;
  /** Tabs and events of the app from now on, as after its manifest was changed. */
  setFeatures(change: Partial<AppFeatures>): void;
  /** Something that happened outside the workspace, for the transcript. */
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
    limitPosting(ref, limit) {
      const channel = channelOf(core, ref);
      if (limit === undefined) delete channel.limit;
      else channel.limit = limit;
      const what = limit === undefined ? 'everybody may post' : `posting is limited (${limit})`;
      changed(`in ${channelName(core, channel.id)} ${what}`, channel);
    },
    lockThread(ref, ts, locked) {
      const channel = channelOf(core, ref);
      const message = state.find(channel.id, ts);
      if (!message) throw new Error(`No message ${ts} in ${channelName(core, channel.id)} to lock.`);
      message.threadLocked = locked;
      changed(`a thread in ${channelName(core, channel.id)} is ${locked ? 'locked' : 'unlocked'}`, channel);
    },
    setEditWindow(ms) {
      core.editWindowMs = ms;
    },
    setTextLimits(change) {
      core.limits = { ...slackLimits, ...change };
    },
    shareUploadsAfter(ms) {
      core.uploadsShareAfterMs = ms;
    },
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
    ...(input.workspaces === undefined ? {} : { workspaces: input.workspaces }),
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
