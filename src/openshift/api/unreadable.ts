import { z } from 'zod';
import type { Unreadable } from '../../domain/cluster/reading.ts';
import { proxyRefusalText } from '../../domain/network/proxy-refusal.ts';
import { redact } from '../../domain/redaction/redact.ts';
import { oneLine } from '../../domain/text/one-line.ts';
import { type ApiStatus, apiFailureOf } from './api-error.ts';
import { kindOfCode } from './cluster-words.ts';
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
  if (error instanceof z.ZodError) return { reason: 'malformed', detail: shapeDetail(error) };
  if (error instanceof SyntaxError) return { reason: 'malformed', detail: 'the answer is no JSON' };
  const failure = apiFailureOf(error);
  switch (failure.kind) {
    case 'status':
      if (failure.proxy !== undefined) {
        return { reason: reasonOf(failure.code, undefined), detail: proxyRefusalText(failure.proxy) };
      }
      return judgeAnswer(failure.code, failure.body);
    case 'timeout':
      return { reason: 'timeout', detail: 'no answer in time' };
    case 'network':
      return { reason: reasonOfCode[kindOfCode(failure.code)] ?? 'unreachable', detail: failure.code };
    case 'aborted':
      return { reason: 'unreachable', detail: 'the call was ended before its answer' };
  }
}

const reasonOfCode: Readonly<Partial<Record<string, Unreadable['reason']>>> = {
  'api-certificate': 'untrusted',
  'api-name-unresolved': 'no-name',
};

function judgeAnswer(code: number, status: ApiStatus | undefined): Unreadable {
  const said = [status?.reason, status?.message].filter(Boolean).join(': ');
  const detail = `HTTP ${code} ${oneLine(redact(said), 300)}`.trimEnd();
  return { reason: reasonOf(code, status), detail };
}

function reasonOf(code: number, status: ApiStatus | undefined): Unreadable['reason'] {
  if (code === 401) return 'unauthorized';
  if (code === 403) return 'forbidden';
  // An object that is not there comes with a Status that names it; an unknown path with a plain text.
  if (code === 404) return status?.details?.name === undefined ? 'no-such-api' : 'absent';
  if (code === 407) return 'proxy-refused';
  if (code === 429) return 'throttled';
  // 410: the list changed under our feet while its pages were read. Asking again helps, as with any 5xx.
  if (code === 410 || code >= 500) return 'server-error';
  return 'malformed';
}

function shapeDetail(error: z.ZodError): string {
  const issue = error.issues[0];
  return `${issue?.path.join('.') || 'answer'}: ${issue?.message ?? 'unexpected shape'}`;
}
