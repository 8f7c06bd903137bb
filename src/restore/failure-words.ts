import type { StepKind, StepPlace } from '../domain/restore/restore-steps.ts';

/** What the cluster is like when a step fails, and where the way leads from there. */
export type WayBack =
  | 'untouched'
  | 'scriptedStop'
  | 'pacemakerStop'
  | 'stopByHand'
  | 'keepalived'
  | 'restore'
  | 'machines'
  | 'forward'
  | 'over';

/** What is said of a step that failed, as Markdown. */
export interface FailureWords {
  /** Causes that any step of this place may have. */
  readonly at: Readonly<Record<StepPlace, readonly string[]>>;
  /** Causes that this kind of step is known for. */
  readonly of: { readonly [Kind in StepKind]?: readonly string[] };
  readonly back: Readonly<Record<WayBack, string>>;
  /** Why the cluster is paused meanwhile. */
  readonly pauseReason: (runId: string) => string;
}
