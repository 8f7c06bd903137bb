import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import { s3Destination } from '../../../src/storage/s3/s3.ts';
import type { S3Options } from '../../../src/storage/s3/s3-options.ts';
import type { StorageError, StorageErrorKind } from '../../../src/workflow/ports/destination.ts';
import { chunksOf, pattern, storageError } from '../../contracts/destination-samples.ts';
import { type Answer, refusal, s3Front } from '../s3-front.ts';

const signal = new AbortController().signal;

function optionsFor(endpoint: string, changes: Partial<S3Options>): S3Options {
  return {
    name: 'vault',
    bucket: 'etcd-keys',
    prefix: 'p',
    endpoint,
    region: 'us-east-1',
    pathStyle: true,
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret-value' },
    ca: undefined,
    encryption: undefined,
    lock: undefined,
    checksum: 'sha256',
    clock: { now: () => Date.now(), sleep: async () => undefined },
    limits: { attempts: 1 },
    ...changes,
  };
}

/** A place whose server answers everything alike. */
async function answering(t: TestContext, answer: Answer, changes: Partial<S3Options> = {}) {
  const front = await s3Front();
  t.after(() => front.close());
  front.script = () => answer;
  return s3Destination(optionsFor(front.endpoint, changes));
}

type Named = readonly [status: number, code: string, kind: StorageErrorKind, hint: RegExp, message?: string];

/** As servers have answered them: Amazon (S3, STS, KMS), Ceph, MinIO, Backblaze, Wasabi, GCS, R2. */
const names: readonly Named[] = [
  [400, 'ExpiredToken', 'denied', /renew the session token/],
  [400, 'ExpiredTokenException', 'denied', /renew the session token/],
  [400, 'InvalidToken', 'denied', /renew the session token/],
  [400, 'TokenRefreshRequired', 'denied', /renew the session token/],
  [400, 'InvalidIdentityToken', 'denied', /web identity/],
  [400, 'InvalidIdentityTokenException', 'denied', /web identity/],
  [403, 'IDPRejectedClaim', 'denied', /web identity/],
  [403, 'InvalidClientTokenId', 'denied', /access key/],
  [400, 'UnrecognizedClientException', 'denied', /access key/],
  [403, 'InvalidAccessKeyId', 'denied', /access key/],
  [403, 'SignatureDoesNotMatch', 'denied', /access key/],
  [403, 'IncompleteSignature', 'denied', /access key/],
  [401, 'Unauthorized', 'denied', /access key/],
  [403, 'AccessDenied', 'denied', /rights to this bucket/],
  [403, 'AccessDenied', 'denied', /web identity/, 'Not authorized to perform sts:AssumeRoleWithWebIdentity'],
  [403, 'AccessDenied', 'full', /quota/, 'Cannot upload files, storage cap exceeded. See the Caps page'],
  [403, 'AccountProblem', 'denied', /account/],
  [403, 'UserSuspended', 'denied', /account/],
  [403, 'SomethingNew', 'denied', /rights to this bucket/],
  [403, 'RequestTimeTooSkewed', 'clock-skew', /NTP/],
  [403, 'RequestExpired', 'clock-skew', /NTP/],
  [403, 'QuotaExceeded', 'full', /quota/],
  [507, 'InsufficientStorage', 'full', /free space/],
  [507, 'XMinioStorageFull', 'full', /free space/],
  [400, 'XMinioAdminBucketQuotaExceeded', 'full', /quota/],
  [507, 'SomethingNew', 'full', /free space/],
  [400, 'EntityTooLarge', 'full', /larger than the server takes/],
  [503, 'SlowDown', 'unreachable', /overloaded/],
  [503, 'SlowDownWrite', 'unreachable', /overloaded/],
  [429, 'TooManyRequests', 'unreachable', /overloaded/],
  [429, 'SomethingNew', 'unreachable', /overloaded/],
  [400, 'ThrottlingException', 'unreachable', /overloaded/],
  [503, 'ServiceUnavailable', 'unreachable', /overloaded/],
  [503, 'XMinioServerNotInitialized', 'unreachable', /overloaded/],
  [500, 'InternalError', 'unreachable', /overloaded/],
  [409, 'OperationAborted', 'unreachable', /overloaded/],
  [502, 'SomethingNew', 'unreachable', /overloaded/],
  [400, 'RequestTimeout', 'timeout', /in time/],
  [404, 'NoSuchBucket', 'not-found', /bucket does not exist/],
  [404, 'SomethingNew', 'other', /does not name what is missing/],
  [301, 'PermanentRedirect', 'other', /region/],
  [400, 'AuthorizationHeaderMalformed', 'other', /region/],
  [400, 'IllegalLocationConstraintException', 'other', /region/],
  [400, 'KMS.DisabledException', 'other', /encryption key/],
  [400, 'KMS.KMSInvalidStateException', 'other', /encryption key/],
  [400, 'KMS.SomethingNew', 'other', /encryption key/],
  [403, 'InvalidObjectState', 'other', /archive class/],
  [400, 'BadDigest', 'other', /not what was sent/],
  [404, 'NoSuchUpload', 'other', /dropped meanwhile/],
  [405, 'MethodNotAllowed', 'other', /path style/],
  [501, 'NotImplemented', 'other', /lacks a function/],
  [400, 'InvalidBucketName', 'other', /name/],
  [400, 'SomethingNew', 'other', /server's own log/],
];

suite('S3: each error that servers are known to answer has a kind and a next step', () => {
  for (const [status, code, kind, hint, message = ''] of names) {
    test(`${status} ${code}${message && ` (${message})`}: ${kind}`, async (t) => {
      const place = await answering(t, refusal(status, code, message));
      const expected = (error: unknown): true => {
        storageError(kind)(error);
        assert.match((error as StorageError).hint, hint);
        assert(!inspect(error, { depth: 9, showHidden: true }).includes('secret-value'));
        return true;
      };
      await assert.rejects(place.list(''), expected);
      await assert.rejects(place.check(), expected);
    });
  }

  test('a key that must encrypt is missed when something is written, not when it is read', async (t) => {
    const encryption = { algorithm: 'aws:kms', keyId: 'a' } as const;
    const place = await answering(t, refusal(400, 'KMS.DisabledException'), { encryption });
    await assert.rejects(place.check(), storageError('encryption-missing'));
    await assert.rejects(place.stat('run/a'), storageError('other'));
  });

  test('of an object in an archive class is said that it is there', async (t) => {
    const place = await answering(t, refusal(403, 'InvalidObjectState'));
    await assert.rejects(place.open('run/a', { signal }), storageError('other'));
  });
});

suite('S3: temporary credentials that cannot be had', () => {
  const answers: readonly (readonly [Answer, StorageErrorKind])[] = [
    [
      sts(400, 'ExpiredTokenException', 'Token expired: current date/time must be before the expiration'),
      'denied',
    ],
    [sts(400, 'InvalidIdentityToken', 'No OpenIDConnect provider found in your account'), 'denied'],
    [sts(403, 'AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity'), 'denied'],
    [sts(403, 'InvalidClientTokenId', 'The security token included in the request is invalid'), 'denied'],
    [sts(400, 'RegionDisabledException', 'STS is not activated in this region'), 'denied'],
  ];
  for (const [answer, kind] of answers) {
    test(`${answer.status} ${/<Code>(\w+)/.exec(String(answer.body))?.[1]}: ${kind}`, async (t) => {
      const front = await s3Front();
      t.after(() => front.close());
      front.script = () => answer;
      const directory = await mkdtemp(join(tmpdir(), 'web-identity-'));
      t.after(() => rm(directory, { recursive: true, force: true }));
      await writeFile(join(directory, 'token'), 'not-a-real-token');
      setEnvironment(t, {
        AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/etcd-backup',
        AWS_WEB_IDENTITY_TOKEN_FILE: join(directory, 'token'),
        AWS_ENDPOINT_URL_STS: front.endpoint,
        AWS_REGION: 'us-east-1',
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_MAX_ATTEMPTS: '1',
      });
      const place = s3Destination(optionsFor(front.endpoint, { credentials: undefined }));
      const refused = (error: unknown): true => {
        storageError(kind)(error);
        assert.match((error as StorageError).hint, /web identity|access key/);
        assert(!inspect(error, { depth: 9, showHidden: true }).includes('not-a-real-token'));
        return true;
      };
      await assert.rejects(place.check(), refused);
      await assert.rejects(place.put('run/a', chunksOf(pattern(1)), { signal }), refused);
      await assert.rejects(place.stat('run/a'), refused);
    });
  }
});

function sts(status: number, code: string, message: string): Answer {
  const body =
    `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>` +
    `<Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

function setEnvironment(t: TestContext, values: Readonly<Record<string, string>>): void {
  const cleared = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'];
  const before = { ...process.env };
  for (const name of cleared) delete process.env[name];
  Object.assign(process.env, values);
  t.after(() => {
    for (const name of Object.keys(values)) delete process.env[name];
    Object.assign(process.env, before);
  });
}
