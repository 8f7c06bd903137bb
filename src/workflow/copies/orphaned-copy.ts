import type { FileCopy } from '../../domain/copies/file-copy.ts';
import type { CopyDeps } from '../ports/copy-ports.ts';
import { objectAt } from '../ports/object-at.ts';
import { proveCopy } from './prove-copy.ts';

const maxEditions = 20;

/**
 * A bot that died between storing and recording left an object that is not on record. The very bytes of the file on the node
 * are taken as they are; anything else, and an encrypted copy, whose digest is not on record, makes room for a new one.
 * Where a lock keeps it, the new one gets a key of its own beside it.
 */
export async function adoptOrphanedCopy(
  deps: CopyDeps,
  copy: FileCopy,
  file: { readonly size: number; readonly sha256: string },
  signal: AbortSignal,
): Promise<FileCopy> {
  const destination = deps.destinations.get(copy.destination);
  for (let edition = 1; edition <= maxEditions; edition += 1) {
    const at = { ...copy, key: numbered(copy.key, edition), location: numbered(copy.location, edition) };
    const object = await objectAt(destination, at.key);
    if (object && at.encryptFor.length === 0) {
      const { size, sha256 } = file;
      const stored = { size, sha256, at: object.storedAt, lockedUntil: object.lockedUntil };
      const proven = await proveCopy(deps, { ...at, stored }, signal);
      if (proven.provenAt !== undefined) return proven;
    }
    // Nothing is removed from a place that is not the known one: what lies there stays, the new copy gets the next key.
    const { mayRemove } = await deps.places.status(copy.destination);
    if (!mayRemove && !object) return at;
    // Also where nothing is found: parts of a broken upload go with it.
    if (mayRemove && (await destination.remove(at.key)).kind !== 'refused') return at;
  }
  return copy;
}

/** `a/snapshot.db.age` → `a/snapshot.db.2.age` */
function numbered(name: string, edition: number): string {
  return edition === 1 ? name : name.replace(/(\.[^./]+)$/, `.${edition}$1`);
}
