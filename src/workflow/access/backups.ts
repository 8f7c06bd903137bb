import type { Unreadable } from '../../domain/cluster/reading.ts';
import type { PlaceContents, PlaceState } from '../../domain/copies/place-state.ts';
import type { DoctorLine } from '../../domain/doctor/doctor.ts';
import type { ToolProblem } from '../../domain/drill/drill-tools.ts';
import type { BoardRow, ClusterNote } from '../../domain/fleet/board.ts';
import type { Readiness } from '../../domain/fleet/readiness.ts';
import type { AuditLine } from '../../domain/people/audit.ts';
import type { AccountKind } from '../../domain/people/person.ts';
import type { Elsewhere } from '../../domain/policy/elsewhere.ts';
import type { ActivePause, Pause } from '../../domain/policy/pause.ts';
import type { PermittedAct } from '../../domain/policy/policy.ts';
import type { Finding } from '../../domain/preflight/finding.ts';
import type { RejectedNode } from '../../domain/preflight/node-choice.ts';
import type { SeenRelease } from '../../domain/restore/restore-choice.ts';
import type { RestoreAnswer } from '../../domain/restore/restore-plan.ts';
import type { BackupRun, DrillOutcome } from '../../domain/run/run.ts';
import type { Reminder } from '../../domain/watch/cluster-watch.ts';
import type { SeatHolder } from '../ports/drill-seat.ts';

/** Who asks, and where. `deliveryId` names Slack's delivery: the same one twice does nothing twice. */
export interface Asked {
  readonly slackUser: string;
  readonly channel: string;
  readonly deliveryId: string;
  /** Message on which a button was clicked; undefined: typed. */
  readonly message?: { readonly channel: string; readonly ts: string };
  /** Asked in the Home tab, where no channel is seen: `channel` is what it is asked about, and answers are direct messages. */
  readonly home?: boolean;
}

/** Reasons that every command knows. */
export type NotAllowed =
  | { readonly outcome: 'unknown-person' }
  | { readonly outcome: 'refused-person'; readonly accountKind: Exclude<AccountKind, 'member'> }
  | {
      readonly outcome: 'profile-unreadable';
      readonly reason: Unreadable['reason'];
      readonly detail: string;
    }
  | { readonly outcome: 'wrong-channel'; readonly cluster: string; readonly allowed: readonly string[] }
  /** The cluster's policy wants a cluster-admin for this. */
  | {
      readonly outcome: 'not-permitted';
      readonly cluster: string;
      readonly clusterUser: string;
      readonly act: PermittedAct;
    }
  | { readonly outcome: 'permission-unreadable'; readonly cluster: string; readonly why: Unreadable }
  /** It left the configuration: nothing new begins there. */
  | { readonly outcome: 'being-removed'; readonly cluster: string };

/** Why a person may not say that a cluster was restored. */
export type NoRestoreRight =
  /** Neither cluster-admin nor one of those who may break the glass; `breakGlass`: Slack ids of these. */
  | {
      readonly outcome: 'no-restore-right';
      readonly cluster: string;
      readonly clusterUser: string;
      readonly breakGlass: readonly string[];
    }
  | {
      readonly outcome: 'restore-right-unreadable';
      readonly cluster: string;
      readonly why: Unreadable;
      readonly breakGlass: readonly string[];
    };

/** `nearest`: a run that this person may see and whose id is almost the same. */
export interface NoSuchRun {
  readonly outcome: 'no-such-run';
  readonly runId: string;
  readonly nearest?: string;
}

export type ClusterQuestion =
  /** Several clusters are configured and none was named. */
  | { readonly outcome: 'cluster-missing'; readonly known: readonly string[] }
  | {
      readonly outcome: 'unknown-cluster';
      readonly name: string;
      readonly nearest: string | undefined;
      readonly known: readonly string[];
    };

export type RequestAnswer =
  | { readonly outcome: 'recorded'; readonly run: BackupRun; readonly cardChannel: string }
  | { readonly outcome: 'duplicate' }
  | { readonly outcome: 'busy'; readonly run: BackupRun }
  | { readonly outcome: 'bad-node'; readonly node: string }
  | { readonly outcome: 'reason-too-long'; readonly length: number; readonly max: number }
  /** Break-glass was requested by a user whom the cluster's policy does not name. */
  | { readonly outcome: 'no-emergency-right'; readonly cluster: string; readonly people: readonly string[] }
  | NotAllowed
  | ClusterQuestion;

export type VoteAnswer =
  /** On record; the cluster is asked about the voter's rights next, the card and a private line say the rest. */
  | { readonly outcome: 'received'; readonly run: BackupRun }
  | { readonly outcome: 'duplicate' }
  | NoSuchRun
  | { readonly outcome: 'not-waiting'; readonly run: BackupRun }
  | { readonly outcome: 'expired'; readonly run: BackupRun }
  | { readonly outcome: 'not-an-approver'; readonly run: BackupRun; readonly approvers: readonly string[] }
  | { readonly outcome: 'own-request'; readonly run: BackupRun }
  | { readonly outcome: 'voted-already'; readonly run: BackupRun }
  /** The click was made on a plan that no longer holds: look again, then decide. */
  | { readonly outcome: 'old-plan'; readonly run: BackupRun }
  /** The button is on a message that is not this run's card. */
  | { readonly outcome: 'not-this-card'; readonly run: BackupRun }
  | { readonly outcome: 'reason-too-long'; readonly length: number; readonly max: number }
  | NotAllowed;

export type CancelAnswer =
  | { readonly outcome: 'cancelled'; readonly run: BackupRun }
  | { readonly outcome: 'duplicate' }
  | NoSuchRun
  | { readonly outcome: 'over'; readonly run: BackupRun }
  | { readonly outcome: 'running'; readonly run: BackupRun }
  | { readonly outcome: 'not-yours'; readonly run: BackupRun }
  | NotAllowed;

export type CheckAnswer =
  | {
      readonly outcome: 'checked';
      readonly cluster: string;
      /** As typed. */
      readonly nodeWanted?: string;
      /** undefined: could not be read. */
      readonly version: string | undefined;
      readonly node: string | undefined;
      readonly findings: readonly Finding[];
    }
  | NotAllowed
  | ClusterQuestion;

/** What a user may choose from before they ask; nothing of it binds the request. */
export type NodeProposal =
  | {
      readonly outcome: 'proposed';
      readonly cluster: string;
      /** What the bot would choose now; undefined: no node is fit. */
      readonly chosen: { readonly node: string; readonly because: 'only' | 'first-fit' } | undefined;
      /** May be named; by name. The bot itself chooses no cordoned one. */
      readonly fit: readonly { readonly node: string; readonly cordoned: boolean }[];
      readonly unfit: readonly RejectedNode[];
      /** What blocks a backup now, besides the nodes. */
      readonly blockers: readonly Finding[];
    }
  | { readonly outcome: 'nodes-unreadable'; readonly cluster: string; readonly why: Unreadable }
  | NotAllowed
  | ClusterQuestion;

/** `status`, `list`: runs newest first. */
export type RunsAnswer =
  | {
      readonly outcome: 'runs';
      readonly cluster: string | undefined;
      readonly runs: readonly BackupRun[];
      /** For `list`: those of the clusters asked about that this bot does not back up. */
      readonly elsewhere?: readonly { readonly cluster: string; readonly elsewhere: Elsewhere }[];
      /** Of clusters that are paused, or whose scheduled run is asked for again; absent: of none. */
      readonly notes?: readonly ClusterNote[];
    }
  | NotAllowed
  | ClusterQuestion;

export type AuditAnswer =
  | {
      readonly outcome: 'audit';
      readonly run: BackupRun;
      readonly lines: readonly AuditLine[];
      /** Number of the first line that is not as it was written; undefined: the chain is whole. */
      readonly brokenAt: number | undefined;
      /** False: no line has the end that the run's row has: lines were cut off, or the row was changed. */
      readonly endsAsTheRun: boolean;
    }
  | NoSuchRun
  | NotAllowed;

export type DoctorAnswer =
  | {
      readonly outcome: 'examined';
      /** The named cluster; undefined: all that may be asked about here. */
      readonly cluster: string | undefined;
      /** Worst first. */
      readonly lines: readonly DoctorLine[];
    }
  | NotAllowed
  | ClusterQuestion;

export type VerifyAnswer =
  /** Read back again just now; the run's copies say what was found. */
  | { readonly outcome: 'verified'; readonly run: BackupRun }
  /** The run succeeded, but nothing of it left the cluster. */
  | { readonly outcome: 'no-copies'; readonly run: BackupRun }
  | { readonly outcome: 'no-backup'; readonly run: BackupRun }
  | { readonly outcome: 'no-such-run'; readonly runId: string; readonly nearest?: string | undefined }
  | NotAllowed;

export type DrillAnswer =
  | { readonly outcome: 'drilled'; readonly run: BackupRun; readonly drill: DrillOutcome }
  /** No usable set of etcd's programs is where the bot runs; `problems`: why those that were looked for are not. */
  | { readonly outcome: 'no-etcd-tools'; readonly problems: readonly ToolProblem[] }
  /** The drill of this very run is being made. */
  | { readonly outcome: 'drill-under-way'; readonly run: BackupRun; readonly holder: SeatHolder }
  /** One drill at a time; `holder`: whose drill is being made. This one's waits already, or waited for an hour and is not made. */
  | {
      readonly outcome: 'drill-waits-already' | 'drill-waited-in-vain';
      readonly run: BackupRun;
      readonly holder: SeatHolder | undefined;
    }
  /** The bot cannot open its own copy: it is encrypted for people. */
  | { readonly outcome: 'encrypted'; readonly run: BackupRun }
  | Exclude<VerifyAnswer, { outcome: 'verified' }>;

/** Times are ms UTC. */
export interface KnownCluster {
  /** Undefined: it never answered. */
  readonly seen: SeenRelease | undefined;
  /** Since when it does not answer; undefined: it did the last time. */
  readonly silentSince: number | undefined;
  /** The last reading of etcd's members, by node or address; undefined: there was none. */
  readonly members:
    | { readonly at: number; readonly answered: readonly string[]; readonly silent: readonly string[] }
    | undefined;
}

export type RestorePlanAnswer =
  | {
      readonly outcome: 'restore-plan';
      readonly cluster: string;
      readonly answer: RestoreAnswer;
      /** RESTORE.md of this answer. */
      readonly text: string;
      /** What the bot knows of the cluster beside its backups, and since when. */
      readonly known?: KnownCluster;
    }
  /** `typed` names no moment that has passed. `ahead`: the moment that it names has not come. ms UTC */
  | {
      readonly outcome: 'no-such-moment';
      readonly cluster: string;
      readonly typed: string;
      readonly ahead: number | undefined;
    }
  | { readonly outcome: 'no-copies'; readonly run: BackupRun }
  | { readonly outcome: 'no-such-run'; readonly runId: string; readonly nearest?: string | undefined }
  | NotAllowed
  | ClusterQuestion;

/** What became of a click on a reminder. */
export type ReminderAnswer =
  | {
      readonly outcome: 'snoozed';
      readonly reminder: Reminder;
      readonly cluster: string;
      readonly until: number;
      /** Four hours later is no working hour of the cluster: it comes when people work again. */
      readonly afterHours?: boolean;
      /** Nothing is repeated while the cluster is paused, which is longer than `until`. */
      readonly pausedUntil?: number;
    }
  | { readonly outcome: 'dismissed'; readonly reminder: Reminder; readonly cluster: string }
  | { readonly outcome: 'duplicate' }
  /** It is over, or another one took its place. */
  | { readonly outcome: 'reminder-over'; readonly reminder: Reminder | undefined; readonly cluster: string }
  | { readonly outcome: 'reason-missing' }
  | { readonly outcome: 'reason-too-long'; readonly length: number; readonly max: number }
  | NotAllowed
  | ClusterQuestion;

/** What became of a pause, or of the wish for one. */
export type PauseAnswer =
  /** In force: an owner asked, or a second person has agreed. `elsewhere`: this bot does not back the cluster up. */
  | {
      readonly outcome: 'paused';
      readonly cluster: string;
      readonly pause: Pause;
      readonly elsewhere?: boolean;
    }
  /** A second person is asked in the cluster's channel. */
  | { readonly outcome: 'pause-asked'; readonly cluster: string; readonly pause: Pause }
  | {
      readonly outcome: 'resumed';
      readonly cluster: string;
      readonly pause: Pause;
      readonly elsewhere?: boolean;
    }
  | { readonly outcome: 'resume-asked'; readonly cluster: string; readonly pause: Pause }
  /** The second person said no, or the asker took it back. */
  | { readonly outcome: 'pause-refused'; readonly cluster: string; readonly pause: Pause }
  | { readonly outcome: 'not-paused'; readonly cluster: string }
  /** The message that was clicked on is of an earlier pause; another one is in force, and stays. */
  | { readonly outcome: 'other-pause'; readonly cluster: string; readonly pause: ActivePause }
  /** Nothing of it waits for a second person any more. */
  | { readonly outcome: 'pause-over'; readonly cluster: string }
  /** Typed with the cluster's name, and it is not certain what is meant. */
  | {
      readonly outcome: 'which-request';
      readonly cluster: string;
      readonly decision: 'approve' | 'reject';
      /** The run that waits for approval. */
      readonly runId: string | undefined;
      /** How many decisions about a pause wait. */
      readonly pauses: number;
    }
  | {
      readonly outcome: 'own-request' | 'not-an-approver';
      readonly cluster: string;
      readonly pause: Pause;
      /** Slack ids; empty: everybody who is mapped. */
      readonly approvers: readonly string[];
    }
  | { readonly outcome: 'until-missing'; readonly cluster: string }
  | { readonly outcome: 'until-unreadable'; readonly cluster: string; readonly typed: string }
  | { readonly outcome: 'until-past'; readonly cluster: string; readonly until: number }
  | {
      readonly outcome: 'until-too-far';
      readonly cluster: string;
      readonly until: number;
      readonly latest: number;
    }
  | { readonly outcome: 'pause-reason-missing'; readonly cluster: string }
  | { readonly outcome: 'reason-too-long'; readonly length: number; readonly max: number }
  | { readonly outcome: 'duplicate' }
  | NotAllowed
  | ClusterQuestion;

export type ReadyAnswer =
  | { readonly outcome: 'readiness'; readonly readiness: Readiness }
  | NotAllowed
  | ClusterQuestion;

export type BoardAnswer =
  | {
      readonly outcome: 'board';
      /** Worst first. */
      readonly rows: readonly BoardRow[];
    }
  | NotAllowed;

export type RunAnswer = { readonly outcome: 'run'; readonly run: BackupRun } | NoSuchRun | NotAllowed;

/** The status of one destination: is it the place that the records mean? */
export interface SeenPlace {
  readonly destination: string;
  /** `/backups` or `s3://bucket/prefix` */
  readonly label: string;
  readonly state: PlaceState;
  /** ms UTC since when this place is the known one; undefined: the records know none. */
  readonly since: number | undefined;
  /** ms UTC at which the present trouble was first seen; undefined: there is none, or it was not seen before. */
  readonly troubleSince: number | undefined;
  /** Why it could not be read. */
  readonly detail: string | undefined;
}

export type PlacesAnswer = { readonly outcome: 'places'; readonly places: readonly SeenPlace[] } | NotAllowed;

/** What was found at a place that a user wants to adopt. */
export interface FoundPlace {
  readonly destination: string;
  readonly label: string;
  readonly state: PlaceState;
  readonly contents: PlaceContents;
}

export type AdoptAnswer =
  /** `marker`: the bot wrote one, or took the one that it found. */
  | ({ readonly outcome: 'adopted'; readonly marker: 'written' | 'taken' } & FoundPlace)
  /** It does not look like the known place: the person has to say it once more. `changed`: it was another place a moment ago. */
  | ({
      readonly outcome: 'confirm-needed';
      readonly fingerprint: string;
      readonly changed: boolean;
    } & FoundPlace)
  | { readonly outcome: 'known-already'; readonly destination: string; readonly label: string }
  | { readonly outcome: 'place-unreachable'; readonly destination: string; readonly detail: string }
  | {
      readonly outcome: 'marker-unreadable';
      readonly destination: string;
      readonly label: string;
      readonly detail: string;
    }
  | {
      readonly outcome: 'unknown-destination';
      readonly name: string;
      readonly nearest: string | undefined;
      readonly known: readonly string[];
    }
  | { readonly outcome: 'not-an-owner'; readonly destination: string; readonly owners: readonly string[] }
  | {
      readonly outcome: 'not-cluster-admin-everywhere';
      readonly destination: string;
      readonly lacking: readonly string[];
    }
  | {
      readonly outcome: 'rights-unreadable';
      readonly destination: string;
      readonly cluster: string;
      readonly why: Unreadable;
    }
  /** No owners are configured, and no cluster uses it: only a terminal decides. */
  | { readonly outcome: 'no-decider'; readonly destination: string }
  | NotAllowed;
