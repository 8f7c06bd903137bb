import { Encrypter } from 'age-encryption';
import * as z from 'zod';
import { recipientProblem } from '../../domain/copies/recipient.ts';
import { certificates } from './certificates.ts';
import { list, localPath, secret, slackUserId, text, wholeNumber, yesOrNo } from './values.ts';

// Where backups go: destinations, recipients of encrypted files, and which file goes where.

/** The name of a destination or a recipient, as it appears in commands, messages and RESTORE.md. */
const shortName = text(
  'a name of at most 40 letters, digits and . _ @ - that starts with a letter or digit',
  /^[A-Za-z0-9][A-Za-z0-9._@-]*$/,
  40,
);

const credential = (name: string) =>
  secret(`the ${name}`, (value) => /^[^\s\p{C}]+$/u.test(value) && value.length <= 4096);

const credentials = z.strictObject(
  {
    accessKeyId: credential('access key id').describe('Access key id'),
    secretAccessKey: credential('secret access key').describe('Secret access key'),
    sessionToken: credential('session token').describe('Session token').optional(),
  },
  { error: 'accessKeyId and secretAccessKey, each as a reference to a secret' },
);

const encryption = z
  .strictObject(
    {
      algorithm: z
        .enum(['AES256', 'aws:kms'], { error: 'AES256 or aws:kms' })
        .describe('AES256: keys of the server; aws:kms: keys of its key management service'),
      keyId: text('the id of a key of the key management service', /^[\w:/.-]+$/, 2048)
        .describe("Key of aws:kms; absent: the bucket's or the account's own")
        .optional(),
    },
    { error: 'algorithm: AES256, or algorithm: aws:kms and keyId: KEY' },
  )
  .describe('Encryption by the server; checked after each upload')
  .transform(({ algorithm, keyId }) => (algorithm === 'AES256' ? { algorithm } : { algorithm, keyId }));

const lock = z.strictObject(
  {
    mode: z
      .enum(['GOVERNANCE', 'COMPLIANCE'], { error: 'GOVERNANCE or COMPLIANCE' })
      .describe(
        'GOVERNANCE: people with a special permission can lift it; COMPLIANCE: no one can, until it ends',
      ),
    days: wholeNumber(1, 36_500).describe('How long an object cannot be removed or changed'),
  },
  { error: 'mode: GOVERNANCE and days: NUMBER' },
);

const endpoint = z.string({ error: endpointExpected() }).transform((address, context) => {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  const isBare = url?.pathname === '/' && url.username + url.password + url.search + url.hash === '';
  if (!isWeb || !isBare) {
    context.addIssue({ code: 'custom', message: endpointExpected() });
    return z.NEVER;
  }
  return url.origin;
});

function endpointExpected(): string {
  return 'an https:// address without path, user or password, such as https://s3.example.com';
}

const s3Keys = z.strictObject(
  {
    bucket: text(
      'the name of a bucket: 3 to 63 small letters, digits, dots and dashes',
      /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      63,
    ).describe('Bucket; it must exist'),
    prefix: text(
      'the beginning of all keys: letters, digits and . _ + = @ - in parts joined by /, without / at its ends',
      /^[A-Za-z0-9_+=@-][A-Za-z0-9._+=@-]*(\/[A-Za-z0-9_+=@-][A-Za-z0-9._+=@-]*)*$/,
      200,
    )
      .describe('Put before every key; absent: the bucket itself')
      .optional(),
    endpoint: endpoint.describe("Address of the server; absent: Amazon's").optional(),
    region: text('the name of a region, such as eu-central-1', /^[A-Za-z0-9][A-Za-z0-9-]*$/, 64).describe(
      'Region; servers that know none take us-east-1',
    ),
    pathStyle: yesOrNo()
      .describe(
        'https://host/bucket/key instead of https://bucket.host/key; absent: true where an endpoint is given',
      )
      .optional(),
    credentials: credentials
      .describe(
        "Keys of this destination alone; absent: the AWS SDK's chain (environment, shared files, web identity, instance role)",
      )
      .optional(),
    ca: certificates
      .describe("Authority that signed the endpoint's certificate; absent: the system's")
      .optional(),
    encryption: encryption.optional(),
    lock: lock.describe('Object lock of every object; checked after each upload').optional(),
    checksum: z
      .enum(['sha256', 'content-md5'], { error: 'sha256 or content-md5' })
      .describe('How the server is given the digest of each part; content-md5 where it does not know sha256')
      .default('sha256'),
  },
  { error: 'bucket: NAME and region: REGION' },
);

const s3 = s3Keys
  .describe('An S3-compatible bucket')
  .transform(({ prefix = '', endpoint, pathStyle, credentials, ca, encryption, lock, ...rest }) => ({
    ...rest,
    prefix,
    endpoint,
    pathStyle: pathStyle ?? endpoint !== undefined,
    credentials,
    ca,
    encryption,
    lock,
  }));

const many = () => wholeNumber(1, 10_000).optional();
const retention = z
  .strictObject(
    {
      newest: many().describe('Keep the newest N verified backups'),
      days: many().describe('Keep what is younger than so many days'),
      daily: many().describe('Keep the newest of each of the last N days that have a backup'),
      weekly: many().describe('Keep the newest of each of the last N weeks that have a backup'),
      monthly: many().describe('Keep the newest of each of the last N months that have a backup'),
    },
    { error: 'some of newest, days, daily, weekly and monthly' },
  )
  .meta({ minProperties: 1 });

export const destinationSchema = z
  .strictObject(
    {
      name: shortName.describe('Name of the destination in copies and messages; unique'),
      directory: z
        .strictObject(
          {
            path: localPath('the path of a directory').describe(
              "A directory that exists, such as a mounted volume; a relative path starts at this file's directory",
            ),
          },
          { error: 'path: PATH' },
        )
        .describe('A directory')
        .optional(),
      s3: s3.optional(),
      where: text(
        'how people reach the place, in at most 300 characters on one line (such as: NFS export nas-1.example.com:/srv/etcd-backups)',
        /^[^\s\p{C}](?:[^\p{C}]*[^\s\p{C}])?$/u,
        300,
      )
        .describe(
          "How people reach the place without the bot: export, host, mount. No secret: it is written into RESTORE.md. Absent: RESTORE.md names the bot's own path",
        )
        .optional(),
      custodians: list(
        text('who can fetch it, in at most 120 characters', /^[^\s\p{C}](?:[^\p{C}]*[^\s\p{C}])?$/u, 120),
        'a list of names',
      )
        .describe('Who can fetch files from there, as people know them; named in threads')
        .default([]),
      owners: list(slackUserId, 'a list of Slack member ids')
        .describe(
          'Who may adopt the place (destination adopt) and is informed when it is not the known one; absent: a cluster-admin of every cluster that uses it may adopt it, and the owners of those clusters are informed',
        )
        .default([]),
      retention: retention
        .describe('What is kept there of each cluster: a backup that any rule wants; absent: everything')
        .optional(),
    },
    { error: 'a name, and directory or s3' },
  )
  .meta({ oneOf: [{ required: ['directory'] }, { required: ['s3'] }] });

const recipientExpected = 'an age public key (age1…, 62 characters, lower case)';
const recipientKey = z
  .string({ error: recipientExpected })
  .refine((key) => recipientHint(key) === undefined, { error: recipientExpected });

/** Why this is no public key that age encrypts for; undefined: it is one. */
export function recipientHint(key: string): string | undefined {
  return recipientProblem(key, (each) => new Encrypter().addRecipient(each));
}

export const recipientSchema = z.strictObject(
  {
    name: shortName.describe('Name of the recipient in encryptFor and messages; unique'),
    key: recipientKey.describe(
      'Public key (age1…) as age-keygen prints it; the secret key never comes near the bot',
    ),
  },
  { error: 'name: NAME and key: age1…' },
);

const copy = z.strictObject(
  {
    to: shortName.describe('Name of a destination'),
    encryptFor: list(shortName, 'a list of names of recipients')
      .describe('Recipients, each of whom can open the file alone; empty: it is stored as it is')
      .default([]),
  },
  { error: 'to: DESTINATION' },
);

/** Both files or none: one without the other restores nothing. */
export const copiesSchema = z
  .union(
    [
      z.strictObject({
        snapshot: copy.describe('Where the etcd snapshot goes'),
        resources: copy.describe('Where the static pod resources go'),
      }),
      z.literal('none'),
    ],
    { error: 'snapshot: {to: DESTINATION} and resources: {to: DESTINATION}, or none' },
  )
  .describe('Where the two files of each backup go; absent or none: they stay on the node')
  .optional()
  .transform((said) => (said === 'none' ? undefined : said));

export type DestinationEntry = z.output<typeof destinationSchema>;
export type S3Entry = z.output<typeof s3>;
export type RecipientEntry = z.output<typeof recipientSchema>;
