import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { CheckNote } from '../../domain/copies/check-note.ts';
import { markerKey } from '../../domain/copies/place-marker.ts';
import type { Destination, ListedObject, Removal, StoredObject } from '../../workflow/ports/destination.ts';
import { checkKey, isKey } from '../common/object-key.ts';
import { checkS3 } from './s3-check.ts';
import { s3Error } from './s3-errors.ts';
import { endAbandonedUploads } from './s3-leftovers.ts';
import { listObjects } from './s3-list.ts';
import type { S3Options } from './s3-options.ts';
import { S3Place } from './s3-place.ts';
import { putObject } from './s3-put.ts';
import { readToEnd } from './s3-read.ts';
import { removeObject } from './s3-remove.ts';

const sweepEveryMs = 6 * 60 * 60 * 1000;

/** An S3-compatible bucket, or a prefix of one. */
export function s3Destination(options: S3Options): Destination {
  return new S3Destination(options);
}

class S3Destination implements Destination {
  readonly name: string;
  readonly label: string;
  readonly kind = 'bucket';
  readonly #place: S3Place;
  readonly #underWay = new Set<string>();
  #sweptAt: number | undefined;

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
      const stored = await putObject(this.#place, key, body, signal);
      await this.#sweep();
      return stored;
    } finally {
      this.#underWay.delete(key);
    }
  }

  /** Bots run for months without a check: so also after a put, now and then. */
  async #sweep(): Promise<void> {
    const at = this.#place.options.clock.now();
    if (this.#sweptAt !== undefined && Math.abs(at - this.#sweptAt) < sweepEveryMs) return;
    this.#sweptAt = at;
    await endAbandonedUploads(this.#place, (key) => this.#underWay.has(key));
  }

  async open(key: string, { signal }: { signal: AbortSignal }): Promise<AsyncIterable<Uint8Array>> {
    checkKey('open', key);
    signal.throwIfAborted();
    // The request for the bytes is sent when they are read, so that an iterable that is not read holds no connection.
    const { ContentLength: size = 0, VersionId } = await this.#place.stored('open', key);
    const command = new GetObjectCommand({
      Bucket: this.#place.options.bucket,
      Key: this.#place.objectKey(key),
      ...(VersionId === undefined ? {} : { VersionId }),
    });
    return readToEnd({
      get: () => this.#place.get(key, command, signal),
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
      return found
        .filter(({ key }) => isKey(key) && key !== markerKey)
        .sort((a, b) => (a.key < b.key ? -1 : 1));
    } catch (error) {
      throw s3Error(error, { op: 'list', options: this.#place.options });
    }
  }

  async remove(key: string): Promise<Removal> {
    checkKey('remove', key);
    return removeObject(this.#place, key);
  }

  check(): Promise<readonly CheckNote[]> {
    return checkS3(this.#place, (key) => this.#underWay.has(key));
  }
}
