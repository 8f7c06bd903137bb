import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface SourceFile {
  /** Path from the repository's root, with slashes: `src/domain/preflight/plan.ts`. */
  readonly path: string;
  readonly text: string;
}

export interface Import {
  /** 1 is the first line. */
  readonly line: number;
  /** As written: `../domain/plan.ts`, `node:fs`, `zod`. */
  readonly specifier: string;
}

/** All TypeScript files below a folder of the repository, in one fixed order. */
export async function sourceFiles(folder: string): Promise<readonly SourceFile[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
  return Promise.all(names.map(async (path) => ({ path, text: await readFile(join(root, path), 'utf8') })));
}

// A statement starts its line (the formatter sees to that); its clause holds names, braces and commas only.
const statement = /^[ \t]*(?:import|export)\s+(?:[\w\s{},*$]+?\s*from\s*)?(['"])([^'"\n]+)\1/gm;
// `import('x')` as an expression and in types, and `require('x')`.
const call = /\b(?:import|require)\s*\(\s*(['"`])([^'"`\n]+)\1/g;
const lineComment = /^\s*(?:\/\/|\/?\*)/;

/** What a file imports: static and type imports, re-exports, dynamic imports and `require`. */
export function importsOf(text: string): readonly Import[] {
  const lines = text.split('\n');
  return [statement, call]
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .map((match) => {
      const end = match.index + match[0].length;
      return { line: text.slice(0, end).split('\n').length, specifier: match[2] ?? '' };
    })
    .filter(({ line }) => !lineComment.test(lines[line - 1] ?? ''))
    .sort((a, b) => a.line - b.line);
}

/** The repository path that a relative import leads to; undefined for packages and `node:`. */
export function importedPath(from: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.join(dirname(from), specifier) : undefined;
}
