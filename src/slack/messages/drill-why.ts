import type { DrillFailure } from '../../domain/drill.ts';
import type { DrillOutcome } from '../../domain/run.ts';
import type { Markup } from './markup.ts';
import type { Tools } from './tools.ts';

/** Why a restore drill failed, as a clause after a colon. A program's own words stay as they are, in quotation marks. */
export type DrillFailureWording = {
  readonly [Kind in DrillFailure['kind']]: (
    failure: Extract<DrillFailure, { kind: Kind }>,
    t: Tools,
  ) => Markup;
};

/** What has no kind (of an earlier release) or one without words (of a later one) is told by its English line. */
export function drillWhy(
  words: DrillFailureWording,
  { failure, why }: Extract<DrillOutcome, { ok: false }>,
  t: Tools,
): Markup {
  if (!failure || !Object.hasOwn(words, failure.kind)) return t.quote(why);
  const say = words[failure.kind] as (failure: DrillFailure, t: Tools) => Markup;
  return say(failure, t);
}
