import { StorageError, type StorageErrorKind } from '../workflow/destination.ts';
import type { S3Options } from './s3-options.ts';

type Verdict = readonly [StorageErrorKind, string];

const credentials: Verdict = [
  'denied',
  "Compare the destination's access key and secret with the server's; a rotated one must be changed here too",
];
const rights: Verdict = [
  'denied',
  'Give the credentials the rights to this bucket and prefix that the documentation lists',
];
const clock: Verdict = [
  'clock-skew',
  'The clocks of the bot and of the server differ by more than 15 minutes: correct them (NTP)',
];
const full: Verdict = ['full', 'Raise the quota or free space there'];
const busy: Verdict = ['unreachable', 'The server is overloaded or failing; try again later'];
const network: Verdict = ['unreachable', 'Check the endpoint, the network and the firewall between'];
const tls: Verdict = [
  'unreachable',
  "The server's certificate is not trusted: give its authority (ca) in the configuration",
];
const slow: Verdict = ['timeout', 'The server did not answer in time; try again later'];

/** By the code of the server's answer, or of the system's error. */
const verdicts: Readonly<Record<string, Verdict>> = {
  NoSuchBucket: ['not-found', 'The bucket does not exist: create it or correct its name'],
  NoSuchKey: ['not-found', 'There is no such object'],
  NotFound: ['not-found', 'There is no such object, or no such bucket'],
  PreconditionFailed: ['exists', 'What stands there stays; use another key'],
  ConditionalRequestConflict: ['exists', 'Another writer is storing the same key'],
  InvalidAccessKeyId: credentials,
  SignatureDoesNotMatch: credentials,
  InvalidToken: credentials,
  ExpiredToken: credentials,
  CredentialsProviderError: [
    'denied',
    'No credentials were found: name them in the configuration or give the bot a role',
  ],
  AccessDenied: rights,
  AllAccessDisabled: rights,
  RequestTimeTooSkewed: clock,
  RequestExpired: clock,
  QuotaExceeded: full,
  XMinioStorageFull: full,
  InsufficientStorage: full,
  ObjectLockConfigurationNotFoundError: [
    'lock-missing',
    'Object lock can only be had when the bucket is created with it',
  ],
  SlowDown: busy,
  ServiceUnavailable: busy,
  InternalError: busy,
  PermanentRedirect: ['other', 'The bucket lies in another region: correct the region or the endpoint'],
  AuthorizationHeaderMalformed: ['other', 'The bucket lies in another region: correct the region'],
  ECONNREFUSED: network,
  ECONNRESET: network,
  EPIPE: network,
  ENOTFOUND: network,
  EAI_AGAIN: network,
  EHOSTUNREACH: network,
  ENETUNREACH: network,
  EPROTO: tls,
  SELF_SIGNED_CERT_IN_CHAIN: tls,
  DEPTH_ZERO_SELF_SIGNED_CERT: tls,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: tls,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: tls,
  CERT_HAS_EXPIRED: tls,
  ERR_TLS_CERT_ALTNAME_INVALID: tls,
  ETIMEDOUT: slow,
  TimeoutError: slow,
  RequestTimeout: slow,
};

/** What the SDK or the server said, as a StorageError; a StorageError stays itself. The cause holds words only. */
export function s3Error(
  error: unknown,
  about: { readonly op: string; readonly key?: string | undefined; readonly options: S3Options },
): StorageError {
  if (error instanceof StorageError) return error;
  const seen = look(error);
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

interface Seen {
  readonly codes: readonly string[];
  readonly status: number | undefined;
  readonly message: string;
  readonly text: string;
}

export function look(error: unknown): Seen {
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
  const message = typeof raw.message === 'string' && raw.message !== 'UnknownError' ? raw.message : '';
  const shown = codes.filter((code) => !['Unknown', 'Error', 'UnknownError'].includes(code));
  const parts = [shown[0], status === undefined ? undefined : `HTTP ${status}`, message];
  return { codes, status, message, text: parts.filter(Boolean).join(', ') || 'no reason given' };
}

function verdict({ codes, status }: Seen): Verdict {
  for (const code of codes) {
    const known = verdicts[code];
    if (known) return known;
  }
  if (status === 401 || status === 403)
    return ['denied', `${credentials[1]}; else the rights to this bucket are missing`];
  if (status === 404) return verdicts.NotFound ?? busy;
  if (status === 412) return verdicts.PreconditionFailed ?? busy;
  if (status === 507) return full;
  if (status !== undefined && status >= 500) return busy;
  return ['other', "See the server's own log for this request"];
}

/** Servers answer unwanted locks and unknown keys with words that mean something else elsewhere. */
function wanted(
  { codes, message }: Seen,
  { op, options }: { op: string; options: S3Options },
): Verdict | undefined {
  if (options.encryption?.algorithm === 'aws:kms' && /kms/i.test(`${codes.join(' ')} ${message}`)) {
    return ['encryption-missing', 'Check the key id, and that the credentials may use the key'];
  }
  if (options.lock && codes.includes('InvalidRequest') && (op === 'put' || op === 'check')) {
    return ['lock-missing', 'Object lock can only be had when the bucket is created with it'];
  }
  return undefined;
}
