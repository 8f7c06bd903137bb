import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { DrillError } from './outcome.ts';

const trailerBytes = 32;

/**
 * etcd's own SHA-256 at the end of the file. Looked at first: a cut-off database can make etcd's tools crash
 * instead of saying what is wrong. Returns the size in bytes; throws DrillError.
 */
export async function checkTrailer(file: string, signal: AbortSignal): Promise<number> {
  const { size } = await stat(file).catch(unreadable);
  if (size <= trailerBytes || size % 512 !== trailerBytes) {
    throw new DrillError({ kind: 'snapshot-damaged', size });
  }
  const hash = createHash('sha256');
  const trailer: Buffer[] = [];
  let position = 0;
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20, signal })) {
      const bytes = chunk as Buffer;
      const body = Math.max(0, Math.min(bytes.length, size - trailerBytes - position));
      hash.update(bytes.subarray(0, body));
      trailer.push(bytes.subarray(body));
      position += bytes.length;
    }
  } catch (error) {
    signal.throwIfAborted();
    unreadable(error);
  }
  if (!hash.digest().equals(Buffer.concat(trailer))) {
    throw new DrillError({ kind: 'snapshot-damaged', size });
  }
  return size;
}

function unreadable(error: unknown): never {
  const detail = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  throw new DrillError({ kind: 'snapshot-unreadable', detail });
}
