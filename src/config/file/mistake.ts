/** Where a value is in the file: keys and list positions from the top. */
export type Path = readonly (string | number)[];

/** One thing that is wrong. `found` and `hint` never hold a secret's value. `line` counts from 1. */
export interface Mistake {
  /** `clusters[1].approval.needed`; empty: the file as a whole. */
  readonly key: string;
  readonly line: number | undefined;
  /** Path of the file of `clusters.d` that it is in; absent: the main file. */
  readonly file?: string;
  /** From 1; absent: the line is all that is known. */
  readonly column?: number | undefined;
  readonly expected: string;
  readonly found: string;
  readonly hint: string | undefined;
  /** The line itself with a caret under the place, its values hidden: for what is no YAML. */
  readonly excerpt?: readonly string[];
}

/** Something that works but that the writer probably did not mean. */
export interface ConfigWarning {
  readonly key: string;
  readonly line: number | undefined;
  /** As of a mistake. */
  readonly file?: string;
  readonly column?: number | undefined;
  readonly text: string;
}

/** What is wrong with a configuration file, as far as it can be seen at once, and what else its writer should know. */
export class ConfigError extends Error {
  readonly file: string;
  readonly mistakes: readonly Mistake[];
  readonly warnings: readonly ConfigWarning[];

  constructor(file: string, mistakes: readonly Mistake[], warnings: readonly ConfigWarning[] = []) {
    const count = mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`;
    super(`${file}: ${count}\n${mistakes.map((each) => `  ${inFile(each)}${mistakeText(each)}`).join('\n')}`);
    this.name = 'ConfigError';
    this.file = file;
    this.mistakes = mistakes;
    this.warnings = warnings;
  }
}

export function mistakeText(mistake: Mistake): string {
  const hint = mistake.hint === undefined ? '' : ` (${mistake.hint})`;
  return `${place(mistake)}: ${mistakeSentence(mistake)}${hint}`;
}

/** What is wrong, without where it is and what to do. */
export function mistakeSentence({ expected, found }: Mistake): string {
  return `expected ${expected}; found ${found}`;
}

/** What a command line says of an error: a mistaken configuration line by line, any other error in its own words. */
export function errorLines(error: unknown): readonly string[] {
  return error instanceof ConfigError
    ? error.mistakes.flatMap((each) => [
        `${each.file ?? error.file}: ${mistakeText(each)}`,
        ...(each.excerpt ?? []),
      ])
    : [(error as Error).message];
}

export function warningText(warning: ConfigWarning): string {
  return `${inFile(warning)}${place(warning)}: ${warning.text}`;
}

export function keyText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    if (!/^[A-Za-z_][\w-]*$/.test(part)) return `${text}[${JSON.stringify(shortened(part))}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}

export function shortened(text: string, limit = 60): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}…`;
}

function inFile({ file }: { readonly file?: string }): string {
  return file === undefined ? '' : `${file}: `;
}

function place({ key, line }: { key: string; line: number | undefined }): string {
  const name = key === '' ? 'the file' : key;
  return line === undefined ? name : `${name} (line ${line})`;
}
