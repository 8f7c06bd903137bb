import type { CopyPolicy } from './file-copy.ts';
import type { FileKind } from './manifest-document.ts';

/** Where one file of a plan goes, and who can open it there: what an approval is given to. */
export interface PlannedCopy {
  readonly file: FileKind;
  readonly destination: string;
  /** Names of the recipients; empty: it is stored as it is. */
  readonly encryptedFor: readonly string[];
}

export function plannedCopy({ file, destination, encryptFor }: CopyPolicy): PlannedCopy {
  return { file, destination, encryptedFor: encryptFor.map(({ name }) => name) };
}

/** `snapshot → nas-1`, `resources → vault (encrypted for ops-a, ops-b)`. */
export function plannedCopyText({ file, destination, encryptedFor }: PlannedCopy): string {
  const who = encryptedFor.join(', ');
  return `${file} → ${destination}${who === '' ? '' : ` (encrypted for ${who})`}`;
}
