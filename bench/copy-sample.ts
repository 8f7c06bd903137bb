import { createHash, randomFillSync } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';

/** A file that the whole way takes for an etcd snapshot. Digests lower-case hex. */
export interface Sample {
  readonly size: number;
  readonly sha256: string;
}

const blockBytes = 4 * 1024 * 1024;
const magicOffset = 16;
const bboltMagic = Buffer.from('edda0ced', 'hex');

/** Random bytes that nothing can shorten, bbolt's magic in page 0, and etcd's own digest at the end. `pages`: bytes of it. */
export async function writeSample(file: string, pages: number): Promise<Sample> {
  if (pages % blockBytes !== 0) throw new Error(`a sample has whole blocks of ${blockBytes} bytes`);
  await mkdir(path.dirname(file), { recursive: true });
  const hash = createHash('sha256');
  const block = Buffer.allocUnsafeSlow(blockBytes);
  await using out = await open(file, 'w', 0o600);
  for (let written = 0; written < pages; written += blockBytes) {
    randomFillSync(block);
    if (written === 0) bboltMagic.copy(block, magicOffset);
    hash.update(block);
    await out.writeFile(block);
  }
  const trailer = hash.copy().digest();
  await out.writeFile(trailer);
  // What is still on its way to the disk would slow down the first measurement.
  await out.sync();
  return { size: pages + trailer.byteLength, sha256: hash.update(trailer).digest('hex') };
}
