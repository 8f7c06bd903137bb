import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { endianness } from 'node:os';
import {
  byteOrderOf,
  isSnapshotSize,
  magicBytes,
  magicOffset,
  trailerBytes,
} from '../domain/backup/file-format.ts';
import { DrillError } from './outcome.ts';

const pieceBytes = 1 << 20;
const ownByteOrder = endianness() === 'LE' ? 'little-endian' : 'big-endian';

/**
 * etcd's own SHA-256 at the end of the file. Looked at first: a cut-off database can make etcd's tools crash
 * instead of saying what is wrong. Returns the size in bytes; throws DrillError. One buffer, however large the file is.
 */
export async function checkTrailer(file: string, signal: AbortSignal): Promise<number> {
  try {
    await using handle = await open(file, 'r');
    return await checkOpen(handle, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof DrillError) throw error;
    const detail = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new DrillError({ kind: 'snapshot-unreadable', detail });
  }
}

async function checkOpen(handle: FileHandle, signal: AbortSignal): Promise<number> {
  const { size } = await handle.stat();
  if (!isSnapshotSize(size)) {
    throw new DrillError({ kind: 'snapshot-damaged', size });
  }
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafeSlow(pieceBytes);
  const read = async (position: number, length: number) => {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(buffer, 0, length, position);
    if (bytesRead === 0) throw new Error('the file became shorter while it was read');
    return buffer.subarray(0, bytesRead);
  };
  const bodyBytes = size - trailerBytes;
  let foreign = false;
  for (let position = 0; position < bodyBytes; ) {
    const piece = await read(position, Math.min(pieceBytes, bodyBytes - position));
    if (position === 0) foreign = isForeign(piece);
    hash.update(piece);
    position += piece.length;
  }
  const trailer = await read(bodyBytes, trailerBytes);
  if (!hash.digest().equals(trailer)) throw new DrillError({ kind: 'snapshot-damaged', size });
  // Checked last: any machine can verify whether the bytes are whole.
  if (foreign) throw new DrillError({ kind: 'other-byte-order' });
  return size;
}

function isForeign(start: Buffer): boolean {
  const order = byteOrderOf(start.toString('hex', magicOffset, magicOffset + magicBytes));
  return order !== undefined && order !== ownByteOrder;
}
