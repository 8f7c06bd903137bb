import { createHash } from 'node:crypto';
import {
  byteOrderOf,
  isSnapshotSize,
  magicBytes,
  magicOffset,
  trailerBytes,
} from '../../domain/backup/file-format.ts';
import { CopyMismatchError } from '../../workflow/ports/destination.ts';
import { compare, type ExpectedFile, refuseExcess } from './digest.ts';

const headBytes = magicOffset + magicBytes;

/**
 * The same chunks of an etcd snapshot; throws CopyMismatchError at the end, before a destination gives it a name, unless
 * size and SHA-256 are the node's, page 0 is a bbolt page, and etcd's own trailer holds: the last 32 bytes are the SHA-256
 * of all bytes before them, which nothing but a restore would read.
 */
export async function* verifiedSnapshot(
  body: AsyncIterable<Uint8Array>,
  expected: ExpectedFile,
): AsyncGenerator<Uint8Array, void> {
  const hash = createHash('sha256');
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    refuseExcess(size, expected);
    if (head.byteLength < headBytes) head = Buffer.concat([head, chunk.subarray(0, headBytes)]);
    tail = hashAllButTail(hash, tail, chunk);
    yield chunk;
  }
  // One hash serves both: the trailer's digest is the state before the last 32 bytes.
  const bodySha256 = hash.copy().digest('hex');
  compare({ size, sha256: hash.update(tail).digest('hex') }, expected);
  judge({ size, magic: head.toString('hex', magicOffset, headBytes), bodySha256, tail });
}

function hashAllButTail(
  hash: ReturnType<typeof createHash>,
  tail: Buffer,
  chunk: Uint8Array,
): Buffer<ArrayBuffer> {
  if (chunk.byteLength < trailerBytes) {
    const both = Buffer.concat([tail, chunk]);
    const kept = Math.min(both.byteLength, trailerBytes);
    hash.update(both.subarray(0, both.byteLength - kept));
    return both.subarray(both.byteLength - kept);
  }
  hash.update(tail);
  hash.update(chunk.subarray(0, chunk.byteLength - trailerBytes));
  return Buffer.from(chunk.subarray(chunk.byteLength - trailerBytes));
}

function judge(seen: { size: number; magic: string; bodySha256: string; tail: Buffer }): void {
  if (byteOrderOf(seen.magic) === undefined) {
    throw new CopyMismatchError(
      'format',
      `not an etcd database: expected edda0ced (IBM Z: ed0cdaed) at byte ${magicOffset}, found ${seen.magic || 'nothing'}`,
    );
  }
  if (!isSnapshotSize(seen.size)) {
    throw new CopyMismatchError(
      'trailer',
      `expected whole pages and etcd's trailer of ${trailerBytes} bytes, found ${seen.size} bytes`,
    );
  }
  const trailer = seen.tail.toString('hex');
  if (trailer !== seen.bodySha256) {
    throw new CopyMismatchError(
      'trailer',
      `etcd's own SHA-256 at the end of the snapshot is ${trailer}, its content has ${seen.bodySha256}`,
    );
  }
}
