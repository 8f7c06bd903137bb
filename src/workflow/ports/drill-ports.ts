import type { SnapshotStatus } from '../../domain/backup/artifacts.ts';
import type { DrillFailure } from '../../domain/drill/drill.ts';
import type { DrillTools, ToolSet } from '../../domain/drill/drill-tools.ts';

/** A snapshot in the drill's own directory, decrypted, as secret as the original. */
export interface FetchedSnapshot {
  readonly size: number;
  /** Lower-case hex, of the bytes that came. */
  readonly sha256: string;
  /** Removes the file. Idempotent; never throws. */
  remove(): Promise<void>;
}

export type Fetched =
  | { readonly ok: true; readonly snapshot: FetchedSnapshot }
  | { readonly ok: false; readonly failure: DrillFailure };

/** One restore and what it showed. Revision and live keys as the restored etcd reports them. */
export type DrillAttempt =
  | { readonly ok: true; readonly revision: number; readonly keys: number }
  | { readonly ok: false; readonly failure: DrillFailure };

/**
 * Restores snapshots into an etcd that nothing else can reach, reads it and removes everything again. Never throws for what
 * snapshots, programs, places or an abort do.
 */
export interface Drill {
  readonly tools: DrillTools;
  /**
   * Streams the snapshot into a directory of its own, each piece before the next one is asked for, so that pieces may lie in one
   * buffer. `size` of the file to come, for the room that a drill needs.
   */
  fetch(open: () => Promise<AsyncIterable<Uint8Array>>, size: number, signal: AbortSignal): Promise<Fetched>;
  /** Restores a fetched snapshot, which stays as it is, with one of the sets of `tools`. */
  restore(
    snapshot: FetchedSnapshot,
    input: {
      readonly set: ToolSet;
      /** The script's own line; undefined: it printed none. */
      readonly expected: SnapshotStatus | undefined;
      readonly scriptEtcdVersion: string | undefined;
      readonly signal: AbortSignal;
    },
  ): Promise<DrillAttempt>;
}
