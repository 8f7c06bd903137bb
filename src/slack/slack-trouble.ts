import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import type { Unreadable } from '../domain/reading.ts';
import { redact } from '../domain/redact.ts';

/** Why a call to Slack failed, by what can be done about it. `detail` is one line without secrets. */
export type SlackTrouble =
  /** Certainly not done: wait that long. */
  | { readonly kind: 'rate-limited'; readonly retryAfterMs: number; readonly detail: string }
  /** Network, timeout, 5xx: it may have been done all the same. */
  | { readonly kind: 'unavailable'; readonly timedOut: boolean; readonly detail: string }
  /** The token is no good: nothing works until a person acts. */
  | { readonly kind: 'unauthorized'; readonly code: string; readonly detail: string }
  /** Slack understood and said no: the same call will fail again. */
  | {
      readonly kind: 'refused';
      readonly code: string;
      /** The scope that is missing, where Slack names it. */
      readonly scope?: string;
      readonly detail: string;
    };

const tokenProblems = new Set([
  'not_authed',
  'invalid_auth',
  'account_inactive',
  'user_removed_from_team',
  'team_disabled',
  'token_revoked',
  'token_expired',
  'not_allowed_token_type',
  'org_login_required',
]);

/** Slack's own troubles, told as refusals. */
const passing = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
]);
const tooFast = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded']);

/** For 429 without a readable Retry-After and for rate limits told as refusals. */
const defaultRetryAfterMs = 10_000;

export function troubleOf(error: unknown): SlackTrouble {
  if (error instanceof WebAPIRateLimitedError) {
    return rateLimited(Math.max(1, error.retryAfter) * 1000, error.message);
  }
  if (error instanceof WebAPIPlatformError) return platformTrouble(error);
  if (error instanceof WebAPIHTTPError) {
    return {
      kind: 'unavailable',
      timedOut: false,
      detail: `Slack answered with HTTP status ${error.statusCode}`,
    };
  }
  const detail = oneLine(error instanceof Error ? messageChain(error) : String(error));
  if (/Retry header did not contain a valid timeout/.test(detail))
    return rateLimited(defaultRetryAfterMs, detail);
  return { kind: 'unavailable', timedOut: /timeout|timed out/i.test(detail), detail };
}

/** The same in the words in which every unreadable fact is told. */
export function reasonOf(trouble: SlackTrouble): Unreadable['reason'] {
  switch (trouble.kind) {
    case 'rate-limited':
      return 'throttled';
    case 'unauthorized':
      return 'unauthorized';
    case 'unavailable':
      return trouble.timedOut ? 'timeout' : 'unreachable';
    case 'refused':
      return trouble.code === 'user_not_found' || trouble.code === 'user_not_visible'
        ? 'absent'
        : 'forbidden';
  }
}

function platformTrouble(error: WebAPIPlatformError): SlackTrouble {
  const {
    error: code,
    response_metadata: metadata,
    needed,
  } = error.data as {
    error: unknown;
    response_metadata?: { messages?: unknown };
    needed?: unknown;
  };
  // A page of a proxy or of Slack's own outage is no JSON: the client hands it over as the code.
  if (typeof code !== 'string' || !/^[a-z][a-z0-9_:.-]{0,80}$/i.test(code)) {
    return { kind: 'unavailable', timedOut: false, detail: 'Slack’s answer could not be read' };
  }
  const messages = Array.isArray(metadata?.messages) ? metadata.messages.map(String) : [];
  const scope = typeof needed === 'string' ? { scope: oneLine(needed).slice(0, 80) } : {};
  const lacking = scope.scope === undefined ? [] : [`needs the scope ${scope.scope}`];
  const detail = oneLine([code, ...lacking, ...messages].join('; '));
  if (tooFast.has(code)) return rateLimited(defaultRetryAfterMs, detail);
  if (passing.has(code)) return { kind: 'unavailable', timedOut: false, detail };
  if (tokenProblems.has(code)) return { kind: 'unauthorized', code, detail };
  return { kind: 'refused', code, ...scope, detail };
}

function rateLimited(retryAfterMs: number, detail: string): SlackTrouble {
  return { kind: 'rate-limited', retryAfterMs, detail: oneLine(detail) };
}

/** fetch hides the reason (ECONNREFUSED) one or two causes deep. */
function messageChain(error: Error): string {
  const parts = [error.message];
  let cause: unknown = error.cause;
  for (let depth = 0; depth < 3 && cause instanceof Error; depth += 1) {
    if (!parts.some((part) => part.includes((cause as Error).message))) parts.push(cause.message);
    cause = cause.cause;
  }
  return parts.join(': ');
}

function oneLine(text: string): string {
  return redact(text).replace(/\s+/g, ' ').trim().slice(0, 400);
}
