/** `node linkless-child.ts PATH COUNT SEED START`: puts COUNT keys where link() does not work; prints the keys that it won. */
import { setTimeout as delay } from 'node:timers/promises';
import { nodeFiles } from '../../src/storage/directory/place-files.ts';
import { StorageError } from '../../src/workflow/ports/destination.ts';
import { chunksOf, pattern } from '../contracts/destination-samples.ts';
import { firstFails, placeAt } from './directory-lab.ts';

const [path = '', count = '1', seed = '0', start = '0'] = process.argv.slice(2);
const place = placeAt(path, { link: firstFails(nodeFiles.link, 'EPERM', Number.POSITIVE_INFINITY) });
const won: string[] = [];

// The others start at the same time.
await delay(Math.max(0, Number(start) - Date.now()));
for (let at = 0; at < Number(count); at += 1) {
  try {
    await place.put(`run/${at}`, chunksOf(pattern(500, Number(seed))), {
      signal: new AbortController().signal,
    });
    won.push(`run/${at}`);
  } catch (error) {
    if (!(error instanceof StorageError && error.kind === 'exists')) throw error;
  }
}
process.stdout.write(JSON.stringify(won));
