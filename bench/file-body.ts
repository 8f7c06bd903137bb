import { open } from 'node:fs/promises';

const chunkBytes = 64 * 1024;

/** A local file in the pieces in which a pipe would give it. */
export async function* fileBody(path: string): AsyncGenerator<Uint8Array, void> {
  await using file = await open(path, 'r');
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(chunkBytes), 0, chunkBytes);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}
