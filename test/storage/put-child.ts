/** `node put-child.ts PATH KEY MEBIBYTES [hang | itself]`: one put in a process of its own; prints how it ended as JSON. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { follow } from '../../src/openshift/follow-file.ts';
import { directoryDestination } from '../../src/storage/directory.ts';
import { type OpenFile, StorageError } from '../../src/workflow/destination.ts';
import { LongBody } from '../contracts/destination-samples.ts';

const [path = '', key = '', mebibytes = '1', how] = process.argv.slice(2);
const destination = directoryDestination({ name: 'child', path, clock: { now: () => Date.now() } });

async function* body(): AsyncGenerator<Uint8Array> {
  yield* new LongBody(Number(mebibytes));
  if (how !== 'hang') return;
  process.stdout.write('hanging\n');
  await new Promise((resolve) => setTimeout(resolve, 600_000));
}

/** What somebody else writes into the file, who then ends as if all were well. */
async function* itself(file: OpenFile): AsyncGenerator<Uint8Array> {
  const writer = spawn('head', ['-c', `${mebibytes}m`, '/dev/zero'], {
    stdio: ['ignore', file.fd, 'ignore'],
  });
  let bytes = 0;
  for await (const piece of follow(file, once(writer, 'exit'))) {
    bytes += piece.byteLength;
    yield piece;
  }
  if (bytes < Number(mebibytes) * 1024 * 1024) throw new Error(`only ${bytes} bytes came`);
}

try {
  const whole = { [Symbol.asyncIterator]: body, into: how === 'itself' ? itself : undefined };
  const stored = await destination.put(key, whole, { signal: new AbortController().signal });
  process.stdout.write(JSON.stringify({ size: stored.size }));
} catch (error) {
  if (!(error instanceof StorageError)) throw error;
  process.stdout.write(JSON.stringify({ kind: error.kind, message: error.message }));
}
