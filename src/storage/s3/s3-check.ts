import { randomUUID } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import type { CheckNote } from '../../domain/copies/check-note.ts';
import { StorageError } from '../../workflow/ports/destination.ts';
import { parseAwsError, s3Error } from './s3-errors.ts';
import { guaranteesOf, verifyEncryption } from './s3-guarantees.ts';
import { endAbandonedUploads, testKeyStart } from './s3-leftovers.ts';
import { listObjects } from './s3-list.ts';
import type { S3Place } from './s3-place.ts';
import { putObject } from './s3-put.ts';
import { removeObject } from './s3-remove.ts';

const testBytes = Buffer.from('etcd-backup check: to be removed');
// Longer than a check takes: what is older was left by one that was killed or may not remove.
const leftAfterMs = 10 * 60 * 1000;

/** See Destination.check. Begins with a list, whose failures say why; HEAD answers with bare numbers. */
export async function checkS3(
  place: S3Place,
  isUnderWay: (key: string) => boolean,
): Promise<readonly CheckNote[]> {
  const { client, options } = place;
  try {
    await client.send(
      new ListObjectsV2Command({ Bucket: options.bucket, Prefix: place.beforeKeys, MaxKeys: 1 }),
    );
    const lockedByDefault = await checkLock(place);
    await checkParts(place, lockedByDefault);
    const written: readonly CheckNote[] = lockedByDefault ? ['no-test-write'] : await writeAndRead(place);
    const uploads = await endAbandonedUploads(place, isUnderWay);
    return [
      ...written,
      ...(place.conditionalWrites ? [] : (['no-conditional-write'] as const)),
      ...(uploads === 'unseen' ? (['uploads-unseen'] as const) : []),
    ];
  } catch (error) {
    throw s3Error(error, { op: 'check', options });
  }
}

/**
 * Whether the bucket itself locks what is stored. A server that refuses to say so, or cannot, is taken to have no such rule:
 * otherwise a few bytes stay locked once, and no further ones are written.
 */
async function checkLock({ client, options }: S3Place): Promise<boolean> {
  const asking = client.send(new GetObjectLockConfigurationCommand({ Bucket: options.bucket }));
  if (!options.lock) {
    const answer = await asking.catch((error: unknown) => {
      const { status = 500 } = parseAwsError(error);
      if (status >= 500 && status !== 501) throw error;
    });
    return answer?.ObjectLockConfiguration?.Rule?.DefaultRetention !== undefined;
  }
  const { ObjectLockConfiguration: lock } = await asking;
  if (lock?.ObjectLockEnabled === 'Enabled') return lock.Rule?.DefaultRetention !== undefined;
  throw new StorageError({
    op: 'check',
    kind: 'lock-missing',
    message: `check of s3://${options.bucket}: expected a bucket with object lock, it has none`,
    hint: 'Object lock can only be had when the bucket is created with it',
  });
}

/** An upload in parts that is begun and dropped needs the right to write and leaves nothing, not even in a locked bucket. */
async function checkParts({ client, options, beforeKeys }: S3Place, lockedByDefault: boolean): Promise<void> {
  const { ServerSideEncryption, SSEKMSKeyId } = guaranteesOf(options).headers;
  const target = { Bucket: options.bucket, Key: `${beforeKeys}${testKeyStart}${randomUUID()}` };
  const begun = await client.send(
    new CreateMultipartUploadCommand({
      ...target,
      ...(ServerSideEncryption === undefined ? {} : { ServerSideEncryption }),
      ...(SSEKMSKeyId === undefined ? {} : { SSEKMSKeyId }),
      ...(options.checksum === 'sha256' ? { ChecksumAlgorithm: 'SHA256' } : {}),
    }),
  );
  await client.send(new AbortMultipartUploadCommand({ ...target, UploadId: begun.UploadId }));
  // Servers that encrypt without saying so here say it of an object; where none is written, the first backup shows it.
  if (lockedByDefault && begun.ServerSideEncryption !== undefined) {
    verifyEncryption(
      { bucket: options.bucket, key: target.Key },
      begun.ServerSideEncryption,
      ServerSideEncryption,
    );
  }
}

/** A backup's way for a few bytes, without a lock. Its key is none that a backup can have, so that no listing shows it. */
async function writeAndRead(place: S3Place): Promise<readonly CheckNote[]> {
  if (!(await removeLeft(place))) return ['test-object-stays'];
  const key = `${testKeyStart}${randomUUID()}`;
  const options = { ...place.options, lock: undefined };
  await putObject(place, key, once(testBytes), new AbortController().signal, guaranteesOf(options));
  try {
    await readBack(place, key);
  } catch (error) {
    await removeObject(place, key).catch(() => undefined);
    throw error;
  }
  return (await removeObject(place, key)).kind === 'refused' ? ['test-object-stays'] : [];
}

/** Test objects of checks that were killed. False: one stays, and must not become many. */
async function removeLeft(place: S3Place): Promise<boolean> {
  const start = `${place.beforeKeys}${testKeyStart}`;
  for (const { key, storedAt } of await listObjects(place.client, place.options.bucket, start)) {
    if (place.serverTime === undefined || place.serverTime - storedAt <= leftAfterMs) continue;
    const { kind } = await removeObject(place, key.slice(place.beforeKeys.length));
    if (kind === 'refused') return false;
  }
  return true;
}

async function readBack(place: S3Place, key: string): Promise<void> {
  const read = await place.untilSeen(async () => {
    const answer = await place.client
      .send(new GetObjectCommand({ Bucket: place.options.bucket, Key: place.objectKey(key) }))
      .catch((error: unknown) => {
        const failure = s3Error(error, { op: 'check', key, options: place.options });
        if (failure.kind === 'not-found') return undefined;
        throw failure;
      });
    return answer?.Body?.transformToByteArray();
  });
  if (read !== undefined && testBytes.equals(read)) return;
  throw place.error(
    'check',
    key,
    'other',
    `a test object of ${testBytes.byteLength} bytes was stored, ${read === undefined ? 'none' : `${read.byteLength} other bytes`} came back`,
    'Do not rely on this place: look at the server and what lies between',
  );
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}
