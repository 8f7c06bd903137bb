import type { FileCopy, StoredCopy } from '../../domain/copies/file-copy.ts';
import type { CopyDeps } from '../ports/copy-ports.ts';
import type { Body, OpenFile } from '../ports/destination.ts';
import { failureOf } from './copy-failure.ts';
import { adoptOrphanedCopy } from './orphaned-copy.ts';
import { proveCopy } from './prove-copy.ts';

export interface CopySource {
  /** Opens the file on the node from its beginning; may be called again for the next try. */
  readonly open: () => AsyncIterable<Uint8Array>;
  /** The same for a source that can write into a file by itself, see Body. */
  readonly into?: ((file: OpenFile) => AsyncIterable<Uint8Array>) | undefined;
  readonly size: number;
  readonly sha256: string;
  /** An earlier bot may have stored it and died before it could say so. */
  readonly mayExist?: boolean | undefined;
  /** Bytes of the file that have passed in this try. */
  readonly onProgress: (bytes: number) => void;
}

const triesInARun = 3;
const pausesMs = [1_000, 5_000];

/**
 * Brings one file to its destination and reads it back from there. Never throws for what node, stream or place do: the copy
 * says how far it came. A torn or wrong stream never appears under the final name, and every try starts over.
 */
export async function copyFile(
  deps: CopyDeps,
  planned: FileCopy,
  source: CopySource,
  signal: AbortSignal,
): Promise<FileCopy> {
  let copy = planned;
  for (let tries = 1; ; tries += 1) {
    const mayExist = tries === 1 && source.mayExist;
    copy = { ...(await tryOnce(deps, copy, { ...source, mayExist }, signal)), tries: planned.tries + tries };
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
  let there = copy;
  try {
    const { mayWrite, mayRemove, refusal } = await deps.places.status(copy.destination);
    if (!mayWrite) throw refusal;
    if (!copy.stored && source.mayExist) there = await adoptOrphanedCopy(deps, copy, source, signal);
    if (there.provenAt !== undefined) return there;
    const stored = there.stored ?? (await store(deps, there, source, signal));
    const proven = await proveCopy(deps, { ...there, stored, failure: undefined }, signal);
    const { kind } = proven.failure ?? {};
    // What was stored wrong must not block the next try.
    if (kind === 'sha256' && mayRemove) await deps.destinations.get(there.destination).remove(there.key);
    return kind === 'sha256' || kind === 'not-found' ? { ...proven, stored: undefined } : proven;
  } catch (error) {
    signal.throwIfAborted();
    return { ...there, failure: failureOf(error, deps.clock.now()) };
  }
}

async function store(
  deps: CopyDeps,
  copy: FileCopy,
  source: CopySource,
  signal: AbortSignal,
): Promise<StoredCopy> {
  const { tools, destinations, clock } = deps;
  const checked = (bytes: AsyncIterable<Uint8Array>) =>
    watch(tools.verified(copy.file, bytes, source), source.onProgress);
  const keys = copy.encryptFor.map(({ publicKey }) => publicKey);
  const encrypted =
    keys.length > 0 ? tools.measured(tools.encrypted(checked(source.open()), keys)) : undefined;
  const { into } = source;
  const body: Body = encrypted ?? {
    [Symbol.asyncIterator]: () => checked(source.open()),
    into: into && ((file) => checked(into(file))),
  };
  // A volume that went away while its file was written must not leave the file on the disk below.
  const beforeName = async () => {
    const { mayRemove: isKnown, refusal } = await deps.places.status(copy.destination);
    if (!isKnown) throw refusal;
  };
  const object = await destinations.get(copy.destination).put(copy.key, body, { signal, beforeName });
  // What was stored as it is has passed as the node's own size and digest: one digest over gigabytes is enough.
  const { size, sha256 } = encrypted?.measured() ?? source;
  return { size, sha256, at: clock.now(), lockedUntil: object.lockedUntil };
}

async function* watch(
  body: AsyncIterable<Uint8Array>,
  onProgress: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void> {
  let passed = 0;
  for await (const chunk of body) {
    yield chunk;
    passed += chunk.byteLength;
    onProgress(passed);
  }
}

// Waiting does not fix these; a person has to.
const final = [
  'denied',
  'read-only',
  'full',
  'clock-skew',
  'lock-missing',
  'encryption-missing',
  'exists',
  'not-known-place',
  'client-missing',
];

function worthAnotherTry(copy: FileCopy): boolean {
  return copy.failure !== undefined && !final.includes(copy.failure.kind);
}
