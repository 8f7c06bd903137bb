import type { FileCopy, StoredCopy } from '../domain/file-copy.ts';
import { failureOf } from './copy-failure.ts';
import type { CopyDeps } from './copy-ports.ts';
import { proveCopy } from './prove-copy.ts';

export interface CopySource {
  /** Opens the file on the node from its beginning; may be called again for the next try. */
  readonly open: () => AsyncIterable<Uint8Array>;
  readonly size: number;
  readonly sha256: string;
  /** Bytes of the file that have passed in this try. */
  readonly onProgress: (bytes: number) => void;
}

const triesInARun = 3;
const pausesMs = [1_000, 5_000];

/**
 * Brings one file to its destination and reads it back from there. Never throws for what node, stream or place do: the copy
 * says how far it came. A torn or wrong stream never stands under the final name, and every try begins anew.
 */
export async function copyFile(
  deps: CopyDeps,
  planned: FileCopy,
  source: CopySource,
  signal: AbortSignal,
): Promise<FileCopy> {
  let copy = planned;
  for (let tries = 1; ; tries += 1) {
    copy = { ...(await tryOnce(deps, copy, source, signal)), tries: planned.tries + tries };
    if (copy.provenAt !== undefined || tries === triesInARun || !worthAnotherTry(copy)) return copy;
    await deps.clock.sleep(pausesMs[tries - 1] ?? 5_000, signal);
    signal.throwIfAborted();
  }
}

async function tryOnce(
  deps: CopyDeps,
  copy: FileCopy,
  source: CopySource,
  signal: AbortSignal,
): Promise<FileCopy> {
  try {
    const stored = copy.stored ?? (await store(deps, copy, source, signal));
    const proven = await proveCopy(deps, { ...copy, stored, failure: undefined }, signal);
    // What was stored wrong must not stand in the way of the next try.
    if (proven.failure?.kind === 'sha256') await deps.destinations.get(copy.destination).remove(copy.key);
    return proven.failure?.kind === 'sha256' ? { ...proven, stored: undefined } : proven;
  } catch (error) {
    signal.throwIfAborted();
    return { ...copy, failure: failureOf(error, deps.clock.now()) };
  }
}

async function store(
  deps: CopyDeps,
  copy: FileCopy,
  source: CopySource,
  signal: AbortSignal,
): Promise<StoredCopy> {
  const { tools, destinations, clock } = deps;
  const read = tools.measured(tools.verified(copy.file, source.open(), source));
  const watched = watch(read, source.onProgress);
  const keys = copy.encryptFor.map(({ publicKey }) => publicKey);
  const body = tools.measured(keys.length > 0 ? tools.encrypted(watched, keys) : watched);
  const object = await destinations.get(copy.destination).put(copy.key, body, { signal });
  return { ...body.measured(), at: clock.now(), lockedUntil: object.lockedUntil };
}

async function* watch(
  body: AsyncIterable<Uint8Array> & { readonly passed: number },
  onProgress: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of body) {
    yield chunk;
    onProgress(body.passed);
  }
}

// Waiting does not mend these; a person has to.
const final = [
  'denied',
  'read-only',
  'full',
  'clock-skew',
  'lock-missing',
  'encryption-missing',
  'exists',
  'client-missing',
];

function worthAnotherTry(copy: FileCopy): boolean {
  return copy.failure !== undefined && !final.includes(copy.failure.kind);
}
