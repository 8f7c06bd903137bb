import { resolve } from 'node:path';
import { keyText, type Mistake, type Path } from './mistake.ts';
import { homeHint, referenceHint } from './not-replaced.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ReferenceSources {
  readonly env: Environment;
  /** Text of a file; rejects with a system error (`code`). */
  readFile(path: string): Promise<string>;
  /** Directory that relative paths are taken from. */
  readonly directory: string;
}

export interface Resolved {
  readonly value: unknown;
  /** By key text: where a value came from that is not in the file itself. Such values are never shown. */
  readonly origins: ReadonlyMap<string, string>;
  readonly mistakes: readonly Omit<Mistake, 'line'>[];
  readonly faulty: readonly Path[];
  /** For each of `faulty`: the variable or file that is not there; undefined: it is there, and wrong. */
  readonly absent: readonly (string | undefined)[];
}

/** Keys whose values are secret, however they are written; `*` is any place in a list or any key. */
const secretForms: readonly Path[] = [
  ['slack', 'botToken'],
  ['slack', 'appToken'],
  ['slack', 'signingSecret'],
  // A credential plugin's keys among what is no secret.
  ['client', 'env', '*'],
  ['destinations', '*', 's3', 'credentials', 'accessKeyId'],
  ['destinations', '*', 's3', 'credentials', 'secretAccessKey'],
  ['destinations', '*', 's3', 'credentials', 'sessionToken'],
  // It may hold a password.
  ['proxy', 'url'],
];
/** Not secret, but texts of many lines that come from files of their own. */
const fileForms: readonly Path[] = [...secretForms, ['destinations', '*', 's3', 'ca'], ['ca']];

export function isSecret(path: Path): boolean {
  return secretForms.some((form) => form.length === path.length && fits(form, path));
}

/** Whether a secret belongs somewhere below `path`: who writes one a level too high must not see it shown. */
export function mayHoldSecret(path: Path): boolean {
  return secretForms.some((form) => fits(form, path));
}

function fits(form: Path, path: Path): boolean {
  return path.every((part, i) => part === form[i] || form[i] === '*');
}

/** The places of all secrets that a file holds. */
export function secretPaths(value: unknown): readonly Path[] {
  const below = (inner: unknown, path: Path): readonly Path[] => {
    if (!mayHoldSecret(path)) return [];
    if (isSecret(path)) return [path];
    if (Array.isArray(inner)) return inner.flatMap((each, i) => below(each, [...path, i]));
    if (inner === null || typeof inner !== 'object') return [];
    return Object.entries(inner).flatMap(([key, each]) => below(each, [...path, key]));
  };
  return below(value, []);
}

/** Puts in what `${NAME}` (in any text) and `{file: PATH}` (at secret keys) refer to. Input is left as it is. */
export async function resolveReferences(value: unknown, sources: ReferenceSources): Promise<Resolved> {
  const origins = new Map<string, string>();
  const mistakes: Omit<Mistake, 'line'>[] = [];
  const faulty: Path[] = [];
  const absent: (string | undefined)[] = [];

  function mistaken(path: Path, expected: string, found: string, hint?: string, missing?: string): void {
    mistakes.push({ key: keyText(path), expected, found, hint });
    faulty.push(path);
    absent.push(missing);
  }

  function withVariables(text: string, path: Path): string {
    return text.replace(/\$\$\{|\$\{([^}]*)\}?/g, (whole: string, name: string | undefined) => {
      if (name === undefined) return '${'; // `$${` is a `${` that is meant literally
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || !whole.endsWith('}')) {
        mistaken(
          path,
          // biome-ignore lint/suspicious/noTemplateCurlyInString: the reader writes it so
          '${NAME} with the name of an environment variable',
          'something else after ${',
          'letters, digits and _ only; write $${ for a ${ that is meant literally',
        );
        return whole;
      }
      const found = Object.hasOwn(sources.env, name) ? sources.env[name] : undefined;
      if (found === undefined || found === '') {
        mistaken(
          path,
          `the environment variable ${name}`,
          found === '' ? 'it empty' : 'it not set',
          'set it where the bot is started',
          `the environment variable ${name}`,
        );
        return whole;
      }
      origins.set(keyText(path), `\${${name}}`);
      return found;
    });
  }

  async function fromFile(reference: string, path: Path): Promise<unknown> {
    const file = resolve(sources.directory, reference);
    try {
      const text = (await sources.readFile(file)).replace(/\r?\n$/, '');
      origins.set(keyText(path), `file ${file}`);
      return text;
    } catch (error) {
      const isAbsent = (error as { code?: unknown } | null)?.code === 'ENOENT';
      const what = `a readable file ${JSON.stringify(file)}`;
      const hint = homeHint(reference) ?? referenceHint(reference);
      mistaken(path, what, systemErrorText(error), hint, isAbsent ? `the file ${file}` : undefined);
      return undefined;
    }
  }

  async function visit(node: unknown, path: Path): Promise<unknown> {
    if (typeof node === 'string') return withVariables(node, path);
    if (Array.isArray(node)) return Promise.all(node.map((inner, i) => visit(inner, [...path, i])));
    if (node === null || typeof node !== 'object') return node;
    const entries = await Promise.all(
      Object.entries(node).map(async ([key, inner]) => [key, await visit(inner, [...path, key])] as const),
    );
    const copy = Object.fromEntries(entries);
    const isFileReference = entries.length === 1 && typeof copy.file === 'string' && copy.file !== '';
    if (!isFileReference || !mayBeFile(path) || isFaulty([...path, 'file'])) return copy;
    return fromFile(copy.file as string, path);
  }

  function mayBeFile(path: Path): boolean {
    return fileForms.some((form) => form.length === path.length && fits(form, path));
  }

  function isFaulty(path: Path): boolean {
    const key = keyText(path);
    return faulty.some((each) => keyText(each) === key);
  }

  return { value: await visit(value, []), origins, mistakes, faulty, absent };
}

/** A system error in plain words; its own message may hold what was read. */
export function systemErrorText(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'a file that may not be read';
  if (code === 'EISDIR') return 'a directory';
  return typeof code === 'string' && /^[A-Z_0-9]+$/.test(code) ? `the error ${code}` : 'an error';
}
