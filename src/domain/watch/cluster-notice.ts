import type { PlaceTrouble } from '../copies/place-state.ts';
import type { Pause, PauseEnd } from '../policy/pause.ts';
import type { CannotPost } from '../run/private-message.ts';
import type { CoverageState } from './coverage.ts';

/** A message about a cluster and no run of its own: stored in the outbox, put into words when sent. */
export type ClusterNotice =
  /** The live message of this reminder or alarm must show it as it is now (posted when it is not there yet). */
  | { readonly kind: 'reminder'; readonly id: string }
  | { readonly kind: 'alarm'; readonly id: string }
  | { readonly kind: 'pause'; readonly id: string }
  /** Repeats the reminder under its message, for the channel to see. `nag`: the how-manieth. */
  | { readonly kind: 'nag'; readonly id: string; readonly nag: number }
  | {
      readonly kind: 'escalation';
      readonly failures: number;
      readonly runId: string;
      readonly nextStartAt: number | undefined;
      /** How often the last slot's run was repeated; absent: not at all. */
      readonly retries?: number;
    }
  /** To one owner alone. */
  | { readonly kind: 'private'; readonly slackUser: string; readonly say: OwnerMessage };

export type OwnerMessage =
  | {
      readonly type: 'schedule-failed';
      readonly runId: string;
      readonly failures: number;
      /** When the schedule tries next; undefined: it has no next time. */
      readonly nextStartAt: number | undefined;
      /** How often the run was repeated; absent: not at all. */
      readonly retries?: number;
    }
  /** What the bot has to say about this cluster cannot be said in its channel. Told once until something was posted again. */
  | {
      readonly type: 'channel-lost';
      readonly channel: string;
      readonly why: CannotPost;
      /** Slack's own word, for `refused`. */
      readonly code?: string;
      readonly botName: string;
    }
  /** The cluster rests from now on: its owners hear who said so, and until when. */
  | { readonly type: 'paused'; readonly pause: Pause }
  /** It is watched again; `state`: its current state. */
  | {
      readonly type: 'pause-over';
      readonly pause: Pause;
      readonly end: PauseEnd;
      readonly state: CoverageState;
    }
  /** What is reached under this destination's name is not the place that the records mean. Said once, until it was fine again. */
  | {
      readonly type: 'place-not-known';
      readonly destination: string;
      /** `/backups` or `s3://bucket/prefix` */
      readonly label: string;
      readonly kind: 'directory' | 'bucket';
      readonly state: PlaceTrouble;
    };
