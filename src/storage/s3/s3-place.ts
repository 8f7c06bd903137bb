import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectsV2Command,
  type S3Client,
} from '@aws-sdk/client-s3';
import { backoffPauses } from '../../domain/text/backoff.ts';
import { StorageError, type StorageErrorKind, type StoredObject } from '../../workflow/ports/destination.ts';
import { pauses } from '../common/place-clock.ts';
import { s3Client } from './s3-client.ts';
import { parseAwsError, s3Error } from './s3-errors.ts';
import { defaultS3Limits, type S3Limits, type S3Options } from './s3-options.ts';

// Servers whose copies follow each other: an object that was stored a moment ago may not be seen at once.
const seenAfterMs = backoffPauses(5, { firstMs: 250, maxMs: 4_000 });
const justStoredMs = 60_000;

/** A bucket or a prefix of one: where keys lie in it, what is there, and how it is named in errors. */
export class S3Place {
  readonly label: string;
  readonly options: S3Options;
  readonly limits: S3Limits;
  readonly client: S3Client;
  readonly beforeKeys: string;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** False once the server has refused If-None-Match on a write. */
  conditionalWrites = true;
  /** The time of the server's last answer, by its own clock; undefined: it has given none. */
  serverTime: number | undefined;
  readonly #storedAt = new Map<string, number>();

  constructor(options: S3Options) {
    this.options = options;
    this.limits = { ...defaultS3Limits, ...options.limits };
    this.client = s3Client(options, this.limits, (time) => {
      this.serverTime = time;
    });
    this.sleep = pauses(options.clock);
    this.beforeKeys = options.prefix === '' ? '' : `${options.prefix}/`;
    this.label = `s3://${options.bucket}${options.prefix === '' ? '' : `/${options.prefix}`}`;
  }

  /** From now on, for a minute, "no such object" is not believed of this key at once. */
  justStored(key: string): void {
    const now = performance.now();
    for (const [each, at] of this.#storedAt) if (now - at > justStoredMs) this.#storedAt.delete(each);
    this.#storedAt.set(key, now);
  }

  justRemoved(key: string): void {
    this.#storedAt.delete(key);
  }

  /** Repeats `see` for some seconds while it sees nothing. */
  async untilSeen<T>(see: () => Promise<T | undefined>): Promise<T | undefined> {
    let found = await see();
    for (const ms of seenAfterMs) {
      if (found !== undefined) return found;
      await this.sleep(ms);
      found = await see();
    }
    return found;
  }

  /** Undefined: the server answered 404, which may mean the key or the bucket. */
  head(op: string, key: string): Promise<HeadObjectCommandOutput | undefined> {
    const once = () => this.headOnce(op, key);
    return this.#isJustStored(key) ? this.untilSeen(once) : once();
  }

  /** The answer to a GET of the key. Throws what the server or the SDK says. */
  async get(key: string, command: GetObjectCommand, signal: AbortSignal): Promise<GetObjectCommandOutput> {
    const once = () => this.client.send(command, { abortSignal: signal });
    if (!this.#isJustStored(key)) return once();
    const late = await this.untilSeen(() => once().catch(unlessNoSuchKey));
    return late ?? once();
  }

  #isJustStored(key: string): boolean {
    const at = this.#storedAt.get(key);
    return at !== undefined && performance.now() - at < justStoredMs;
  }

  async headOnce(op: string, key: string): Promise<HeadObjectCommandOutput | undefined> {
    try {
      return await this.client.send(
        new HeadObjectCommand({ Bucket: this.options.bucket, Key: this.objectKey(key) }),
      );
    } catch (error) {
      const { status } = parseAwsError(error);
      if (status === 404) return undefined;
      throw s3Error(status === undefined ? error : await this.#reason(error), {
        op,
        key,
        options: this.options,
      });
    }
  }

  /** An answer to HEAD is a bare number: a listing of the same is refused with words. */
  async #reason(error: unknown): Promise<unknown> {
    try {
      await this.client.send(
        new ListObjectsV2Command({ Bucket: this.options.bucket, Prefix: this.beforeKeys, MaxKeys: 1 }),
      );
      return error;
    } catch (worded) {
      return parseAwsError(worded).status === undefined ? error : worded;
    }
  }

  /** Undefined: the server says of the key itself that there is no such object. */
  async present(op: string, key: string): Promise<HeadObjectCommandOutput | undefined> {
    const head = await this.head(op, key);
    if (head || (await this.#isAbsent(op, key))) return head;
    const late = await this.untilSeen(() => this.headOnce(op, key));
    if (late) return late;
    throw this.error(
      op,
      key,
      'other',
      'HEAD says that there is no such object, GET reads it',
      'Try again later',
    );
  }

  async stored(op: string, key: string): Promise<HeadObjectCommandOutput> {
    const head = await this.present(op, key);
    if (head) return head;
    throw this.error(op, key, 'not-found', 'there is no such object', 'List what is there');
  }

  /** The answer to a GET names what is missing: the key, or the bucket, of which HEAD says the same. */
  async #isAbsent(op: string, key: string): Promise<boolean> {
    try {
      const { Body } = await this.client.send(
        new GetObjectCommand({ Bucket: this.options.bucket, Key: this.objectKey(key), Range: 'bytes=0-0' }),
      );
      (Body as { destroy?: () => void } | undefined)?.destroy?.();
      return false;
    } catch (error) {
      const { codes, status } = parseAwsError(error);
      if (namesMissingKey(error)) return true;
      // An empty object has no first byte; an archived one is not read at once.
      if (status === 416 || codes.includes('InvalidObjectState')) return false;
      throw s3Error(error, { op, key, options: this.options });
    }
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

export function namesMissingKey(error: unknown): boolean {
  const { codes } = parseAwsError(error);
  return codes.includes('NoSuchKey') || codes.includes('NoSuchVersion');
}

function unlessNoSuchKey(error: unknown): undefined {
  if (!namesMissingKey(error)) throw error;
}
