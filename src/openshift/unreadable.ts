import { ApiException } from '@kubernetes/client-node';
import { z } from 'zod';
import type { Unreadable } from '../domain/reading.ts';
import { redact } from '../domain/redact.ts';
import { DeadlineError } from './deadline.ts';
import { KubeConfigError } from './kube-config.ts';

/** The credentials could not be obtained: a plugin failed. What it printed is not passed on. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
}

/**
 * Puts any failure of a call into a reason and one line. The line is built from codes, from our own words and from
 * what an API server says in a `Status`; never from other bodies, URLs, headers or a plugin's output.
 */
export function unreadable(error: unknown, what?: string): Unreadable {
  const { reason, detail } = judge(error);
  return { reason, detail: what === undefined ? detail : `${what}: ${detail}` };
}

function judge(error: unknown): Unreadable {
  if (error instanceof DeadlineError) return { reason: 'timeout', detail: error.message };
  if (error instanceof KubeConfigError) return { reason: 'unreachable', detail: error.message };
  if (error instanceof CredentialsError) {
    return { reason: 'unauthorized', detail: 'no credentials from the kubeconfig' };
  }
  if (error instanceof ApiException) return judgeAnswer(error.code, statusOf(error.body));
  if (error instanceof z.ZodError) return { reason: 'malformed', detail: shapeDetail(error) };
  if (error instanceof SyntaxError) return { reason: 'malformed', detail: 'the answer is no JSON' };
  // What AbortSignal.timeout rejects with.
  if (error instanceof Error && error.name === 'TimeoutError')
    return { reason: 'timeout', detail: 'no answer in time' };
  const code = systemCode(error);
  return { reason: /TIMEOUT|TIMEDOUT/.test(code) ? 'timeout' : 'unreachable', detail: code };
}

function judgeAnswer(code: number, status: Status | undefined): Unreadable {
  const said = [status?.reason, status?.message].filter(Boolean).join(': ');
  const oneLine = redact(said).replace(/\s+/g, ' ').slice(0, 300);
  return { reason: reasonOf(code, status), detail: oneLine ? `HTTP ${code} ${oneLine}` : `HTTP ${code}` };
}

function reasonOf(code: number, status: Status | undefined): Unreadable['reason'] {
  if (code === 401) return 'unauthorized';
  if (code === 403) return 'forbidden';
  // An object that is not there comes with a Status that names it; an unknown path with a plain text.
  if (code === 404) return status?.details?.name === undefined ? 'no-such-api' : 'absent';
  if (code === 429) return 'throttled';
  // 410: the list changed under our feet while its pages were read. Asking again helps, as with any 5xx.
  if (code === 410 || code >= 500) return 'server-error';
  return 'malformed';
}

function shapeDetail(error: z.ZodError): string {
  const issue = error.issues[0];
  return `${issue?.path.join('.') || 'answer'}: ${issue?.message ?? 'unexpected shape'}`;
}

/** `ECONNREFUSED`, `ENOTFOUND`, `CERT_HAS_EXPIRED`, `UND_ERR_SOCKET`: fetch hides it one or two causes deep. */
function systemCode(error: unknown): string {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    const { code } = cause as NodeJS.ErrnoException;
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code)) return code;
  }
  return 'connection failed';
}

const statusSchema = z.object({
  kind: z.literal('Status'),
  reason: z.string().optional(),
  message: z.string().optional(),
  details: z.object({ name: z.string().optional() }).optional(),
});
type Status = z.infer<typeof statusSchema>;

/** The `Status` in the body of an ApiException, which is a string; undefined: something else stood there. */
function statusOf(body: unknown): Status | undefined {
  try {
    return statusSchema.safeParse(typeof body === 'string' ? JSON.parse(body) : body).data;
  } catch {
    return undefined;
  }
}
