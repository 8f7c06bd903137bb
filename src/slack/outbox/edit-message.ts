import type { WebClient } from '@slack/web-api';
import type { MessagePlace } from '../../domain/people/message-place.ts';
import { recoverableReason } from '../client/recoverable.ts';
import { slackFailure } from '../client/slack-failure.ts';
import type { Message } from '../messages/index.ts';

/**
 * `gone`: it was deleted. `closed`: it is there, and so is its thread, and can never be edited again. `left-behind`: its channel
 * takes nothing, and another one is configured by now.
 */
export type Edited = 'edited' | 'gone' | 'closed' | 'left-behind';

const outcomes: Readonly<Record<string, Edited>> = {
  message_not_found: 'gone',
  // The workspace lets messages be edited for so long only; the app was installed again as another user.
  edit_window_closed: 'closed',
  cant_update_message: 'closed',
};

/**
 * Edits a message of ours in place; `home`: the channel where it would be posted now. With blocks the edit shows no "edited"
 * mark; without them it would delete the buttons. Throws Slack's errors.
 */
export async function editMessage(
  client: WebClient,
  place: MessagePlace,
  message: Message,
  home: string,
): Promise<Edited> {
  const { channel, ts } = place;
  try {
    await client.chat.update({ channel, ts, ...message, blocks: message.blocks ?? [] });
    return 'edited';
  } catch (error) {
    const failure = slackFailure(error);
    const outcome =
      failure.kind === 'refused' && Object.hasOwn(outcomes, failure.code)
        ? outcomes[failure.code]
        : undefined;
    if (outcome !== undefined) return outcome;
    if (isLeftBehind(error, place, home)) return 'left-behind';
    throw error;
  }
}

/** What was said in a channel that takes nothing goes on in the one that is configured instead, as people are advised to do. */
export function isLeftBehind(error: unknown, place: MessagePlace, home: string): boolean {
  return place.channel !== home && recoverableReason(slackFailure(error)) !== undefined;
}
