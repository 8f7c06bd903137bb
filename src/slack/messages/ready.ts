import type { ReadyReason } from '../../domain/readiness.ts';
import type { ReadyAnswer } from '../../workflow/backups.ts';
import { refusal } from './answers.ts';
import { type Message, message } from './blocks.ts';
import { type Voice, voiceFor } from './language.ts';
import { lines, type Markup } from './markup.ts';
import type { Context } from './tools.ts';

export function readyAnswer(answer: ReadyAnswer, context: Context): Message {
  if (answer.outcome !== 'readiness') return refusal(answer, context);
  const voice = voiceFor(context);
  const { cluster, ready, reasons, coverage } = answer.readiness;
  const version = coverage.release?.version;
  return message({
    sections: [
      voice.words.ready.title({ cluster, ready, version }),
      lines(...reasons.map((reason) => reasonText(reason, cluster, voice))),
      lines(...coverage.warnings.map((warning) => voice.words.coverage.warning(warning, voice.tools))),
    ],
  });
}

function reasonText(reason: ReadyReason, cluster: string, { words, tools }: Voice): Markup {
  // The kind selects the function that takes this very reason; TypeScript cannot follow one union through the table.
  const say = words.ready.reason[reason.kind] as (
    reason: ReadyReason,
    cluster: string,
    t: typeof tools,
  ) => Markup;
  return say(reason, cluster, tools);
}
