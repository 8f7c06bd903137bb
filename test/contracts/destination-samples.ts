import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { StorageError, type StorageErrorKind } from '../../src/workflow/ports/destination.ts';

/** Bytes that differ at every place, and for every seed. */
export function pattern(size: number, seed = 0): Buffer {
  const content = Buffer.allocUnsafe(size);
  for (let at = 0; at < size; at += 1) content[at] = (at * 31 + (at >> 8) + seed * 101) & 0xff;
  return content;
}

export async function* chunksOf(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void> {
  yield* chunks;
}

export async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** For assert.rejects: a StorageError of this kind that says what to do next. */
export function storageError(kind: StorageErrorKind): (error: unknown) => true {
  return (error) => {
    assert(error instanceof StorageError, `expected a StorageError, got ${String(error)}`);
    assert.equal(error.kind, kind, error.message);
    assert.notEqual(error.hint, '');
    assert(error.message.endsWith(error.hint), error.message);
    return true;
  };
}

/** `count` chunks of 1 MiB, not kept; remembers how much memory the process had at most while they were taken. */
export class LongBody implements AsyncIterable<Uint8Array> {
  readonly size: number;
  peakRss = 0;
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
    this.size = count * 1024 * 1024;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    for (let at = 0; at < this.#count; at += 1) {
      this.peakRss = Math.max(this.peakRss, process.memoryUsage.rss());
      yield Buffer.alloc(1024 * 1024, at & 0xff);
    }
  }
}
