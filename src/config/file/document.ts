import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Mistake, Path } from './mistake.ts';

/** A YAML file as plain values, with the line of each value. */
export interface YamlDocument {
  readonly value: unknown;
  /** Line (from 1) of the key at `path`, or of the nearest thing around it that is there. */
  lineOf(path: Path): number;
}

// The parser's own texts quote the file, which may hold a secret, and speak to programmers. These do neither.
const syntaxTexts: Readonly<Record<string, string>> = {
  BAD_INDENT: 'a line whose indentation fits nothing around it, or a bracket that is never closed',
  BLOCK_AS_IMPLICIT_KEY: 'two keys on one line',
  DUPLICATE_KEY: 'the same key a second time',
  MISSING_CHAR: 'a colon, comma, quote or bracket that is missing',
  MULTIPLE_DOCS: 'a second document after ---',
  MULTILINE_IMPLICIT_KEY: 'a key that runs over several lines, or a colon that is missing',
  TAB_AS_INDENT: 'a tab as indentation (use spaces)',
  TAG_RESOLVE_FAILED: 'a tag (a word after !), which is not used here',
  UNEXPECTED_TOKEN: 'a character that is not allowed here (put texts with special characters in quotes)',
};

const deepest = 16;

/** Reads YAML 1.2 with one document. Returns mistakes instead when it is no such thing; never throws. */
export function readYaml(text: string): YamlDocument | readonly Mistake[] {
  const lines = new LineCounter();
  const options = { lineCounter: lines, prettyErrors: false, logLevel: 'error', schema: 'core' } as const;
  try {
    const document = parseDocument(text, options);
    const problems = [...document.errors, ...document.warnings];
    if (problems.length > 0) {
      return problems.slice(0, 20).map((each) => {
        const found = syntaxTexts[each.code] ?? `what the YAML standard forbids (${each.code})`;
        return syntaxMistake(lines.linePos(each.pos[0]).line, found);
      });
    }
    const value: unknown = document.toJS({ maxAliasCount: 1000 });
    if (!isShallow(value, [])) return [syntaxMistake(undefined, 'values nested in each other without end')];
    return { value, lineOf: (path) => lines.linePos(offsetOf(document, path)).line };
  } catch (error) {
    if (error instanceof ReferenceError) {
      return [
        syntaxMistake(undefined, 'an alias (*name) without its anchor (&name), or far too many aliases'),
      ];
    }
    return [syntaxMistake(undefined, 'values nested too deeply to read')];
  }
}

function syntaxMistake(line: number | undefined, found: string): Mistake {
  return { key: '', line, expected: 'a YAML file', found, hint: undefined };
}

/** Aliases can make a value hold itself; everything after this may recurse without fear. */
function isShallow(value: unknown, around: readonly unknown[]): boolean {
  if (value === null || typeof value !== 'object') return true;
  if (around.length >= deepest || around.includes(value)) return false;
  return Object.values(value).every((inner) => isShallow(inner, [...around, value]));
}

function offsetOf(document: Document.Parsed, path: Path): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find((each) => keyOf(each.key) === String(part));
      if (!pair) break;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof part === 'number' && part < node.items.length) {
      node = node.items[part];
      offset = startOf(node) ?? offset;
    } else break;
  }
  return offset;
}

function keyOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : '';
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
