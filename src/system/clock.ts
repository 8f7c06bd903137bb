import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../workflow/ports/ports.ts';

export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}).catch(() => undefined),
  };
}
