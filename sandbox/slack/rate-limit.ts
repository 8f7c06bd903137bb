export interface RateLimit {
  /** Posts a channel takes in one go before the rate applies. */
  readonly burst: number;
  /** Posts a second and channel after that. Slack's rule of thumb is 1. */
  readonly perSecond: number;
}

export interface RateLimiter {
  /** Takes one post for the channel: 0 when allowed, else the whole seconds to wait. */
  take(channel: string): number;
  set(limit: RateLimit): void;
}

/** A token bucket for each channel; `now` in ms. */
export function createRateLimiter(initial: RateLimit, now: () => number): RateLimiter {
  let limit = initial;
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take(channel) {
      const at = now();
      const bucket = buckets.get(channel) ?? { tokens: limit.burst, at };
      const refilled = bucket.tokens + (Math.max(0, at - bucket.at) / 1000) * limit.perSecond;
      const tokens = Math.min(limit.burst, refilled);
      const allowed = tokens >= 1;
      buckets.set(channel, { tokens: allowed ? tokens - 1 : tokens, at });
      return allowed ? 0 : Math.max(1, Math.ceil((1 - tokens) / limit.perSecond));
    },
    set(next) {
      limit = next;
      buckets.clear();
    },
  };
}
