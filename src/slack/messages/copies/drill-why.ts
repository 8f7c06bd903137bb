import type { DrillFailure, VerdictReason } from '../../../domain/drill/drill.ts';
import type { FailedDrill } from '../../../domain/run/run.ts';
import type { Markup } from '../kit/markup.ts';
import { sayBy, type TextsBy } from '../kit/texts-by.ts';
import type { Tools } from '../kit/tools.ts';

/** Why a restore drill failed, as a clause after a colon. A program's own words stay as they are, in quotation marks. */
export type DrillFailureTexts = TextsBy<'kind', DrillFailure>;

/** The reason for the verdict, as a sentence; undefined: the failure says it all. */
export type DrillReasonTexts = {
  readonly [Reason in VerdictReason]:
    | ((facts: { tools: Markup; needs: Markup; control: Markup }) => Markup)
    | undefined;
};

export function drillReason(
  words: DrillReasonTexts,
  { because, tools, needs, control }: FailedDrill,
  unknown: Markup,
  t: Tools,
): Markup | undefined {
  const say = because === undefined ? undefined : words[because];
  const codeOf = (text: string | undefined) => (text === undefined ? unknown : t.code(text));
  return say?.({ tools: codeOf(tools), needs: codeOf(needs), control: codeOf(control) });
}

/** What has no kind (of an earlier release) or one without words (of a later one) is described by its English line. */
export function drillWhy(words: DrillFailureTexts, { failure, why }: FailedDrill, t: Tools): Markup {
  if (!failure || !Object.hasOwn(words, failure.kind)) return t.quote(why);
  return sayBy(words, 'kind', failure);
}
