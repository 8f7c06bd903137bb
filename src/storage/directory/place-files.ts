import type { BigIntStats, Dirent } from 'node:fs';
import { link, lstat, mkdir, open, readdir, realpath, rename, rmdir, unlink } from 'node:fs/promises';
import { errorCode } from './directory-errors.ts';

/** What a directory needs of an open file; a FileHandle is one. */
export interface PlaceFile {
  readonly fd: number;
  close(): Promise<void>;
  datasync(): Promise<void>;
  read(buffer: Buffer, offset: number, length: number, position?: number): Promise<{ bytesRead: number }>;
  readFile(encoding: 'utf8'): Promise<string>;
  stat(options: { readonly bigint: true }): Promise<BigIntStats>;
  sync(): Promise<void>;
  utimes(atime: number, mtime: number): Promise<void>;
  writeFile(data: string | Uint8Array): Promise<void>;
  writev(buffers: readonly Uint8Array[]): Promise<{ bytesWritten: number }>;
}

/** What a directory needs of its file system. Tests put the answers of a file server in between. */
export interface PlaceFiles {
  link(from: string, to: string): Promise<void>;
  /** Wide numbers: file servers give inodes of 64 bits. */
  lstat(path: string): Promise<BigIntStats>;
  mkdir(path: string, options: { readonly mode: number }): Promise<unknown>;
  open(path: string, flags: string | number, mode?: number): Promise<PlaceFile>;
  readdir(path: string): Promise<readonly Dirent[]>;
  realpath(path: string): Promise<string>;
  rename(from: string, to: string): Promise<void>;
  rmdir(path: string): Promise<void>;
  unlink(path: string): Promise<void>;
}

export const nodeFiles: PlaceFiles = {
  link,
  lstat: (path) => lstat(path, { bigint: true }),
  mkdir,
  open,
  readdir: (path) => readdir(path, { withFileTypes: true }),
  realpath,
  rename,
  rmdir,
  unlink,
};

const staleTries = 3;

/**
 * ESTALE: the file server knows the handle no more, as happens when another client replaced a directory on the way. A call
 * by path finds the new one when it is repeated; a file server that lost the whole mount answers ESTALE again.
 */
async function againIfStale<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (errorCode(error) !== 'ESTALE' || tries === staleTries) throw error;
    }
  }
}

export function steadyFiles(files: PlaceFiles): PlaceFiles {
  return {
    link: (from, to) => againIfStale(() => files.link(from, to)),
    lstat: (path) => againIfStale(() => files.lstat(path)),
    mkdir: (path, options) => againIfStale(() => files.mkdir(path, options)),
    open: (path, flags, mode) => againIfStale(() => files.open(path, flags, mode)),
    readdir: (path) => againIfStale(() => files.readdir(path)),
    realpath: (path) => againIfStale(() => files.realpath(path)),
    rename: (from, to) => againIfStale(() => files.rename(from, to)),
    rmdir: (path) => againIfStale(() => files.rmdir(path)),
    unlink: (path) => againIfStale(() => files.unlink(path)),
  };
}

/** What has this name, a symbolic link itself; undefined: nothing. */
export async function seen(files: PlaceFiles, path: string): Promise<BigIntStats | undefined> {
  try {
    return await files.lstat(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

export function sameFile(a: BigIntStats, b: BigIntStats): boolean {
  return a.dev === b.dev && a.ino === b.ino;
}

/**
 * Removes the name `path`; `absent`: there was none. A file server that carries a removal out and loses its answer says
 * ENOENT, EIO or ETIMEDOUT of it: so what is there afterwards decides, in both directions.
 */
export async function unlinkSurely(files: PlaceFiles, path: string): Promise<'removed' | 'absent'> {
  const before = await seen(files, path);
  if (!before) return 'absent';
  let failure: unknown = Object.assign(new Error(`${path} is still there after its removal`), {
    code: 'EIO',
  });
  try {
    await files.unlink(path);
  } catch (error) {
    failure = error;
  }
  const after = await seen(files, path).catch(() => before);
  if (after && sameFile(before, after)) throw failure;
  return 'removed';
}

/** For names whose leftovers are found and removed later. */
export async function unlinkIfPossible(files: PlaceFiles, path: string): Promise<void> {
  await files.unlink(path).catch(() => undefined);
}

/** A new name is on stable storage only once the directory that holds it is. */
export function syncDirectory(files: PlaceFiles, path: string): Promise<void> {
  return againIfStale(async () => {
    const directory = await files.open(path, 'r');
    try {
      await directory.sync();
    } catch (error) {
      // Some network file systems cannot sync a directory; they write names through.
      if (errorCode(error) !== 'EINVAL' && errorCode(error) !== 'ENOTSUP') throw error;
    } finally {
      await directory.close();
    }
  });
}

/** Makes `path` below `root`, which must exist: an unmounted volume must not be filled up as a plain directory. */
export async function makeDirectories(files: PlaceFiles, root: string, path: string): Promise<void> {
  if (path === root) {
    if (!(await files.lstat(root)).isDirectory()) throw notADirectory(root);
    return;
  }
  await makeDirectories(files, root, parentOf(path));
  try {
    await files.mkdir(path, { mode: 0o700 });
  } catch (error) {
    // It may be ours all the same: a file server repeats a request whose answer was lost.
    const found = await seen(files, path).catch(() => undefined);
    if (!found) throw error;
    if (!found.isDirectory()) throw notADirectory(path);
    if (errorCode(error) === 'EEXIST') return;
  }
  await syncDirectory(files, parentOf(path));
}

function notADirectory(path: string): Error {
  return Object.assign(new Error(`${path} is no directory`), { code: 'ENOTDIR' });
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
