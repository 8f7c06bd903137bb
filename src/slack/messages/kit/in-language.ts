import type { Tools } from './tools.ts';

/** Texts in the reader's language. One that Korean lacks, or that English does not have, does not pass TypeScript. */
export function inLanguage<Words extends object>(
  en: (t: Tools) => Words,
  ko: (t: Tools) => NoInfer<Words>,
): (t: Tools) => Words {
  const made = new WeakMap<Tools, Words>();
  return (t) => {
    const words = made.get(t) ?? { en, ko }[t.language](t);
    made.set(t, words);
    return words;
  };
}
