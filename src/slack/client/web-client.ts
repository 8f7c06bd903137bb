import { WebClient, type WebClientOptions } from '@slack/web-api';
import type { Dispatcher } from 'undici';
import type { Log } from '../../workflow/ports/ports.ts';
import { boltLogger } from './bolt-logger.ts';
import { fetchThrough } from './proxied.ts';

export const callTimeoutMs = 10_000;

/**
 * The libraries' defaults are no timeout and ten retries in half an hour. `retries: 0` for posts: an answer that was
 * lost after delivery must not become a second message. A 429 is handed up at once: waiting inside would hold up
 * every other call of the client.
 */
export function webClientOptions(input: {
  apiUrl: string | undefined;
  log: Log;
  retries: number;
  /** The way to Slack; undefined: directly. */
  dispatcher: Dispatcher | undefined;
}): WebClientOptions {
  return {
    ...(input.apiUrl === undefined ? {} : { slackApiUrl: input.apiUrl }),
    timeout: callTimeoutMs,
    retryConfig: { retries: input.retries, minTimeout: 250, maxTimeout: 1_000 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: boltLogger(input.log, 'web-api', 'info'),
    fetch: fetchWithTimeout(input.dispatcher),
  };
}

export function createWebClient(input: {
  token: string;
  apiUrl: string | undefined;
  log: Log;
  retries: number;
  dispatcher: Dispatcher | undefined;
}): WebClient {
  return new WebClient(input.token, webClientOptions(input));
}

/** Bolt posts to response_url without any deadline. */
function fetchWithTimeout(dispatcher: Dispatcher | undefined): NonNullable<WebClientOptions['fetch']> {
  const send = fetchThrough(dispatcher);
  return (url, init) =>
    send(url as string, {
      ...(init as RequestInit),
      signal: (init as RequestInit | undefined)?.signal ?? AbortSignal.timeout(callTimeoutMs),
    });
}
