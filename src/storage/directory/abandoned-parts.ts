import { dirname, join } from 'node:path';
import { isKeySegment } from '../common/object-key.ts';
import { abandonedAfterMs, isPartOrClaim } from './part-names.ts';
import { type PlaceFiles, seen, unlinkIfPossible } from './place-files.ts';

const mostEntries = 100_000;

/**
 * Removes parts and claims of killed processes, everywhere below `root` where keys can lie, and the directories that become
 * empty by that. `now` is the place's own time, from a file that was just written there: clocks of bots jump and differ. Links
 * are not followed. What cannot be read or removed stays; of a very large place only the first part is looked at.
 */
export async function removeAbandonedParts(files: PlaceFiles, root: string, now: bigint): Promise<void> {
  for await (const path of partsBelow(files, root)) {
    const part = await seen(files, path).catch(() => undefined);
    if (!part?.isFile() || Number(now - part.mtimeMs) <= abandonedAfterMs) continue;
    await unlinkIfPossible(files, path);
    await removeEmpty(files, root, dirname(path));
  }
}

async function* partsBelow(files: PlaceFiles, root: string): AsyncGenerator<string, void> {
  const waiting = [root];
  let looked = 0;
  for (const directory of waiting) {
    const entries = await files.readdir(directory).catch(() => []);
    for (const entry of entries) {
      looked += 1;
      if (looked > mostEntries) return;
      const path = join(directory, entry.name);
      if (entry.isFile() && isPartOrClaim(entry.name)) yield path;
      if (entry.isDirectory() && isKeySegment(entry.name)) waiting.push(path);
    }
  }
}

/** An empty directory says nothing: a run's directory goes with its last file. */
export async function removeEmpty(files: PlaceFiles, root: string, directory: string): Promise<void> {
  if (directory === root || !directory.startsWith(root)) return;
  try {
    await files.rmdir(directory);
  } catch {
    return;
  }
  await removeEmpty(files, root, dirname(directory));
}
