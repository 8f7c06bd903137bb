import { type Document, isScalar, type LineCounter, Scalar, visit, type YAMLError } from 'yaml';
import { redact } from '../../domain/redaction/redact.ts';
import { excerptOf } from './excerpt.ts';
import { fittingText, indentationOf, levelsAbove, nextLine } from './indentation.ts';
import { type Mistake, shortened } from './mistake.ts';

/** What is wrong at a place of the text; `expected`: a YAML file unless given. */
interface Problem {
  readonly offset: number;
  readonly found: string;
  readonly expected?: string;
  readonly hint?: string;
}

interface Parsed {
  readonly text: string;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

// The parser's own texts quote the file, which may hold a secret, and speak to programmers. These do neither.
const texts: Readonly<Record<string, string>> = {
  BAD_INDENT: 'a line whose indentation fits nothing around it',
  BLOCK_AS_IMPLICIT_KEY: 'two keys on one line (a text with a colon needs quotes)',
  MISSING_CHAR: 'a colon, comma, quote or bracket that is missing',
  MULTIPLE_DOCS: 'a second document after ---',
  MULTILINE_IMPLICIT_KEY: 'a key without its colon',
  TAB_AS_INDENT: 'a tab as indentation (use spaces)',
  TAG_RESOLVE_FAILED: 'a tag (a word after !), which is not used here',
  UNEXPECTED_TOKEN: 'a character that is not allowed here (put texts with special characters in quotes)',
};

/** They say nothing about the lines after them. After any other, the parser has lost its way: what it says next is noise. */
const independent = new Set(['DUPLICATE_KEY', 'TAG_RESOLVE_FAILED']);
const mostShown = 20;

/** What keeps a text from being YAML: the first thing that is, and what else is wrong before it. */
export function syntaxMistakes(parsed: Parsed): readonly Mistake[] {
  const { document } = parsed;
  const problems = [...document.errors, ...document.warnings].toSorted((a, b) => a.pos[0] - b.pos[0]);
  const lost = problems.findIndex(({ code }) => !independent.has(code));
  const meant = lost < 0 ? problems : problems.slice(0, lost + 1);
  return meant.slice(0, mostShown).map((each) => mistakeAt(parsed, problemOf(parsed, each)));
}

/** An alias (`*name`) whose anchor is not before it; undefined: there is none. */
export function danglingAlias(parsed: Parsed): Mistake | undefined {
  let problem: Problem | undefined;
  visit(parsed.document, {
    Alias(_, node) {
      if (node.resolve(parsed.document) !== undefined) return undefined;
      const name = redact(shortened(node.source));
      problem = {
        offset: node.range?.[0] ?? 0,
        found: `*${name}, an alias whose anchor (&${name}) is not above it`,
      };
      return visit.BREAK;
    },
  });
  return problem && mistakeAt(parsed, problem);
}

function mistakeAt({ text, lines }: Parsed, { offset, expected, found, hint }: Problem): Mistake {
  const { line, col: column } = lines.linePos(offset);
  return {
    key: '',
    line,
    column,
    expected: expected ?? 'a YAML file',
    found,
    hint,
    excerpt: excerptOf(text, line, column),
  };
}

function problemOf(parsed: Parsed, error: YAMLError): Problem {
  const { code, message } = error;
  const [offset] = error.pos;
  if (code === 'DUPLICATE_KEY') return duplicateKey(parsed, offset);
  if (/closing ['"]quote/.test(message)) return openQuote(parsed, offset);
  if (/end with a/.test(message)) return openBracket(parsed, offset, message);
  if (code === 'BAD_SCALAR_START') {
    const sign = parsed.text.charAt(offset);
    return { offset, found: `a text that begins with ${sign} (put it in quotes)` };
  }
  const generic = { offset, found: texts[code] ?? `what the YAML standard forbids (${code})` };
  if (code === 'BAD_INDENT' || /Sequence item without/.test(message)) {
    return badIndentation(parsed, parsed.lines.linePos(offset).line) ?? generic;
  }
  if (code === 'BLOCK_AS_IMPLICIT_KEY' || code === 'MULTILINE_IMPLICIT_KEY')
    return badKey(parsed, offset) ?? generic;
  return generic;
}

/** The parser stumbles over a key that is indented too far at the line before it, which it takes for a key of many lines. */
function badKey(parsed: Parsed, offset: number): Problem | undefined {
  const { text, lines } = parsed;
  const { line } = lines.linePos(offset);
  const here = text.split('\n')[line - 1] ?? '';
  const dash = /^\s*-(?=[A-Za-z])/.exec(here);
  if (dash) {
    const found = 'a dash without a space after it';
    return { offset: (lines.lineStarts[line - 1] ?? 0) + dash[0].length - 1, found };
  }
  const next = nextLine(text, line);
  const isDeeper = next !== undefined && indentationOf(text, next) > indentationOf(text, line);
  return isDeeper && /:\s/.test(here) ? badIndentation(parsed, next) : undefined;
}

function badIndentation({ text, lines }: Parsed, line: number): Problem | undefined {
  const levels = levelsAbove(text, line);
  const spaces = indentationOf(text, line);
  if (levels.length === 0 || levels.includes(spaces)) return undefined;
  return {
    offset: (lines.lineStarts[line - 1] ?? 0) + spaces,
    expected: `an indentation of ${fittingText(levels)}, as above`,
    found: spaces === 1 ? '1 space' : `${spaces} spaces`,
  };
}

function openQuote({ document }: Parsed, end: number): Problem {
  let start: number | undefined;
  let sign = 'quote';
  visit(document, {
    Scalar(_, node) {
      const isQuoted = node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE;
      if (!isQuoted || node.range?.[1] !== end) return undefined;
      start = node.range[0];
      sign = node.type === Scalar.QUOTE_DOUBLE ? '"' : "'";
      return visit.BREAK;
    },
  });
  return { offset: start ?? end, found: `a ${sign} that is opened here and never closed` };
}

function openBracket({ document }: Parsed, end: number, message: string): Problem {
  let start: number | undefined;
  visit(document, {
    Collection(_, node) {
      if (node.flow && node.range && node.range[0] < end && node.range[2] >= end) start = node.range[0];
    },
  });
  const sign = /[}]/.test(message) ? '{' : '[';
  return { offset: start ?? end, found: `a ${sign} that is opened here and never closed` };
}

function duplicateKey({ document, lines }: Parsed, offset: number): Problem {
  let found = 'the same key a second time';
  visit(document, {
    Map(_, map) {
      const keys = map.items.map(({ key }) => key);
      const again = keys.find((key) => isScalar(key) && key.range?.[0] === offset);
      if (!isScalar(again)) return undefined;
      const first = keys.find((key) => isScalar(key) && key.value === again.value);
      const line = isScalar(first) && first.range ? lines.linePos(first.range[0]).line : undefined;
      const name = JSON.stringify(redact(shortened(String(again.value))));
      found = `the key ${name} a second time${line === undefined ? '' : ` (first in line ${line})`}`;
      return visit.BREAK;
    },
  });
  return { offset, found };
}
