import { backoffMs } from '../../domain/text/backoff.ts';
import type { SlackFailure } from './slack-failure.ts';

/** Between tries to connect. */
const connecting = { firstMs: 500, maxMs: 30_000 };
/** Slack asks for about a minute at most; a proxy's answer must not silence the bot for a day. */
const maxAskedPauseMs = 5 * 60_000;

/** How long to wait before the next try: what Slack asks for, else 1 s after the first failure and 30 s at most. */
export function pauseAfter(failure: SlackFailure, failures: number): number {
  if (failure.kind === 'rate-limited') return Math.min(maxAskedPauseMs, failure.retryAfterMs);
  return pauseToConnect(failures);
}

export function pauseToConnect(failures: number): number {
  return backoffMs(failures, connecting);
}
