import type { Failure } from '../backup/failure.ts';
import type { Finding } from '../preflight/finding.ts';

/** Why a scheduled run produced no backup: a failure, or blockers that the checks found. */
export type RetryReason =
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'blocked'; readonly findings: readonly Finding[] };

/** Of a run that repeats an earlier one of the same slot: the card says so. */
export interface RetryOrigin {
  /** ms UTC; the time that cron named. */
  readonly slot: number;
  /** 1 for the first retry. */
  readonly number: number;
  readonly of: number;
  /** The run that it repeats, and why that one produced no backup. */
  readonly after: string;
  readonly because: RetryReason;
  /** Nodes that are left out where another one is fit: runs failed there. */
  readonly avoid: readonly string[];
}
