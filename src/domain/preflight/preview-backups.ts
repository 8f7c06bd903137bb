import type { Reading } from '../cluster/reading.ts';
import { type Finding, finding } from './finding.ts';

/** More names than these carry no information: a periodic backup leaves thousands of objects. */
const namesShown = 10;

/**
 * The preview API can report "completed" after a failure, and its file lies on a volume of the cluster itself: it is never
 * taken for coverage. Not knowing whether it is in use needs no word of its own: the missing right is named already.
 */
export function previewBackupFindings(names: Reading<readonly string[]>): readonly Finding[] {
  if (!names.ok || names.value.length === 0) return [];
  const shown = names.value.slice(0, namesShown);
  const more = names.value.length - shown.length;
  return [finding('warning', 'backup-api.preview-in-use', { names: shown, ...(more > 0 ? { more } : {}) })];
}
