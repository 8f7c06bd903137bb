import type { CredentialsLife, CredentialsWarning } from '../cluster/credentials-life.ts';
import type { Unreadable } from '../cluster/reading.ts';
import type { Release, ReleaseState } from '../cluster/release.ts';
import type { MessagePlace } from '../people/message-place.ts';
import type { Person } from '../people/person.ts';
import type { Pause } from '../policy/pause.ts';
import type { Finding } from '../preflight/finding.ts';
import type { RetryReason } from '../run/retry-origin.ts';

/** What the bot remembers of one cluster between two observations, as plain data. Times are ms UTC on the bot's clock. */
export interface ClusterWatch {
  readonly cluster: string;
  /** The last answer of the cluster; undefined: it never answered. */
  readonly seen: SeenVersion | undefined;
  /** Since when it does not answer; undefined: it did the last time. */
  readonly silent: Silence | undefined;
  /** The release that it was last seen completely on, and since when by the bot's clock. */
  readonly settled:
    | {
        readonly release: Release;
        readonly clusterId: string;
        readonly since: number;
        readonly arrival: string;
      }
    | undefined;
  /** The newest reminder and alarm, also when they are over; older ones live on in the events. */
  readonly reminder: Reminder | undefined;
  readonly alarm: UpdateAlarm | undefined;
  /** Some that gave way to newer ones, newest first: their messages may still have to show their end. */
  readonly earlier: readonly WatchMessage[];
  readonly schedule: ScheduleWatch | undefined;
  /** Newest first; absent: there was none. */
  readonly pauses?: readonly Pause[];
  /** Whether the cluster makes backups by the preview API, by the last reading; undefined: not read yet. */
  readonly previewBackups: boolean | undefined;
  /** `infrastructures/cluster` `controlPlaneTopology`; absent: not read yet. */
  readonly topology?: string;
  /** The bot's own credentials; absent: they do not say when they end, and are accepted. */
  readonly credentials?: CredentialsWatch;
}

/** When the bot's credentials for the cluster end, and what its owners were notified of. */
export interface CredentialsWatch {
  readonly life?: CredentialsLife;
  /** The last warning about this very end, in days before it; absent: none yet. */
  readonly warned?: CredentialsWarning;
  /** The cluster refuses them, and the owners were notified. */
  readonly refused?: true;
}

/** Readings of the version that failed, one after the other. */
interface Silence {
  /** The first of them. */
  readonly since: number;
  readonly why: Unreadable;
  /** It lasted too long for a restart of the API, and an event recorded it. */
  readonly reported?: true;
}

export interface SeenVersion {
  /** Refreshed every few minutes only while nothing changes. */
  readonly at: number;
  readonly clusterId: string;
  readonly state: ReleaseState;
  /** `spec.desiredUpdate`, while it is not where the cluster is; undefined: no update is requested. */
  readonly requested: Release | undefined;
  /** Why the cluster does not accept that, in its own words; absent: it did not refuse it, or an earlier version of the bot read it. */
  readonly refusal?: string;
}

export type WatchMessage =
  | { readonly kind: 'reminder'; readonly reminder: Reminder }
  | { readonly kind: 'alarm'; readonly alarm: UpdateAlarm };
/** Every message about a cluster that is rendered again whenever it is shown. */
export type LiveWatchMessage = WatchMessage | { readonly kind: 'pause'; readonly pause: Pause };

/** One message for one arrival at a release. It is drawn from this whenever it is shown. */
export interface Reminder {
  /** `cluster/arrival`: the same arrival never makes a second one. */
  readonly id: string;
  /** undefined: the first release that the bot saw there. */
  readonly from: Release | undefined;
  readonly to: Release;
  readonly openedAt: number;
  /** What blocks a backup now and what is worth knowing; undefined: not read yet, or the reading failed. */
  readonly findings: readonly Finding[] | undefined;
  /** When they were read, or given up for a while; undefined: not yet, and the reminder was not shown. */
  readonly checkedAt: number | undefined;
  /** Times that it was repeated. */
  readonly repeats: number;
  /** When it is repeated; undefined: never again, or not before the cluster's pause ends. */
  readonly nextRepeatAt: number | undefined;
  readonly end: ReminderEnd | undefined;
  readonly message: MessagePlace | undefined;
}

export type ReminderEnd =
  | { readonly kind: 'resolved'; readonly at: number; readonly runId: string }
  | { readonly kind: 'dismissed'; readonly at: number; readonly by: Person; readonly reason: string }
  /** The cluster left the release. */
  | { readonly kind: 'superseded'; readonly at: number; readonly by: Release }
  /** This bot does not back the cluster up. */
  | { readonly kind: 'elsewhere'; readonly at: number; readonly by: string | undefined };

/** An update is wanted or under way, and nothing fresh restores the release that it leaves. */
export interface UpdateAlarm {
  readonly id: string;
  readonly from: Release;
  readonly to: Release;
  /** `requested`: a backup may still run. `begun`: it may not any more. */
  readonly phase: 'requested' | 'begun';
  /** The update is under way and reports a failure. */
  readonly failing: boolean;
  /** It is asked for, and the cluster does not accept it: why, in its own words. */
  readonly refusal?: string;
  readonly openedAt: number;
  /** Newest proven backup of `from`, too old for the policy; undefined: there is none. ms UTC of its snapshot. */
  readonly backupTakenAt: number | undefined;
  readonly end: AlarmEnd | undefined;
  readonly message: MessagePlace | undefined;
}

export type AlarmEnd =
  | { readonly kind: 'resolved'; readonly at: number; readonly runId: string }
  /** The request was taken back, and no other one came in its place. */
  | { readonly kind: 'withdrawn'; readonly at: number }
  /** The update goes to another release now. */
  | { readonly kind: 'redirected'; readonly at: number; readonly to: Release }
  | { readonly kind: 'update-over'; readonly at: number; readonly on: Release }
  /** As at a reminder. */
  | { readonly kind: 'elsewhere'; readonly at: number; readonly by: string | undefined };

/** What became of the schedule's slots. A slot is the time that cron named, before jitter. */
export interface ScheduleWatch {
  /** Cron, zone, window and jitter as one text. When the configuration's differs, the next slot is computed again. */
  readonly rule: string;
  /** The last slot that was used or let go. */
  readonly lastSlot: number | undefined;
  /** The slot that comes, and when its run starts (jitter and off-peak window in it). */
  readonly next: { readonly slot: number; readonly startAt: number } | undefined;
  /** The newest scheduled run whose end was counted. */
  readonly judgedRun: string | undefined;
  readonly openRun: string | undefined;
  /** Consecutive slots whose runs produced no proven backup. */
  readonly failures: number;
  /** The newest slot's run failed for a transient reason and is asked for again; absent: nothing is repeated. */
  readonly retry?: ScheduleRetry | undefined;
}

/** The retries of one slot's run. Times are ms UTC. */
export interface ScheduleRetry {
  readonly slot: number;
  /** When its first run was asked for. */
  readonly from: number;
  /** When its window closes: no retry begins later. */
  readonly endsAt: number;
  /** Retries that were asked for, and how many there may be. */
  readonly made: number;
  readonly of: number;
  /** When the next one is due; undefined: a run is under way, or none is left. */
  readonly nextAt: number | undefined;
  /** Readings that found the reason still there; absent: a retry is asked for without one (`approval: auto`). */
  readonly looks?: number;
  /** The newest run of the slot that failed, and why. */
  readonly after: string;
  readonly because: RetryReason;
  /** The nodes on which runs of this slot failed, once for each failure. */
  readonly nodes: readonly string[];
  /** Nodes that the next retry leaves out where another one is fit. */
  readonly avoid: readonly string[];
  /** No further try can come, and the slot is counted as failed. */
  readonly closed?: true;
  /** The slot's first failure fell into a pause: where the pause outlasts the window, it counts for nothing. */
  readonly inPause?: true;
}

/** What the watch saw or did, oldest first: for auditors, and for questions about what happened at night. */
export type ClusterEventKind =
  | 'first-seen'
  | 'update-requested'
  | 'update-withdrawn'
  | 'update-redirected'
  | 'update-begun'
  | 'upgrade-finished'
  | 'update-alarm'
  | 'alarm-resolved'
  | 'reminder'
  | 'reminder-repeated'
  | 'reminder-snoozed'
  | 'reminder-dismissed'
  | 'reminder-resolved'
  | 'reminder-superseded'
  | 'reminder-elsewhere'
  | 'unreachable'
  | 'reachable'
  | 'schedule-run'
  | 'schedule-retry'
  | 'schedule-missed'
  | 'schedule-failed'
  | 'schedule-escalated'
  | 'pause-asked'
  | 'pause-refused'
  | 'pause-expired'
  | 'paused'
  | 'resume-asked'
  | 'resume-refused'
  | 'resumed'
  | 'pause-ended'
  | 'restored'
  | 'restore-revoked'
  | 'credentials-end'
  | 'credentials-refused';

export interface ClusterEvent {
  readonly at: number;
  readonly kind: ClusterEventKind;
  /** Short texts without secrets. */
  readonly detail: Readonly<Record<string, string>>;
}
