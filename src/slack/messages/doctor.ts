import type { DoctorLine, DoctorState } from '../../domain/doctor.ts';
import { type Message, message, stack } from './blocks.ts';
import type { DoctorText } from './doctor-wording.ts';
import { type Voice, voiceFor } from './language.ts';
import { lines, type Markup, md } from './markup.ts';
import type { Context, Tools } from './tools.ts';

const signs: Readonly<Record<DoctorState, string>> = { bad: '❌', unknown: '❔', good: '✅' };

/** `examined` is worst first: where there is no room, it is good lines that are only counted. */
export function doctorMessage(
  examined: { readonly cluster: string | undefined; readonly lines: readonly DoctorLine[] },
  context: Context,
): Message {
  const voice = voiceFor(context);
  const { doctor } = voice.words;
  const count = (state: DoctorState) => examined.lines.filter((each) => each.state === state).length;
  const counts = { bad: count('bad'), unknown: count('unknown'), good: count('good') };
  const entries = examined.lines.map((line) => entryOf(line, voice));
  return message({
    sections: [
      lines(doctor.title(examined.cluster), doctor.verdict(counts)),
      ...stack(entries, { room: 11_000, more: doctor.more }),
    ],
  });
}

function entryOf(line: DoctorLine, { words, tools }: Voice): Markup {
  // The code selects the function that takes its own params; TypeScript cannot follow one union through the table.
  const say = words.doctor.lines[line.code] as (params: DoctorLine['params'], tools: Tools) => DoctorText;
  const { looked, found, mend } = say(line.params, tools);
  return lines(md`${signs[line.state]} ${looked}: ${found}`, mend && words.doctor.mend(mend));
}
