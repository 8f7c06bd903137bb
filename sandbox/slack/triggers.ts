import { ApiError } from './api-error.ts';
import type { Ids } from './ids.ts';

export interface Triggers {
  issue(user: string): string;
  /** Exchanges the trigger for the user it was made for; once, and only while it lives. */
  exchange(id: string): string;
}

export function createTriggers(ids: Ids, now: () => number, lifeMs: number): Triggers {
  const issued = new Map<string, { user: string; at: number; used: boolean }>();
  let count = 0;
  return {
    issue(user) {
      count += 1;
      const id = `${1000 + count}.${ids.token('trigger', 8)}.${ids.token('trigger', 32)}`;
      issued.set(id, { user, at: now(), used: false });
      return id;
    },
    exchange(id) {
      const trigger = issued.get(id);
      if (!trigger) throw new ApiError('invalid_trigger_id');
      if (trigger.used) throw new ApiError('exchanged_trigger_id');
      if (now() - trigger.at > lifeMs) throw new ApiError('expired_trigger_id');
      trigger.used = true;
      return trigger.user;
    },
  };
}
