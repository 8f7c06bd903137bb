import { lstat, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { ListedObject } from '../workflow/destination.ts';
import { directoryError, unlessGone } from './directory-errors.ts';

/** Every object below the directory `label` whose key begins with `prefix`, by key. */
export async function listDirectory(label: string, prefix: string): Promise<readonly ListedObject[]> {
  try {
    const found: ListedObject[] = [];
    for await (const location of filesBelow(label)) {
      const key = relative(label, location);
      if (!key.startsWith(prefix)) continue;
      const seen = await unlessGone(lstat(location));
      if (seen) found.push({ key, location, size: seen.size, storedAt: Math.floor(seen.mtimeMs) });
    }
    return found.sort((a, b) => (a.key < b.key ? -1 : 1));
  } catch (error) {
    throw directoryError(error, { op: 'list', label });
  }
}

/** Names that begin with a dot are parts and what file systems keep for themselves (.snapshot, .nfs…). */
async function* filesBelow(root: string): AsyncGenerator<string, void> {
  const waiting = [await readdir(root, { withFileTypes: true })];
  for (const entries of waiting) {
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile()) yield path;
      if (entry.isDirectory()) waiting.push((await unlessGone(readdir(path, { withFileTypes: true }))) ?? []);
    }
  }
}
