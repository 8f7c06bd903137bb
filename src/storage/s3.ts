import { randomUUID } from 'node:crypto';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import {
  type Destination,
  type ListedObject,
  type Removal,
  StorageError,
  type StorageErrorKind,
  type StoredObject,
} from '../workflow/destination.ts';
import { checkKey } from './object-key.ts';
import { checkS3 } from './s3-check.ts';
import { s3Client } from './s3-client.ts';
import { look, s3Error } from './s3-errors.ts';
import { listObjects } from './s3-list.ts';
import { defaultS3Limits, type S3Limits, type S3Options } from './s3-options.ts';
import { type Promised, promisedHeaders, provePromises } from './s3-promises.ts';
import { readToEnd } from './s3-read.ts';
import { refusal } from './s3-refusal.ts';
import { type UploadOutcome, upload } from './s3-upload.ts';

// On every object: whose it is, when the answer to the request that named it was lost.
const markName = 'upload-mark';

/** An S3-compatible bucket, or a prefix of one. */
export function s3Destination(options: S3Options): Destination {
  return new S3Destination(options);
}

class S3Destination implements Destination {
  readonly name: string;
  readonly label: string;
  readonly #options: S3Options;
  readonly #limits: S3Limits;
  readonly #client: S3Client;
  readonly #beforeKeys: string;
  readonly #underWay = new Set<string>();

  constructor(options: S3Options) {
    this.name = options.name;
    this.#options = options;
    this.#limits = { ...defaultS3Limits, ...options.limits };
    this.#client = s3Client(options, this.#limits);
    this.#beforeKeys = options.prefix === '' ? '' : `${options.prefix}/`;
    this.label = `s3://${options.bucket}${options.prefix === '' ? '' : `/${options.prefix}`}`;
  }

  async put(
    key: string,
    body: AsyncIterable<Uint8Array>,
    { signal }: { signal: AbortSignal },
  ): Promise<StoredObject> {
    checkKey('put', key);
    if (this.#underWay.has(key))
      throw this.#error('put', key, 'exists', 'this key is being written already', 'Wait for it');
    this.#underWay.add(key);
    try {
      return await this.#put(key, body, signal);
    } finally {
      this.#underWay.delete(key);
    }
  }

  async #put(key: string, body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<StoredObject> {
    const mark = randomUUID();
    const promised = promisedHeaders(this.#options);
    await this.#refuseExisting(key);
    const outcome = await upload({
      client: this.#client,
      params: {
        Bucket: this.#options.bucket,
        Key: this.#objectKey(key),
        ContentType: 'application/octet-stream',
        Metadata: { [markName]: mark },
        IfNoneMatch: '*',
        ...promised.headers,
        ...(this.#options.checksum === 'sha256' ? { ChecksumAlgorithm: 'SHA256' } : {}),
      },
      body,
      signal,
      limits: this.#limits,
      // Some servers heed If-None-Match for small objects only: look once more, as late as possible.
      beforeName: () => this.#refuseExisting(key),
    });
    if (outcome.kind === 'source-failed') throw outcome.error;
    if (outcome.kind === 'place-failed') await this.#refuseUnlessStored(key, mark, outcome);
    return await this.#settle(key, mark, outcome.bytes, promised);
  }

  async #refuseExisting(key: string): Promise<void> {
    if ((await this.#head('put', key)) === undefined) return;
    throw this.#error(
      'put',
      key,
      'exists',
      'an object of this key is there already',
      'It was left as it is; use another key or remove it first',
    );
  }

  /** A lost answer is no failure: the object that carries our mark was stored by the request that seemed to fail. */
  async #refuseUnlessStored(
    key: string,
    mark: string,
    outcome: Extract<UploadOutcome, { kind: 'place-failed' }>,
  ): Promise<void> {
    const failure = s3Error(outcome.error, { op: 'put', key, options: this.#options });
    if (!outcome.afterBody) throw withLeftovers(failure, outcome.leftovers);
    const seen = await this.#head('put', key).catch(() => 'unknown' as const);
    if (seen === 'unknown') {
      throw withNote(failure, 'Whether the object stands there could not be seen; if it does, it is whole');
    }
    if (seen?.Metadata?.[markName] !== mark) throw withLeftovers(failure, outcome.leftovers);
  }

  /** Compares what stands there with what was sent and promised; what falls short is taken away again. */
  async #settle(key: string, mark: string, bytes: number, promised: Promised): Promise<StoredObject> {
    const head = await this.#stored('put', key);
    if (head.Metadata?.[markName] !== mark) {
      throw this.#error(
        'put',
        key,
        'exists',
        "another writer's object stands there now",
        'Give each run keys of its own',
      );
    }
    try {
      if (head.ContentLength !== bytes) {
        throw this.#error(
          'put',
          key,
          'torn',
          `sent ${bytes} bytes, the server has ${head.ContentLength ?? 'none'}`,
          'Try again; if it comes back, look at the server and what lies between',
        );
      }
      const target = { bucket: this.#options.bucket, key: this.#objectKey(key) };
      return this.#storedObject(key, await provePromises(this.#client, target, head, promised));
    } catch (error) {
      const failure = s3Error(error, { op: 'put', key, options: this.#options });
      throw withNote(failure, await this.#takeBack(key, head));
    }
  }

  async #takeBack(key: string, head: HeadObjectCommandOutput): Promise<string> {
    try {
      await this.#delete(key, head);
      return 'The object was removed again';
    } catch (error) {
      return `The object could not be removed again (${look(error).text}): it still stands there`;
    }
  }

  async open(key: string, { signal }: { signal: AbortSignal }): Promise<AsyncIterable<Uint8Array>> {
    checkKey('open', key);
    signal.throwIfAborted();
    // The request for the bytes is sent when they are read, so that an iterable that nobody reads holds no connection.
    const { ContentLength: size = 0, VersionId } = await this.#stored('open', key);
    const command = new GetObjectCommand({
      Bucket: this.#options.bucket,
      Key: this.#objectKey(key),
      ...(VersionId === undefined ? {} : { VersionId }),
    });
    return readToEnd({
      get: () => this.#client.send(command, { abortSignal: signal }),
      size,
      signal,
      asError: (error) => s3Error(error, { op: 'open', key, options: this.#options }),
      torn: (got) =>
        this.#error(
          'open',
          key,
          'torn',
          `reading it back gave ${got} of ${size} bytes`,
          'Read it again; do not rely on this copy until it is whole',
        ),
    });
  }

  async stat(key: string): Promise<StoredObject> {
    checkKey('stat', key);
    return this.#storedObject(key, await this.#stored('stat', key));
  }

  async list(prefix: string): Promise<readonly ListedObject[]> {
    try {
      const objects = await listObjects(this.#client, this.#options.bucket, `${this.#beforeKeys}${prefix}`);
      const found = objects.map(({ key, size, storedAt }) => {
        const own = key.slice(this.#beforeKeys.length);
        return { key: own, location: this.#location(own), size, storedAt };
      });
      return found.sort((a, b) => (a.key < b.key ? -1 : 1));
    } catch (error) {
      throw s3Error(error, { op: 'list', options: this.#options });
    }
  }

  async remove(key: string): Promise<Removal> {
    checkKey('remove', key);
    const head = await this.#head('remove', key);
    if (head === undefined) return { kind: 'absent' };
    try {
      await this.#delete(key, head);
      return { kind: 'removed' };
    } catch (error) {
      const why = refusal(error, head, this.#options.clock.now());
      if (why !== undefined) return { kind: 'refused', why };
      throw s3Error(error, { op: 'remove', key, options: this.#options });
    }
  }

  check(): Promise<void> {
    return checkS3(this.#client, this.#options, this.#beforeKeys);
  }

  // Without the version a server that keeps versions only hides the object, even a locked one, and calls that success.
  async #delete(key: string, { VersionId }: HeadObjectCommandOutput): Promise<void> {
    await this.#client.send(
      new DeleteObjectCommand({
        Bucket: this.#options.bucket,
        Key: this.#objectKey(key),
        ...(VersionId === undefined ? {} : { VersionId }),
      }),
    );
  }

  /** Undefined: no such object. */
  async #head(op: string, key: string): Promise<HeadObjectCommandOutput | undefined> {
    try {
      return await this.#client.send(
        new HeadObjectCommand({ Bucket: this.#options.bucket, Key: this.#objectKey(key) }),
      );
    } catch (error) {
      if (look(error).status === 404) return undefined;
      throw s3Error(error, { op, key, options: this.#options });
    }
  }

  async #stored(op: string, key: string): Promise<HeadObjectCommandOutput> {
    const head = await this.#head(op, key);
    if (head) return head;
    throw this.#error(
      op,
      key,
      'not-found',
      'there is no such object, or no such bucket',
      'List what is there',
    );
  }

  #storedObject(key: string, head: HeadObjectCommandOutput): StoredObject {
    return {
      key,
      location: this.#location(key),
      size: head.ContentLength ?? 0,
      storedAt: head.LastModified?.getTime() ?? 0,
      lockedUntil: head.ObjectLockRetainUntilDate?.getTime(),
      serverSideEncryption: head.ServerSideEncryption,
    };
  }

  #objectKey(key: string): string {
    return `${this.#beforeKeys}${key}`;
  }

  #location(key: string): string {
    return `s3://${this.#options.bucket}/${this.#objectKey(key)}`;
  }

  #error(op: string, key: string, kind: StorageErrorKind, what: string, hint: string): StorageError {
    return new StorageError({ op, key, kind, message: `${op} of ${this.#location(key)}: ${what}`, hint });
  }
}

function withLeftovers(failure: StorageError, leftovers: boolean): StorageError {
  if (!leftovers) return failure;
  return withNote(
    failure,
    'Parts without a name may be left; a lifecycle rule for unfinished uploads removes them',
  );
}

function withNote(failure: StorageError, note: string): StorageError {
  const { op, key, kind, hint, cause } = failure;
  const message = failure.message.slice(0, -`. ${hint}`.length);
  return new StorageError({ op, key, kind, message, hint: `${hint}. ${note}`, cause });
}
