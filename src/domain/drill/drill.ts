import type { SnapshotStatus } from '../backup/artifacts.ts';

/** What the drill was doing: names the place where it was cut off. */
export type DrillPhase = 'fetching' | 'reading' | 'status' | 'restoring' | 'starting' | 'counting';

export type StatusField = 'hash' | 'revision' | 'totalKey' | 'totalSize';

/** Why a snapshot did not come through. `detail`: the program's last words, one line, no key and no value. */
export type DrillFailure =
  /** The copy did not come from its destination. */
  | { readonly kind: 'not-fetched'; readonly detail: string }
  /** What is reached under the destination's name is not the place of the copy. `detail`: what was expected and found. */
  | { readonly kind: 'not-known-place'; readonly destination: string; readonly detail: string }
  /** The place where drills are made is at fault, not the snapshot. */
  | { readonly kind: 'not-run'; readonly detail: string }
  /** The process that made the drill was killed in the middle of it: out of memory, `kill -9`, a node that went down. */
  | { readonly kind: 'process-ended' }
  /** No usable set of etcd's programs. `minor`: the one that the snapshot needs; absent: not known. */
  | { readonly kind: 'no-tools'; readonly minor?: string }
  /** Whole, and of a machine whose numbers are stored the other way round (IBM Z): the programs here cannot read it. */
  | { readonly kind: 'other-byte-order' }
  | { readonly kind: 'snapshot-unreadable'; readonly detail: string }
  /** The bytes are not those that were stored, or etcd's own SHA-256 trailer does not hold: cut off, or a byte was changed. */
  | { readonly kind: 'snapshot-damaged'; readonly size: number }
  | { readonly kind: 'no-room'; readonly freeBytes: number; readonly neededBytes: number }
  | { readonly kind: 'status-failed'; readonly detail: string }
  | {
      readonly kind: 'status-differs';
      readonly fields: readonly StatusField[];
      readonly expected: SnapshotStatus;
      readonly found: SnapshotStatus;
    }
  | { readonly kind: 'restore-failed'; readonly detail: string }
  | { readonly kind: 'etcd-not-started'; readonly detail: string }
  /** It started, and ended by itself while its keys were read. */
  | { readonly kind: 'etcd-ended'; readonly detail: string }
  | { readonly kind: 'revision-differs'; readonly expected: number; readonly found: number }
  | { readonly kind: 'no-keys' }
  | { readonly kind: 'read-failed'; readonly detail: string }
  | { readonly kind: 'deadline'; readonly deadlineMs: number; readonly phase: DrillPhase }
  | { readonly kind: 'aborted'; readonly phase: DrillPhase };

/**
 * What a drill says of the backup. `inconclusive`: something failed on this snapshot, and what is to blame is not known.
 * `not-made`: nothing was learned about it.
 */
export type DrillVerdict = 'restores' | 'does-not-restore' | 'inconclusive' | 'not-made';

/** How a failed drill came to its verdict. */
export type VerdictReason =
  /** The bytes themselves are wrong. */
  | 'damaged'
  /** It restores, and brings back something else than the snapshot holds. */
  | 'content'
  /** etcd's own words name a damaged page. */
  | 'page-error'
  /** A backup that was restored before was restored again with the same programs. */
  | 'control-restored'
  /** That one failed now, too: the programs or the machine are at fault. */
  | 'control-failed'
  | 'no-control'
  /** The programs are of another minor release of etcd than the snapshot. */
  | 'other-minor'
  /** A failure whose cause is not clear. */
  | 'unclear'
  /** Tools, room, time or the way to the copy. */
  | 'place';

/** What a restore into a throw-away etcd showed. */
export type DrillOutcome =
  | {
      readonly ok: true;
      readonly revision: number;
      readonly keys: number;
      readonly at: number;
      /** Version of the programs; absent in earlier records. */
      readonly tools?: string;
    }
  | FailedDrill;

export interface FailedDrill {
  readonly ok: false;
  /** Missing in what was put on record before failures had kinds. */
  readonly failure?: DrillFailure;
  /** Missing in earlier records: see verdictOf. */
  readonly verdict?: Exclude<DrillVerdict, 'restores'>;
  readonly because?: VerdictReason;
  /** Run whose backup served as the control. */
  readonly control?: string;
  /** Version of the programs, and the minor release of etcd that the snapshot needs. */
  readonly tools?: string;
  readonly needs?: string;
  /** From a manifest, which keeps no kinds: whether the snapshot was to blame. */
  readonly disproven?: boolean;
  /** The same as one plain line, for the audit. */
  readonly why: string;
  readonly at: number;
}
