import type { DoctorLine, DoctorState } from '../../../domain/doctor/doctor.ts';
import type { DoctorAnswer } from '../../../workflow/access/backups.ts';
import { plainOf } from '../kit/as-text.ts';
import { type Message, message, stack } from '../kit/blocks.ts';
import { toolsFor } from '../kit/make-tools.ts';
import { lines, type Markup, md } from '../kit/markup.ts';
import { type AnswerContext, refusal } from '../kit/refusal.ts';
import { sayOf } from '../kit/texts-by.ts';
import type { Tools } from '../kit/tools.ts';
import { doctorLineWords, doctorWords } from './words.ts';

const signs: Readonly<Record<DoctorState, string>> = { bad: '❌', warning: '⚠️', unknown: '❔', good: '✅' };

/** `examined` is worst first: where there is no room, it is good lines that are only counted. */
export function doctorAnswer(examined: DoctorAnswer, context: AnswerContext): Message {
  if (examined.outcome !== 'examined') return refusal(examined, context);
  const t = toolsFor(context);
  const doctor = doctorWords(t);
  const entries = examined.lines.map((line) => entryOf(line, t));
  const title = lines(doctor.title(examined.cluster), doctor.verdict(countsOf(examined.lines)));
  const wrong = examined.lines.filter(({ state }) => state !== 'good').slice(0, 3);
  return message({
    sections: [title, ...stack(entries, { room: 9_500, more: doctor.more })],
    text: [title, ...wrong.map((line) => entryOf(line, t))],
    rest: t.rest('doctor …'),
  });
}

/** The same for a terminal: all lines, none cut, as plain text. */
export function doctorTexts(
  found: readonly DoctorLine[],
  context: AnswerContext,
): {
  readonly verdict: string;
  readonly entries: readonly { readonly looked: string; readonly found: string; readonly fix?: string }[];
  readonly signs: Readonly<Record<DoctorState, string>>;
  /** `command`: how a destination is adopted without Slack. */
  readonly adopt: (command: string) => string;
} {
  const t = toolsFor(context);
  const words = doctorWords(t);
  const plain = ({ source }: Markup) => plainOf(source);
  return {
    signs,
    verdict: plain(words.verdict(countsOf(found))),
    entries: found.map((line) => {
      const { looked, found, fix } = sayOf(doctorLineWords(t), line.code, line.params);
      return { looked: plain(looked), found: plain(found), ...(fix ? { fix: plain(fix) } : {}) };
    }),
    adopt: (command) => plain(words.inTerminal(t.code(command))),
  };
}

function countsOf(found: readonly DoctorLine[]): Readonly<Record<DoctorState, number>> {
  const count = (state: DoctorState) => found.filter((each) => each.state === state).length;
  return { bad: count('bad'), warning: count('warning'), unknown: count('unknown'), good: count('good') };
}

function entryOf(line: DoctorLine, t: Tools): Markup {
  const { looked, found, fix } = sayOf(doctorLineWords(t), line.code, line.params);
  return lines(md`${signs[line.state]} ${looked}: ${found}`, fix && doctorWords(t).fix(fix));
}
