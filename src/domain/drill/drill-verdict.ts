import type { DrillFailure, DrillVerdict, VerdictReason } from './drill.ts';

/** What became of the control: a backup that a drill had restored before, drilled now with the same programs. */
export type ControlShown =
  | { readonly kind: 'restored'; readonly runId: string }
  | { readonly kind: 'failed'; readonly runId: string }
  /** There is none, or none could be fetched. */
  | { readonly kind: 'none' };

export interface DrillEvidence {
  /** Failures of this snapshot in a row; at least one. */
  readonly failures: readonly [DrillFailure, ...DrillFailure[]];
  /** The programs are of the snapshot's own minor release of etcd. */
  readonly ownMinor: boolean;
  /** undefined: not tried. */
  readonly control: ControlShown | undefined;
}

export interface JudgedFailure {
  readonly verdict: Exclude<DrillVerdict, 'restores'>;
  readonly because: VerdictReason;
}

/** `again`: the same snapshot once more. `control`: another one with the same programs. Else the verdict is final. */
export type NextLook = 'again' | 'control' | JudgedFailure;

/** Failures of programs on the data: the data, the programs or the machine may be to blame. */
const ofPrograms: readonly DrillFailure['kind'][] = [
  'status-failed',
  'restore-failed',
  'etcd-not-started',
  'etcd-ended',
];

/** What bbolt and etcd print about a page that cannot be right, in 3.4 to 3.6. */
const pageErrors: readonly RegExp[] = [
  /Page expected to be: ?\d+, but self identifies as/i,
  /page \d+:? already freed/i,
  /page \d+: (?:multiple references|out of bounds|invalid type|unreachable unfreed|reachable freed)/i,
  /page \d+: has unexpected type/i,
  /unexpected page type for pgId/i,
  /invalid freelist page/i,
  /invalid page (?:type|allocation)/i,
  /freepages: failed to get all reachable pages/i,
  /snapshot file integrity check failed/i,
  /unexpected fault address|\bSIGBUS\b|bus error/i,
  /range cannot find rev/i,
  // bbolt.Open of both meta pages: invalid database, checksum error.
  /^(?:panic: |Error: )?(?:invalid database|checksum (?:error|mismatch))\b/i,
];

/** What a machine prints that has no room, no memory or a broken disk: no word about the snapshot. */
const machineErrors =
  /no space left on device|cannot allocate memory|out of memory|input\/output error|too many open files|permission denied|read-only file system|disk quota exceeded|address already in use/i;

export function isPageError(detail: string): boolean {
  return !machineErrors.test(detail) && pageErrors.some((pattern) => pattern.test(detail));
}

/**
 * What the failures of one snapshot mean, purely. A backup is disproven only by its own bytes and content, by a page error, or
 * where the same programs restore another backup; with programs of another minor only by its bytes.
 */
export function judgeDrill({ failures, ownMinor, control }: DrillEvidence): NextLook {
  const failure = failures.at(-1) ?? failures[0];
  if (failure.kind === 'snapshot-damaged') return disproven('damaged');
  if (isOfPlace(failure)) return { verdict: 'not-made', because: 'place' };
  if (!ownMinor) return inconclusive('other-minor');
  if (failure.kind === 'status-differs' || failure.kind === 'no-keys') return disproven('content');
  // A restored revision above the snapshot's may be a bump or a compaction; one below it is lost data.
  if (failure.kind === 'revision-differs' && failure.found < failure.expected) return disproven('content');
  if (!ofPrograms.includes(failure.kind)) return inconclusive('unclear');
  if (failures.length < 2) return 'again';
  if ('detail' in failure && isPageError(failure.detail)) return disproven('page-error');
  if (!control) return 'control';
  if (control.kind === 'restored') return disproven('control-restored');
  return control.kind === 'failed'
    ? { verdict: 'not-made', because: 'control-failed' }
    : inconclusive('no-control');
}

function isOfPlace(failure: DrillFailure): boolean {
  switch (failure.kind) {
    case 'not-fetched':
    case 'not-known-place':
    case 'not-run':
    case 'process-ended':
    case 'no-tools':
    case 'other-byte-order':
    case 'snapshot-unreadable':
    case 'no-room':
    case 'deadline':
    case 'aborted':
      return true;
    default:
      return 'detail' in failure && machineErrors.test(failure.detail);
  }
}

function disproven(because: VerdictReason): JudgedFailure {
  return { verdict: 'does-not-restore', because };
}

function inconclusive(because: VerdictReason): JudgedFailure {
  return { verdict: 'inconclusive', because };
}
