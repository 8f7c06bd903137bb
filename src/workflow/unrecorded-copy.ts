import type { FileCopy } from '../domain/file-copy.ts';
import type { CopyDeps } from './copy-ports.ts';
import { StorageError, type StoredObject } from './destination.ts';
import { proveCopy } from './prove-copy.ts';

/**
 * A bot that died between storing and recording left an object that nobody knows of. The very bytes of the file on the node
 * are taken as they are; anything else, and an encrypted copy, whose digest nobody remembers, makes room for a new one.
 */
export async function takeUpUnrecorded(
  deps: CopyDeps,
  copy: FileCopy,
  file: { readonly size: number; readonly sha256: string },
  signal: AbortSignal,
): Promise<FileCopy> {
  const destination = deps.destinations.get(copy.destination);
  const object = await unlessAbsent(destination.stat(copy.key));
  if (object && copy.encryptFor.length === 0) {
    const { size, sha256 } = file;
    const stored = { size, sha256, at: object.storedAt, lockedUntil: object.lockedUntil };
    const proven = await proveCopy(deps, { ...copy, stored }, signal);
    if (proven.provenAt !== undefined) return proven;
  }
  // Also where nothing stands: parts of a broken upload go with it.
  await destination.remove(copy.key);
  return copy;
}

async function unlessAbsent(look: Promise<StoredObject>): Promise<StoredObject | undefined> {
  try {
    return await look;
  } catch (error) {
    if (error instanceof StorageError && error.kind === 'not-found') return undefined;
    throw error;
  }
}
