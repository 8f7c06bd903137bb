import { type FileCopy, type StoredCopy, saysNothing } from '../../domain/copies/file-copy.ts';
import type { CopyDeps } from '../ports/copy-ports.ts';
import type { PlaceStatus } from '../ports/place-status.ts';
import { failureOf } from './copy-failure.ts';

/**
 * Reads a stored copy back from its destination and compares size and SHA-256 of the stored bytes. "Stored" becomes "proven"
 * here and nowhere else, and only at the known place: a bare mount point proves nothing, and nothing is gone because it is not
 * there. Never throws for what the place does; the copy says what was found.
 */
export async function proveCopy(deps: CopyDeps, copy: FileCopy, signal: AbortSignal): Promise<FileCopy> {
  if (!copy.stored) return copy;
  const before = await deps.places.status(copy.destination);
  if (!before.mayWrite) return notLookedAt(deps, copy, before);
  const found = await readBack(deps, copy, copy.stored, signal);
  if (!found.failure || saysNothing(found.failure)) return found;
  // The volume may have gone while it was read.
  const after = await deps.places.status(copy.destination);
  return after.mayDisprove(found.failure.kind === 'not-found') ? found : notLookedAt(deps, copy, after);
}

function notLookedAt({ clock }: CopyDeps, copy: FileCopy, { refusal }: PlaceStatus): FileCopy {
  return { ...copy, provenAt: undefined, failure: failureOf(refusal, clock.now()) };
}

async function readBack(
  deps: CopyDeps,
  copy: FileCopy,
  stored: StoredCopy,
  signal: AbortSignal,
): Promise<FileCopy> {
  try {
    const destination = deps.destinations.get(copy.destination);
    const back = deps.tools.measured(await destination.open(copy.key, { signal, passing: true }));
    for await (const _ of back) signal.throwIfAborted();
    const found = back.measured();
    const at = deps.clock.now();
    if (found.sha256 === stored.sha256 && found.size === stored.size) {
      return { ...copy, provenAt: at, failure: undefined, nextTryAt: undefined };
    }
    const detail = `read back ${found.size} bytes with SHA-256 ${found.sha256}, expected ${stored.size} bytes with ${stored.sha256}`;
    return { ...copy, provenAt: undefined, failure: { kind: 'sha256', detail, at } };
  } catch (error) {
    signal.throwIfAborted();
    return { ...copy, provenAt: undefined, failure: failureOf(error, deps.clock.now()) };
  }
}
