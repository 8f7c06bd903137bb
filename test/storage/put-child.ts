/** `node put-child.ts PATH KEY MEBIBYTES [hang | itself]`: one put in a process of its own; prints how it ended as JSON. */
import { directoryDestination } from '../../src/storage/directory/directory.ts';
import { StorageError } from '../../src/workflow/ports/destination.ts';
import { LongBody } from '../contracts/destination-samples.ts';
import { writtenBy } from './written-by.ts';

const [path = '', key = '', mebibytes = '1', how] = process.argv.slice(2);
const destination = directoryDestination({ name: 'child', path, clock: { now: () => Date.now() } });

async function* body(): AsyncGenerator<Uint8Array> {
  yield* new LongBody(Number(mebibytes));
  if (how !== 'hang') return;
  process.stdout.write('hanging\n');
  await new Promise((resolve) => setTimeout(resolve, 600_000));
}

try {
  const early = new Error('it ended early');
  const whole = how === 'itself' ? writtenBy(`head -c ${mebibytes}m /dev/zero`, early) : body();
  const stored = await destination.put(key, whole, { signal: new AbortController().signal });
  process.stdout.write(JSON.stringify({ size: stored.size }));
} catch (error) {
  if (!(error instanceof StorageError)) throw error;
  process.stdout.write(JSON.stringify({ kind: error.kind, message: error.message }));
}
