import {
  SlackError,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import { ZodError } from 'zod';
import type { Unreadable } from '../../domain/cluster/reading.ts';
import { proxyRefusalIn, proxyRefusalText } from '../../domain/network/proxy-refusal.ts';
import { redact } from '../../domain/redaction/redact.ts';
import { oneLine } from '../../domain/text/one-line.ts';

/** Why a call to Slack failed, by what can be done about it. `detail` is one line without secrets. */
export type SlackFailure =
  /** Certainly not done: wait that long. */
  | { readonly kind: 'rate-limited'; readonly retryAfterMs: number; readonly detail: string }
  /** Network, timeout, 5xx: it may have been done all the same. */
  | {
      readonly kind: 'unavailable';
      readonly timedOut: boolean;
      readonly detail: string;
      /** Something answered, so it may be this call that it does not take: how long that is worth another try. */
      readonly tryFor?: 'minutes' | 'a-day';
    }
  /** A proxy on the way does not let it pass. Certainly not done: a person has to change the proxy or what it is given. */
  | { readonly kind: 'proxy-refused'; readonly status: number; readonly detail: string }
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

/** Slack's own troubles, reported as refusals. */
const transient = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
]);
const tooFast = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded']);

/** For 429 without a readable Retry-After and for rate limits reported as refusals. */
const defaultRetryAfterMs = 10_000;

export function slackFailure(error: unknown): SlackFailure {
  if (error instanceof WebAPIRateLimitedError) {
    return rateLimited(Math.max(1, error.retryAfter) * 1000, error.message);
  }
  if (error instanceof WebAPIPlatformError) return platformFailure(error.data);
  if (error instanceof WebAPIHTTPError) return httpFailure(error);
  if (error instanceof ZodError) {
    const fields = error.issues.map(({ path }) => path.join('.')).join(', ');
    const detail = detailOf(`Slack’s answer has another shape than expected (${fields})`);
    return { kind: 'refused', code: 'unexpected_answer', detail };
  }
  const said = detailOf(error instanceof Error ? messageChain(error) : String(error));
  const refusal = isHidden407(error) ? 407 : proxyRefusalIn(said);
  if (refusal !== undefined && refusal < 500)
    return { kind: 'proxy-refused', status: refusal, detail: proxyRefusalText(refusal) };
  const detail = refusal === undefined ? said : proxyRefusalText(refusal);
  if (/Retry header did not contain a valid timeout/.test(detail))
    return rateLimited(defaultRetryAfterMs, detail);
  // The client found the arguments wrong and sent nothing.
  if (error instanceof SlackError && !(error instanceof WebAPIRequestError))
    return { kind: 'refused', code: 'invalid_arguments', detail };
  // Only what the network did can last without being this message's fault.
  const bound = error instanceof WebAPIRequestError ? {} : ({ tryFor: 'a-day' } as const);
  return { kind: 'unavailable', timedOut: /timeout|timed out/i.test(detail), detail, ...bound };
}

/** fetch hands no answer with status 407 over: it fails, and of a request like ours nothing else fails without a word. */
function isHidden407(error: unknown): boolean {
  if (!(error instanceof WebAPIRequestError)) return false;
  const { message, cause } = error.original;
  return (
    message === 'fetch failed' && cause instanceof Error && cause.name === 'Error' && cause.message === ''
  );
}

/** What proxies answer by their rules, and a network that wants a login first. */
const byRule = new Set([401, 403, 407, 451, 511]);
/** The server itself asks for another try. */
const transientStatus = new Set([408, 425]);

/** Slack’s own answers have status 200 or 429: what else comes is of a proxy, or of a server in front of Slack. */
function httpFailure(error: WebAPIHTTPError): SlackFailure {
  const { statusCode: status } = error;
  const body: unknown = error.body;
  if (status < 500 && isSlackRefusal(body)) return platformFailure(body);
  if (byRule.has(status)) {
    return {
      kind: 'proxy-refused',
      status,
      detail: `HTTP status ${status} instead of Slack’s answer: a proxy on the way does not let it pass`,
    };
  }
  const detail = `Slack answered with HTTP status ${status}`;
  if (status >= 500 || transientStatus.has(status)) return { kind: 'unavailable', timedOut: false, detail };
  return { kind: 'unavailable', timedOut: false, detail, tryFor: 'minutes' };
}

function isSlackRefusal(body: unknown): body is { readonly error: unknown } {
  return typeof body === 'object' && body !== null && 'ok' in body && body.ok === false && 'error' in body;
}

/** No connection was made, or a server turned the call away unread. */
const neverReached =
  /\b(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)\b|HTTP status (4\d\d|503)\b/;

/** Whether Slack may have done what it did not say that it did. */
export function mayHaveBeenDone(failure: SlackFailure): boolean {
  return failure.kind === 'unavailable' && !neverReached.test(failure.detail);
}

/** The same in the words in which every unreadable fact is reported. */
export function reasonOf(failure: SlackFailure): Unreadable['reason'] {
  switch (failure.kind) {
    case 'rate-limited':
      return 'throttled';
    case 'unauthorized':
      return 'unauthorized';
    case 'proxy-refused':
      return 'unreachable';
    case 'unavailable':
      return failure.timedOut ? 'timeout' : 'unreachable';
    case 'refused':
      return failure.code === 'user_not_found' || failure.code === 'user_not_visible'
        ? 'absent'
        : 'forbidden';
  }
}

function platformFailure(answer: unknown): SlackFailure {
  const {
    error: code,
    response_metadata: metadata,
    needed,
  } = answer as {
    error: unknown;
    response_metadata?: { messages?: unknown };
    needed?: unknown;
  };
  // A page of a proxy or of Slack's own outage is no JSON: the client hands it over as the code.
  if (typeof code !== 'string' || !/^[a-z][a-z0-9_:.-]{0,80}$/i.test(code)) {
    const detail = 'Slack’s answer could not be read';
    return { kind: 'unavailable', timedOut: false, detail, tryFor: 'a-day' };
  }
  const messages = Array.isArray(metadata?.messages) ? metadata.messages.map(String) : [];
  const scope = typeof needed === 'string' ? { scope: detailOf(needed).slice(0, 80) } : {};
  const lacking = scope.scope === undefined ? [] : [`needs the scope ${scope.scope}`];
  const detail = detailOf([code, ...lacking, ...messages].join('; '));
  if (tooFast.has(code)) return rateLimited(defaultRetryAfterMs, detail);
  if (transient.has(code)) return { kind: 'unavailable', timedOut: false, detail, tryFor: 'a-day' };
  if (tokenProblems.has(code)) return { kind: 'unauthorized', code, detail };
  return { kind: 'refused', code, ...scope, detail };
}

function rateLimited(retryAfterMs: number, detail: string): SlackFailure {
  return { kind: 'rate-limited', retryAfterMs, detail: detailOf(detail) };
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

function detailOf(text: string): string {
  return oneLine(redact(text), 400);
}
