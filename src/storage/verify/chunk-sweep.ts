import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Small enough that no chunk outlives two sweeps while it waits to be written: those would be old, and stay.
const sweepEveryBytes = 8 * 1024 * 1024;

let passed = 0;
let sweep: (() => void) | undefined;

/**
 * To be called for every chunk of a long stream. Chunks are large outside V8's heap and tiny inside it: V8 sees no reason to
 * look for dead ones until their sum forces a full collection, which marks the whole heap of the bot, thirty times a
 * gigabyte. Looking through the young ones alone now and then costs a millisecond and keeps memory flat.
 */
export function chunkPassed(bytes: number): void {
  passed += bytes;
  if (passed < sweepEveryBytes) return;
  passed = 0;
  sweep ??= minorCollection();
  sweep();
}

function minorCollection(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('globalThis.gc');
  if (typeof collect !== 'function') return () => undefined;
  return () => void collect({ type: 'minor' });
}
