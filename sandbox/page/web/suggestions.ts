import type { PageHello } from '../protocol.ts';

export interface Suggestions {
  /** What the field holds after each choice. */
  readonly texts: readonly string[];
  /** Whether Enter takes the first one without an arrow key. */
  readonly isBegun: boolean;
}

const none: Suggestions = { texts: [], isBegun: false };

/** What the text may be going to be: the command once `/` is typed, then its first word. */
export function suggestionsFor(text: string, command: PageHello['command']): Suggestions {
  if (!text.startsWith('/')) return none;
  const { name, words } = command;
  if (!text.includes(' ')) {
    const isWhole = text === name;
    return name.startsWith(text) && !isWhole ? { texts: [`${name} `], isBegun: true } : none;
  }
  const begun = text.slice(name.length + 1);
  if (!text.startsWith(`${name} `) || begun.includes(' ')) return none;
  const fits = words.filter((word) => word.startsWith(begun));
  if (fits.length === 1 && fits[0] === begun) return none;
  return {
    texts: fits.map((word) => `${name} ${word} `),
    isBegun: begun !== '' && !words.some((word) => word === begun),
  };
}
