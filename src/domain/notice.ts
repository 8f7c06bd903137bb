import type { AuditEvent } from './audit.ts';
import type { Unreadable } from './reading.ts';
import type { RunStep, Vote } from './run.ts';

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
      readonly channel: string;
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
  | { readonly type: 'details' }
  | { readonly type: 'report' }
  | { readonly type: 'failure' };

/** One sentence or two for one person alone. */
export type PrivateSay =
  | { readonly type: 'refused-person'; readonly standing: 'guest' | 'stranger' | 'deactivated' | 'bot' }
  | { readonly type: 'profile-unreadable'; readonly detail: string }
  | { readonly type: 'not-cluster-admin'; readonly cluster: string; readonly clusterUser: string }
  | { readonly type: 'rights-unreadable'; readonly cluster: string; readonly why: Unreadable }
  | { readonly type: 'request-on-card'; readonly runId: string; readonly cluster: string }
  | {
      readonly type: 'vote-counted';
      readonly runId: string;
      readonly decision: Vote['decision'];
      readonly missing: number;
    }
  | { readonly type: 'vote-too-late'; readonly runId: string; readonly status: string };
