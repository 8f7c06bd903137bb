import { blockers, type Finding } from '../../../domain/preflight/finding.ts';
import { stack } from '../kit/blocks.ts';
import { lines, type Markup } from '../kit/markup.ts';
import type { Tools } from '../kit/tools.ts';
import type { Counts } from './en/check.ts';
import { findingText } from './findings.ts';
import { checkWords } from './words.ts';

export function countFindings(findings: readonly Finding[]): Counts {
  const count = (outcome: Finding['outcome']) => findings.filter((each) => each.outcome === outcome).length;
  return {
    passed: count('passed'),
    warnings: count('warning'),
    blockers: count('blocker'),
    later: count('later'),
  };
}

/** The stage of the run whose checks are shown. `nodeChecked`: on the node they passed or were not made; undefined: not known. */
export interface RunStage {
  readonly over: boolean;
  readonly nodeChecked: boolean | undefined;
}

/** `planned`: the checks came to a plan. What a person must act on comes first; it is the passes that go when there is no room. */
export function findingSections(
  findings: readonly Finding[],
  t: Tools,
  options: { readonly planned: boolean; readonly room?: number; readonly stage?: RunStage | undefined },
): readonly Markup[] {
  if (findings.length === 0) return [checkWords(t).nothingChecked()];
  let room = options.room ?? 9_000;
  const canRun = options.planned && blockers(findings).length === 0;
  return (['blocker', 'warning', 'later', 'passed'] as const).flatMap((outcome) => {
    const of = findings.filter((each) => each.outcome === outcome);
    if (of.length === 0) return [];
    if (outcome === 'later' && options.stage) return laterOver(of, options.stage, t);
    const acted = outcome === 'blocker' || outcome === 'warning';
    const title = checkWords(t).group({
      outcome,
      count: of.length,
      canRun,
      over: options.stage?.over ?? false,
    });
    const entries = of.map((each, index) => {
      const said = findingText(each, t);
      const entry = acted ? checkWords(t).findingLong(said) : checkWords(t).findingShort(said);
      return index === 0 ? lines(title, entry) : entry;
    });
    const sections = stack(entries, {
      room,
      more: (count) => checkWords(t).moreFindings(count, acted),
    });
    room -= sections.reduce((sum, each) => sum + each.source.length, 0);
    return sections;
  });
}

/** What "will be checked" would say of a run that is past them. */
function laterOver(later: readonly Finding[], { nodeChecked }: RunStage, t: Tools): readonly Markup[] {
  if (nodeChecked === undefined) return [];
  const looked = later.map((each) => findingText(each, t).looked);
  return [checkWords(t).laterOver({ made: nodeChecked, looked })];
}
