import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { Destination, ListedObject, Removal, StoredObject } from '../workflow/destination.ts';
import { checkKey } from './object-key.ts';
import { checkS3 } from './s3-check.ts';
import { s3Error } from './s3-errors.ts';
import { listObjects } from './s3-list.ts';
import type { S3Options } from './s3-options.ts';
import { S3Place } from './s3-place.ts';
import { putObject } from './s3-put.ts';
import { readToEnd } from './s3-read.ts';
import { refusal } from './s3-refusal.ts';

/** An S3-compatible bucket, or a prefix of one. */
export function s3Destination(options: S3Options): Destination {
  return new S3Destination(options);
}

class S3Destination implements Destination {
  readonly name: string;
  readonly label: string;
  readonly #place: S3Place;
  readonly #underWay = new Set<string>();

  constructor(options: S3Options) {
    this.name = options.name;
    this.#place = new S3Place(options);
    this.label = this.#place.label;
  }

  async put(
    key: string,
    body: AsyncIterable<Uint8Array>,
    { signal }: { signal: AbortSignal },
  ): Promise<StoredObject> {
    checkKey('put', key);
    if (this.#underWay.has(key))
      throw this.#place.error('put', key, 'exists', 'this key is being written already', 'Wait for it');
    this.#underWay.add(key);
    try {
      return await putObject(this.#place, key, body, signal);
    } finally {
      this.#underWay.delete(key);
    }
  }

  async open(key: string, { signal }: { signal: AbortSignal }): Promise<AsyncIterable<Uint8Array>> {
    checkKey('open', key);
    signal.throwIfAborted();
    // The request for the bytes is sent when they are read, so that an iterable that nobody reads holds no connection.
    const { ContentLength: size = 0, VersionId } = await this.#place.stored('open', key);
    const command = new GetObjectCommand({
      Bucket: this.#place.options.bucket,
      Key: this.#place.objectKey(key),
      ...(VersionId === undefined ? {} : { VersionId }),
    });
    return readToEnd({
      get: () => this.#place.client.send(command, { abortSignal: signal }),
      size,
      signal,
      asError: (error) => s3Error(error, { op: 'open', key, options: this.#place.options }),
      torn: (got) =>
        this.#place.error(
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
    return this.#place.storedObject(key, await this.#place.stored('stat', key));
  }

  async list(prefix: string): Promise<readonly ListedObject[]> {
    try {
      const objects = await listObjects(
        this.#place.client,
        this.#place.options.bucket,
        `${this.#place.beforeKeys}${prefix}`,
      );
      const found = objects.map(({ key, size, storedAt }) => {
        const own = key.slice(this.#place.beforeKeys.length);
        return { key: own, location: this.#place.location(own), size, storedAt };
      });
      return found.sort((a, b) => (a.key < b.key ? -1 : 1));
    } catch (error) {
      throw s3Error(error, { op: 'list', options: this.#place.options });
    }
  }

  async remove(key: string): Promise<Removal> {
    checkKey('remove', key);
    const head = await this.#place.head('remove', key);
    if (head === undefined) return { kind: 'absent' };
    try {
      await this.#place.delete(key, head);
      return { kind: 'removed' };
    } catch (error) {
      const why = refusal(error, head, this.#place.options.clock.now());
      if (why !== undefined) return { kind: 'refused', why };
      throw s3Error(error, { op: 'remove', key, options: this.#place.options });
    }
  }

  check(): Promise<void> {
    return checkS3(this.#place.client, this.#place.options, this.#place.beforeKeys);
  }
}
