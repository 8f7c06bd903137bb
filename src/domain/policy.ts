import type { CopyPolicy } from './file-copy.ts';
import type { RetentionPolicy } from './retention.ts';

export type Language = 'en' | 'ko';

/** Minutes since local midnight. `from > to` means a window over midnight. */
export interface OffPeakWindow {
  readonly fromMinute: number;
  readonly toMinute: number;
}

export interface ApprovalPolicy {
  /** How many different cluster users must approve, at least 1. */
  readonly needed: number;
  /** Slack ids of those who may approve; empty: every mapped cluster-admin. */
  readonly approvers: readonly string[];
  readonly selfApproval: boolean;
  readonly expiresAfterMs: number;
  /** Who may run without a second person when there is none; undefined: nobody. */
  readonly breakGlass: BreakGlassPolicy | undefined;
}

/** A lone on-call person may go ahead, with a reason; the owners hear of it at once and the audit keeps it. */
export interface BreakGlassPolicy {
  /** Slack ids */
  readonly people: readonly string[];
  readonly owners: readonly string[];
}

export interface SessionPolicy {
  readonly namespace: string;
  /** undefined: the image of the etcd pod on that node, which is there already. */
  readonly image: string | undefined;
  readonly startDeadlineMs: number;
  readonly scriptDeadlineMs: number;
  /** For one short command on the node. */
  readonly commandDeadlineMs: number;
}

/** What the configuration says of one cluster; how to reach it stays in config/ and openshift/. */
export interface ClusterPolicy {
  readonly name: string;
  /** Slack channel id: cards of this cluster go there. */
  readonly channel: string;
  /** Channels in which `/etcd-backup` may be used for this cluster; empty: any. */
  readonly allowedChannels: readonly string[];
  readonly language: Language;
  /** IANA name */
  readonly timeZone: string;
  readonly offPeak: OffPeakWindow | undefined;
  readonly approval: ApprovalPolicy;
  readonly session: SessionPolicy;
  /** Directory on the node under which each run gets its own. */
  readonly backupRoot: string;
  readonly scriptPath: string;
  /** Where the two files go; empty or absent: they stay on the node. */
  readonly copies?: readonly CopyPolicy[];
  /** How many run directories stay on the node once their copies are proven. */
  readonly keepOnNode?: number;
  /** Whether each backup is restored into a throw-away etcd. */
  readonly drill?: boolean;
  /** By destination; a destination that is not named keeps everything. */
  readonly retention?: Readonly<Record<string, RetentionPolicy>>;
  readonly coverage: CoveragePolicy;
  /** undefined: backups are taken by hand only. */
  readonly schedule: SchedulePolicy | undefined;
  /** Slack ids of those who hear of trouble with this cluster's backups. */
  readonly owners: readonly string[];
  /** Slack user group (`S…`) that reminders and escalations mention; undefined: none. */
  readonly onCall: string | undefined;
}

/** What a cluster's backups must be for it to count as covered, and when people are reminded. */
export interface CoveragePolicy {
  /** A backup of the present z-stream that is older is stale. */
  readonly maxAgeMs: number;
  /** How old it may be when an update is about to begin. */
  readonly beforeUpdateMaxAgeMs: number;
  /** Signer certificates that end sooner after now are warned of. */
  readonly signersWarnMs: number;
  /** When reminders are repeated, by the clocks of the cluster's time zone. */
  readonly workingHours: WorkingHours;
}

export interface WorkingHours extends OffPeakWindow {
  /** 1 Monday … 7 Sunday (ISO 8601). */
  readonly days: readonly number[];
}

export interface SchedulePolicy {
  /** Five fields; read in the cluster's time zone. */
  readonly cron: string;
  /** Each cluster's run starts up to so much later, always by the same part of it. */
  readonly jitterMs: number;
  /** `auto`: the configuration has approved it. `ask`: people approve each run as they would any other. */
  readonly approval: 'auto' | 'ask';
}

/** Slack person → cluster user. `groups` add to what the cluster says (external OIDC has no Group objects). */
export interface PersonMapping {
  readonly slackUser: string;
  readonly clusterUser: string;
  readonly groups: readonly string[];
}
