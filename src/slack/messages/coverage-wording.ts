import type { Coverage, CoverageState, CoverageWarning } from '../../domain/coverage.ts';
import type { Markup } from './markup.ts';
import type { Tools } from './tools.ts';

/** How a cluster stands, in the words that board, reminders and answers share. */
export interface CoverageWording {
  /** The sign alone, for one line a cluster. */
  readonly sign: Readonly<Record<CoverageState, string>>;
  /** Sign and a word or two. */
  readonly state: Readonly<Record<CoverageState, Markup>>;
  /** One sentence: what it means for whoever would have to restore the cluster now. */
  means(coverage: Coverage, t: Tools): Markup;
  /** What does not change the state, but must be known: one sentence, with the next step where there is one. */
  warning(warning: CoverageWarning, t: Tools): Markup;
  /** The same in a few words. */
  readonly warningShort: Readonly<Record<CoverageWarning['kind'], Markup>>;
}
