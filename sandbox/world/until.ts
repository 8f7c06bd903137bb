import { setTimeout as delay } from 'node:timers/promises';

export interface UntilOptions {
  /** 60,000 by default; real time, whatever clock the world runs on. */
  readonly timeoutMs?: number;
  /** What there was instead, for the error. */
  readonly whatIsThere?: () => string;
}

const defaultTimeoutMs = 60_000;
const pollMs = 15;

/** Polls until `look` finds something, for what does not announce its changes: files, records, processes. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  { timeoutMs = defaultTimeoutMs, whatIsThere }: UntilOptions = {},
): Promise<T> {
  for (const end = performance.now() + timeoutMs; performance.now() < end; await delay(pollMs)) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
  }
  const there = whatIsThere === undefined ? '' : `\n${whatIsThere()}`;
  throw new Error(`waited ${timeoutMs / 1000} s for ${what}${there}`);
}
