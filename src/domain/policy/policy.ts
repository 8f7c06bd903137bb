import type { CopyPolicy } from '../copies/file-copy.ts';
import type { RetentionPolicy } from '../copies/retention.ts';

export type Language = 'en' | 'ko';

/** Minutes since local midnight. `from > to` means a window over midnight. */
export interface OffPeakWindow {
  readonly fromMinute: number;
  readonly toMinute: number;
}

interface ApprovalPolicy {
  /** How many different cluster users must approve, at least 1. */
  readonly needed: number;
  /** Slack ids of those who may approve; empty: every mapped cluster-admin. */
  readonly approvers: readonly string[];
  readonly selfApproval: boolean;
  readonly expiresAfterMs: number;
  /** Who may run without a second person when there is none; undefined: no one. */
  readonly breakGlass: BreakGlassPolicy | undefined;
}

/** A lone on-call person may go ahead, with a reason; the owners are notified at once and the audit keeps it. */
interface BreakGlassPolicy {
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

/** What the configuration says of one cluster; how to reach it is a ClusterConnection. */
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
  /** When reminders are repeated, by the clocks of the cluster's time zone. */
  readonly workingHours: WorkingHours;
  /** Who backs the cluster up instead of this bot, as people know them; absent: this bot does. */
  readonly backedUpBy?: string | undefined;
  /** undefined: backups are taken by hand only. */
  readonly schedule: SchedulePolicy | undefined;
  /** Slack ids of those who are notified of failures of this cluster's backups. */
  readonly owners: readonly string[];
  /** Absent: the standard ones. */
  readonly permissions?: { readonly [Act in PermittedAct]?: Permission | undefined };
  /** Slack user group (`S…`) that reminders and escalations mention; undefined: none. */
  readonly onCall: string | undefined;
  /** It left the configuration and stays until what is under way has ended: nothing new begins. */
  readonly leaving?: true;
}

/** What is neither a backup nor a question: each by those whom the policy lets do it. */
export type PermittedAct = 'endReminder' | 'startDrill' | 'verify';
/** `member`: every person of the configuration. The owners of the cluster may in any case. */
export type Permission = 'cluster-admin' | 'member';

/**
 * Ending a reminder leaves a cluster without a backup, so it needs the cluster's own administrators. A drill and a look at the
 * copies change nothing there, and may be needed most when the cluster is gone and can answer no question about rights.
 */
export const standardPermissions: Readonly<Record<PermittedAct, Permission>> = {
  endReminder: 'cluster-admin',
  startDrill: 'member',
  verify: 'member',
};

export function permissionOf(
  { permissions }: Pick<ClusterPolicy, 'permissions'>,
  act: PermittedAct,
): Permission {
  return permissions?.[act] ?? standardPermissions[act];
}

/** What a cluster's backups must be for it to count as covered. */
interface CoveragePolicy {
  /** A backup of the present z-stream that is older is stale. */
  readonly maxAgeMs: number;
  /** How old it may be when an update is about to begin. */
  readonly beforeUpdateMaxAgeMs: number;
  /** Signer certificates that end sooner after now are warned of. */
  readonly signersWarnMs: number;
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

/** The clusters of the configuration, in its order, and the people that it names. */
export interface Fleet {
  readonly clusters: readonly ClusterPolicy[];
  readonly people: readonly PersonMapping[];
  cluster(name: string): ClusterPolicy | undefined;
  /** Undefined: this Slack user is not configured. */
  person(slackUser: string): PersonMapping | undefined;
}

/** Where and when the fleet's summary is posted. */
export interface SummaryPolicy {
  /** Slack channel id */
  readonly channel: string;
  /** Five fields, read in `timeZone`. */
  readonly cron: string;
  /** IANA name */
  readonly timeZone: string;
  readonly language: Language;
}

export function isOwner(
  { owners }: Pick<ClusterPolicy, 'owners'>,
  { slackUser }: { readonly slackUser: string },
): boolean {
  return owners.includes(slackUser);
}
