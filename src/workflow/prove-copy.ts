import type { FileCopy } from '../domain/file-copy.ts';
import { failureOf } from './copy-failure.ts';
import type { CopyDeps } from './copy-ports.ts';

/**
 * Reads a stored copy back from its destination and compares size and SHA-256 of the stored bytes. "Stored" becomes "proven"
 * here and nowhere else. Never throws for what the place does; the copy says what was found.
 */
export async function proveCopy(
  deps: Pick<CopyDeps, 'destinations' | 'tools' | 'clock'>,
  copy: FileCopy,
  signal: AbortSignal,
): Promise<FileCopy> {
  const { stored } = copy;
  if (!stored) return copy;
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
