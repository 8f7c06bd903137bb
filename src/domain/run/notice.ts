import type { PlaceTrouble } from '../copies/place-state.ts';
import type { RetentionStop } from '../copies/retention-stop.ts';
import type { AuditEvent } from '../people/audit.ts';
import type { Finding } from '../preflight/finding.ts';
import type { PrivateMessage } from './private-message.ts';
import type { DrillOutcome, RunStep } from './run.ts';

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
      readonly say: PrivateMessage;
    };

/** One message in the run's thread. */
export type ThreadEntry =
  | { readonly type: 'audit'; readonly event: AuditEvent }
  /** Of earlier releases, and perhaps in the outbox still: progress is on the card. */
  | {
      readonly type: 'step';
      readonly step: RunStep;
      readonly at: number;
      readonly detail: string | undefined;
    }
  /** A session cannot be opened before the pod of that run, which is over, has gone. */
  | {
      readonly type: 'awaits-pod';
      readonly at: number;
      readonly pod: string;
      readonly ofRun: string;
      readonly forMs: number;
    }
  | { readonly type: 'warning'; readonly finding: Finding }
  /** Which copies are where, proven or not. */
  | { readonly type: 'receipt' }
  /** Another drill is being made: the run's own comes later. */
  | { readonly type: 'drill-waits'; readonly at: number; readonly ofRun: string; readonly cluster: string }
  /** What a drill after the run showed. */
  | { readonly type: 'drill'; readonly drill: DrillOutcome }
  /** Both documents could not be written beside the files there. */
  | { readonly type: 'manifest-missing'; readonly destinations: readonly string[] }
  /** Written to a bucket that is not the known place: nothing is removed there until a person has decided. */
  | { readonly type: 'place-not-known'; readonly destination: string; readonly state: PlaceTrouble }
  /** manifest.json and RESTORE.md as files. */
  | { readonly type: 'restore-files' }
  /** Why old backups stay where they are. */
  | { readonly type: 'retention-stopped'; readonly stop: RetentionStop }
  | { readonly type: 'details' }
  | { readonly type: 'report' }
  | { readonly type: 'failure' };
