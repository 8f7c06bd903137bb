/** Spaces before the text of a line; lines count from 1. */
export function indentationOf(text: string, line: number): number {
  const [spaces = ''] = /^ */.exec(lineAt(text, line)) ?? [];
  return spaces.length;
}

/** The next line that is neither empty nor a comment; undefined: there is none. */
export function nextLine(text: string, line: number): number | undefined {
  const rest = text.split('\n').slice(line);
  const next = rest.findIndex(isOfYaml);
  return next < 0 ? undefined : line + next + 1;
}

/** The indentations with which a line could go on from those above it, deepest first. */
export function levelsAbove(text: string, line: number): readonly number[] {
  const levels: number[] = [];
  const above = text
    .split('\n')
    .slice(0, line - 1)
    .filter(isOfYaml)
    .toReversed();
  for (const each of above) {
    const [dashes = ''] = /^ *(?:- +)*/.exec(each) ?? [];
    // A dash opens a level of its own, and the entry after it another one.
    for (const level of [dashes.length, each.search(/\S/)]) {
      if (level < (levels.at(-1) ?? Number.POSITIVE_INFINITY)) levels.push(level);
    }
  }
  return levels;
}

/** `4, 2 or 0 spaces` */
export function fittingText(levels: readonly number[]): string {
  const last = levels.at(-1);
  const others = levels.slice(0, -1).join(', ');
  return `${others === '' ? last : `${others} or ${last}`} spaces`;
}

function isOfYaml(line: string): boolean {
  return /^\s*[^\s#]/.test(line);
}

function lineAt(text: string, line: number): string {
  return text.split('\n')[line - 1] ?? '';
}
