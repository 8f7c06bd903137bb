import type { WebClient } from '@slack/web-api';
import type { CardPlace } from '../domain/run.ts';
import type { Message } from './messages/index.ts';
import { troubleOf } from './slack-trouble.ts';

/**
 * Edits a message of ours in place; `gone`: somebody deleted it. With blocks the edit shows no "edited" mark; without
 * them it would delete the buttons. Throws Slack's errors.
 */
export async function editMessage(
  client: WebClient,
  place: CardPlace,
  message: Message,
): Promise<'edited' | 'gone'> {
  const { channel, ts } = place;
  try {
    await client.chat.update({ channel, ts, ...message, blocks: message.blocks ?? [] });
    return 'edited';
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble.kind === 'refused' && trouble.code === 'message_not_found') return 'gone';
    throw error;
  }
}
