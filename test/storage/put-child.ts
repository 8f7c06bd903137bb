/** `node put-child.ts PATH KEY MEBIBYTES [hang]`: one put in a process of its own; prints how it ended as JSON. */
import { directoryDestination } from '../../src/storage/directory.ts';
import { StorageError } from '../../src/workflow/destination.ts';
import { LongBody } from '../contracts/destination-samples.ts';

const [path = '', key = '', mebibytes = '1', hang] = process.argv.slice(2);
const destination = directoryDestination({ name: 'child', path, clock: { now: () => Date.now() } });

async function* body(): AsyncGenerator<Uint8Array> {
  yield* new LongBody(Number(mebibytes));
  if (hang === undefined) return;
  process.stdout.write('hanging\n');
  await new Promise((resolve) => setTimeout(resolve, 600_000));
}

try {
  const stored = await destination.put(key, body(), { signal: new AbortController().signal });
  process.stdout.write(JSON.stringify({ size: stored.size }));
} catch (error) {
  if (!(error instanceof StorageError)) throw error;
  process.stdout.write(JSON.stringify({ kind: error.kind, message: error.message }));
}
