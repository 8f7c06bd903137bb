import { createHash } from 'node:crypto';

export interface Ids {
  /** A Slack-like id: prefix and ten characters of 0-9A-Z. The same seed gives the same ids in the same order. */
  next(prefix: string): string;
  /** An opaque lower-case hexadecimal token of the given length (at most 64). */
  token(purpose: string, length?: number): string;
  uuid(purpose: string): string;
  /** A message timestamp: seconds, dot, six digits of microseconds; each one is later than the one before. */
  ts(nowMs: number): string;
}

export function seededIds(seed: string): Ids {
  const counters = new Map<string, number>();
  let lastMicros = 0;

  function digest(purpose: string): Buffer {
    const count = (counters.get(purpose) ?? 0) + 1;
    counters.set(purpose, count);
    return createHash('sha256').update(`${seed}\0${purpose}\0${count}`).digest();
  }

  return {
    next(prefix) {
      const digits = digest(prefix).readBigUInt64BE().toString(36).toUpperCase();
      return `${prefix}${digits.padStart(10, '0').slice(-10)}`;
    },
    token(purpose, length = 24) {
      return digest(purpose).toString('hex').slice(0, length);
    },
    uuid(purpose) {
      const hex = digest(purpose).toString('hex');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
    },
    ts(nowMs) {
      lastMicros = Math.max(nowMs * 1000, lastMicros + 1);
      const seconds = Math.floor(lastMicros / 1_000_000);
      return `${seconds}.${String(lastMicros % 1_000_000).padStart(6, '0')}`;
    },
  };
}
