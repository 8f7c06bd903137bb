import type { ReadyReason } from '../../../domain/fleet/readiness.ts';
import { isOnNodeOnly } from '../../../domain/watch/coverage.ts';
import type { ReadyAnswer } from '../../../workflow/access/backups.ts';
import { type Message, message } from '../kit/blocks.ts';
import { toolsFor } from '../kit/make-tools.ts';
import { lines } from '../kit/markup.ts';
import { refusal } from '../kit/refusal.ts';
import { sayBy } from '../kit/texts-by.ts';
import type { Context } from '../kit/tools.ts';
import { coverageWords, readyWords } from './words.ts';

export function readyAnswer(answer: ReadyAnswer, context: Context): Message {
  if (answer.outcome !== 'readiness') return refusal(answer, context);
  const t = toolsFor(context);
  const say = readyWords(t);
  const { cluster, ready, reasons, coverage } = answer.readiness;
  const version = coverage.release?.version;
  const elsewhere = isElsewhere(reasons);
  const nodeOnly = isOnNodeOnly(coverage);
  const title = say.title({ cluster, ready, version, nodeOnly, elsewhere });
  const why = lines(...reasons.map((reason) => sayBy(say.reason, 'kind', reason, cluster)));
  return message({
    text: [title, why],
    rest: t.rest(`ready-to-update ${cluster}`),
    sections: [title, why, lines(...coverage.warnings.map((warning) => coverageWords(t).warning(warning)))],
  });
}

/** A paused cluster is not ready, for any other reason too. */
function isElsewhere(reasons: readonly ReadyReason[]): boolean {
  if (reasons.some(({ kind }) => kind === 'paused')) return false;
  return reasons.some(({ kind }) => kind === 'elsewhere');
}
