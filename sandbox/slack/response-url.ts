import { ApiError } from './api-error.ts';
import type { Ids } from './ids.ts';
import type { Message } from './model.ts';

const RESPONSE_URL_USES = 5;
const RESPONSE_URL_LIFE_MS = 30 * 60_000;

/** What a response_url answers to. */
interface ResponseContext {
  readonly user: string;
  readonly channel: string;
  /** The message whose button was clicked; absent for a command. */
  readonly source?: Message;
}

export interface ResponseUrls {
  /** The last part of a new response_url. */
  issue(context: ResponseContext): string;
  /** Takes one use; throws `used_url`, `expired_url` or `invalid_url`. */
  use(key: string): ResponseContext;
}

export function createResponseUrls(ids: Ids, now: () => number): ResponseUrls {
  const issued = new Map<string, { context: ResponseContext; at: number; uses: number }>();
  return {
    issue(context) {
      const key = ids.token('response', 40);
      issued.set(key, { context, at: now(), uses: 0 });
      return key;
    },
    use(key) {
      const entry = issued.get(key);
      if (!entry) throw new ApiError('invalid_url');
      if (now() - entry.at > RESPONSE_URL_LIFE_MS) throw new ApiError('expired_url');
      if (entry.uses >= RESPONSE_URL_USES) throw new ApiError('used_url');
      entry.uses += 1;
      return entry.context;
    },
  };
}
