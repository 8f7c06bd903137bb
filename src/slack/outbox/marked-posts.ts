import type { WebClient } from '@slack/web-api';
import type { MessagePlace } from '../../domain/people/message-place.ts';
import type { OutboxItem } from '../../workflow/ports/records.ts';
import { conversationPages, isOurMessage } from '../client/conversation-pages.ts';
import { postMessage } from '../client/post-message.ts';
import { slackFailure } from '../client/slack-failure.ts';
import type { Message } from '../messages/index.ts';
import type { OutboxDeps } from './deps.ts';

/** Names of the metadata on our messages. The whole workspace can read it: ids only, never authority. */
export const runEventType = 'etcd_backup_run';
export const clusterEventType = 'etcd_backup_cluster';
const summaryEventType = 'etcd_backup_summary';

/**
 * What a message is. About a run: its card. About the whole fleet: the summary of a slot (ms UTC). With `message`: a live message
 * of a cluster (its id), or what is said once beside a live one. With `outboxId`: another message, by its number in the outbox.
 */
export type PostMark = (
  | { readonly runId: string }
  | { readonly cluster: string }
  | { readonly summary: number }
) & { readonly message?: string; readonly outboxId?: number };

/** Of a message that is no live one. */
export function markOf(item: OutboxItem): PostMark {
  const outboxId = item.id;
  if (item.about === 'run') return { runId: item.runId, outboxId };
  return item.about === 'cluster'
    ? { cluster: item.cluster, outboxId }
    : { summary: item.notice.slot, outboxId };
}

interface PostMetadata {
  readonly event_type: string;
  readonly event_payload: Readonly<Record<string, string | number>>;
}

/** Slack dates messages by its own clock; ours may go ahead of it, or may have when the message was written. */
const aheadMs = 24 * 3_600_000;
const cannotPostEither = new Set(['not_in_channel', 'no_permission', 'channel_not_found']);

export interface Post {
  readonly channel: string;
  readonly threadTs?: string;
  /** Whether the channel sees the reply, too. */
  readonly broadcast?: boolean;
}

/** Posts in a channel or a thread, marked so that it can be found again. Throws Slack's errors. */
export async function postMarked(
  client: WebClient,
  to: Post,
  message: Message,
  mark: PostMark,
): Promise<MessagePlace> {
  const answer = await postMessage(client, {
    channel: to.channel,
    ...(to.threadTs === undefined ? {} : replyIn(to.threadTs, to.broadcast === true)),
    ...message,
    metadata: metadataOf(mark),
  });
  if (answer.ts === undefined) throw new Error('chat.postMessage was answered without the message’s ts');
  return { channel: answer.channel ?? to.channel, ts: answer.ts };
}

interface Where extends Post {
  /** ms UTC; not before then. */
  readonly sinceMs: number;
  /** Ts of a message with the same mark, which is not meant: only later ones are. */
  readonly newerThan?: string;
}

/** Where a message of the outbox is that was tried before; undefined: it is to be posted. */
export async function findEarlier(
  input: OutboxDeps,
  item: OutboxItem,
  to: Post,
): Promise<MessagePlace | undefined> {
  if (item.attempts === 0) return undefined;
  return findMarked(input, { ...to, sinceMs: item.createdAt }, markOf(item));
}

/**
 * As `lookForMarked`; undefined also where the bot may not look: a second message in a channel is the lesser evil.
 */
export async function findMarked(
  input: OutboxDeps,
  where: Where,
  mark: PostMark,
): Promise<MessagePlace | undefined> {
  const found = await lookForMarked(input, where, mark);
  return typeof found === 'string' ? undefined : found;
}

/**
 * Looks whether a post whose answer was lost has arrived. Where the bot may not read the channel it says so in the log and
 * answers `cannot-look`. Throws when Slack cannot be asked just now.
 */
export async function lookForMarked(
  input: OutboxDeps,
  where: Where,
  mark: PostMark,
): Promise<MessagePlace | 'absent' | 'cannot-look'> {
  const { client, identity, clock, log } = input;
  const since = Math.min(where.sinceMs, clock.now());
  const wanted = metadataOf(mark);
  const { channel, threadTs } = where;
  try {
    for await (const messages of conversationPages(client, {
      channel,
      threadTs,
      oldestMs: since - aheadMs,
    })) {
      const ours = messages.find(
        (each) =>
          // Others could put the same metadata on a message of theirs.
          isOurMessage(identity, each) &&
          each.metadata !== undefined &&
          (where.newerThan === undefined || isLater(each.ts, where.newerThan)) &&
          isMarked(each.metadata, wanted),
      );
      if (ours) return { channel, ts: ours.ts };
    }
    return 'absent';
  } catch (error) {
    const failure = slackFailure(error);
    // A post would fail there too: the caller gets the error at once.
    if (failure.kind !== 'refused' || cannotPostEither.has(failure.code)) throw error;
    if (failure.code === 'thread_not_found') return 'absent';
    log.warn(
      { ...wanted.event_payload, channel, trouble: failure.detail },
      'cannot look whether a message has arrived, so it may be posted twice (scopes channels:history, groups:history, im:history)',
    );
    return 'cannot-look';
  }
}

function replyIn(threadTs: string, broadcast: boolean) {
  return broadcast ? ({ thread_ts: threadTs, reply_broadcast: true } as const) : { thread_ts: threadTs };
}

function isLater(ts: string, than: string): boolean {
  const [seconds = 0, micros = 0] = ts.split('.').map(Number);
  const [thanSeconds = 0, thanMicros = 0] = than.split('.').map(Number);
  return seconds === thanSeconds ? micros > thanMicros : seconds > thanSeconds;
}

const markKeys = ['run_id', 'outbox_id', 'cluster', 'message', 'slot'] as const;

function isMarked(
  found: { readonly event_type: string; readonly event_payload: Readonly<Record<string, unknown>> },
  wanted: PostMetadata,
): boolean {
  const same = markKeys.every((key) => found.event_payload[key] === wanted.event_payload[key]);
  return same && found.event_type === wanted.event_type;
}

function metadataOf(mark: PostMark): PostMetadata {
  const { message, outboxId } = mark;
  const which = {
    ...(message === undefined ? {} : { message }),
    ...(outboxId === undefined ? {} : { outbox_id: outboxId }),
  };
  if ('summary' in mark)
    return { event_type: summaryEventType, event_payload: { slot: mark.summary, ...which } };
  if ('runId' in mark) return { event_type: runEventType, event_payload: { run_id: mark.runId, ...which } };
  return { event_type: clusterEventType, event_payload: { cluster: mark.cluster, ...which } };
}
