import { commandWords } from '../../src/slack/input/command-text.ts';

/** What can follow the words that have something to follow them. */
export interface Choices {
  readonly people: readonly string[];
  readonly command: string;
  /** Asked each time: they come and go. */
  readonly click: () => readonly string[];
  readonly home: () => readonly string[];
  readonly choose: () => readonly string[];
}

/** Lines that the typed one can become; letters may be typed in either case. */
export function completions(line: string, choices: Choices): readonly string[] {
  const { people, command, click, home, choose } = choices;
  const first = ['as', 'click', 'home', 'choose', 'submit', 'close', 'upgrade', 'rollout', 'help', 'quit'];
  const after: Readonly<Record<string, () => readonly string[]>> = {
    as: () => people,
    click,
    home,
    choose,
    rollout: () => ['on', 'off'],
    [command]: () => commandWords,
  };
  const space = line.indexOf(' ');
  if (space < 0) {
    const words = [...first, command].filter((word) => word.startsWith(line));
    return words.map((word) => (Object.hasOwn(after, word) ? `${word} ` : word));
  }
  const word = line.slice(0, space);
  const begun = line.slice(space + 1).toLowerCase();
  const all = Object.hasOwn(after, word) ? (after[word]?.() ?? []) : [];
  const fit = [...new Set(all)].filter((each) => each.toLowerCase().startsWith(begun));
  return fit.map((each) => `${word} ${each}`);
}
