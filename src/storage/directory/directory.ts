import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { CheckNote } from '../../domain/copies/check-note.ts';
import {
  type Body,
  type Destination,
  type ListedObject,
  type PutOptions,
  type Removal,
  StorageError,
  type StoredObject,
} from '../../workflow/ports/destination.ts';
import { GuardedBody } from '../common/guarded-body.ts';
import { checkKey } from '../common/object-key.ts';
import { type PlaceClock, pauses } from '../common/place-clock.ts';
import { removeAbandonedParts, removeEmpty } from './abandoned-parts.ts';
import { BoundedCalls, type CallBounds, type SilenceListener } from './bounded-calls.ts';
import { boundedFiles } from './bounded-files.ts';
import { directoryError, errorCode, RootMissing } from './directory-errors.ts';
import { listDirectory } from './directory-list.ts';
import { readObject } from './directory-read.ts';
import { flushAll, tryToWrite, writeAll } from './fill-part.ts';
import { keptAlive, touchEveryMs } from './living-part.ts';
import { createPart, leaveOpen, mayStand, publish, removeParts } from './part-file.ts';
import {
  makeDirectories,
  nodeFiles,
  type PlaceFile,
  type PlaceFiles,
  steadyFiles,
  syncDirectory,
  unlinkIfPossible,
  unlinkSurely,
} from './place-files.ts';
import { placePath, realRoot } from './place-path.ts';

const sweepEveryMs = 60 * 60 * 1000;

export interface DirectoryOptions {
  readonly name: string;
  /** Absolute; must exist (a mount point that is not mounted shall not be filled). */
  readonly path: string;
  readonly clock: PlaceClock;
  /** The system's by default. */
  readonly files?: PlaceFiles;
  /** How long its calls may take; the usual ones by default. */
  readonly bounds?: CallBounds;
  readonly listener?: SilenceListener | undefined;
  /** How often a part that is being written gets the present time. */
  readonly touchEveryMs?: number;
}

/** A directory, local or mounted. Files 0600, directories 0700. Objects have no lock and no encryption of the place's own. */
export function directoryDestination(options: DirectoryOptions): Destination {
  if (!isAbsolute(options.path)) throw new Error(`the directory ${options.path} must be an absolute path`);
  return new DirectoryDestination(options);
}

class DirectoryDestination implements Destination {
  readonly name: string;
  readonly label: string;
  readonly #files: PlaceFiles;
  readonly #clock: PlaceClock;
  readonly #sleep: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  readonly #touchEveryMs: number;
  #sweptAt: number | undefined;
  readonly kind = 'directory';

  constructor(options: DirectoryOptions) {
    this.name = options.name;
    this.label = resolve(options.path);
    const calls = new BoundedCalls(options.bounds, options.listener);
    this.#files = steadyFiles(boundedFiles(options.files ?? nodeFiles, calls));
    this.#clock = options.clock;
    this.#touchEveryMs = options.touchEveryMs ?? touchEveryMs;
    this.#sleep = pauses(options.clock);
  }

  async put(key: string, body: Body, { signal, beforeName }: PutOptions): Promise<StoredObject> {
    checkKey('put', key);
    try {
      const { root, path, found } = await this.#at('put', key);
      if (found) throw this.#exists(key);
      const { part, file } = await this.#createPart(root, path);
      let now: bigint;
      try {
        now = await this.#fill(file, body, signal);
        await beforeName?.();
        await publish(this.#files, part, path, this.#sleep);
      } catch (error) {
        await unlinkIfPossible(this.#files, part);
        await removeEmpty(this.#files, root, dirname(path));
        throw error;
      }
      await this.#settle(path);
      const stored = await this.stat(key);
      await this.#sweep(root, now);
      return stored;
    } catch (error) {
      if (error instanceof SourceFailure) throw error.cause;
      if (errorCode(error) === 'EEXIST') throw this.#exists(key);
      const note = mayStand(error) ? 'Whether the file has its name could not be seen' : undefined;
      throw directoryError(error, { op: 'put', key, label: this.label, note });
    }
  }

  #at(op: string, key: string): ReturnType<typeof placePath> {
    return placePath(this.#files, { op, label: this.label, key });
  }

  /** A name that may not outlive a power cut is taken back. */
  async #settle(path: string): Promise<void> {
    try {
      await syncDirectory(this.#files, dirname(path));
    } catch (error) {
      await this.#files.unlink(path).catch(() => leaveOpen(error));
      throw error;
    }
  }

  async #createPart(root: string, path: string): Promise<{ part: string; file: PlaceFile }> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await makeDirectories(this.#files, root, dirname(path));
        return await createPart(this.#files, path);
      } catch (error) {
        // A removal beside us takes empty directories away.
        if (errorCode(error) !== 'ENOENT' || attempt === 3) throw error;
      }
    }
  }

  /** Returns the time at the place. */
  async #fill(file: PlaceFile, body: Body, signal: AbortSignal): Promise<bigint> {
    try {
      const written = await keptAlive(file, this.#touchEveryMs, () => fill(file, body, signal));
      await file.sync();
      const { size, mtimeMs } = await file.stat({ bigint: true });
      if (size !== BigInt(written)) {
        throw new StorageError({
          op: 'put',
          kind: 'torn',
          message: `put into ${this.label}: wrote ${written} bytes, the file has ${size}`,
          hint: 'Nothing was kept. Look at the file system',
        });
      }
      return mtimeMs;
    } finally {
      await file.close();
    }
  }

  #exists(key: string): StorageError {
    return new StorageError({
      op: 'put',
      key,
      kind: 'exists',
      message: `put of ${key} in ${this.label}: a file of this name is there already`,
      hint: 'It was left as it is; use another key or remove it first',
    });
  }

  async open(
    key: string,
    { signal, passing = false }: { signal: AbortSignal; passing?: boolean },
  ): Promise<AsyncIterable<Uint8Array>> {
    checkKey('open', key);
    signal.throwIfAborted();
    // Opened only when it is read, so that an iterable that is not read holds no file.
    const { size } = await this.stat(key);
    return readObject({ files: this.#files, label: this.label, key, size, signal, passing });
  }

  async stat(key: string): Promise<StoredObject> {
    checkKey('stat', key);
    try {
      const { found } = await this.#at('stat', key);
      if (!found?.isFile()) throw Object.assign(new Error(key), { code: 'ENOENT' });
      return {
        key,
        location: join(this.label, key),
        size: Number(found.size),
        storedAt: Number(found.mtimeMs),
        lockedUntil: undefined,
        serverSideEncryption: undefined,
      };
    } catch (error) {
      throw directoryError(error, { op: 'stat', key, label: this.label });
    }
  }

  list(prefix: string): Promise<readonly ListedObject[]> {
    return listDirectory(this.#files, this.label, prefix);
  }

  async remove(key: string): Promise<Removal> {
    checkKey('remove', key);
    try {
      const { root, path, found } = await this.#at('remove', key);
      if (found?.isDirectory()) return { kind: 'absent' };
      await removeParts(this.#files, path).catch(ifAbsent);
      const kind = await unlinkSurely(this.#files, path);
      if (kind === 'removed') await syncDirectory(this.#files, dirname(path)).catch(ifAbsent);
      await removeEmpty(this.#files, root, dirname(path));
      return { kind };
    } catch (error) {
      const code = errorCode(error);
      // Below the root: a part of the key is a file, so that nothing can have this key.
      if (code === 'ENOTDIR' && !(error instanceof RootMissing)) return { kind: 'absent' };
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
        return { kind: 'refused', why: `${join(this.label, key)}: ${code}` };
      }
      throw directoryError(error, { op: 'remove', key, label: this.label });
    }
  }

  async check(): Promise<readonly CheckNote[]> {
    try {
      const root = await realRoot(this.#files, this.label);
      const { part, file } = await createPart(this.#files, join(root, 'check'));
      let now: bigint;
      try {
        await file.writeFile('check');
        await file.sync();
        now = (await file.stat({ bigint: true })).mtimeMs;
      } finally {
        await file.close();
        await unlinkIfPossible(this.#files, part);
      }
      await syncDirectory(this.#files, root);
      await removeAbandonedParts(this.#files, root, now);
      return [];
    } catch (error) {
      throw directoryError(error, { op: 'check', label: this.label });
    }
  }

  /** Bots run for months: so also after a put, at most once an hour. */
  async #sweep(root: string, now: bigint): Promise<void> {
    const at = this.#clock.now();
    if (this.#sweptAt !== undefined && Math.abs(at - this.#sweptAt) < sweepEveryMs) return;
    this.#sweptAt = at;
    await removeAbandonedParts(this.#files, root, now);
  }
}

function ifAbsent(error: unknown): void {
  const code = errorCode(error);
  if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
}

/** Thrown by the body, or the reason why it was aborted: not of the place's doing. Its cause is what was thrown. */
class SourceFailure extends Error {}

async function fill(file: PlaceFile, body: Body, signal: AbortSignal): Promise<number> {
  const guarded = new GuardedBody(body.into?.(file) ?? body, signal);
  try {
    return await (body.into ? flushAll(file, guarded) : writeAll(file, guarded));
  } catch (error) {
    const { failure } = guarded;
    if (!failure) throw error;
    // What the place does not take from a child shows as the child's failure, or as too few bytes: the place is asked.
    if (body.into && !signal.aborted) await tryToWrite(file);
    throw new SourceFailure('the source failed', { cause: failure.error });
  }
}
