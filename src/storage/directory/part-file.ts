import { randomUUID } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCode } from './directory-errors.ts';
import { whileClaimed } from './name-claim.ts';
import { isPartOf, partPath } from './part-names.ts';
import { type PlaceFile, type PlaceFiles, sameFile, seen, unlinkIfPossible } from './place-files.ts';

// What link() answers where it cannot work: CIFS, exFAT, FUSE, and directories that only look like one file system.
const noHardLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV', 'EINVAL']);
const createTries = 3;

/** A part file beside `path`, new and empty, readable by its owner only. */
export async function createPart(
  files: PlaceFiles,
  path: string,
): Promise<{ part: string; file: PlaceFile }> {
  for (let tries = 1; ; tries += 1) {
    const part = partPath(path, randomUUID());
    try {
      return { part, file: await files.open(part, 'wx+', 0o600) };
    } catch (error) {
      // Of a name that is not guessed only our own request can say so, carried out twice by the file server.
      if (errorCode(error) !== 'EEXIST' || tries === createTries) throw error;
    }
  }
}

/** Set on an error after which it is unknown whether the final name exists. */
const uncertain = new WeakSet<object>();

export function leaveOpen(error: unknown): void {
  if (typeof error === 'object' && error !== null) uncertain.add(error);
}

export function mayStand(error: unknown): boolean {
  return typeof error === 'object' && error !== null && uncertain.has(error);
}

/**
 * Gives the part its final name, which must be free: EEXIST otherwise, and the file that is there stays as it is, between any
 * number of writers. link() decides that atomically. A file server may carry it out and still answer EEXIST or EIO, when the
 * first answer was lost: then the file behind both names decides, not the answer. See whileClaimed for places without links.
 */
export async function publish(
  files: PlaceFiles,
  part: string,
  path: string,
  pause: (ms: number) => Promise<unknown>,
): Promise<void> {
  const own = await files.lstat(part);
  try {
    await files.link(part, path);
  } catch (error) {
    if (noHardLinks.has(errorCode(error) ?? '')) {
      await whileClaimed(files, { path, part, pause }, () => renameFree(files, part, path, own));
      return;
    }
    if (!(await unlessUnseen(error, () => hasBothNames(files, part, path, own)))) throw error;
  }
  await unlinkIfPossible(files, part);
}

async function hasBothNames(
  files: PlaceFiles,
  part: string,
  path: string,
  own: BigIntStats,
): Promise<boolean> {
  const named = await seen(files, path);
  if (!named || !sameFile(named, own)) return false;
  return named.nlink >= 2n || (await seen(files, part)) === undefined;
}

/** For a name that is free and claimed: then a file of our length under it, and no part any more, can only be ours. */
async function renameFree(files: PlaceFiles, part: string, path: string, own: BigIntStats): Promise<void> {
  try {
    await files.rename(part, path);
  } catch (error) {
    const moved = async () =>
      (await seen(files, path))?.size === own.size && (await seen(files, part)) === undefined;
    if (!(await unlessUnseen(error, moved))) throw error;
  }
}

async function unlessUnseen(answer: unknown, look: () => Promise<boolean>): Promise<boolean> {
  try {
    return await look();
  } catch {
    leaveOpen(answer);
    throw answer;
  }
}

/** All parts of `path`: a writer of one finds it gone and fails, and nothing of it gets the final name. */
export async function removeParts(files: PlaceFiles, path: string): Promise<void> {
  for (const { name } of await files.readdir(dirname(path))) {
    if (isPartOf(path, name)) await unlinkIfPossible(files, join(dirname(path), name));
  }
}
