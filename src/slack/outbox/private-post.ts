import type { WebClient } from '@slack/web-api';
import type { OutboxItem } from '../../workflow/ports/records.ts';
import { noUnfurling, postMessage } from '../client/post-message.ts';
import { slackFailure } from '../client/slack-failure.ts';
import type { Message } from '../messages/index.ts';
import type { OutboxDeps } from './deps.ts';
import { lookForMarked, markOf, postMarked } from './marked-posts.ts';
import { isTooLong, postShortened } from './too-long.ts';
import { UnpostableError } from './unpostable-error.ts';

/** The channel does not show it to this person: a direct message still reaches them. */
const notThere = new Set([
  'channel_not_found',
  'not_in_channel',
  'no_permission',
  'user_not_in_channel',
  'is_archived',
  'is_inactive',
  'channel_is_limited_access',
  'posting_to_channel_denied',
  'ekm_access_denied',
  'thread_locked',
]);

function isNotShown(code: string): boolean {
  return notThere.has(code) || code.startsWith('restricted_action');
}

/** To one person alone; `channel` undefined: as a direct message. */
export interface ToPerson {
  readonly channel: string | undefined;
  readonly slackUser: string;
}

/**
 * Shows a message to one person alone: in the channel, or where that cannot be (or none is given), as a direct message.
 * Throws Slack's errors.
 */
export function postPrivately(client: WebClient, to: ToPerson, message: Message): Promise<void> {
  return inChannelOr(client, to, message, async () => {
    const channel = await openDirect(client, to.slackUser);
    await whole(client, channel, message, () => postMessage(client, { channel, ...message }));
  });
}

/** What may have arrived and cannot be looked for is said a second time only so shortly after it was written. */
const repeatableMs = 60_000;

/**
 * The same for a message of the outbox. One that may have arrived is looked for in the direct messages first. Slack lists
 * no ephemeral messages of a channel: there, and where the bot may not look, nothing that is older than a
 * minute is said a second time. Throws UnpostableError then, or Slack's errors.
 */
export async function postPrivateNotice(
  deps: OutboxDeps,
  item: OutboxItem,
  to: ToPerson,
  message: Message,
): Promise<undefined> {
  const { client, clock } = deps;
  const { mayHaveArrived, createdAt } = item;
  const unsayable = mayHaveArrived && Math.abs(clock.now() - createdAt) > repeatableMs;
  if (unsayable && to.channel !== undefined) throw mayStandThere();
  await inChannelOr(client, to, message, async () => {
    const channel = await openDirect(client, to.slackUser);
    const arrived = mayHaveArrived
      ? await lookForMarked(deps, { channel, sinceMs: createdAt }, markOf(item))
      : 'absent';
    if (arrived === 'cannot-look' && unsayable) throw mayStandThere();
    if (typeof arrived !== 'string') return;
    await whole(client, channel, message, () => postMarked(client, { channel }, message, markOf(item)));
  });
}

function mayStandThere(): UnpostableError {
  return new UnpostableError(
    'an earlier try may have arrived, which Slack does not let the bot see, and it is too old to be said twice',
  );
}

async function inChannelOr(
  client: WebClient,
  { channel, slackUser }: ToPerson,
  message: Message,
  directly: () => Promise<void>,
): Promise<void> {
  if (channel === undefined) return directly();
  try {
    await client.chat.postEphemeral({ channel, user: slackUser, ...message, ...noUnfurling });
  } catch (error) {
    const failure = slackFailure(error);
    const isElsewhere = failure.kind === 'refused' && isNotShown(failure.code);
    if (!isElsewhere && !isTooLong(failure)) throw error;
    await directly();
  }
}

/** As it is; where Slack finds it too long, its text with all of it as a file. */
async function whole(
  client: WebClient,
  channel: string,
  message: Message,
  post: () => Promise<unknown>,
): Promise<void> {
  try {
    await post();
  } catch (error) {
    if (!isTooLong(slackFailure(error))) throw error;
    await postShortened(client, channel, message);
  }
}

async function openDirect(client: WebClient, slackUser: string): Promise<string> {
  const direct = await client.conversations.open({ users: slackUser });
  const channel = direct.channel?.id;
  if (channel === undefined) throw new Error('conversations.open was answered without a channel');
  return channel;
}
