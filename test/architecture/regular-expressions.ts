import type { SourceFile } from './source-files.ts';

export interface WrittenPattern {
  /** `file:line` */
  readonly at: string;
  readonly pattern: RegExp;
}

/** After these a slash begins a regular expression; after a name, a number or a bracket that closes it divides. */
const beforePattern = /(?:^|[(,=:[!&|?{};>]|\breturn|\bof|\bcase)\s*$/;

/** All literals of regular expressions in the source, outside comments, strings and the text of templates. */
export function writtenPatterns({ path, text }: SourceFile): readonly WrittenPattern[] {
  const found: WrittenPattern[] = [];
  let line = '';
  let number = 1;
  // The depth of braces at which each `${` of a template closes.
  const templates: number[] = [];
  let depth = 0;
  for (let at = 0; at < text.length; ) {
    const letter = text.charAt(at);
    const two = text.slice(at, at + 2);
    let end = at + 1;
    if (two === '//') end = indexOr(text, '\n', at);
    else if (two === '/*') end = indexOr(text, '*/', at) + 2;
    else if (letter === '"' || letter === "'") end = stringEnd(text, at);
    else if (letter === '`') end = templateEnd(text, at + 1, () => templates.push(depth));
    else if (letter === '{') depth += 1;
    else if (letter === '}' && templates.at(-1) === depth) {
      templates.pop();
      end = templateEnd(text, at + 1, () => templates.push(depth));
    } else if (letter === '}') depth -= 1;
    else if (letter === '/' && beforePattern.test(line.slice(-12))) {
      end = patternEnd(text, at);
      const [, source = '', flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(text.slice(at, end)) ?? [];
      found.push({ at: `${path}:${number}`, pattern: new RegExp(source, flags) });
    }
    const taken = text.slice(at, end);
    number += taken.split('\n').length - 1;
    line = taken.includes('\n') ? taken.slice(taken.lastIndexOf('\n') + 1) : line + taken;
    if (two === '//' || two === '/*') line = '';
    at = end;
  }
  return found;
}

function indexOr(text: string, what: string, from: number): number {
  const at = text.indexOf(what, from);
  return at < 0 ? text.length : at;
}

function stringEnd(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && text.charAt(end) !== text.charAt(at)) end += text.charAt(end) === '\\' ? 2 : 1;
  return end + 1;
}

function templateEnd(text: string, from: number, opens: () => void): number {
  for (let end = from; end < text.length; end += text.charAt(end) === '\\' ? 2 : 1) {
    if (text.charAt(end) === '`') return end + 1;
    if (text.startsWith('${', end)) {
      opens();
      return end + 2;
    }
  }
  return text.length;
}

function patternEnd(text: string, at: number): number {
  let isClass = false;
  let end = at + 1;
  for (; isClass || text.charAt(end) !== '/'; end += text.charAt(end) === '\\' ? 2 : 1) {
    if (text.charAt(end) === '[') isClass = true;
    if (text.charAt(end) === ']') isClass = false;
  }
  end += 1;
  while (/[a-z]/.test(text.charAt(end))) end += 1;
  return end;
}

/** What each kind of unit that a pattern may repeat looks like, and what ends a match that had begun well. */
const usual = [
  ' ',
  '\n',
  'a',
  'A',
  '1',
  '.',
  '-',
  '/',
  ':',
  '"',
  '`',
  '@',
  '[',
  ']:',
  '\t ',
  'a ',
  '1 ',
  'a.',
  '-a',
  ';',
];
const endings = ['', '\u0001', ' x', '\nx', '!', '\n x!'];
/** Exponential patterns show with the few, cubic ones with more, quadratic ones with the most. */
const lengths = [26, 300, 6_000];
/** Of a repeated text of several letters there must be enough. */
const longestOfLong = 40_000;
/** A linear pattern takes a hundredth of this for the longest. */
const longestMs = 12;

/** The worst text found for it among those made of its own letters; undefined: time grows with length alone. */
export function slowText(pattern: RegExp): string | undefined {
  const own = literalsOf(pattern.source);
  const repeated = [...new Set([...usual, ...own])];
  const starts = [
    ...new Set(['', 'a', ...own, own.join(''), ...own.flatMap((each) => [`${each}a`, `${each}1.1.`])]),
  ];
  for (const length of lengths) {
    for (const start of starts) {
      for (const unit of repeated) {
        for (const ending of endings) {
          const long = length === lengths.at(-1) && unit.length > 4 ? longestOfLong : length;
          const text = start + unit.repeat(Math.ceil(long / unit.length)) + ending;
          if (isSlow(pattern, text))
            return `${JSON.stringify(start)} + ${JSON.stringify(unit)}… + ${JSON.stringify(ending)}`;
        }
      }
    }
  }
  return undefined;
}

/** Slow three times: other work of the machine may make it so once. */
function isSlow(pattern: RegExp, text: string): boolean {
  return [1, 2, 3].every(() => {
    const from = process.cpuUsage();
    // replaceAll would look for every match, as callers do; a match that is found is passed over.
    text.replace(new RegExp(pattern.source, pattern.flags), '');
    const { user, system } = process.cpuUsage(from);
    return (user + system) / 1_000 > longestMs;
  });
}

/** The runs of plain letters in a pattern's source, as they are in a text. */
function literalsOf(source: string): readonly string[] {
  const token =
    /\\(?:[pP]\{\w+\}|u\{?\w+\}?|[dDwWsSbB]|(.))|\[(?:\\.|[^\]\\])*\]|\(\?(?::|<?[=!])|\{[\d,]+\}|[.()|*+?^$]/g;
  return source
    .replace(token, (_, escaped: string | undefined) => escaped ?? '\u0000')
    .split('\u0000')
    .filter((each) => each !== '')
    .slice(0, 6);
}
