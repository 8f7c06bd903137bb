import {
  DeleteObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { StorageError, type StorageErrorKind, type StoredObject } from '../workflow/destination.ts';
import { s3Client } from './s3-client.ts';
import { look, s3Error } from './s3-errors.ts';
import { defaultS3Limits, type S3Limits, type S3Options } from './s3-options.ts';

/** A bucket or a prefix of one: where keys lie in it, what stands there, and how it is named in errors. */
export class S3Place {
  readonly label: string;
  readonly options: S3Options;
  readonly limits: S3Limits;
  readonly client: S3Client;
  readonly beforeKeys: string;

  constructor(options: S3Options) {
    this.options = options;
    this.limits = { ...defaultS3Limits, ...options.limits };
    this.client = s3Client(options, this.limits);
    this.beforeKeys = options.prefix === '' ? '' : `${options.prefix}/`;
    this.label = `s3://${options.bucket}${options.prefix === '' ? '' : `/${options.prefix}`}`;
  }

  // Without the version a server that keeps versions only hides the object, even a locked one, and calls that success.
  async delete(key: string, { VersionId }: HeadObjectCommandOutput): Promise<void> {
    await this.client.send(
      new DeleteObjectCommand({
        Bucket: this.options.bucket,
        Key: this.objectKey(key),
        ...(VersionId === undefined ? {} : { VersionId }),
      }),
    );
  }

  /** Undefined: no such object. */
  async head(op: string, key: string): Promise<HeadObjectCommandOutput | undefined> {
    try {
      return await this.client.send(
        new HeadObjectCommand({ Bucket: this.options.bucket, Key: this.objectKey(key) }),
      );
    } catch (error) {
      if (look(error).status === 404) return undefined;
      throw s3Error(error, { op, key, options: this.options });
    }
  }

  async stored(op: string, key: string): Promise<HeadObjectCommandOutput> {
    const head = await this.head(op, key);
    if (head) return head;
    throw this.error(
      op,
      key,
      'not-found',
      'there is no such object, or no such bucket',
      'List what is there',
    );
  }

  storedObject(key: string, head: HeadObjectCommandOutput): StoredObject {
    return {
      key,
      location: this.location(key),
      size: head.ContentLength ?? 0,
      storedAt: head.LastModified?.getTime() ?? 0,
      lockedUntil: head.ObjectLockRetainUntilDate?.getTime(),
      serverSideEncryption: head.ServerSideEncryption,
    };
  }

  objectKey(key: string): string {
    return `${this.beforeKeys}${key}`;
  }

  location(key: string): string {
    return `s3://${this.options.bucket}/${this.objectKey(key)}`;
  }

  error(op: string, key: string, kind: StorageErrorKind, what: string, hint: string): StorageError {
    return new StorageError({ op, key, kind, message: `${op} of ${this.location(key)}: ${what}`, hint });
  }
}
