import type { FailureParams } from '../../../domain/backup/failure.ts';
import type { ClusterFailureKind } from '../../../domain/cluster/cluster-failure.ts';
import type { RejectionCause } from '../../../domain/cluster/pod-rejection.ts';
import type { ClusterFailureText, ClusterFailureTexts } from '../kit/cluster-failure-text.ts';
import type { Markup } from '../kit/markup.ts';
import type { TextsOf } from '../kit/texts-by.ts';

/** One failure: what failed, what it means, the next step. */
export interface FailureText {
  readonly failed: Markup;
  readonly means: Markup;
  readonly next: Markup;
}

/** How far the run had come and what is known of it since: no sentence may say what this rules out. */
export interface FailureStage {
  /** The script may have been started. */
  readonly begun: boolean;
  /** It is known that no file of the run is on the node. */
  readonly clean: boolean;
  /** The session's pod may be there, and with it what runs in it. */
  readonly podLeft: boolean;
}

export type FailureTexts = TextsOf<FailureParams, FailureText, [stage: FailureStage]>;

/** By the cause why a node did not keep the session's pod. `reason`: the kubelet's word for it. */
export type RejectionTexts = Readonly<
  Record<RejectionCause, (p: { reason: string; node: string }) => Pick<FailureText, 'means' | 'next'>>
>;

/** The cluster's failures as a run says them; `sentences`: how a language makes sentences of one. */
export function asFailures(
  texts: ClusterFailureTexts,
  sentences: (text: ClusterFailureText, detail: string) => FailureText,
): Pick<FailureTexts, ClusterFailureKind> {
  const entries = Object.entries(texts).map(([kind, text]) => [
    kind,
    ({ detail }: { detail: string }) => sentences(text, detail),
  ]);
  return Object.fromEntries(entries) as Pick<FailureTexts, ClusterFailureKind>;
}
