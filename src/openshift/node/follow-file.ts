import { setTimeout as delay } from 'node:timers/promises';
import type { OpenFile } from '../../workflow/ports/destination.ts';

const readBytes = 1024 * 1024;
const pauseMs = 10;

/**
 * What another writer puts into an empty file, from its beginning, as it grows; to its end once the writer has ended. All pieces
 * lie in one buffer: a fresh one for each would cost more than reading, since the system has to clear every page of it.
 */
export async function* follow(file: OpenFile, ended: Promise<unknown>): AsyncGenerator<Uint8Array, void> {
  let writing = true;
  const over = ended.finally(() => {
    writing = false;
  });
  over.catch(() => undefined);
  const buffer = Buffer.allocUnsafeSlow(readBytes);
  for (let position = 0; ; ) {
    const mayGrow = writing;
    const { bytesRead } = await file.read(buffer, 0, readBytes, position);
    if (bytesRead === 0 && !mayGrow) return;
    // Small pieces cost more than to wait for a large one.
    if (bytesRead < readBytes && mayGrow) await Promise.race([over, delay(pauseMs)]);
    if (bytesRead === 0) continue;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
