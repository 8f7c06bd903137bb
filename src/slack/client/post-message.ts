import type { ChatPostMessageArguments, ChatPostMessageResponse, WebClient } from '@slack/web-api';

/**
 * On everything that is posted: Slack fetches no page and shows no picture for an address in what people and clusters
 * wrote. The one place that says so.
 */
export const noUnfurling = { unfurl_links: false, unfurl_media: false } as const;

/** Posts a message; the only caller of chat.postMessage. Throws Slack's errors. */
export function postMessage(
  client: WebClient,
  message: ChatPostMessageArguments,
): Promise<ChatPostMessageResponse> {
  return client.chat.postMessage({ ...message, ...noUnfurling });
}
