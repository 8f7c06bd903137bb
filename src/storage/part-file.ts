import { type FileHandle, link, lstat, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from './directory-errors.ts';

const writeBatchBytes = 1024 * 1024;
const flushEveryBytes = 32 * 1024 * 1024;
/** A part that nobody wrote to for so long belongs to a process that was killed. */
const abandonedAfterMs = 60 * 60 * 1000;
// What file systems without hard links answer to link(): CIFS, exFAT, some FUSE mounts.
const noHardLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

export const partEnding = '.part';

/** A part file beside `path`, new and empty, readable by its owner only. `id` keeps two writers of one file apart. */
export async function createPart(path: string, id: string): Promise<{ part: string; file: FileHandle }> {
  const part = join(dirname(path), `.${basename(path)}.${id}${partEnding}`);
  return { part, file: await open(part, 'wx', 0o600) };
}

/**
 * Appends all chunks, gathered into larger writes; the next one is gathered while the last one is written, and what is
 * written goes on to stable storage meanwhile, so that little is left for the end. What the body throws is thrown on.
 */
export async function writeAll(file: FileHandle, body: AsyncIterable<Uint8Array>): Promise<number> {
  const writer = new BatchWriter(file);
  try {
    for await (const chunk of body) await writer.add(chunk);
    return await writer.end();
  } finally {
    await writer.settled();
  }
}

class BatchWriter {
  readonly #file: FileHandle;
  #batch: Uint8Array[] = [];
  #batched = 0;
  #written = 0;
  #flushedAt = 0;
  #writing: Promise<void> = Promise.resolve();
  #flushing: Promise<void> | undefined;
  #flushFailure: { readonly error: unknown } | undefined;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async add(chunk: Uint8Array): Promise<void> {
    if (chunk.byteLength === 0) return;
    this.#batch.push(chunk);
    this.#batched += chunk.byteLength;
    if (this.#batched >= writeBatchBytes) await this.#send();
  }

  async end(): Promise<number> {
    await this.#send();
    await this.settled();
    // The system tells a failed flush once: the sync that follows would know nothing of it.
    if (this.#flushFailure) throw this.#flushFailure.error;
    await this.#writing;
    return this.#written;
  }

  /** Nothing of ours touches the file any more; says nothing about how it went. */
  async settled(): Promise<void> {
    await Promise.allSettled([this.#writing, this.#flushing]);
  }

  async #send(): Promise<void> {
    await this.#writing;
    if (this.#flushFailure) throw this.#flushFailure.error;
    const batch = this.#batch;
    this.#written += this.#batched;
    this.#batch = [];
    this.#batched = 0;
    this.#flushSometimes();
    this.#writing = writeBatch(this.#file, batch);
    // Whoever sends or ends next sees what it says.
    this.#writing.catch(() => undefined);
  }

  #flushSometimes(): void {
    if (this.#flushing || this.#written - this.#flushedAt < flushEveryBytes) return;
    this.#flushedAt = this.#written;
    this.#flushing = this.#file.datasync().then(
      () => {
        this.#flushing = undefined;
      },
      (error: unknown) => {
        this.#flushFailure = { error };
      },
    );
  }
}

// A nearly full disk takes a part of a write without an error: the next write then says why.
async function writeBatch(file: FileHandle, batch: readonly Uint8Array[]): Promise<void> {
  let rest = [...batch];
  while (rest.length > 0) {
    let { bytesWritten } = await file.writev(rest);
    rest = rest.flatMap((chunk) => {
      const taken = Math.min(bytesWritten, chunk.byteLength);
      bytesWritten -= taken;
      return taken === chunk.byteLength ? [] : [chunk.subarray(taken)];
    });
  }
}

/**
 * Gives the part its final name, which must be free: EEXIST otherwise. link() decides that atomically between any number of
 * writers; rename() would replace a file that is there. Without hard links the name is looked at just before the rename.
 */
export async function publish(part: string, path: string, hardLink: typeof link = link): Promise<void> {
  try {
    await hardLink(part, path);
  } catch (error) {
    if (!noHardLinks.has(errorCode(error) ?? '')) throw error;
    if (await standsThere(path)) throw Object.assign(new Error(`${path} exists`), { code: 'EEXIST' });
    await rename(part, path);
    return;
  }
  await rm(part, { force: true });
}

export async function standsThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** A new name is on stable storage only once the directory that holds it is. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } catch (error) {
    // Some network file systems cannot sync a directory; they write names through.
    if (errorCode(error) !== 'EINVAL' && errorCode(error) !== 'ENOTSUP') throw error;
  } finally {
    await directory.close();
  }
}

/** Makes `path` below `root`, which must exist: an unmounted volume must not be filled up as a plain directory. */
export async function makeDirectories(root: string, path: string): Promise<void> {
  if (path === root) {
    if (!(await stat(root)).isDirectory()) throw Object.assign(new Error(root), { code: 'ENOTDIR' });
    return;
  }
  await makeDirectories(root, dirname(path));
  try {
    await mkdir(path, { mode: 0o700 });
    await syncDirectory(dirname(path));
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}

/** All parts of `path`: whoever still writes one finds it gone and fails, and nothing of it stands under the final name. */
export async function removeParts(path: string): Promise<void> {
  for (const part of await partsOf(path)) await rm(part, { force: true });
}

async function partsOf(path: string): Promise<readonly string[]> {
  const directory = dirname(path);
  const names = await readdir(directory);
  return names
    .filter((name) => name.startsWith(`.${basename(path)}.`) && name.endsWith(partEnding))
    .map((name) => join(directory, name));
}

/** Removes the parts of `path` that killed processes left. */
export async function removeAbandonedParts(path: string, now: number): Promise<void> {
  for (const part of await partsOf(path)) {
    const { mtimeMs } = await stat(part).catch(() => ({ mtimeMs: now }));
    if (now - mtimeMs > abandonedAfterMs) await rm(part, { force: true });
  }
}
