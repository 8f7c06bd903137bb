import { join, relative } from 'node:path';
import { markerKey } from '../../domain/copies/place-marker.ts';
import type { ListedObject } from '../../workflow/ports/destination.ts';
import { StorageError } from '../../workflow/ports/destination.ts';
import { isKey } from '../common/object-key.ts';
import { directoryError, errorCode, unlessGone } from './directory-errors.ts';
import { type PlaceFiles, sameFile } from './place-files.ts';
import { placePath, realRoot } from './place-path.ts';

/** Every object below the directory `label` whose key begins with `prefix`, by key. Throws rather than leave one out. */
export async function listDirectory(
  files: PlaceFiles,
  label: string,
  prefix: string,
): Promise<readonly ListedObject[]> {
  try {
    const root = await realRoot(files, label);
    const before = await files.lstat(root);
    const found: ListedObject[] = [];
    for await (const path of filesBelow(files, await startOf(files, label, prefix), root)) {
      const key = relative(root, path);
      if (!key.startsWith(prefix) || !isKey(key) || key === markerKey) continue;
      const seen = await unlessGone(files.lstat(path));
      if (!seen?.isFile()) continue;
      const [size, storedAt] = [Number(seen.size), Number(seen.mtimeMs)];
      found.push({ key, location: join(label, key), size, storedAt });
    }
    // Files of a volume that goes away meanwhile look removed, one by one.
    const after = await files.lstat(await realRoot(files, label));
    if (!sameFile(before, after)) throw replaced(label);
    return found.sort((a, b) => (a.key < b.key ? -1 : 1));
  } catch (error) {
    throw directoryError(error, { op: 'list', label });
  }
}

/** The deepest directory that every key with this prefix lies in; undefined: it does not exist. */
async function startOf(files: PlaceFiles, label: string, prefix: string): Promise<string | undefined> {
  const key = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  try {
    const { path, found } = await placePath(files, { op: 'list', label, key });
    return found?.isDirectory() ? path : undefined;
  } catch (error) {
    if (errorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Names that begin with a dot are parts and what file systems keep for themselves (.snapshot, .nfs…). */
async function* filesBelow(
  files: PlaceFiles,
  start: string | undefined,
  root: string,
): AsyncGenerator<string, void> {
  const waiting = start === undefined ? [] : [start];
  for (const directory of waiting) {
    for (const entry of (await unlessGone(files.readdir(directory))) ?? []) {
      if (entry.name.startsWith('.')) continue;
      const path = join(directory, entry.name);
      if (entry.isFile()) yield path;
      if (entry.isDirectory() && path !== join(root, 'lost+found')) waiting.push(path);
    }
  }
}

function replaced(label: string): StorageError {
  return new StorageError({
    op: 'list',
    kind: 'unreachable',
    message: `list of ${label}: another directory is there now than when the listing began`,
    hint: 'A volume was mounted or lost meanwhile: look at the mount, and list again',
  });
}
