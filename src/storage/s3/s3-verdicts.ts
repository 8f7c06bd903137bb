import type { StorageErrorKind } from '../../workflow/ports/destination.ts';

/** What an answer means, and what to do next. */
export type Verdict = readonly [StorageErrorKind, string];

export const credentials: Verdict = [
  'denied',
  "Compare the destination's access key and secret with the server's; a rotated one must be changed here too",
];
export const rights: Verdict = [
  'denied',
  'Give the credentials the rights to this bucket and prefix that the documentation lists',
];
export const full: Verdict = ['full', 'Raise the quota or free space there'];
export const busy: Verdict = ['unreachable', 'The server is overloaded or failing; try again later'];
const token: Verdict = [
  'denied',
  'The temporary credentials are over or refused: renew the session token, or the role and web identity they come from',
];
const account: Verdict = [
  'denied',
  "The provider has closed or blocked the account: look at the provider's console",
];
const clock: Verdict = [
  'clock-skew',
  'The clocks of the bot and of the server differ by more than 15 minutes: correct them (NTP)',
];
const network: Verdict = ['unreachable', 'Check the endpoint, the network and the firewall between'];
const tls: Verdict = [
  'unreachable',
  "The server's certificate is not trusted: give its authority (ca) in the configuration",
];
const slow: Verdict = ['timeout', 'The server did not answer in time; try again later'];
const region: Verdict = ['other', 'The bucket lies in another region: correct the region or the endpoint'];
const lockless: Verdict = ['lock-missing', 'Object lock can only be had when the bucket is created with it'];
const kms: Verdict = [
  'other',
  "The server's encryption key is disabled, deleted or not to be used: without it nothing can be stored or read there",
];
const altered: Verdict = [
  'other',
  'What arrived is not what was sent: try again, and look at what lies between the bot and the server',
];
const lostUpload: Verdict = [
  'other',
  'The unfinished upload was dropped meanwhile, by a lifecycle rule or another program: try again',
];
const tooLarge: Verdict = ['full', 'The file is larger than the server takes: raise its limit'];

/** By the code of the server's answer, or of the system's error. */
export const verdicts: Readonly<Record<string, Verdict>> = {
  NoSuchBucket: ['not-found', 'The bucket does not exist: create it or correct its name'],
  NoSuchKey: ['not-found', 'There is no such object'],
  NoSuchVersion: ['not-found', 'There is no such object'],
  PreconditionFailed: ['exists', 'What is there stays; use another key'],
  ConditionalRequestConflict: ['exists', 'Another writer is storing the same key'],
  OperationAborted: busy,
  ...each(credentials, [
    'InvalidAccessKeyId',
    'SignatureDoesNotMatch',
    'InvalidSignatureException',
    'IncompleteSignature',
    'MissingAuthenticationToken',
    'AuthFailure',
    'Unauthorized',
    'UnrecognizedClientException',
    'InvalidClientTokenId',
    'InvalidSecurity',
    'NoSuchAccessKey',
  ]),
  ...each(token, [
    'InvalidToken',
    'ExpiredToken',
    'ExpiredTokenException',
    'TokenRefreshRequired',
    'InvalidIdentityToken',
    'InvalidIdentityTokenException',
    'IDPRejectedClaim',
    'IDPRejectedClaimException',
    'TokenProviderError',
    'RegionDisabledException',
  ]),
  CredentialsProviderError: [
    'denied',
    'No credentials were found: name them in the configuration or give the bot a role',
  ],
  IDPCommunicationError: busy,
  IDPCommunicationErrorException: busy,
  ...each(rights, ['AccessDenied', 'AccessDeniedException', 'AllAccessDisabled', 'Forbidden']),
  ...each(account, ['AccountProblem', 'NotSignedUp', 'UserSuspended', 'InvalidPayer']),
  ...each(clock, ['RequestTimeTooSkewed', 'RequestExpired', 'RequestInTheFuture']),
  ...each(full, [
    'QuotaExceeded',
    'StorageQuotaExceeded',
    'XMinioStorageFull',
    'XMinioAdminBucketQuotaExceeded',
    'InsufficientStorage',
    'InsufficientCapacity',
  ]),
  ...each(tooLarge, ['EntityTooLarge', 'MaxSizeExceeded']),
  ...each(lockless, ['ObjectLockConfigurationNotFoundError', 'InvalidBucketState']),
  ...each(busy, [
    'SlowDown',
    'SlowDownRead',
    'SlowDownWrite',
    'ServiceUnavailable',
    'ServerBusy',
    'InternalError',
    'TooManyRequests',
    'TooManyRequestsException',
    'Throttling',
    'ThrottlingException',
    'ThrottledException',
    'RequestLimitExceeded',
    'RequestThrottled',
    'BandwidthLimitExceeded',
    'TemporaryRedirect',
    'XMinioServerNotInitialized',
    'XMinioBackendDown',
  ]),
  ...each(region, [
    'PermanentRedirect',
    'AuthorizationHeaderMalformed',
    'IllegalLocationConstraintException',
    'IncorrectEndpoint',
    'InvalidRegionName',
  ]),
  ...each(altered, ['BadDigest', 'InvalidDigest', 'XAmzContentSHA256Mismatch', 'IncompleteBody']),
  ...each(lostUpload, ['NoSuchUpload', 'InvalidPart']),
  ...each(kms, [
    'KMS.DisabledException',
    'KMS.NotFoundException',
    'KMS.KMSInvalidStateException',
    'KMS.InvalidKeyUsageException',
    'KMSKeyNotFoundException',
  ]),
  InvalidObjectState: [
    'other',
    'The object lies in an archive class (Glacier): have the server restore it first, and give backups a class that is read at once',
  ],
  InvalidBucketName: ['other', "Correct the bucket's name: the server does not take it"],
  MethodNotAllowed: [
    'other',
    'The server does not allow this call here: check the endpoint and the path style',
  ],
  NotImplemented: ['other', 'The server lacks a function that the bot needs: the message names it'],
  ...each(network, [
    'ECONNREFUSED',
    'ECONNRESET',
    'ECONNABORTED',
    'EPIPE',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'EHOSTDOWN',
    'ENETUNREACH',
    'ENETDOWN',
    'EADDRNOTAVAIL',
  ]),
  ...each(tls, [
    'EPROTO',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'CERT_SIGNATURE_FAILURE',
    'CERT_UNTRUSTED',
    'CERT_REVOKED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ]),
  ...each(slow, ['ETIMEDOUT', 'TimeoutError', 'RequestTimeout', 'RequestTimeoutException', 'GatewayTimeout']),
};

function each(verdict: Verdict, codes: readonly string[]): Readonly<Record<string, Verdict>> {
  return Object.fromEntries(codes.map((code) => [code, verdict]));
}
