import type { SnapshotStatus } from './artifacts.ts';

/** What the drill was doing: names the place where it was cut off. */
export type DrillPhase = 'fetching' | 'reading' | 'status' | 'restoring' | 'starting' | 'counting';

export type StatusField = 'hash' | 'revision' | 'totalKey' | 'totalSize';

/** Why a snapshot did not come through. `detail`: the program's last words, one line, no key and no value. */
export type DrillFailure =
  /** The copy did not come from its destination. */
  | { readonly kind: 'not-fetched'; readonly detail: string }
  /** The place where drills are made is at fault, not the snapshot. */
  | { readonly kind: 'not-run'; readonly detail: string }
  | { readonly kind: 'snapshot-unreadable'; readonly detail: string }
  /** etcd's own SHA-256 trailer does not hold: cut off, or a byte was changed. */
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
  | { readonly kind: 'revision-differs'; readonly expected: number; readonly found: number }
  | { readonly kind: 'no-keys' }
  | { readonly kind: 'read-failed'; readonly detail: string }
  | { readonly kind: 'deadline'; readonly deadlineMs: number; readonly phase: DrillPhase }
  | { readonly kind: 'aborted'; readonly phase: DrillPhase };
