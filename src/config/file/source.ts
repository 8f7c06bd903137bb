import { redact } from '../../domain/redaction/redact.ts';
import type { MergedDocument } from './merged-document.ts';
import { type ConfigWarning, keyText, type Mistake, type Path, shortened } from './mistake.ts';
import { mayHoldSecret, type Resolved, secretPaths } from './references.ts';

/** Of the client's environment, where most values are none. */
export const shortestSecret = 8;

/** The file's values after references were put in, and what may be said about them to a person. */
export interface Source {
  readonly value: unknown;
  at(path: Path): unknown;
  lineOf(path: Path): number;
  /** Another place in words for after "the same as": with its file, where that is not the one of `from`. */
  placeOf(path: Path, from: Path): string;
  /** What is at `path`, in words for after "found". Never a secret, nor a value from outside the file. */
  found(path: Path): string;
  mistake(path: Path, expected: string, found?: string, hint?: string): Mistake;
  warning(path: Path, text: string): ConfigWarning;
}

export function sourceOf(document: MergedDocument, resolved: Resolved): Source {
  const at = (path: Path) => valueAt(resolved.value, path);
  const secrets = secretPaths(resolved.value)
    // An id is no secret, nor is a short value of a variable: taking them out of every text would shred texts.
    .filter((path) => path.at(-1) !== 'accessKeyId')
    .filter((path) => path[0] !== 'client' || String(at(path)).length >= shortestSecret)
    .map(at)
    .filter((value) => typeof value === 'string');
  const clean = (text: string) => redact(text, secrets);

  function found(path: Path): string {
    const value = at(path);
    const key = keyText(path);
    const origin = resolved.origins.get(key);
    if (origin !== undefined) return `what ${origin} holds (not shown)`;
    if (value === null && document.isTilde(path)) return '~, which means nothing in YAML';
    if (mayHoldSecret(path) && ['string', 'number', 'boolean'].includes(typeof value))
      return 'a value (not shown)';
    if (typeof value === 'string') return JSON.stringify(shortened(clean(value)));
    return mayHoldSecret(path) && typeof value === 'object' && value !== null
      ? 'a list or keys'
      : clean(shapeOf(value));
  }

  return {
    value: resolved.value,
    at,
    lineOf: (path) => document.lineOf(path),
    placeOf: (path, from) => clean(document.placeOf(path, from)),
    found,
    mistake: (path, expected, what, hint) => ({
      key: clean(keyText(path)),
      line: document.lineOf(path),
      column: document.columnOf(path),
      expected: clean(expected),
      found: clean(what ?? found(path)),
      hint: hint === undefined ? undefined : clean(hint),
    }),
    warning: (path, text) => ({
      key: clean(keyText(path)),
      line: document.lineOf(path),
      column: document.columnOf(path),
      text: clean(text),
    }),
  };
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, part) => {
    if (inner === null || typeof inner !== 'object' || !Object.hasOwn(inner, part)) return undefined;
    return (inner as Record<string | number, unknown>)[part];
  }, value);
}

function shapeOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return `the keys ${shortened(Object.keys(value).join(', '))}`;
  return typeof value === 'number' ? `the number ${value}` : String(value);
}
