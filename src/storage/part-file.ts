import { type FileHandle, link, lstat, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from './directory-errors.ts';

/** A part that nobody wrote to for so long belongs to a process that was killed. */
const abandonedAfterMs = 60 * 60 * 1000;
// What file systems without hard links answer to link(): CIFS, exFAT, some FUSE mounts.
const noHardLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

export const partEnding = '.part';

/** A part file beside `path`, new and empty, readable by its owner only. `id` keeps two writers of one file apart. */
export async function createPart(path: string, id: string): Promise<{ part: string; file: FileHandle }> {
  const part = join(dirname(path), `.${basename(path)}.${id}${partEnding}`);
  return { part, file: await open(part, 'wx+', 0o600) };
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
