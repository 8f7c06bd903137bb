import type { ConfigWarning, Mistake, Path } from './mistake.ts';
import type { Source } from './source.ts';

/** What was found so far in one file. */
export interface Collected {
  readonly source: Source;
  readonly mistakes: Mistake[];
  readonly warnings: ConfigWarning[];
}

type Shape = Readonly<Record<string, { safeParse(value: unknown): { success: boolean; data?: unknown } }>>;

/** Of the values under known keys, those that are right in themselves. */
export function rightParts<Entry>(shape: Shape, raw: unknown): Partial<Entry> {
  if (raw === null || typeof raw !== 'object') return {};
  const values = raw as Record<string, unknown>;
  const right = Object.entries(shape).flatMap(([key, schema]) => {
    const read = Object.hasOwn(values, key) ? schema.safeParse(values[key]) : undefined;
    return read?.success && read.data !== undefined ? [[key, read.data]] : [];
  });
  return Object.fromEntries(right) as Partial<Entry>;
}

export function checkUnique(
  all: Collected,
  list: string,
  key: string,
  values: readonly (string | undefined)[],
): void {
  values.forEach((value, index) => {
    const first = values.indexOf(value);
    if (value === undefined || first === index) return;
    const line = all.source.lineOf([list, first, key]);
    const what = key === 'connect' ? 'a cluster of its own' : 'a different one each time';
    all.mistakes.push(
      all.source.mistake([list, index, key], what, `the same as ${list}[${first}].${key} (line ${line})`),
    );
  });
}

export function listAt(source: Source, path: Path): readonly unknown[] {
  const value = source.at(path);
  return Array.isArray(value) ? value : [];
}

export function isSaid(source: Source, cluster: Path, key: Path): boolean {
  return [cluster, ['defaults']].some((place) => source.at([...place, ...key]) !== undefined);
}

/** Where a cluster's setting stands: at the cluster, else under `defaults`, else (standard value) where it would stand. */
export function saidAt(source: Source, cluster: Path, key: Path): Path {
  const own = [...cluster, ...key];
  const shared = ['defaults', ...key];
  return source.at(own) === undefined && source.at(shared) !== undefined ? shared : own;
}
