import { ApiError } from '../api-error.ts';
import type { Args } from '../args.ts';
import { blocksOf, type Content, contentOf, metadataOf, refuseLongText } from '../content.ts';
import type { Core } from '../core.ts';
import type { JsonObject } from '../json.ts';
import type { Channel, Message } from '../model.ts';
import { messageJson, obeyLimits, openDirect, post, visibleChannel, writableChannel } from '../posting.ts';
import { RateLimited } from '../rate-limited.ts';
import { requireScope } from '../scopes.ts';
import type { Methods } from './methods.ts';

export const chatMethods: Methods = {
  'chat.postMessage': (core, args) => {
    requireScope(core.scopes, 'chat:write');
    const channel = target(core, args);
    const content = contentOf(core, args);
    obeyRate(core, channel.id);
    const threadTs = threadOf(core, channel, args);
    obeyLimits(core, channel, threadTs);
    const message = post(core, content, {
      channel: channel.id,
      ...(threadTs === undefined ? {} : { threadTs, broadcast: args.flag('reply_broadcast') }),
    });
    return {
      channel: channel.id,
      ts: message.ts,
      message: messageJson(core, message, { metadata: true }),
      ...warningsOf(content),
    };
  },

  'chat.postEphemeral': (core, args) => {
    requireScope(core.scopes, 'chat:write');
    const channel = writableChannel(core, args.required('channel'));
    const user = core.state.people.get(args.required('user'));
    refuseLongText(core, args);
    const content = contentOf(core, args);
    const present = user && !user.deleted && channel.members.has(user.id);
    if (!present) throw new ApiError('user_not_in_channel');
    obeyRate(core, channel.id);
    const threadTs = threadOf(core, channel, args);
    obeyLimits(core, channel, threadTs);
    const message = post(core, content, {
      channel: channel.id,
      visibleTo: user.id,
      ...(threadTs === undefined ? {} : { threadTs }),
    });
    return { message_ts: message.ts, ...warningsOf(content) };
  },

  'chat.update': (core, args) => {
    requireScope(core.scopes, 'chat:write');
    const message = ownMessage(core, args, { notOurs: 'cant_update_message', archived: 'is_inactive' });
    const windowMs = core.editWindowMs;
    if (windowMs !== undefined && core.now() - Number(message.ts) * 1000 > windowMs)
      throw new ApiError('edit_window_closed');
    updateMessage(core, message, args);
    return {
      channel: message.channel,
      ts: message.ts,
      text: message.text,
      message: messageJson(core, message, { metadata: true }),
    };
  },

  'chat.delete': (core, args) => {
    requireScope(core.scopes, 'chat:write');
    const message = ownMessage(core, args, { notOurs: 'cant_delete_message', archived: 'is_archived' });
    core.state.remove(message, core.identity.botUserId, core.now());
    return { channel: message.channel, ts: message.ts };
  },

  'chat.getPermalink': (core, args) => {
    const channel = visibleChannel(core, args.required('channel'));
    const message = core.state.find(channel.id, args.required('message_ts'));
    if (!message) throw new ApiError('message_not_found');
    return { channel: channel.id, permalink: permalink(core, message) };
  },
};

function permalink(core: Core, message: Message): string {
  const place = `https://${core.identity.teamDomain}.slack.com/archives/${message.channel}/p${message.ts.replace('.', '')}`;
  return message.threadTs === undefined
    ? place
    : `${place}?thread_ts=${message.threadTs}&cid=${message.channel}`;
}

/** A post to a user id goes to the direct conversation with that person. */
function target(core: Core, args: Args): Channel {
  const id = args.required('channel');
  const person = core.state.people.get(id);
  return writableChannel(core, person ? openDirect(core, person).id : id);
}

function threadOf(core: Core, channel: Channel, args: Args): string | undefined {
  const ts = args.text('thread_ts');
  if (ts === undefined || ts === '') return undefined;
  const parent = core.state.find(channel.id, ts);
  // Slack keeps a thread whose first message was deleted while it has replies.
  if (!parent && core.state.repliesTo(channel.id, ts).length === 0) throw new ApiError('thread_not_found');
  return parent?.threadTs ?? ts;
}

function obeyRate(core: Core, channel: string): void {
  const waitS = core.rate.take(channel);
  if (waitS > 0) throw new RateLimited(waitS);
}

function ownMessage(core: Core, args: Args, refusal: { notOurs: string; archived: string }): Message {
  const channel = visibleChannel(core, args.required('channel'));
  const message = core.state.find(channel.id, args.required('ts'));
  if (!message) throw new ApiError('message_not_found');
  if (message.user !== core.identity.botUserId) throw new ApiError(refusal.notOurs);
  if (channel.archived) throw new ApiError(refusal.archived);
  return message;
}

function updateMessage(core: Core, message: Message, args: Args): void {
  const text = args.text('text');
  const blocks = blocksOf(core, args);
  refuseLongText(core, args);
  if (text === undefined && !args.has('blocks')) throw new ApiError('no_text');
  if ((text ?? '') === '' && blocks.length === 0) throw new ApiError('no_text');
  const metadata = metadataOf(args);
  if (metadata) message.metadata = metadata;
  // Text alone deletes the blocks; blocks alone leave the text.
  core.state.edit(message, { text: text ?? message.text, blocks }, core.now(), blocks.length === 0);
}

function warningsOf(content: Content): JsonObject {
  if (content.warnings.length === 0) return {};
  return { warning: content.warnings.join(','), response_metadata: { warnings: content.warnings } };
}
