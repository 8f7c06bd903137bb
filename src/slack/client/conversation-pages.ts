import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { BotIdentity } from './identity.ts';

const pageSize = 200;
const maxPages = 10;

const message = z.looseObject({
  ts: z.string(),
  user: z.string().optional(),
  bot_id: z.string().optional(),
  metadata: z
    .looseObject({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) })
    .optional()
    // Other apps' messages are none of ours, whatever they carry.
    .catch(undefined),
  files: z
    .array(z.looseObject({ name: z.string().optional().catch(undefined) }))
    .optional()
    .catch(undefined),
});
const page = z.object({
  messages: z.array(message).default([]),
  response_metadata: z.looseObject({ next_cursor: z.string().optional() }).optional(),
});

export type FoundMessage = z.output<typeof message>;

/**
 * The messages of a thread, or of a conversation since `oldestMs` (ms UTC; a thread is bounded by its first message), page by
 * page, 2,000 messages at most. Throws Slack's errors, and ZodError for an answer of another shape.
 */
export async function* conversationPages(
  client: WebClient,
  { channel, threadTs, oldestMs }: { channel: string; threadTs?: string | undefined; oldestMs: number },
): AsyncGenerator<readonly FoundMessage[], void> {
  let cursor: string | undefined;
  for (let number = 0; number < maxPages; number += 1) {
    const options = {
      channel,
      include_all_metadata: true,
      limit: pageSize,
      ...(cursor === undefined ? {} : { cursor }),
    };
    const oldest = String(Math.max(0, Math.floor(oldestMs / 1000)));
    const answer =
      threadTs === undefined
        ? await client.conversations.history({ ...options, oldest })
        : await client.conversations.replies({ ...options, ts: threadTs });
    const { messages, response_metadata } = page.parse(answer);
    yield messages;
    cursor = response_metadata?.next_cursor;
    if (cursor === undefined || cursor === '') return;
  }
}

export function isOurMessage({ botUserId, botId }: BotIdentity, { user, bot_id }: FoundMessage): boolean {
  return user === botUserId || bot_id === botId;
}
