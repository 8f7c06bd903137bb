import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../workflow/ports.ts';

export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}).catch(() => undefined),
  };
}
