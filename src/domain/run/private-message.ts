import type { Unreadable } from '../cluster/reading.ts';
import type { RetentionStop } from '../copies/retention-stop.ts';
import type { FailedDrill } from '../drill/drill.ts';
import type { Person } from '../people/person.ts';
import type { Finding } from '../preflight/finding.ts';
import type { PlanChange } from '../preflight/plan.ts';
import type { RunStatus } from './run-status.ts';

/** One sentence or two for one person alone. */
export type PrivateMessage =
  /** `standing`: the kind of the account, under the name that records have for it. */
  | { readonly type: 'refused-person'; readonly standing: 'guest' | 'stranger' | 'deactivated' | 'bot' }
  /** `reason` is missing in records of earlier releases. */
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
  /** To the cluster's owners: old backups stay where they are. */
  | {
      readonly type: 'retention-stopped';
      readonly runId: string;
      readonly cluster: string;
      readonly stop: RetentionStop;
    }
  /** To the cluster's owners: a drill showed, or may have shown, that a backup does not restore. */
  | {
      readonly type: 'drill-failed';
      readonly runId: string;
      readonly cluster: string;
      readonly drill: FailedDrill;
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
      /** Slack's own word, for `refused`. */
      readonly code?: string;
      /** ms UTC; until then it is tried again. */
      readonly keptUntil: number;
    };

/** Reasons that a person can fix; the message waits for it. `refused`: another one; it does not wait. */
export type CannotPost =
  | 'not-in-channel'
  | 'channel-not-found'
  | 'archived'
  | 'missing-scope'
  /** Admins limit who may post in the channel. */
  | 'posting-limited'
  /** Only replies in threads may be posted there. */
  | 'threads-only'
  /** Nothing but threads' first messages may be posted there. */
  | 'no-threads'
  /** Admins locked the thread under the card. */
  | 'thread-locked'
  /** A proxy between the bot and Slack does not let the message pass. */
  | 'proxy-refused'
  | 'refused';
