import { basename, dirname, join } from 'node:path';

/** What was not written to for so long, by the place's own clock, belongs to a process that was killed. */
export const abandonedAfterMs = 60 * 60 * 1000;

const ending = '.part';
const longestName = 255;
const ours =
  /^\.[A-Za-z0-9_+=@-][A-Za-z0-9._+=@-]*\.(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.part|claim)$/;

/** `.NAME.ID.part` beside the file NAME. The id, which has no dot, keeps two writers of one file apart. */
export function partPath(path: string, id: string): string {
  return join(dirname(path), `.${basename(path)}.${id}${ending}`);
}

/** Not of `path.more`, whose parts begin alike. */
export function isPartOf(path: string, entry: string): boolean {
  const before = `.${basename(path)}.`;
  if (!entry.startsWith(before) || !entry.endsWith(ending)) return false;
  const id = entry.slice(before.length, -ending.length);
  return id !== '' && !id.includes('.');
}

/** Whether a file of this name can only be a part or a claim of ours. */
export function isPartOrClaim(entry: string): boolean {
  return entry.length <= longestName && ours.test(entry);
}
