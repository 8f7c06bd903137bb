import type { FindingParams } from '../../../domain/preflight/finding.ts';
import type { Markup } from '../kit/markup.ts';
import type { TextsOf } from '../kit/texts-by.ts';

/** One check, for a tired person: what was looked at, what was found, why it matters, what to do. */
export interface FindingText {
  readonly looked: Markup;
  readonly found: Markup;
  readonly why: Markup;
  readonly next?: Markup;
}

export type FindingTexts = TextsOf<FindingParams, FindingText>;
