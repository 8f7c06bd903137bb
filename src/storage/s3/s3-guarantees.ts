import {
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  type ObjectLockMode,
  PutObjectRetentionCommand,
  type S3Client,
  type ServerSideEncryption,
} from '@aws-sdk/client-s3';
import { StorageError } from '../../workflow/ports/destination.ts';
import type { S3Options } from './s3-options.ts';

const dayMs = 24 * 60 * 60 * 1000;
// Servers store the end of a lock in whole seconds.
const lockSlackMs = 60_000;

/** What the configuration guarantees of each object, as the headers that ask for it and as what must be read back. */
export interface Guarantees {
  readonly headers: {
    readonly ServerSideEncryption?: ServerSideEncryption;
    readonly SSEKMSKeyId?: string;
    readonly ObjectLockMode?: ObjectLockMode;
    readonly ObjectLockRetainUntilDate?: Date;
  };
  readonly encryption: string | undefined;
  readonly lock: { readonly mode: ObjectLockMode; readonly until: Date } | undefined;
}

export function guaranteesOf({ encryption, lock, clock }: S3Options): Guarantees {
  const until = new Date(clock.now() + (lock?.days ?? 0) * dayMs);
  return {
    headers: {
      ...(encryption ? { ServerSideEncryption: encryption.algorithm } : {}),
      ...(encryption?.algorithm === 'aws:kms' && encryption.keyId !== undefined
        ? { SSEKMSKeyId: encryption.keyId }
        : {}),
      ...(lock ? { ObjectLockMode: lock.mode, ObjectLockRetainUntilDate: until } : {}),
    },
    encryption: encryption?.algorithm,
    lock: lock ? { mode: lock.mode, until } : undefined,
  };
}

/**
 * Servers drop what they do not know of without a word, above all on uploads in parts: so compare. A dropped lock is asked
 * for once more in a request of its own. Returns the object's head as it is at last; throws when a guarantee is not kept.
 */
export async function verifyGuarantees(
  client: S3Client,
  target: { readonly bucket: string; readonly key: string },
  head: HeadObjectCommandOutput,
  guarantees: Guarantees,
): Promise<HeadObjectCommandOutput> {
  verifyEncryption(target, head.ServerSideEncryption, guarantees.encryption);
  const { lock } = guarantees;
  if (!lock || holds(head, lock)) return head;
  const again = await lockAgain(client, target, head, lock);
  if (holds(again, lock)) return again;
  throw new StorageError({
    op: 'put',
    key: target.key,
    kind: 'lock-missing',
    message:
      `put of s3://${target.bucket}/${target.key}: expected a ${lock.mode} lock until ${lock.until.toISOString()}, ` +
      `found ${again.ObjectLockMode ?? 'none'} ${again.ObjectLockRetainUntilDate?.toISOString() ?? ''}`.trimEnd(),
    hint: 'The server drops locks without a word: use a server and a bucket with object lock, or ask for none',
  });
}

export function verifyEncryption(
  target: { readonly bucket: string; readonly key: string },
  found: string | undefined,
  expected: string | undefined,
): void {
  if (expected === undefined || found === expected) return;
  throw new StorageError({
    op: 'put',
    key: target.key,
    kind: 'encryption-missing',
    message: `s3://${target.bucket}/${target.key}: expected server-side encryption ${expected}, found ${found ?? 'none'}`,
    hint: 'The server drops the wish without a word: switch encryption on there, or encrypt for recipients instead',
  });
}

function holds(head: HeadObjectCommandOutput, lock: NonNullable<Guarantees['lock']>): boolean {
  const until = head.ObjectLockRetainUntilDate?.getTime() ?? 0;
  return head.ObjectLockMode === lock.mode && until >= lock.until.getTime() - lockSlackMs;
}

async function lockAgain(
  client: S3Client,
  { bucket, key }: { readonly bucket: string; readonly key: string },
  head: HeadObjectCommandOutput,
  lock: NonNullable<Guarantees['lock']>,
): Promise<HeadObjectCommandOutput> {
  const version = head.VersionId === undefined ? {} : { VersionId: head.VersionId };
  try {
    await client.send(
      new PutObjectRetentionCommand({
        Bucket: bucket,
        Key: key,
        ...version,
        Retention: { Mode: lock.mode, RetainUntilDate: lock.until },
      }),
    );
  } catch {
    // Whatever it says, the lock is missing: that is what has to be reported.
    return head;
  }
  return await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ...version }));
}
