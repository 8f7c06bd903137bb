import type { FailureKind } from './failure.ts';
import type { BackupRun } from './run.ts';
import { isActive } from './run-status.ts';

// Files that are there but not proven stay for a person to look at; what a failed script left is worth nothing.
const keptAfter: readonly FailureKind[] = [
  'files-dirty',
  'snapshot-size',
  'snapshot-trailer',
  'snapshot-format',
  'resources-unreadable',
  'resources-incomplete',
];

/** Whether the files of a run that failed so are kept on the node, named, for a person to look at. */
export function keepsFiles(kind: FailureKind): boolean {
  return keptAfter.includes(kind);
}

/** The run whose directory this is, by the name that every run's directory has; undefined: not one of ours. */
export function runIdOfDirectory(name: string): string | undefined {
  return /^\d{4}-\d{2}-\d{2}T\d{6}Z-(r-[a-z0-9]{8})$/.exec(name)?.[1];
}

/** Whether what lies in an earlier run's directory may be removed: the run is over and left nothing worth keeping. */
export function isLeftover(run: BackupRun): boolean {
  if (isActive(run.status) || run.status === 'succeeded') return false;
  return !run.failed || !keepsFiles(run.failed.failure.kind);
}
