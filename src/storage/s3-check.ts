import { randomUUID } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectLockConfigurationCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { StorageError } from '../workflow/destination.ts';
import { s3Error } from './s3-errors.ts';
import type { S3Options } from './s3-options.ts';
import { promisedHeaders, proveEncryption } from './s3-promises.ts';

/** See Destination.check. Begins with a list, whose failures say why; HEAD answers with bare numbers. */
export async function checkS3(client: S3Client, options: S3Options, beforeKeys: string): Promise<void> {
  const bucket = options.bucket;
  try {
    await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: beforeKeys, MaxKeys: 1 }));
    const lockedByDefault = await checkLock(client, options);
    await checkWriting(client, options, `${beforeKeys}check-${randomUUID()}`, lockedByDefault);
  } catch (error) {
    throw s3Error(error, { op: 'check', options });
  }
}

/** Whether the bucket itself locks what is stored. */
async function checkLock(client: S3Client, options: S3Options): Promise<boolean> {
  if (!options.lock) return false;
  const { ObjectLockConfiguration: lock } = await client.send(
    new GetObjectLockConfigurationCommand({ Bucket: options.bucket }),
  );
  if (lock?.ObjectLockEnabled === 'Enabled') return lock.Rule?.DefaultRetention !== undefined;
  throw new StorageError({
    op: 'check',
    kind: 'lock-missing',
    message: `check of s3://${options.bucket}: expected a bucket with object lock, it has none`,
    hint: 'Object lock can only be had when the bucket is created with it',
  });
}

/** An upload in parts that is begun and dropped needs the right to write and leaves nothing, not even in a locked bucket. */
async function checkWriting(
  client: S3Client,
  options: S3Options,
  key: string,
  lockedByDefault: boolean,
): Promise<void> {
  const { ServerSideEncryption, SSEKMSKeyId } = promisedHeaders(options).headers;
  const encryption = {
    ...(ServerSideEncryption === undefined ? {} : { ServerSideEncryption }),
    ...(SSEKMSKeyId === undefined ? {} : { SSEKMSKeyId }),
  };
  const target = { Bucket: options.bucket, Key: key };
  const begun = await client.send(new CreateMultipartUploadCommand({ ...target, ...encryption }));
  await client.send(new AbortMultipartUploadCommand({ ...target, UploadId: begun.UploadId }));
  if (ServerSideEncryption === undefined || begun.ServerSideEncryption === ServerSideEncryption) return;
  if (lockedByDefault) return;
  // Some servers encrypt without saying so here: see what they say of an object.
  await client.send(new PutObjectCommand({ ...target, ...encryption, Body: Buffer.from('check') }));
  const head = await client.send(new HeadObjectCommand(target));
  const version = head.VersionId === undefined ? {} : { VersionId: head.VersionId };
  await client.send(new DeleteObjectCommand({ ...target, ...version }));
  proveEncryption({ bucket: options.bucket, key }, head.ServerSideEncryption, ServerSideEncryption);
}
