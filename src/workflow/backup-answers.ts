import type { AuditLine } from '../domain/audit.ts';
import type { BoardRow } from '../domain/board.ts';
import type { Reminder } from '../domain/cluster-watch.ts';
import type { DoctorLine } from '../domain/doctor.ts';
import type { Finding } from '../domain/finding.ts';
import type { RejectedNode } from '../domain/node-choice.ts';
import type { Standing } from '../domain/person.ts';
import type { Readiness } from '../domain/readiness.ts';
import type { Unreadable } from '../domain/reading.ts';
import type { RestoreAnswer } from '../domain/restore-plan.ts';
import type { BackupRun, DrillOutcome } from '../domain/run.ts';

/** Who asks, and where. `deliveryId` names Slack's delivery: the same one twice does nothing twice. */
export interface Asked {
  readonly slackUser: string;
  readonly channel: string;
  readonly deliveryId: string;
  /** Message on which a button was clicked; undefined: typed. */
  readonly message?: { readonly channel: string; readonly ts: string };
}

/** Reasons that every command knows. */
export type NotAllowed =
  | { readonly outcome: 'unknown-person' }
  | { readonly outcome: 'refused-person'; readonly standing: Exclude<Standing, 'member'> }
  | {
      readonly outcome: 'profile-unreadable';
      readonly reason: Unreadable['reason'];
      readonly detail: string;
    }
  | { readonly outcome: 'wrong-channel'; readonly cluster: string; readonly allowed: readonly string[] };

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
  /** Break-glass was asked for by somebody whom the cluster's policy does not name. */
  | { readonly outcome: 'no-emergency-right'; readonly cluster: string; readonly people: readonly string[] }
  | NotAllowed
  | ClusterQuestion;

export type VoteAnswer =
  /** On record; the cluster is asked about the voter's rights next, the card and a private line tell the rest. */
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
  /** The button stands on a message that is not this run's card. */
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
      /** undefined: could not be read. */
      readonly version: string | undefined;
      readonly node: string | undefined;
      readonly findings: readonly Finding[];
    }
  | NotAllowed
  | ClusterQuestion;

/** What somebody may choose from before they ask; nothing of it binds the request. */
export type NodeProposal =
  | {
      readonly outcome: 'proposed';
      readonly cluster: string;
      /** What the bot would choose now; undefined: no node is fit. */
      readonly chosen: { readonly node: string; readonly because: 'only' | 'first-fit' } | undefined;
      /** May be named; by name. The bot itself chooses no cordoned one. */
      readonly fit: readonly { readonly node: string; readonly cordoned: boolean }[];
      readonly unfit: readonly RejectedNode[];
      /** What stands against a backup now, besides the nodes. */
      readonly blockers: readonly Finding[];
    }
  | { readonly outcome: 'nodes-unreadable'; readonly cluster: string; readonly why: Unreadable }
  | NotAllowed
  | ClusterQuestion;

/** `status`, `list`: runs newest first. */
export type RunsAnswer =
  | { readonly outcome: 'runs'; readonly cluster: string | undefined; readonly runs: readonly BackupRun[] }
  | NotAllowed
  | ClusterQuestion;

export type AuditAnswer =
  | {
      readonly outcome: 'audit';
      readonly run: BackupRun;
      readonly lines: readonly AuditLine[];
      /** Number of the first line that is not as it was written; undefined: the chain is whole. */
      readonly brokenAt: number | undefined;
      /** False: no line tells the end that the run's row tells: lines were cut off, or the row was changed. */
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
  /** Neither etcdutl nor etcdctl is where the bot runs. */
  | { readonly outcome: 'no-etcd-tools' }
  /** The bot cannot open its own copy: it is encrypted for people. */
  | { readonly outcome: 'encrypted'; readonly run: BackupRun }
  | Exclude<VerifyAnswer, { outcome: 'verified' }>;

export type RestorePlanAnswer =
  | {
      readonly outcome: 'restore-plan';
      readonly cluster: string;
      readonly answer: RestoreAnswer;
      /** RESTORE.md of this answer. */
      readonly text: string;
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
    }
  | { readonly outcome: 'dismissed'; readonly reminder: Reminder; readonly cluster: string }
  | { readonly outcome: 'duplicate' }
  /** It is over, or another one took its place. */
  | { readonly outcome: 'reminder-over'; readonly reminder: Reminder | undefined; readonly cluster: string }
  | { readonly outcome: 'reason-missing' }
  | { readonly outcome: 'reason-too-long'; readonly length: number; readonly max: number }
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
