import { proxyRefusalIn, proxyRefusalText } from '../../domain/network/proxy-refusal.ts';
import { redact } from '../../domain/redaction/redact.ts';
import { oneLine } from '../../domain/text/one-line.ts';
import { StorageError } from '../../workflow/ports/destination.ts';
import type { S3Options } from './s3-options.ts';
import { busy, credentials, full, rights, type Verdict, verdicts } from './s3-verdicts.ts';

const longestText = 500;

/** What the SDK or the server said, as a StorageError; a StorageError stays itself. The cause holds words only. */
export function s3Error(
  error: unknown,
  about: { readonly op: string; readonly key?: string | undefined; readonly options: S3Options },
): StorageError {
  if (error instanceof StorageError) return error;
  const seen = parseAwsError(error);
  const [kind, hint] = wanted(seen, about) ?? verdict(seen);
  const where = `s3://${about.options.bucket}${about.key === undefined ? '' : ` ${about.key}`}`;
  return new StorageError({
    op: about.op,
    key: about.key,
    kind,
    message: `${about.op} of ${where} failed: ${seen.text}`,
    hint,
    // Not the SDK's error itself: it carries the request and its headers.
    cause: new Error(seen.text),
  });
}

export interface AwsError {
  readonly codes: readonly string[];
  readonly status: number | undefined;
  readonly message: string;
  readonly text: string;
}

export function parseAwsError(error: unknown): AwsError {
  const raw = (error ?? {}) as {
    name?: unknown;
    Code?: unknown;
    code?: unknown;
    message?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  const codes = [raw.Code, raw.code, raw.name].filter((code): code is string => typeof code === 'string');
  const status = raw.$metadata?.httpStatusCode;
  // What the SDK says where the server said nothing.
  const message =
    typeof raw.message === 'string' && raw.message !== 'UnknownError' ? shownLine(raw.message) : '';
  const shown = codes.filter((code) => !['Unknown', 'Error', 'UnknownError'].includes(code)).map(shownLine);
  const parts = [shown[0], status === undefined ? undefined : `HTTP ${status}`, message];
  return { codes, status, message, text: parts.filter(Boolean).join(', ') || 'no reason given' };
}

/** A server's words, as one line without secrets: they come out in terminals, too. */
function shownLine(text: string): string {
  return oneLine(redact(text), longestText);
}

function verdict({ codes, status, message }: AwsError): Verdict {
  const refusal = status === 407 ? 407 : proxyRefusalIn(message);
  if (refusal !== undefined) return ['unreachable', `Look at the proxy: ${proxyRefusalText(refusal)}`];
  // Backblaze says AccessDenied of a full account.
  if (status === 403 && /\bcap exceeded|quota/i.test(message)) return full;
  if (/\bsts:|AssumeRole/.test(message) && codes.includes('AccessDenied'))
    return verdicts.InvalidIdentityToken ?? rights;
  for (const code of codes) {
    const known = verdicts[code];
    if (known) return known;
  }
  if (codes.some((code) => /^kms\b/i.test(code))) return verdicts['KMS.DisabledException'] ?? busy;
  if (status === 401 || status === 403)
    return ['denied', `${credentials[1]}; else the rights to this bucket are missing`];
  if (status === 301 || status === 307) return verdicts.PermanentRedirect ?? busy;
  if (status === 404) return unnamed404;
  if (status === 412) return verdicts.PreconditionFailed ?? busy;
  if (status === 429) return busy;
  if (status === 501) return verdicts.NotImplemented ?? busy;
  if (status === 507) return full;
  if (status !== undefined && status >= 500) return busy;
  return ['other', "See the server's own log for this request"];
}

// Never `not-found`: a proxy or a wrong path answers so of everything.
const unnamed404: Verdict = [
  'other',
  'The answer 404 does not name what is missing: check the endpoint, the path style and what lies between',
];

/** Servers answer unwanted headers, locks and unknown keys with words that mean something else elsewhere. */
function wanted(seen: AwsError, { op, options }: { op: string; options: S3Options }): Verdict | undefined {
  const { codes } = seen;
  const writing = op === 'put' || op === 'check';
  const reading = op === 'stat' || op === 'open';
  if (options.checksum === 'sha256' && namesChecksum(seen)) {
    return [
      'other',
      'The server does not know this check sum: set `checksum: content-md5` for this destination',
    ];
  }
  if (writing && options.encryption?.algorithm === 'aws:kms' && /kms/i.test(wordsOf(seen))) {
    return ['encryption-missing', 'Check the key id, and that the credentials may use the key'];
  }
  if (writing && options.lock && codes.includes('InvalidRequest')) {
    return ['lock-missing', 'Object lock can only be had when the bucket is created with it'];
  }
  if (reading && codes.includes('NoSuchBucket')) {
    return [
      'unreachable',
      'The bucket itself is not there, so that nothing is known of the object: correct its name',
    ];
  }
  return undefined;
}

/** Of Backblaze (400), R2 (501), and of servers that sign or count the body otherwise when the header is there. */
export function namesChecksum(seen: AwsError): boolean {
  if (seen.status !== 400 && seen.status !== 501) return false;
  const words = wordsOf(seen);
  if (/x-amz-(sdk-)?checksum|checksum[- ]?algorithm|XAmzContentSHA256Mismatch/i.test(words)) return true;
  const from = words.search(/checksum/i);
  return from !== -1 && /(not |un)(supported|implemented)/i.test(words.slice(from));
}

function wordsOf({ codes, message }: AwsError): string {
  return `${codes.join(' ')} ${message}`;
}
