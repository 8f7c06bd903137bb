import type { SnapshotStatus } from '../domain/artifacts.ts';

/** What the drill was doing: names the place where it was cut off. */
export type DrillPhase = 'reading' | 'status' | 'restoring' | 'starting' | 'counting';

export type StatusField = 'hash' | 'revision' | 'totalKey' | 'totalSize';

/** Why a snapshot did not come through. `detail`: the program's last words, one line, no key and no value. */
export type DrillFailure =
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

export type DrillNote =
  /** Hash and key count are only comparable within one minor release of etcd. */
  | { readonly kind: 'other-minor'; readonly tool: string; readonly script: string | undefined }
  /** 4.4 and 4.5 print no status line: nothing to compare with but the file itself. */
  | { readonly kind: 'no-status-line' };

export type DrillResult =
  | {
      readonly ok: true;
      /** Of the restored etcd; the same as in the script's line. */
      readonly revision: number;
      /** Live keys, counted in the restored etcd. */
      readonly keys: number;
      /** All that could be compared with the script's line was equal; false: there was no such line. */
      readonly statusMatches: boolean;
      readonly compared: readonly StatusField[];
      /** `3.5.16` */
      readonly toolVersion: string;
      readonly durationMs: number;
      readonly notes: readonly DrillNote[];
    }
  | {
      readonly ok: false;
      readonly failure: DrillFailure;
      readonly durationMs: number;
      readonly notes: readonly DrillNote[];
    };

/** Ends a drill from anywhere inside it. */
export class DrillError extends Error {
  readonly failure: DrillFailure;

  constructor(failure: DrillFailure) {
    super(failure.kind);
    this.name = 'DrillError';
    this.failure = failure;
  }
}
