import { ApiException } from '@kubernetes/client-node';
import { z } from 'zod';
import { proxyRefusalIn } from '../../domain/network/proxy-refusal.ts';
import { DeadlineError } from './deadline.ts';

/** What became of an API call that did not succeed. Only a `status` is the server's word: of the others nothing is known. */
export type ApiFailure =
  /** The server answered. `body` is its Status, where it sent one. */
  | {
      readonly kind: 'status';
      readonly code: number;
      readonly body: ApiStatus | undefined;
      /** A proxy on the way answered, with this HTTP status. */
      readonly proxy?: number;
    }
  /** No answer in time: the call may have had its effect. */
  | { readonly kind: 'timeout' }
  /** No connection, or it ended before the whole answer came. `code`: ECONNRESET, UND_ERR_SOCKET, `connection failed`. */
  | { readonly kind: 'network'; readonly code: string }
  /** The caller gave up. */
  | { readonly kind: 'aborted' };

/**
 * The answer began and its JSON ended too early. Over HTTP/2 undici takes the end of the connection for the end of a body
 * without a length, and reports no error.
 */
export class HalfAnswerError extends Error {
  override readonly name = 'HalfAnswerError';
  readonly code = 'ERR_STREAM_PREMATURE_CLOSE';

  constructor(cause: unknown) {
    super('the connection ended in the middle of an answer', { cause });
  }
}

const statusSchema = z.object({
  kind: z.literal('Status'),
  reason: z.string().optional(),
  message: z.string().optional(),
  details: z.object({ name: z.string().optional(), kind: z.string().optional() }).optional(),
});
export type ApiStatus = z.infer<typeof statusSchema>;

const noCode = 'connection failed';
/**
 * Turns whatever an API call threw into one of the four outcomes; never throws. A `code` is an HTTP status in client-node's
 * ApiException and nowhere else: a DOMException carries one too (23: TimeoutError, 20: AbortError). fetch hides the
 * reason one or more causes deep, so the first clear word of the chain counts.
 */
export function apiFailureOf(error: unknown): ApiFailure {
  const found = linksOf(error).map(outcomeOf);
  const clear = found.find((each) => each !== undefined && each.kind !== 'aborted');
  return clear ?? found.find((each) => each !== undefined) ?? { kind: 'network', code: noCode };
}

// The connection was there and ended. Refused connections, names and certificates are not among them: asking at once again
// would only meet the same.
const ended = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
  'UND_ERR_SOCKET',
  // What undici makes of a GOAWAY without an error.
  'UND_ERR_INFO',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
]);

/**
 * The connection ended under the call (reset, closed, GOAWAY, refused stream): it may have had its effect. A call that may
 * be made twice can be made again at once, on another connection.
 */
export function connectionEnded(failure: ApiFailure): boolean {
  return failure.kind === 'network' && (ended.has(failure.code) || failure.code.startsWith('ERR_HTTP2_'));
}

const timeouts = new Set(['TimeoutError', 'request-timeout', 'body-timeout', 'ESOCKETTIMEDOUT']);
const aborts = new Set([
  'AbortError',
  'ABORT_ERR',
  'UND_ERR_ABORT',
  'UND_ERR_ABORTED',
  // Our own side closed the connections.
  'UND_ERR_DESTROYED',
  'UND_ERR_CLOSED',
]);

/** A proxy says that the address is not allowed with 403: not a word of the cluster's about rights. */
function proxyCode(code: number): number {
  return code === 403 || code === 407 ? 407 : 502;
}

/** What this one error says by itself; undefined: nothing. */
function outcomeOf(error: object): ApiFailure | undefined {
  if (error instanceof ApiException) return answered(error);
  if (error instanceof DeadlineError) return { kind: 'timeout' };
  const { name, code, type, message } = error as {
    name?: unknown;
    code?: unknown;
    type?: unknown;
    message?: unknown;
  };
  const proxy = typeof message === 'string' ? proxyRefusalIn(message) : undefined;
  if (proxy !== undefined) return { kind: 'status', code: proxyCode(proxy), body: undefined, proxy };
  const words = [code, name, type].filter((word) => typeof word === 'string');
  // ETIMEDOUT, UND_ERR_CONNECT_TIMEOUT, UND_ERR_HEADERS_TIMEOUT, ERR_SOCKET_CONNECTION_TIMEOUT
  if (words.some((word) => timeouts.has(word) || /^[A-Z_]*(TIMEOUT|TIMEDOUT)$/.test(word))) {
    return { kind: 'timeout' };
  }
  if (words.some((word) => aborts.has(word))) return { kind: 'aborted' };
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code)
    ? { kind: 'network', code }
    : undefined;
}

function answered({ code, body }: ApiException<unknown>): ApiFailure | undefined {
  if (!Number.isInteger(code) || code < 100 || code > 599) return undefined;
  return { kind: 'status', code, body: statusOf(body) };
}

/** The `Status` in the body of an ApiException, which is a string; undefined: the body is something else. */
function statusOf(body: unknown): ApiStatus | undefined {
  try {
    return statusSchema.safeParse(typeof body === 'string' ? JSON.parse(body) : body).data;
  } catch {
    return undefined;
  }
}

const deepest = 8;

/** The error, its causes and what an AggregateError gathers, outermost first; a bounded number of them. */
function linksOf(error: unknown): readonly object[] {
  const links: object[] = [];
  const waiting: unknown[] = [error];
  while (waiting.length > 0 && links.length < deepest) {
    const next = waiting.shift();
    if (typeof next !== 'object' || next === null || links.includes(next)) continue;
    links.push(next);
    const { cause, errors } = next as { cause?: unknown; errors?: unknown };
    waiting.push(cause, ...(Array.isArray(errors) ? errors.slice(0, deepest) : []));
  }
  return links;
}
