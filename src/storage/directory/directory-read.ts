import { constants } from 'node:fs';
import { StorageError } from '../../workflow/ports/destination.ts';
import { directoryError } from './directory-errors.ts';
import type { PlaceFile, PlaceFiles } from './place-files.ts';
import { placePath } from './place-path.ts';

const readBytes = 256 * 1024;

interface Reading {
  readonly files: PlaceFiles;
  /** The directory. */
  readonly label: string;
  readonly key: string;
  /** As it was when reading began. */
  readonly size: number;
  readonly signal: AbortSignal;
  /** All pieces in one buffer: the system has to clear every page of a fresh one. */
  readonly passing: boolean;
}

/** The file's bytes in pieces; throws StorageError when they are not `size` bytes. */
export async function* readObject(reading: Reading): AsyncGenerator<Uint8Array, void> {
  const { label, key, size, signal, passing } = reading;
  const file = await openFile(reading);
  const fresh = () => Buffer.allocUnsafeSlow(readBytes);
  const one = passing ? fresh() : undefined;
  try {
    let got = 0;
    for (;;) {
      signal.throwIfAborted();
      const chunk = await readSome(reading, file, one ?? fresh());
      got += chunk.byteLength;
      if (got > size || (chunk.byteLength === 0 && got < size)) throw torn(label, key, got, size);
      if (chunk.byteLength === 0) return;
      yield chunk;
    }
  } finally {
    await file.close();
  }
}

async function openFile({ files, label, key }: Reading): Promise<PlaceFile> {
  try {
    const { path } = await placePath(files, { op: 'open', label, key });
    return await files.open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    throw directoryError(error, { op: 'open', key, label });
  }
}

async function readSome(
  { label, key }: Reading,
  file: PlaceFile,
  into: Buffer<ArrayBuffer>,
): Promise<Uint8Array> {
  try {
    const { bytesRead } = await file.read(into, 0, into.byteLength);
    return into.subarray(0, bytesRead);
  } catch (error) {
    throw directoryError(error, { op: 'open', key, label });
  }
}

function torn(label: string, key: string, got: number, size: number): StorageError {
  return new StorageError({
    op: 'open',
    key,
    kind: 'torn',
    message: `reading ${key} in ${label}: expected ${size} bytes, got ${got}`,
    hint: 'The file changed while it was read; read it again, and do not rely on this copy until it is whole',
  });
}
