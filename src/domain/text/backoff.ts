/** Exponential backoff: each pause is `factor` (2) times the one before, up to `maxMs`. */
export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
  readonly factor?: number;
}

/** How long to wait before the next try. `failures`: earlier ones, so 0 gives the first pause. */
export function backoffMs(failures: number, { firstMs, maxMs, factor = 2 }: Backoff): number {
  return Math.min(maxMs, firstMs * factor ** failures);
}

/** The pauses between tries of which there are `retries` after the first. */
export function backoffPauses(retries: number, backoff: Backoff): readonly number[] {
  return Array.from({ length: retries }, (_, failures) => backoffMs(failures, backoff));
}
