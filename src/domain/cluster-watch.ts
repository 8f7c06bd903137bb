import type { Finding } from './finding.ts';
import type { Person } from './person.ts';
import type { Unreadable } from './reading.ts';
import type { Release, ReleaseState } from './release.ts';
import type { CardPlace } from './run.ts';

/** What the bot remembers of one cluster between two looks, as plain JSON. Times are ms UTC on the bot's clock. */
export interface ClusterWatch {
  readonly cluster: string;
  /** The last answer of the cluster; undefined: it never answered. */
  readonly seen: SeenVersion | undefined;
  /** Since when it does not answer; undefined: it did the last time. */
  readonly silent: Silence | undefined;
  /** The release that it was last seen completely on, and since when it stands there by our clock. */
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
  /** Whether the cluster makes backups by the preview API, as facts last told; undefined: not looked yet. */
  readonly previewBackups: boolean | undefined;
}

/** Looks that failed, one after the other. */
export interface Silence {
  /** The first of them. */
  readonly since: number;
  readonly why: Unreadable;
  /** It lasted too long for a restart of the API, and an event says so. */
  readonly told?: true;
}

export interface SeenVersion {
  /** Refreshed every few minutes only while nothing changes. */
  readonly at: number;
  readonly clusterId: string;
  readonly state: ReleaseState;
  /** `spec.desiredUpdate`, while it is not where the cluster is; undefined: nobody asked for an update. */
  readonly requested: Release | undefined;
}

export type WatchMessage =
  | { readonly kind: 'reminder'; readonly reminder: Reminder }
  | { readonly kind: 'alarm'; readonly alarm: UpdateAlarm };

/** One message for one arrival at a release. It is drawn from this whenever it is shown. */
export interface Reminder {
  /** `cluster/arrival`: the same arrival never makes a second one. */
  readonly id: string;
  /** undefined: the first release that the bot saw there. */
  readonly from: Release | undefined;
  readonly to: Release;
  readonly openedAt: number;
  /** What stands against a backup now and what is worth knowing; undefined: not looked yet, or in vain. */
  readonly findings: readonly Finding[] | undefined;
  /** When that was looked at, or given up for a while; undefined: not yet, and nobody has seen the reminder. */
  readonly checkedAt: number | undefined;
  /** Times that it was repeated. */
  readonly nags: number;
  /** When it is repeated; undefined: never again. */
  readonly nextNagAt: number | undefined;
  readonly end: ReminderEnd | undefined;
  readonly message: CardPlace | undefined;
}

export type ReminderEnd =
  | { readonly kind: 'resolved'; readonly at: number; readonly runId: string }
  | { readonly kind: 'dismissed'; readonly at: number; readonly by: Person; readonly reason: string }
  /** The cluster left the release. */
  | { readonly kind: 'superseded'; readonly at: number; readonly by: Release };

/** An update is wanted or under way, and nothing fresh restores the release that it leaves. */
export interface UpdateAlarm {
  readonly id: string;
  readonly from: Release;
  readonly to: Release;
  /** `requested`: a backup may still run. `begun`: it may not any more. */
  readonly phase: 'requested' | 'begun';
  /** The update is under way and reports a failure. */
  readonly failing: boolean;
  readonly openedAt: number;
  /** Newest proven backup of `from`, too old for the policy; undefined: there is none. ms UTC of its snapshot. */
  readonly backupTakenAt: number | undefined;
  readonly end: AlarmEnd | undefined;
  readonly message: CardPlace | undefined;
}

export type AlarmEnd =
  | { readonly kind: 'resolved'; readonly at: number; readonly runId: string }
  /** The request was taken back, or the update is over. */
  | { readonly kind: 'withdrawn'; readonly at: number }
  | { readonly kind: 'update-over'; readonly at: number; readonly on: Release };

/** What became of the schedule's slots. A slot is the time that cron named, before jitter. */
export interface ScheduleWatch {
  /** Rises when cron, zone or window change in the configuration: then the next slot is counted anew. */
  readonly rule: string;
  /** The last slot that was used or let go. */
  readonly lastSlot: number | undefined;
  /** The slot that comes, and when its run starts (jitter and off-peak window in it). */
  readonly next: { readonly slot: number; readonly startAt: number } | undefined;
  /** The newest scheduled run whose end was counted. */
  readonly judgedRun: string | undefined;
  readonly openRun: string | undefined;
  /** Scheduled runs in a row that brought no proven backup. */
  readonly failures: number;
}

/** What the watch saw or did, in the order of its happening: for auditors, and for whoever asks what happened at night. */
export type ClusterEventKind =
  | 'first-seen'
  | 'update-requested'
  | 'update-withdrawn'
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
  | 'unreachable'
  | 'reachable'
  | 'schedule-run'
  | 'schedule-missed'
  | 'schedule-failed'
  | 'schedule-escalated';

export interface ClusterEvent {
  readonly at: number;
  readonly kind: ClusterEventKind;
  /** Short texts without secrets. */
  readonly detail: Readonly<Record<string, string>>;
}
