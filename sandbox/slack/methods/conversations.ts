import { ApiError } from '../api-error.ts';
import type { Args } from '../args.ts';
import type { Core } from '../core.ts';
import type { JsonObject } from '../json.ts';
import type { Channel, Message } from '../model.ts';
import { messageJson, openDirect, visibleChannel } from '../posting.ts';
import { channelScope, requireScope } from '../scopes.ts';
import type { Methods } from './methods.ts';

const KIND_OF_TYPE: ReadonlyMap<string, Channel['kind']> = new Map([
  ['public_channel', 'public'],
  ['private_channel', 'private'],
  ['im', 'direct'],
]);

export const conversationMethods: Methods = {
  'conversations.info': (core, args) => {
    const id = args.required('channel');
    requireScope(core.scopes, channelScope(core.state.channels.get(id), 'read'));
    return { channel: channelJson(core, visibleChannel(core, id), args.flag('include_num_members')) };
  },

  'conversations.open': (core, args) => {
    requireScope(core.scopes, 'im:write');
    const existing = args.text('channel');
    if (existing !== undefined) return { channel: { id: visibleChannel(core, existing).id } };
    const users = args.list('users');
    if (users.length === 0) throw new ApiError('users_list_not_supplied');
    const person = users.length === 1 ? core.state.people.get(users[0] ?? '') : undefined;
    if (!person) throw new ApiError('user_not_found');
    if (person.isBot) throw new ApiError('cannot_dm_bot');
    if (person.deleted) throw new ApiError('user_disabled');
    return { channel: { id: openDirect(core, person).id } };
  },

  'conversations.list': (core, args) => {
    const types = args.has('types') ? args.list('types') : ['public_channel'];
    const kinds = new Set<Channel['kind']>();
    for (const type of types) {
      const kind = KIND_OF_TYPE.get(type);
      if (!kind) throw new ApiError('invalid_types');
      requireScope(core.scopes, { public: 'channels:read', private: 'groups:read', direct: 'im:read' }[kind]);
      kinds.add(kind);
    }
    const bot = core.identity.botUserId;
    const seen = [...core.state.channels.values()].filter(
      (channel) =>
        kinds.has(channel.kind) &&
        (channel.kind === 'public' || channel.members.has(bot)) &&
        !(args.flag('exclude_archived') && channel.archived),
    );
    const page = pageOf(seen, args, 100);
    return {
      channels: page.items.map((channel) => channelJson(core, channel, true)),
      response_metadata: { next_cursor: page.next },
    };
  },

  'conversations.history': (core, args) => {
    const channel = readable(core, args);
    const roots = core.state
      .visibleIn(channel.id)
      .filter((message) => message.threadTs === undefined || message.broadcast)
      .reverse();
    return history(core, roots, args);
  },

  'conversations.replies': (core, args) => {
    const channel = readable(core, args);
    const ts = args.required('ts');
    const root = core.state.find(channel.id, ts);
    const replies = core.state.repliesTo(channel.id, root?.threadTs ?? ts);
    if (!root && replies.length === 0) throw new ApiError('thread_not_found');
    const first = root && root.threadTs === undefined ? [root] : [];
    return history(core, [...first, ...replies], args);
  },

  'conversations.join': (core, args) => {
    requireScope(core.scopes, 'channels:join');
    const channel = visibleChannel(core, args.required('channel'));
    if (channel.kind !== 'public') throw new ApiError('method_not_supported_for_channel_type');
    if (channel.archived) throw new ApiError('is_archived');
    channel.members.add(core.identity.botUserId);
    core.state.changed();
    return { channel: channelJson(core, channel, false) };
  },
};

function channelJson(core: Core, channel: Channel, count: boolean): JsonObject {
  const member = channel.members.has(core.identity.botUserId);
  const json: JsonObject = { id: channel.id, created: channel.createdS, is_archived: channel.archived };
  if (channel.kind === 'direct') {
    const other = [...channel.members].find((id) => id !== core.identity.botUserId) ?? '';
    return { ...json, is_im: true, user: other, is_open: true };
  }
  const isPrivate = channel.kind === 'private';
  return {
    ...json,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: true,
    is_group: false,
    is_im: false,
    is_mpim: false,
    is_private: isPrivate,
    is_member: member,
    is_shared: false,
    is_ext_shared: false,
    context_team_id: core.identity.teamId,
    ...(count ? { num_members: channel.members.size } : {}),
  };
}

function readable(core: Core, args: Args): Channel {
  const id = args.required('channel');
  requireScope(core.scopes, channelScope(core.state.channels.get(id), 'history'));
  const channel = visibleChannel(core, id);
  if (!channel.members.has(core.identity.botUserId)) throw new ApiError('not_in_channel');
  return channel;
}

function history(core: Core, messages: Message[], args: Args): JsonObject {
  const oldest = Number(args.text('oldest') ?? 0);
  const latest = Number(args.text('latest') ?? Number.POSITIVE_INFINITY);
  const inclusive = args.flag('inclusive');
  const within = messages.filter((message) => {
    const ts = Number(message.ts);
    return inclusive ? ts >= oldest && ts <= latest : ts > oldest && ts < latest;
  });
  const page = pageOf(within, args, 100);
  const metadata = args.flag('include_all_metadata');
  return {
    messages: page.items.map((message) => messageJson(core, message, { metadata })),
    has_more: page.next !== '',
    response_metadata: { next_cursor: page.next },
  };
}

/** Cursors are positions in the list, base64 as Slack's look. */
function pageOf<T>(items: T[], args: Args, fallback: number): { items: T[]; next: string } {
  const limit = Math.min(1000, Math.max(1, args.number('limit', fallback)));
  const cursor = args.text('cursor') ?? '';
  const start = cursor === '' ? 0 : Number(Buffer.from(cursor, 'base64').toString());
  if (!Number.isInteger(start)) throw new ApiError('invalid_cursor');
  const end = start + limit;
  return {
    items: items.slice(start, end),
    next: end < items.length ? Buffer.from(String(end)).toString('base64') : '',
  };
}
