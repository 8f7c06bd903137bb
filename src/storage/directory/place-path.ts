import type { BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { StorageError } from '../../workflow/ports/destination.ts';
import { RootMissing } from './directory-errors.ts';
import { type PlaceFiles, seen } from './place-files.ts';

/** Where a key lies: without a symbolic link on the way from the root. */
export interface PlacePath {
  /** The destination's own directory, links on the way to it resolved. */
  readonly root: string;
  readonly path: string;
  /** What has this name; undefined: nothing. */
  readonly found: BigIntStats | undefined;
}

/**
 * The one rule for symbolic links. The root may be one, or lie behind one: it is resolved again for each operation, and the
 * label stays as it was configured. Below the root none is followed, neither for reading nor writing, listing or removing:
 * what lies behind one can vanish or change without this place. A link in the way is an error (kind `other`), never "absent".
 * It guards against mistakes, not against people who replace directories while an operation runs.
 */
export async function placePath(
  files: PlaceFiles,
  at: { readonly op: string; readonly label: string; readonly key: string },
): Promise<PlacePath> {
  const root = await realRoot(files, at.label);
  const segments = at.key.split('/').filter((segment) => segment !== '');
  const path = join(root, ...segments);
  let walked = root;
  for (const [index, segment] of segments.entries()) {
    walked = join(walked, segment);
    const found = await seen(files, walked);
    if (found?.isSymbolicLink()) throw linkInTheWay(at, segments.slice(0, index + 1).join('/'));
    if (found === undefined || index === segments.length - 1) return { root, path, found };
    if (!found.isDirectory()) throw Object.assign(new Error(walked), { code: 'ENOTDIR' });
  }
  return { root, path, found: await files.lstat(root) };
}

/** The directory itself. Throws RootMissing when there is none now, as of a volume that is not mounted. */
export async function realRoot(files: PlaceFiles, label: string): Promise<string> {
  const root = await files.realpath(label).catch(rootMissing);
  if (!(await files.lstat(root).catch(rootMissing)).isDirectory()) rootMissing({ code: 'ENOTDIR' });
  return root;
}

function rootMissing(error: unknown): never {
  const { code } = error as { code?: unknown };
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') throw new RootMissing(code);
  throw error;
}

function linkInTheWay(
  { op, label, key }: { readonly op: string; readonly label: string; readonly key: string },
  link: string,
): StorageError {
  return new StorageError({
    op,
    key,
    kind: 'other',
    message: `${op} of ${key || 'all'} in ${label}: ${link} is a symbolic link, and none is followed below the destination`,
    hint: 'Put the real directory or file there (a bind mount will do), or make the other place a destination of its own',
  });
}
