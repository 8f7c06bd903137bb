import type { AuditEvent } from './audit.ts';
import type { Finding } from './finding.ts';
import type { PrivateSay } from './private-say.ts';
import type { RunStep } from './run.ts';

/**
 * A message that a step causes, as a value: stored in the outbox in the step's own transaction, put into words when sent.
 * `card` means: the card must show the run as it is now (posted when it is not there yet).
 */
export type Notice =
  | { readonly kind: 'card' }
  | { readonly kind: 'thread'; readonly entry: ThreadEntry }
  | {
      readonly kind: 'private';
      readonly slackUser: string;
      /** Where the person is looking now; undefined: a direct message, which waits for them. */
      readonly channel: string | undefined;
      readonly say: PrivateSay;
    };

/** One message in the run's thread. */
export type ThreadEntry =
  | { readonly type: 'audit'; readonly event: AuditEvent }
  | {
      readonly type: 'step';
      readonly step: RunStep;
      readonly at: number;
      readonly detail: string | undefined;
    }
  | { readonly type: 'warning'; readonly finding: Finding }
  /** What stands where, proven or not. */
  | { readonly type: 'receipt' }
  /** Both documents could not be written beside the files there. */
  | { readonly type: 'manifest-missing'; readonly destinations: readonly string[] }
  /** manifest.json and RESTORE.md as files. */
  | { readonly type: 'restore-files' }
  | { readonly type: 'details' }
  | { readonly type: 'report' }
  | { readonly type: 'failure' };
