import { blockers, warnings } from '../../../domain/preflight/finding.ts';
import type { CheckAnswer } from '../../../workflow/access/backups.ts';
import { type Message, message } from '../kit/blocks.ts';
import { toolsFor } from '../kit/make-tools.ts';
import { type AnswerContext, refusal } from '../kit/refusal.ts';
import { countFindings, findingSections } from './finding-sections.ts';
import { reasonLines } from './findings.ts';
import { checkWords } from './words.ts';

export function checkAnswer(answer: CheckAnswer, context: AnswerContext): Message {
  if (answer.outcome !== 'checked') return refusal(answer, context);
  const t = toolsFor(context);
  const check = checkWords(t);
  const { findings, cluster } = answer;
  const counts = countFindings(findings);
  const planned = answer.node !== undefined;
  const head = [
    check.checkTitle(answer),
    check.checkVerdict({ cluster, counts, planned, wanted: answer.nodeWanted }),
    check.counts(counts),
  ];
  const against = blockers(findings);
  const stopping = against.length > 0 || planned ? against : warnings(findings);
  return message({
    sections: [...head, ...findingSections(findings, t, { planned })],
    text: [...head, ...reasonLines(stopping, t)],
    rest: t.rest(`check ${cluster}`),
  });
}
