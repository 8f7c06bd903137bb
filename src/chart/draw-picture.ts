import { Worker } from 'node:worker_threads';
import type { SummaryPicture } from '../workflow/watch/summary-picture.ts';

const deadlineMs = 60_000;
const memoryMb = 256;

/**
 * Draws in a thread that ends afterwards: neither the time nor the memory is taken from what the bot does all day.
 * PNG. Rejects when it cannot be drawn, or takes more than a minute.
 */
export async function drawPicture(picture: SummaryPicture): Promise<Uint8Array> {
  const thread = new Worker(new URL('picture-thread.ts', import.meta.url), {
    workerData: picture,
    // What is drawn needs nothing of the bot's environment.
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const timer = setTimeout(
    () => reject(new Error(`the picture was not drawn within ${deadlineMs / 1_000} s`)),
    deadlineMs,
  );
  thread.once('message', resolve);
  thread.once('error', reject);
  thread.once('exit', (code) =>
    reject(new Error(`the thread that draws ended with ${code}, without a picture`)),
  );
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}
