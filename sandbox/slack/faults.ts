/**
 * What the network or Slack does wrong on purpose.
 * `lost-response` does the thing, then cuts the connection; `no-response` does it and never answers; `reset` cuts before;
 * `freeze` does nothing and never answers.
 */
export interface Fault {
  /** A Web API method, `response_url`, `upload`, or `*` for every one. */
  readonly method: string;
  readonly kind: 'ratelimited' | 'http' | 'lost-response' | 'no-response' | 'reset' | 'freeze' | 'error';
  /** For `error`: Slack's error code. */
  readonly error?: string;
  /** For `http`: the status, 503 by default. */
  readonly status?: number;
  /** For `http`: what a page says that comes instead of Slack's answer. */
  readonly page?: string;
  /** For `ratelimited`: the Retry-After header, 1 by default. */
  readonly retryAfterS?: number;
  /** How many calls it hits, 1 by default; `Infinity` until `clear()`. */
  readonly times?: number;
  /** Hits only calls whose arguments it accepts. */
  readonly when?: (args: Readonly<Record<string, unknown>>) => boolean;
}

export interface Faults {
  /** The answer removes the fault. */
  add(fault: Fault): () => void;
  clear(): void;
  /** Takes one hit of the first fault that fits, or returns undefined. */
  take(method: string, args: Readonly<Record<string, unknown>>): Fault | undefined;
}

export function createFaults(): Faults {
  let armed: { fault: Fault; left: number }[] = [];
  return {
    add(fault) {
      const entry = { fault, left: fault.times ?? 1 };
      armed.push(entry);
      return () => {
        armed = armed.filter((other) => other !== entry);
      };
    },
    clear() {
      armed = [];
    },
    take(method, args) {
      const hit = armed.find(
        ({ fault, left }) =>
          left > 0 && (fault.method === '*' || fault.method === method) && (fault.when?.(args) ?? true),
      );
      if (hit) hit.left -= 1;
      return hit?.fault;
    },
  };
}
