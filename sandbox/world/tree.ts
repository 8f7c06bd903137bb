import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

export interface TreeFile {
  /** From the root of the tree: `/home/core/assets/backup/…` on a node. */
  readonly path: string;
  /** undefined: an empty directory. */
  readonly bytes: number | undefined;
}

/** Every file and every empty directory below `folder` of the tree, hidden ones too, sorted; none where there is no such folder. */
export async function treeBelow(root: string, folder: string): Promise<readonly TreeFile[]> {
  const options = { recursive: true, withFileTypes: true } as const;
  const entries = await readdir(path.join(root, folder), options).catch(() => []);
  const parents = new Set(entries.map(({ parentPath }) => parentPath));
  const files = await Promise.all(
    entries.map(async (entry) => {
      const place = path.join(entry.parentPath, entry.name);
      if (parents.has(place)) return [];
      // What is removed meanwhile is not there.
      const found = await stat(place).catch(() => undefined);
      if (found === undefined) return [];
      return { path: `/${path.relative(root, place)}`, bytes: found.isDirectory() ? undefined : found.size };
    }),
  );
  return files.flat().toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
