import type { WebClient } from '@slack/web-api';
import type { Message } from './messages/index.ts';
import { troubleOf } from './slack-trouble.ts';

/** The bot or the person is not where the message should appear: a direct message still reaches them. */
const notThere = new Set([
  'channel_not_found',
  'not_in_channel',
  'user_not_in_channel',
  'is_archived',
  'restricted_action',
  'messages_tab_disabled',
]);

/**
 * Shows a message to one person alone: in the channel, or where that cannot be (or none is given), as a direct message.
 * Throws Slack's errors.
 */
export async function postPrivately(
  client: WebClient,
  to: { readonly channel: string | undefined; readonly slackUser: string },
  message: Message,
): Promise<void> {
  if (to.channel === undefined) return postDirectly(client, to.slackUser, message);
  try {
    await client.chat.postEphemeral({ channel: to.channel, user: to.slackUser, ...message });
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble.kind !== 'refused' || !notThere.has(trouble.code)) throw error;
    await postDirectly(client, to.slackUser, message);
  }
}

async function postDirectly(client: WebClient, slackUser: string, message: Message): Promise<void> {
  const direct = await client.conversations.open({ users: slackUser });
  const channel = direct.channel?.id;
  if (channel === undefined) throw new Error('conversations.open was answered without a channel');
  await client.chat.postMessage({ channel, ...message });
}
