import type { ClocksApart } from '../text/trusted-time.ts';

/** Work that is due after a success, in rounds that become rarer while something is in their way. Times are ms UTC. */
export interface RetentionWork {
  /** undefined: over, done or given up until the next run. */
  readonly dueAt: number | undefined;
  /** Rounds that something stopped. */
  readonly tries: number;
  /** What stopped the last round; absent: nothing did. */
  readonly stopped?: RetentionStop;
  /** Situations that were reported, see `situationOf`. */
  readonly said?: readonly string[];
}

/** Why nothing is removed. Details are one sentence without secrets. */
export type RetentionStop = { readonly at: number } & (
  | ({ readonly kind: 'clocks-apart' } & ClocksApart)
  /** Whether the clocks agree is unknown. */
  | { readonly kind: 'clock-unknown'; readonly of: 'api' | 'node'; readonly detail: string }
  /** The destination did not do, or did not answer, what was asked. */
  | { readonly kind: 'place'; readonly destination: string; readonly detail: string }
  /** People follow a restore plan: its backup may be one that no rule wants any more, or they may need an older one next. */
  | { readonly kind: 'restore-room'; readonly openedAt: number; readonly runId: string }
  | { readonly kind: 'unexpected'; readonly detail: string }
);

/**
 * What keeps old backups from being removed now, by the newest runs' own rounds; undefined: nothing does. A run whose first round
 * is still to come says nothing yet, so the one before it does.
 */
export function stopInForce(newestFirst: readonly (RetentionWork | undefined)[]): RetentionStop | undefined {
  const hasSpoken = (work: RetentionWork) => work.stopped || work.tries > 0 || work.dueAt === undefined;
  return newestFirst.find((work) => work && hasSpoken(work))?.stopped;
}
