import * as z from 'zod';
import { nearest } from '../../domain/text/nearest.ts';
import type { ConfigWarning, Mistake, Path } from './mistake.ts';
import { type Source, valueAt } from './source.ts';
import { isMapping } from './with-defaults.ts';

/** What was found so far in one file. */
export interface Collected {
  readonly source: Source;
  readonly mistakes: Mistake[];
  readonly warnings: ConfigWarning[];
}

/** Of the known keys those whose values are right in themselves, or left out and have a standard. */
export function rightParts<Shape extends z.ZodRawShape>(
  shape: Shape,
  raw: unknown,
): { readonly [Key in keyof Shape]?: z.output<Shape[Key]> } {
  if (!isMapping(raw)) return {};
  const right = Object.entries(shape).flatMap(([key, schema]) => {
    const read = z.safeParse(schema, raw[key]);
    return read.success && read.data !== undefined ? [[key, read.data]] : [];
  });
  return Object.fromEntries(right);
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
    const what = key === 'connect' ? 'a cluster of its own' : 'a different one each time';
    const other = all.source.placeOf([list, first, key], [list, index, key]);
    all.mistakes.push(all.source.mistake([list, index, key], what, `the same as ${other}`));
  });
}

/** The name that was probably meant: keys are long, so up to a third of their letters may be wrong. */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  return nearest(typed, names, ({ length }) => Math.max(2, Math.floor(length / 3)));
}

/** The list at a place of the file; empty: there is none. */
export function listAt(file: unknown, path: Path): readonly unknown[] {
  const value = valueAt(file, path);
  return Array.isArray(value) ? value : [];
}

export function isSaid(source: Source, cluster: Path, key: Path): boolean {
  return [cluster, ['defaults']].some((place) => source.at([...place, ...key]) !== undefined);
}

/** Where a cluster's setting is: at the cluster, else under `defaults`, else (standard value) where it would be. */
export function saidAt(source: Source, cluster: Path, key: Path): Path {
  const own = [...cluster, ...key];
  const shared = ['defaults', ...key];
  return source.at(own) === undefined && source.at(shared) !== undefined ? shared : own;
}
