import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Mistake, Path } from './mistake.ts';
import { danglingAlias, syntaxMistakes } from './syntax.ts';

/** A YAML file as plain values, with the line of each value. */
export interface YamlDocument {
  readonly value: unknown;
  /** Line (from 1) of the key at `path`, or of the nearest thing around it that is there. */
  lineOf(path: Path): number;
  /** From 1, likewise. */
  columnOf(path: Path): number;
  /** Whether the value is written `~`, YAML's short form of null. */
  isTilde(path: Path): boolean;
}

const deepest = 16;

/** Reads YAML 1.2 with one document. Returns mistakes instead when it is no such thing; never throws. */
export function readYaml(text: string): YamlDocument | readonly Mistake[] {
  const lines = new LineCounter();
  const options = { lineCounter: lines, prettyErrors: false, logLevel: 'error', schema: 'core' } as const;
  try {
    const document = parseDocument(text, options);
    const parsed = { text, document, lines };
    const mistakes = syntaxMistakes(parsed);
    if (mistakes.length > 0) return mistakes;
    const dangling = danglingAlias(parsed);
    if (dangling) return [dangling];
    const value: unknown = document.toJS({ maxAliasCount: 1000 });
    if (!isShallow(value, [])) return [notYaml('values nested in each other without end')];
    return {
      value,
      lineOf: (path) => lines.linePos(nodeAt(document, path).offset).line,
      columnOf: (path) => lines.linePos(nodeAt(document, path).offset).col,
      isTilde(path) {
        const { node } = nodeAt(document, path);
        return isScalar(node) && node.source === '~';
      },
    };
  } catch (error) {
    if (error instanceof ReferenceError) {
      return [notYaml('an alias (*name) without its anchor (&name), or far too many aliases')];
    }
    return [notYaml('values nested too deeply to read')];
  }
}

function notYaml(found: string): Mistake {
  return { key: '', line: undefined, expected: 'a YAML file', found, hint: undefined };
}

/** Aliases can make a value hold itself; everything after this may recurse without fear. */
function isShallow(value: unknown, around: readonly unknown[]): boolean {
  if (value === null || typeof value !== 'object') return true;
  if (around.length >= deepest || around.includes(value)) return false;
  return Object.values(value).every((inner) => isShallow(inner, [...around, value]));
}

/** The node at `path` (undefined: there is none), and the offset of its key or of the nearest node around it. */
function nodeAt(document: Document.Parsed, path: Path): { readonly node: unknown; readonly offset: number } {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find((each) => keyOf(each.key) === String(part));
      if (!pair) return { node: undefined, offset };
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof part === 'number' && part < node.items.length) {
      node = node.items[part];
      offset = startOf(node) ?? offset;
    } else return { node: undefined, offset };
  }
  return { node, offset };
}

function keyOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : '';
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
