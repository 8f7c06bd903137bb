import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { CardPlace } from '../domain/run.ts';
import type { Log } from '../workflow/ports.ts';
import type { BotIdentity } from './identity.ts';
import type { Message } from './messages/index.ts';
import { troubleOf } from './slack-trouble.ts';

/** Names of the metadata on our messages. The whole workspace can read it: ids only, never authority. */
export const runEventType = 'etcd_backup_run';
export const clusterEventType = 'etcd_backup_cluster';
export const summaryEventType = 'etcd_backup_summary';

/**
 * What a message is. About a run: its card, or one entry of its thread (by its number in the outbox). About a cluster:
 * the live message of a reminder or alarm (by its id), or another message (by its number in the outbox). The summary of a
 * slot (ms UTC).
 */
export type PostMark =
  | { readonly runId: string; readonly outboxId?: number }
  | { readonly cluster: string; readonly message: string }
  | { readonly cluster: string; readonly outboxId: number }
  | { readonly summary: number };

interface PostMetadata {
  readonly event_type: string;
  readonly event_payload: Readonly<Record<string, string | number>>;
}

const pageSize = 200;
const maxPages = 10;
const cannotPostEither = new Set(['not_in_channel', 'channel_not_found']);

const page = z.object({
  messages: z
    .array(
      z.looseObject({
        ts: z.string(),
        user: z.string().optional(),
        bot_id: z.string().optional(),
        metadata: z
          .looseObject({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) })
          .optional(),
      }),
    )
    .default([]),
  response_metadata: z.looseObject({ next_cursor: z.string().optional() }).optional(),
});

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
): Promise<CardPlace> {
  const answer = await client.chat.postMessage({
    channel: to.channel,
    ...(to.threadTs === undefined ? {} : replyIn(to.threadTs, to.broadcast === true)),
    ...message,
    unfurl_links: false,
    unfurl_media: false,
    metadata: metadataOf(mark),
  });
  if (answer.ts === undefined) throw new Error('chat.postMessage was answered without the message’s ts');
  return { channel: answer.channel ?? to.channel, ts: answer.ts };
}

/**
 * Looks whether a post whose answer was lost has arrived. `sinceMs`: not before then (ms UTC).
 * Where the bot may not read the channel it says so in the log and answers undefined: a second message is the lesser evil.
 * Throws when Slack cannot be asked just now.
 */
export async function findMarked(
  input: { readonly client: WebClient; readonly identity: BotIdentity; readonly log: Log },
  where: { readonly channel: string; readonly threadTs?: string; readonly sinceMs: number },
  mark: PostMark,
): Promise<CardPlace | undefined> {
  const { client, identity, log } = input;
  const wanted = metadataOf(mark);
  let cursor: string | undefined;
  try {
    for (let number = 0; number < maxPages; number += 1) {
      const found = page.parse(await readPage(client, where, cursor));
      const ours = found.messages.find(
        (each) =>
          // Others could put the same metadata on a message of theirs.
          (each.user === identity.botUserId || each.bot_id === identity.botId) &&
          each.metadata !== undefined &&
          isMarked(each.metadata, wanted),
      );
      if (ours) return { channel: where.channel, ts: ours.ts };
      cursor = found.response_metadata?.next_cursor;
      if (cursor === undefined || cursor === '') return undefined;
    }
    return undefined;
  } catch (error) {
    const trouble = troubleOf(error);
    // Nobody can post there either: the caller hears of it at once.
    if (trouble.kind !== 'refused' || cannotPostEither.has(trouble.code)) throw error;
    if (trouble.code === 'thread_not_found') return undefined;
    log.warn(
      { ...wanted.event_payload, channel: where.channel, trouble: trouble.detail },
      'cannot look whether a message has arrived, so it may be posted twice (scopes channels:history, groups:history)',
    );
    return undefined;
  }
}

function readPage(
  client: WebClient,
  where: { readonly channel: string; readonly threadTs?: string; readonly sinceMs: number },
  cursor: string | undefined,
): Promise<unknown> {
  const options = {
    channel: where.channel,
    include_all_metadata: true,
    limit: pageSize,
    // Our clock and Slack's may differ a little.
    oldest: String(Math.max(0, Math.floor(where.sinceMs / 1000) - 120)),
    ...(cursor === undefined ? {} : { cursor }),
  };
  return where.threadTs === undefined
    ? client.conversations.history(options)
    : client.conversations.replies({ ...options, ts: where.threadTs });
}

function replyIn(threadTs: string, broadcast: boolean) {
  return broadcast ? ({ thread_ts: threadTs, reply_broadcast: true } as const) : { thread_ts: threadTs };
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
  if ('summary' in mark) return { event_type: summaryEventType, event_payload: { slot: mark.summary } };
  const outbox = 'outboxId' in mark && mark.outboxId !== undefined ? { outbox_id: mark.outboxId } : {};
  if ('runId' in mark) return { event_type: runEventType, event_payload: { run_id: mark.runId, ...outbox } };
  const live = 'message' in mark ? { message: mark.message } : {};
  return { event_type: clusterEventType, event_payload: { cluster: mark.cluster, ...live, ...outbox } };
}
