import type { CredentialsWarning } from '../cluster/credentials-life.ts';
import type { PlaceTrouble } from '../copies/place-state.ts';
import type { Person } from '../people/person.ts';
import type { Pause, PauseEnd } from '../policy/pause.ts';
import type { CannotPost } from '../run/private-message.ts';
import type { CoverageState } from './coverage.ts';

/** A message about a cluster and no run of its own: stored in the outbox, put into words when sent. */
export type ClusterNotice =
  /** The live message of this reminder, alarm or pause must show it as it is now (posted when it is not there yet). */
  | { readonly kind: 'reminder'; readonly id: string }
  | { readonly kind: 'alarm'; readonly id: string }
  | { readonly kind: 'pause'; readonly id: string }
  /** Repeats the reminder under its message, broadcast to the channel. Stored under these names; `nag`: the repeat's ordinal. */
  | { readonly kind: 'nag'; readonly id: string; readonly nag: number }
  | {
      readonly kind: 'escalation';
      readonly failures: number;
      readonly runId: string;
      readonly nextStartAt: number | undefined;
      /** How often the last slot's run was repeated; absent: not at all. */
      readonly retries?: number;
    }
  /** A person said that the cluster was restored from this backup, or took it back. */
  | {
      readonly kind: 'restored';
      /** Its id. */
      readonly restore: string;
      readonly from: string;
      readonly at: number;
      readonly by: Person;
      /** Backups that are of a time line left by it, newest first. */
      readonly marked: readonly string[];
      /** Set: it was taken back, and these are on the line again. */
      readonly revoked?: true;
    }
  /** A new backup has a lower revision than the one before it: the cluster was probably restored, and no person said from which. */
  | {
      readonly kind: 'revision-fell';
      readonly runId: string;
      readonly revision: number;
      readonly before: { readonly runId: string; readonly revision: number };
      /** When the new one was begun: the restore came before it. ms UTC */
      readonly at: number;
      /** The newest backup that is not newer than the restore, by its revision; absent: none is on record. */
      readonly candidate?: string | undefined;
    }
  /** Of a restore room: its first message, one step (number, from 1), and the bot's own checks, each shown as it is now. */
  | { readonly kind: 'restore-room'; readonly id: string }
  | { readonly kind: 'restore-step'; readonly id: string; readonly step: number }
  | { readonly kind: 'restore-checks'; readonly id: string }
  /** In its thread, once: the commands of a step as a file, where they do not fit into its message; what the bot saw of the API. */
  | { readonly kind: 'restore-commands'; readonly id: string; readonly step: number }
  | {
      readonly kind: 'restore-seen';
      readonly id: string;
      readonly answers: boolean;
      readonly at: number;
    }
  /** To one owner alone. */
  | { readonly kind: 'private'; readonly slackUser: string; readonly say: OwnerMessage };

/** The configuration in the files has mistakes, and the one before them stays in force; or it has none any more. */
export type ConfigMessage =
  | {
      readonly type: 'config-mistaken';
      /** The first of them. `text`: key, what was expected, what was found. */
      readonly mistakes: readonly {
        readonly file: string;
        readonly line: number | undefined;
        readonly text: string;
      }[];
      /** How many there are. */
      readonly count: number;
    }
  | { readonly type: 'config-correct' };

export type OwnerMessage =
  | ConfigMessage
  /** The files name this cluster no more, and the bot has stopped looking after it. */
  | { readonly type: 'cluster-left' }
  | {
      readonly type: 'schedule-failed';
      readonly runId: string;
      readonly failures: number;
      /** When the schedule tries next; undefined: it has no next time. */
      readonly nextStartAt: number | undefined;
      /** How often the run was repeated; absent: not at all. */
      readonly retries?: number;
    }
  /** Messages about this cluster cannot be posted in its channel. Sent once, until one was posted there again. */
  | {
      readonly type: 'channel-lost';
      readonly channel: string;
      readonly why: CannotPost;
      /** Slack's error code, for `refused`. */
      readonly code?: string;
      readonly botName: string;
    }
  /** The cluster is paused from now on: by whom, and until when. */
  | { readonly type: 'paused'; readonly pause: Pause }
  /** It is watched again; `state`: its current state. */
  | {
      readonly type: 'pause-over';
      readonly pause: Pause;
      readonly end: PauseEnd;
      readonly state: CoverageState;
    }
  /** A restore room of this cluster was opened, or is over. `by`: who did it; absent: the bot, because all is well. */
  | {
      readonly type: 'restore-room';
      readonly what: 'opened' | 'stopped' | 'finished';
      readonly runId: string;
      readonly zStream: string;
      readonly by?: Person;
    }
  /** The bot's credentials for this cluster end in so many days at most; 0: they have ended. */
  | { readonly type: 'credentials-end'; readonly endsAt: number; readonly days: CredentialsWarning }
  /** The cluster has refused them since then, for another reason. */
  | { readonly type: 'credentials-refused'; readonly since: number }
  /** What is reached under this destination's name is not the place that the records mean. Sent once, until it was the known place again. */
  | {
      readonly type: 'place-not-known';
      readonly destination: string;
      /** `/backups` or `s3://bucket/prefix` */
      readonly label: string;
      readonly kind: 'directory' | 'bucket';
      readonly state: PlaceTrouble;
    };
