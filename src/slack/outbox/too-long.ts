import type { WebClient } from '@slack/web-api';
import { postMessage } from '../client/post-message.ts';
import { type SlackFailure, slackFailure } from '../client/slack-failure.ts';
import { type Message, messageAsText } from '../messages/index.ts';

/** Slack has limits that it documents nowhere: what it finds too long, or built wrongly, is shortened, never dropped. */
const tooLong = new Set(['msg_too_long', 'msg_blocks_too_long', 'invalid_blocks', 'invalid_blocks_format']);

export function isTooLong(failure: SlackFailure): boolean {
  return failure.kind === 'refused' && tooLong.has(failure.code);
}

/** Sends a message; while Slack finds it too long, the next of its `shorter` forms. Throws Slack's errors. */
export async function sendShortened<Sent>(
  message: Message,
  shorter: readonly Message[],
  send: (form: Message) => Promise<Sent>,
): Promise<Sent> {
  const [next, ...others] = shorter;
  try {
    return await send(message);
  } catch (error) {
    if (next === undefined || !isTooLong(slackFailure(error))) throw error;
    return sendShortened(next, others, send);
  }
}

/** The short text into a direct conversation, and everything as a file with it. Throws Slack's errors. */
export async function postShortened(client: WebClient, channel: string, message: Message): Promise<void> {
  try {
    await client.filesUploadV2({
      channel_id: channel,
      filename: 'etcd-backup.txt',
      content: messageAsText(message),
      initial_comment: message.text,
    });
  } catch (error) {
    if (slackFailure(error).kind !== 'refused') throw error;
    // No right to upload, say: what matters is in the text.
    await postMessage(client, { channel, text: message.text });
  }
}
