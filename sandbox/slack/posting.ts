import { ApiError } from './api-error.ts';
import type { Content } from './content.ts';
import type { Core } from './core.ts';
import type { JsonObject } from './json.ts';
import type { Channel, Message, Person, SharedFile } from './model.ts';

export interface Placement {
  readonly channel: string;
  readonly visibleTo?: string;
  readonly threadTs?: string;
  readonly broadcast?: boolean;
  readonly files?: SharedFile[];
  /** User id; the app's own user by default. */
  readonly user?: string;
}

/** Puts a message into the workspace, without asking whether it may be there. */
export function post(core: Core, content: Content, placement: Placement): Message {
  const user = placement.user ?? core.identity.botUserId;
  const at = core.now();
  const message: Message = {
    ts: core.ids.ts(at),
    channel: placement.channel,
    user,
    byApp: user === core.identity.botUserId,
    broadcast: placement.broadcast ?? false,
    text: content.text,
    blocks: content.blocks,
    files: placement.files ?? [],
    revisions: [],
    markedEdited: false,
    deleted: false,
    ...(placement.visibleTo === undefined ? {} : { visibleTo: placement.visibleTo }),
    ...(placement.threadTs === undefined ? {} : { threadTs: placement.threadTs }),
    ...(content.metadata === undefined ? {} : { metadata: content.metadata }),
  };
  return core.state.addMessage(message, at);
}

/** The conversation if the app can see it: private ones that it is not in do not exist for it. */
export function visibleChannel(core: Core, id: string): Channel {
  const channel = core.state.channels.get(id);
  const hidden = channel?.kind === 'private' && !channel.members.has(core.identity.botUserId);
  if (!channel || hidden) throw new ApiError('channel_not_found');
  return channel;
}

/** The conversation if the app may post there now. */
export function writableChannel(core: Core, id: string, options: { upload?: boolean } = {}): Channel {
  const channel = visibleChannel(core, id);
  if (channel.archived) throw new ApiError('is_archived');
  const invited = channel.members.has(core.identity.botUserId);
  // chat:write.public lets an app post uninvited, but uploads need membership all the same.
  const publicToo = core.scopes.includes('chat:write.public') && options.upload !== true;
  if (!invited && !publicToo) throw new ApiError('not_in_channel');
  return channel;
}

/** Refuses what the channel's admins, or whose conversation it is, do not let the app post there. */
export function obeyLimits(core: Core, channel: Channel, threadTs: string | undefined): void {
  if (channel.kind === 'direct') mustReadMessages(core, channel);
  const refused =
    channel.limit === 'everything' ||
    channel.limit === 'read_only_channel' ||
    channel.limit === (threadTs === undefined ? 'thread_only_channel' : 'non_threadable_channel');
  if (refused) {
    throw new ApiError(
      channel.limit === 'everything' ? 'restricted_action' : `restricted_action_${channel.limit}`,
    );
  }
  const root = threadTs === undefined ? undefined : core.state.find(channel.id, threadTs);
  if (root?.threadLocked === true) throw new ApiError('restricted_action_thread_locked');
}

function mustReadMessages(core: Core, channel: Channel): void {
  const other = [...channel.members].find((id) => id !== core.identity.botUserId);
  const person = core.state.people.get(other ?? '');
  if (person?.isBot) throw new ApiError('cannot_dm_bot');
  if (person?.deleted) throw new ApiError('user_disabled');
  if (!core.features.messagesTab) throw new ApiError('messages_tab_disabled');
}

/** The direct conversation between the app and a person, made at first use. */
export function openDirect(core: Core, person: Person): Channel {
  const existing = core.state.directChannel(person.id);
  if (existing) return existing;
  const channel: Channel = {
    id: core.ids.next('D'),
    name: person.name,
    kind: 'direct',
    members: new Set([core.identity.botUserId, person.id]),
    archived: false,
    createdS: Math.floor(core.now() / 1000),
  };
  core.state.channels.set(channel.id, channel);
  return channel;
}

/** A message as the Web API and interaction payloads carry it. */
export function messageJson(core: Core, message: Message, options: { metadata?: boolean } = {}): JsonObject {
  const replies = core.state.repliesTo(message.channel, message.ts);
  const json: JsonObject = { type: 'message', user: message.user, ts: message.ts, text: message.text };
  if (message.byApp) {
    json.bot_id = core.identity.botId;
    json.app_id = core.identity.appId;
    json.team = core.identity.teamId;
  }
  if (message.blocks.length > 0) json.blocks = structuredClone(message.blocks);
  if (message.files.length > 0) {
    json.files = message.files.map((file) => ({ id: file.id, name: file.name, title: file.title }));
  }
  if (message.threadTs !== undefined) json.thread_ts = message.threadTs;
  if (replies.length > 0) {
    json.thread_ts = message.ts;
    json.reply_count = replies.length;
    json.latest_reply = replies.at(-1)?.ts;
  }
  if (message.markedEdited) json.edited = { user: message.user, ts: message.ts };
  if (options.metadata === true && message.metadata) json.metadata = structuredClone(message.metadata);
  return json;
}
