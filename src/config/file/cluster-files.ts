import { join } from 'node:path';
import { systemErrorText } from './references.ts';

/** Beside the main file: one file for each cluster. */
export const clustersDirectory = 'clusters.d';

/** One file of `clusters.d` as it was read; `found`: why it could not be, in words for after "found". */
export type ClusterFile = { readonly name: string } & (
  | { readonly text: string }
  | { readonly found: string }
);

/** The part of a file system that `clusters.d` is read through. All reject with a system error (`code`). */
export interface Folders {
  list(directory: string): Promise<readonly string[]>;
  readFile(path: string): Promise<string>;
  /** Where a symbolic link leads, as it is written there. */
  readLink(path: string): Promise<string>;
}

/** What the kubelet puts into the directory of a ConfigMap, and replaces at once when the ConfigMap changes. */
const swappedLink = '..data';
const mostSwaps = 10;

/**
 * The files `*.yaml` and `*.yml` of `clusters.d` beside the main file, by name. None where there is no such directory. Names that
 * begin with a dot are left out: the kubelet's and editors' own. A ConfigMap that is replaced meanwhile is read again, so that
 * the files are of one edition.
 */
export async function readClusterFiles(
  mainDirectory: string,
  folders: Folders,
): Promise<readonly ClusterFile[]> {
  const directory = join(mainDirectory, clustersDirectory);
  const edition = () => folders.readLink(join(directory, swappedLink)).catch(() => undefined);
  for (let swaps = 0; ; swaps += 1) {
    const before = await edition();
    const files = await readAll(directory, folders);
    if ((await edition()) === before || swaps === mostSwaps) return files;
  }
}

async function readAll(directory: string, folders: Folders): Promise<readonly ClusterFile[]> {
  const names = await folders.list(directory).catch((error: unknown) => error);
  if (!Array.isArray(names)) {
    const isAbsent = (names as { code?: unknown } | null)?.code === 'ENOENT';
    return isAbsent ? [] : [{ name: '', found: systemErrorText(names) }];
  }
  const wanted = names.filter((name: string) => /^[^.].*\.ya?ml$/.test(name)).sort();
  return Promise.all(
    wanted.map((name: string) =>
      folders.readFile(join(directory, name)).then(
        (text): ClusterFile => ({ name, text }),
        (error: unknown): ClusterFile => ({ name, found: systemErrorText(error) }),
      ),
    ),
  );
}

/** The cluster's name where the file itself gives none. */
export function nameOfFile(file: string): string {
  return file.replace(/\.ya?ml$/, '');
}
