import type { CannotPost } from './private-say.ts';

/** A message about a cluster and no run of its own: stored in the outbox, put into words when sent. */
export type ClusterNotice =
  /** The live message of this reminder or alarm must show it as it is now (posted when it is not there yet). */
  | { readonly kind: 'reminder'; readonly id: string }
  | { readonly kind: 'alarm'; readonly id: string }
  /** Repeats the reminder under its message, for the channel to see. `nag`: the how-manieth. */
  | { readonly kind: 'nag'; readonly id: string; readonly nag: number }
  | {
      readonly kind: 'escalation';
      readonly failures: number;
      readonly runId: string;
      readonly nextStartAt: number | undefined;
    }
  /** To one owner alone. */
  | { readonly kind: 'owner'; readonly slackUser: string; readonly say: OwnerSay };

export type OwnerSay =
  | {
      readonly type: 'schedule-failed';
      readonly runId: string;
      readonly failures: number;
      /** When the schedule tries next; undefined: it has no next time. */
      readonly nextStartAt: number | undefined;
    }
  /** What the bot has to say about this cluster cannot be said in its channel. Told once per reason. */
  | {
      readonly type: 'channel-lost';
      readonly channel: string;
      readonly why: CannotPost;
      readonly botName: string;
    };
