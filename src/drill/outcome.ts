import type { DrillFailure, StatusField } from '../domain/drill/drill.ts';

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
