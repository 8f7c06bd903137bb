import type { ClusterFailureKind } from '../../../domain/cluster/cluster-failure.ts';
import type { Markup } from './markup.ts';

/** A failure of the cluster or of the way to it; said of a run and of a copy alike. */
export interface ClusterFailureText {
  /** A part of a sentence. */
  readonly said: Markup;
  readonly means: Markup;
  readonly next: Markup;
}

export type ClusterFailureTexts = Readonly<Record<ClusterFailureKind, ClusterFailureText>>;

/** As the texts of copies say it: what and what next. */
export function saidAndNext(
  texts: ClusterFailureTexts,
): Readonly<Record<ClusterFailureKind, Pick<ClusterFailureText, 'said' | 'next'>>> {
  const entries = Object.entries(texts).map(([kind, { said, next }]) => [kind, { said, next }]);
  return Object.fromEntries(entries) as Record<ClusterFailureKind, Pick<ClusterFailureText, 'said' | 'next'>>;
}
