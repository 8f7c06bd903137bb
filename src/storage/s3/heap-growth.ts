import { setFlagsFromString } from 'node:v8';

let wanted = 0;

/**
 * While an upload is under way the old generation may double between two full collections. V8 plans the next one from what
 * lives in its heap, which is little; but each part of an upload is a large buffer that outlives the young generation, so that
 * almost every part would bring a full collection of the whole bot, half of the processor's time in all.
 */
export function letHeapGrow(): Disposable {
  wanted += 1;
  if (wanted === 1) setFlagsFromString('--heap-growing-percent=100');
  let over = false;
  return {
    [Symbol.dispose]() {
      if (over) return;
      over = true;
      wanted -= 1;
      // 0: V8's own way.
      if (wanted === 0) setFlagsFromString('--heap-growing-percent=0');
    },
  };
}
