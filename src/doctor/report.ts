import type { DoctorLine, DoctorState } from '../domain/doctor/doctor.ts';
import { type Context, doctorTexts } from '../slack/messages/index.ts';

/** For people: the verdict, then one line for each thing, with what to do under it. */
export function asLines(lines: readonly DoctorLine[], context: Context, file: string): string {
  const { verdict, entries, signs, adopt } = doctorTexts(lines, context);
  const shown = lines.flatMap(({ state }, index) => {
    const entry = entries[index];
    if (!entry) return [];
    const fix = entry.fix === undefined ? [] : [`   → ${entry.fix}`];
    return [`${signs[state]} ${entry.looked}: ${entry.found}`, ...fix];
  });
  const toAdopt = lines.flatMap((line) =>
    line.state === 'bad' && line.code.startsWith('place.') && 'destination' in line.params
      ? [adopt(`npm run destination -- adopt ${line.params.destination} ${file}`)]
      : [],
  );
  return [verdict, ...shown, ...toAdopt].join('\n');
}

/** For programs: one document. `code` and `params` are the same in every language. */
export function asJson(lines: readonly DoctorLine[], context: Context): string {
  const { entries } = doctorTexts(lines, context);
  const findings = lines.map(({ state, code, params }, index) => ({
    state,
    code,
    params,
    ...{ looked: entries[index]?.looked, found: entries[index]?.found, fix: entries[index]?.fix ?? null },
  }));
  const count = (state: DoctorState) => lines.filter((each) => each.state === state).length;
  return JSON.stringify({
    ok: count('bad') === 0,
    counts: { bad: count('bad'), warning: count('warning'), unknown: count('unknown'), good: count('good') },
    findings,
  });
}
