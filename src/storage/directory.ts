import { randomUUID } from 'node:crypto';
import { type FileHandle, lstat, rm, rmdir, unlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import {
  type Body,
  type Destination,
  type ListedObject,
  type Removal,
  StorageError,
  type StoredObject,
} from '../workflow/destination.ts';
import { directoryError, errorCode, unlessGone } from './directory-errors.ts';
import { listDirectory } from './directory-list.ts';
import { readObject } from './directory-read.ts';
import { flushAll, tryToWrite, writeAll } from './fill-part.ts';
import { GuardedBody } from './guarded-body.ts';
import { checkKey } from './object-key.ts';
import {
  createPart,
  makeDirectories,
  publish,
  removeAbandonedParts,
  removeParts,
  standsThere,
  syncDirectory,
} from './part-file.ts';

export interface DirectoryOptions {
  readonly name: string;
  /** Absolute; must exist (a mount point that is not mounted shall not be filled). */
  readonly path: string;
  readonly clock: { now(): number };
  /** Distinguishes writers of one file; a random id by default. */
  readonly partId?: () => string;
}

/** A directory, local or mounted. Files 0600, directories 0700. Objects have no lock and no encryption of the place's own. */
export function directoryDestination(options: DirectoryOptions): Destination {
  if (!isAbsolute(options.path)) throw new Error(`the directory ${options.path} must be an absolute path`);
  return new DirectoryDestination(options);
}

class DirectoryDestination implements Destination {
  readonly name: string;
  readonly label: string;
  readonly #options: DirectoryOptions;

  constructor(options: DirectoryOptions) {
    this.name = options.name;
    this.label = resolve(options.path);
    this.#options = options;
  }

  async put(key: string, body: Body, { signal }: { signal: AbortSignal }): Promise<StoredObject> {
    checkKey('put', key);
    const path = join(this.label, key);
    try {
      if (await standsThere(path)) throw this.#exists(key);
      const { part, file } = await this.#createPart(path);
      try {
        await this.#fill(file, body, signal);
        await publish(part, path);
      } catch (error) {
        await rm(part, { force: true });
        await this.#removeEmpty(dirname(path));
        throw error;
      }
      await this.#settle(path);
      return await this.stat(key);
    } catch (error) {
      if (error instanceof SourceFailure) throw error.cause;
      if (errorCode(error) === 'EEXIST') throw this.#exists(key);
      throw directoryError(error, { op: 'put', key, label: this.label });
    }
  }

  /** A name that may not outlive a power cut is taken back. */
  async #settle(path: string): Promise<void> {
    try {
      await syncDirectory(dirname(path));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  async #createPart(path: string): Promise<{ part: string; file: FileHandle }> {
    for (let attempt = 1; ; attempt += 1) {
      await makeDirectories(this.label, dirname(path));
      try {
        await removeAbandonedParts(path, this.#options.clock.now());
        return await createPart(path, (this.#options.partId ?? randomUUID)());
      } catch (error) {
        // A removal beside us takes empty directories away.
        if (errorCode(error) !== 'ENOENT' || attempt === 3) throw error;
      }
    }
  }

  async #fill(file: FileHandle, body: Body, signal: AbortSignal): Promise<void> {
    try {
      const written = await fill(file, body, signal);
      await file.sync();
      const { size } = await file.stat();
      if (size !== written) {
        throw new StorageError({
          op: 'put',
          kind: 'torn',
          message: `put into ${this.label}: wrote ${written} bytes, the file has ${size}`,
          hint: 'Nothing was kept. Look at the file system',
        });
      }
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
    // Opened only when it is read, so that an iterable that nobody reads holds no file.
    const { size } = await this.stat(key);
    return readObject({ label: this.label, key, size, signal, passing });
  }

  async stat(key: string): Promise<StoredObject> {
    checkKey('stat', key);
    const location = join(this.label, key);
    try {
      const found = await lstat(location);
      if (!found.isFile()) throw Object.assign(new Error(location), { code: 'ENOENT' });
      return {
        key,
        location,
        size: found.size,
        storedAt: Math.floor(found.mtimeMs),
        lockedUntil: undefined,
        serverSideEncryption: undefined,
      };
    } catch (error) {
      if (errorCode(error) === 'ENOENT' && !(await standsThere(this.label))) throw this.#away(key);
      throw directoryError(error, { op: 'stat', key, label: this.label });
    }
  }

  /** Of one file nobody can say anything then. */
  #away(key: string): StorageError {
    return new StorageError({
      op: 'stat',
      key,
      kind: 'unreachable',
      message: `stat of ${key}: the directory ${this.label} itself is not there`,
      hint: 'Check the path, and that its volume is mounted',
    });
  }

  list(prefix: string): Promise<readonly ListedObject[]> {
    return listDirectory(this.label, prefix);
  }

  async remove(key: string): Promise<Removal> {
    checkKey('remove', key);
    const path = join(this.label, key);
    try {
      await unlessGone(removeParts(path));
      await unlink(path);
      await syncDirectory(dirname(path));
    } catch (error) {
      const code = errorCode(error);
      if (code === 'ENOENT' && (await standsThere(this.label))) {
        await this.#removeEmpty(dirname(path));
        return { kind: 'absent' };
      }
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
        return { kind: 'refused', why: `${path}: ${code}` };
      }
      throw directoryError(error, { op: 'remove', key, label: this.label });
    }
    await this.#removeEmpty(dirname(path));
    return { kind: 'removed' };
  }

  /** An empty directory says nothing: a run's directory goes with its last file. */
  async #removeEmpty(directory: string): Promise<void> {
    if (directory === this.label) return;
    try {
      await rmdir(directory);
    } catch {
      return;
    }
    await this.#removeEmpty(dirname(directory));
  }

  async check(): Promise<void> {
    const probe = join(this.label, 'check');
    try {
      await makeDirectories(this.label, this.label);
      const { part, file } = await createPart(probe, (this.#options.partId ?? randomUUID)());
      try {
        await file.writeFile('check');
        await file.sync();
      } finally {
        await file.close();
        await rm(part, { force: true });
      }
      await syncDirectory(this.label);
    } catch (error) {
      throw directoryError(error, { op: 'check', label: this.label });
    }
  }
}

/** Thrown by the body, or the reason why it was aborted: not of the place's doing. Its cause is what was thrown. */
class SourceFailure extends Error {}

async function fill(file: FileHandle, body: Body, signal: AbortSignal): Promise<number> {
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
