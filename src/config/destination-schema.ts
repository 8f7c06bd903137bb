import * as z from 'zod';
import { recipientProblem } from '../domain/recipient.ts';
import { list, localPath, secret, text, wholeNumber, yesOrNo } from './values.ts';

// Where backups go: destinations, recipients of encrypted files, and which file goes where.

/** How a destination or a recipient is called: stands in commands, messages and RESTORE.md. */
const shortName = text(
  'a name of at most 40 letters, digits and . _ @ - that starts with a letter or digit',
  /^[A-Za-z0-9][A-Za-z0-9._@-]*$/,
  40,
);

const credential = (name: string) =>
  secret(`the ${name}`, (value) => /^[^\s\p{C}]+$/u.test(value) && value.length <= 4096);

const credentials = z.strictObject(
  {
    accessKeyId: credential('access key id').meta({ description: 'Access key id' }),
    secretAccessKey: credential('secret access key').meta({ description: 'Secret access key' }),
    sessionToken: credential('session token').meta({ description: 'Session token' }).optional(),
  },
  { error: 'accessKeyId and secretAccessKey, each as a reference to a secret' },
);

const encryption = z.strictObject(
  {
    algorithm: z
      .enum(['AES256', 'aws:kms'], { error: 'AES256 or aws:kms' })
      .meta({ description: 'AES256: keys of the server; aws:kms: keys of its key management service' }),
    keyId: text('the id of a key of the key management service', /^[\w:/.-]+$/, 2048)
      .meta({ description: "Key of aws:kms; absent: the bucket's or the account's own" })
      .optional(),
  },
  { error: 'algorithm: AES256, or algorithm: aws:kms and keyId: KEY' },
);

const lock = z.strictObject(
  {
    mode: z.enum(['GOVERNANCE', 'COMPLIANCE'], { error: 'GOVERNANCE or COMPLIANCE' }).meta({
      description:
        'GOVERNANCE: people with a special right may lift it; COMPLIANCE: nobody may, until it ends',
    }),
    days: wholeNumber(1, 36_500).meta({ description: 'How long nobody can remove or change an object' }),
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

const certificateText = /^\s*(-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/;
const certificate = z.union([z.string(), z.strictObject({ file: localPath('the path of a PEM file') })], {
  error: certificateExpected(),
});
const ca = certificate.transform((value, context) => {
  if (typeof value === 'string' && certificateText.test(value)) return value;
  context.addIssue({ code: 'custom', message: certificateExpected() });
  return z.NEVER;
});

function certificateExpected(): string {
  return 'certificates in PEM form, as {file: PATH}';
}

const s3 = z.strictObject(
  {
    bucket: text(
      'the name of a bucket: 3 to 63 small letters, digits, dots and dashes',
      /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      63,
    ).meta({ description: 'Bucket; it must exist' }),
    prefix: text(
      'the beginning of all keys: letters, digits and . _ + = @ - in parts joined by /, without / at its ends',
      /^[A-Za-z0-9_+=@-][A-Za-z0-9._+=@-]*(\/[A-Za-z0-9_+=@-][A-Za-z0-9._+=@-]*)*$/,
      200,
    )
      .meta({ description: 'Put before every key; absent: the bucket itself' })
      .optional(),
    endpoint: endpoint.meta({ description: "Address of the server; absent: Amazon's" }).optional(),
    region: text('the name of a region, such as eu-central-1', /^[A-Za-z0-9][A-Za-z0-9-]*$/, 64).meta({
      description: 'Region; servers that know none take us-east-1',
    }),
    pathStyle: yesOrNo()
      .meta({
        description:
          'https://host/bucket/key instead of https://bucket.host/key; absent: true where an endpoint is given',
      })
      .optional(),
    credentials: credentials
      .meta({
        description:
          "Keys of this destination alone; absent: the AWS SDK's chain (environment, shared files, web identity, instance role)",
      })
      .optional(),
    ca: ca
      .meta({ description: "Authority that signed the endpoint's certificate; absent: the system's" })
      .optional(),
    encryption: encryption
      .meta({ description: 'Encryption by the server; checked after each upload' })
      .optional(),
    lock: lock.meta({ description: 'Object lock of every object; checked after each upload' }).optional(),
    checksum: z
      .enum(['sha256', 'content-md5'], { error: 'sha256 or content-md5' })
      .meta({
        description:
          'How the server is given the digest of each part; content-md5 where it does not know sha256',
        default: 'sha256',
      })
      .optional(),
  },
  { error: 'bucket: NAME and region: REGION' },
);

const many = () => wholeNumber(1, 10_000).optional();
const retention = z
  .strictObject(
    {
      newest: many().meta({ description: 'Keep the newest N proven backups' }),
      days: many().meta({ description: 'Keep what is younger than so many days' }),
      daily: many().meta({ description: 'Keep the newest of each of the last N days that have a backup' }),
      weekly: many().meta({ description: 'Keep the newest of each of the last N weeks that have a backup' }),
      monthly: many().meta({
        description: 'Keep the newest of each of the last N months that have a backup',
      }),
    },
    { error: 'some of newest, days, daily, weekly and monthly' },
  )
  .meta({ minProperties: 1 });

export const destinationSchema = z
  .strictObject(
    {
      name: shortName.meta({ description: 'Name of the destination in copies and messages; unique' }),
      directory: z
        .strictObject(
          {
            path: localPath('the path of a directory').meta({
              description:
                "A directory that exists, such as a mounted volume; a relative path starts at this file's directory",
            }),
          },
          { error: 'path: PATH' },
        )
        .meta({ description: 'A directory' })
        .optional(),
      s3: s3.meta({ description: 'An S3-compatible bucket' }).optional(),
      custodians: list(
        text('who can fetch it, in at most 120 characters', /^[^\s\p{C}](?:[^\p{C}]*[^\s\p{C}])?$/u, 120),
        'a list of names',
      )
        .meta({
          description: 'Who can fetch files from there, as people know them; told in threads',
          default: [],
        })
        .optional(),
      retention: retention
        .meta({
          description: 'What is kept there of each cluster: a backup that any rule wants; absent: everything',
        })
        .optional(),
    },
    { error: 'a name, and directory or s3' },
  )
  .meta({ oneOf: [{ required: ['directory'] }, { required: ['s3'] }] });

const recipientExpected = 'an age public key (age1…, 62 characters, lower case)';
const recipientKey = z
  .string({ error: recipientExpected })
  .refine((key) => recipientProblem(key) === undefined, { error: recipientExpected });

export const recipientSchema = z.strictObject(
  {
    name: shortName.meta({ description: 'Name of the recipient in encryptFor and messages; unique' }),
    key: recipientKey.meta({
      description: 'Public key (age1…) as age-keygen prints it; the secret key never comes near the bot',
    }),
  },
  { error: 'name: NAME and key: age1…' },
);

const copy = z.strictObject(
  {
    to: shortName.meta({ description: 'Name of a destination' }),
    encryptFor: list(shortName, 'a list of names of recipients')
      .meta({
        description: 'Recipients, each of whom can open the file alone; empty: it is stored as it is',
        default: [],
      })
      .optional(),
  },
  { error: 'to: DESTINATION' },
);

/** Both files or none: one without the other restores nothing. */
export const copiesSchema = z.union(
  [
    z.strictObject({
      snapshot: copy.meta({ description: 'Where the etcd snapshot goes' }),
      resources: copy.meta({ description: 'Where the static pod resources go' }),
    }),
    z.literal('none'),
  ],
  { error: 'snapshot: {to: DESTINATION} and resources: {to: DESTINATION}, or none' },
);

export type DestinationEntry = z.output<typeof destinationSchema>;
export type RecipientEntry = z.output<typeof recipientSchema>;
export type CopiesEntry = z.output<typeof copiesSchema>;
export type RetentionEntry = NonNullable<DestinationEntry['retention']>;
