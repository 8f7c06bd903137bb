import type { FailureKind, LeftOnNode } from '../backup/failure.ts';
import { backoffMs } from '../text/backoff.ts';
import type { BackupRun, DueCleanUp } from './run.ts';
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

/** No round is put off for longer: a privileged pod may still run on the node. */
export const longestCleanUpMs = 15 * 60_000;
const cleanUp = { firstMs: 5_000, maxMs: longestCleanUpMs };

/** When to try (again) to remove what is left, `tries` rounds after the run failed. `now` in ms UTC. */
export function nextCleanUp(tries: number, now: number): DueCleanUp {
  return { tries, nextTryAt: now + backoffMs(tries, cleanUp) };
}

/** What a run that fails now leaves to be removed later; undefined: nothing is left, as far as the cluster said. */
export function dueCleanUp(left: LeftOnNode | undefined, now: number): DueCleanUp | undefined {
  const unsure = left !== undefined && (left.paths === undefined || left.sessionPod !== undefined);
  return unsure ? nextCleanUp(0, now) : undefined;
}

// A cluster that refuses will refuse again: a person has to act first.
const refusals: readonly FailureKind[] = [
  'session-forbidden',
  'session-pod-security',
  'session-pod-refused',
  'session-image',
  'api-unauthorized',
  'client-missing',
  'client-configuration',
];
const mostRefusedTries = 8;

/** Whether trying goes on after a round that failed so. What may pass by itself is tried for ever. */
export function triesAgain(kind: FailureKind, tries: number): boolean {
  return !refusals.includes(kind) || tries < mostRefusedTries;
}
