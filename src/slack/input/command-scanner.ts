/** One word of the command text: bare, or in quotes. `start` is where it begins. */
export interface Word {
  readonly text: string;
  /** For `key=value` and `--key=value`: the key in lower case, without dashes. `text` is the value then. */
  readonly option?: string;
  readonly start: number;
}

export class UnclosedQuoteError extends Error {
  constructor() {
    super('a quotation mark is opened and never closed');
    this.name = 'UnclosedQuoteError';
  }
}

// Slack and phones turn straight quotes into curly ones, in every direction and sometimes only one of a pair.
const straightDouble = '"';
const curlyDouble = '“”„‟«»';
const straightSingle = "'";
const curlySingle = '‘’‚‛';
// \s knows all Unicode spaces; zero-width ones come along with copied text.
const space = /[\s\u200B\u2060]/;
const optionStart = /^[-–—]{0,2}([\p{L}_][\p{L}\d_-]{0,40})=/u;

/** Reads the text word by word: what follows may still be taken verbatim, quotes and all. */
export class CommandScanner {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next word, or undefined at the end. Throws UnclosedQuoteError. */
  next(): Word | undefined {
    this.#skipSpaces();
    const start = this.#position;
    if (start >= this.#text.length) return undefined;
    const option = optionStart.exec(this.#text.slice(start, start + 64));
    if (option) this.#position += option[0].length;
    const text = this.#quoted() ?? this.#bare();
    return option?.[1] === undefined ? { text, start } : { text, option: option[1].toLowerCase(), start };
  }

  get atEnd(): boolean {
    this.#skipSpaces();
    return this.#position >= this.#text.length;
  }

  /** Everything from `word` on, without the spaces around it. */
  from(word: Word): string {
    return trimSpaces(this.#text.slice(word.start));
  }

  #skipSpaces(): void {
    while (this.#position < this.#text.length && space.test(this.#text.charAt(this.#position))) {
      this.#position += 1;
    }
  }

  #bare(): string {
    const start = this.#position;
    while (this.#position < this.#text.length && !space.test(this.#text.charAt(this.#position))) {
      this.#position += 1;
    }
    return this.#text.slice(start, this.#position);
  }

  #quoted(): string | undefined {
    const opening = this.#text.charAt(this.#position);
    if (opening === '') return undefined;
    if (straightDouble.includes(opening)) return this.#upTo([straightDouble, curlyDouble], true);
    if (curlyDouble.includes(opening)) return this.#upTo([curlyDouble, straightDouble], true);
    // An apostrophe is also a letter of its own: without a partner it opens nothing.
    if (straightSingle.includes(opening)) return this.#upTo([straightSingle, curlySingle], false);
    if (curlySingle.includes(opening)) return this.#upTo([curlySingle, straightSingle], false);
    return undefined;
  }

  /** Closes at the first mark of the same family; at one of the other family only where that family has none. */
  #upTo(families: readonly [string, string], mustClose: boolean): string | undefined {
    for (const closing of families) {
      const end = this.#closingAt(closing);
      if (end === undefined) continue;
      const inner = this.#text.slice(this.#position + 1, end);
      this.#position = end + 1;
      return inner.replace(/\\([\\"“”„‟«»'‘’‚‛])/g, '$1');
    }
    if (mustClose) throw new UnclosedQuoteError();
    return undefined;
  }

  #closingAt(closing: string): number | undefined {
    for (let at = this.#position + 1; at < this.#text.length; at += 1) {
      const mark = this.#text.charAt(at);
      if (mark === '\\') {
        at += 1;
        continue;
      }
      // Inside a word it is no closing mark: `size 5"x3"`, `it's`.
      const after = this.#text.charAt(at + 1);
      if (closing.includes(mark) && (after === '' || space.test(after))) return at;
    }
    return undefined;
  }
}

export function trimSpaces(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && space.test(text.charAt(start))) start += 1;
  while (end > start && space.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
