import type { Finding } from './finding.ts';
import type { Person } from './person.ts';
import type { PlanChange } from './plan.ts';
import type { Unreadable } from './reading.ts';
import type { RunStatus } from './run-status.ts';

/** One sentence or two for one person alone. */
export type PrivateSay =
  | { readonly type: 'refused-person'; readonly standing: 'guest' | 'stranger' | 'deactivated' | 'bot' }
  /** `reason` is missing in what was put on record before it was told. */
  | {
      readonly type: 'profile-unreadable';
      readonly reason?: Unreadable['reason'];
      readonly detail: string;
    }
  | { readonly type: 'not-cluster-admin'; readonly cluster: string; readonly clusterUser: string }
  | { readonly type: 'rights-unreadable'; readonly cluster: string; readonly why: Unreadable }
  | { readonly type: 'request-on-card'; readonly runId: string; readonly cluster: string }
  | {
      readonly type: 'vote-counted';
      readonly runId: string;
      readonly decision: 'approve' | 'reject';
      readonly missing: number;
    }
  | { readonly type: 'vote-too-late'; readonly runId: string; readonly status: RunStatus }
  /** The approval was given to a plan that no longer holds; the card shows the new one. */
  | { readonly type: 'vote-void'; readonly runId: string; readonly changes: readonly PlanChange[] }
  /** Nothing may run just now; the request goes on waiting. */
  | { readonly type: 'blocked-now'; readonly runId: string; readonly findings: readonly Finding[] }
  /** To the owners of an emergency run, at once. */
  | {
      readonly type: 'emergency-started';
      readonly runId: string;
      readonly cluster: string;
      readonly by: Person;
      readonly emergency: string;
    }
  /** Slack does not let the bot say in the cluster's channel what the run has to say. The run itself goes on. */
  | {
      readonly type: 'cannot-post';
      readonly runId: string;
      readonly channel: string;
      /** As `/invite @…` takes it. */
      readonly botName: string;
      readonly why: CannotPost;
      /** The scope that is missing, where Slack names it. */
      readonly scope?: string;
      /** ms UTC; until then it is tried again. */
      readonly keptUntil: number;
    };

/** Reasons that a person can mend. */
export type CannotPost = 'not-in-channel' | 'channel-not-found' | 'archived' | 'missing-scope';
