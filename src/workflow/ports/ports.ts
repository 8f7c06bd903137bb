import type { ArtifactEvidence } from '../../domain/backup/artifacts.ts';
import type { ScriptReport } from '../../domain/backup/script-output.ts';
import type { CredentialsLife } from '../../domain/cluster/credentials-life.ts';
import type { MembersReading } from '../../domain/cluster/etcd-members.ts';
import type { ClusterFacts, NodeDiskFacts, ProxyFacts, VersionFacts } from '../../domain/cluster/facts.ts';
import type { Reading } from '../../domain/cluster/reading.ts';
import type { ClusterAccess, ServerTime } from '../../domain/doctor/cluster-access.ts';
import type { MessagePlace } from '../../domain/people/message-place.ts';
import type { SlackProfile } from '../../domain/people/person.ts';
import type { ClusterPolicy, PersonMapping } from '../../domain/policy/policy.ts';
import type { OpenFile } from './destination.ts';

/** Injected so that tests own time. */
export interface Clock {
  /** ms UTC. It may be set, ahead or back: for what is shown, recorded, or must outlive this process. */
  now(): number;
  /**
   * ms since a moment that means nothing; never set, never goes back, goes on while the process is stopped. For every wait,
   * deadline and age inside this process; differences alone have a meaning.
   */
  monotonic(): number;
  /** Resolves after `ms`, or at once when aborted (never rejects). */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Ids {
  /** A new run id: `r-` and 8 letters or digits that are hard to mix up. */
  runId(): string;
  /** A new id for a destination's marker: `p-` and 16 letters or digits. */
  placeId(): string;
}

export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Reads one cluster through its API. Every call ends inside its own deadline; no call throws for what the cluster says. */
export interface ClusterReader {
  facts(cluster: ClusterPolicy): Promise<ClusterFacts>;
  /** ClusterVersion alone, by one GET: cheap enough to ask every cluster every half minute. */
  version(cluster: ClusterPolicy): Promise<Reading<VersionFacts>>;
  /** Objects of the preview backup API alone, as `facts` gives them: two GETs over one connection. */
  /** `controlPlaneTopology` of `infrastructures/cluster`; asked once in a while. */
  topology(cluster: ClusterPolicy): Promise<Reading<string>>;
  previewBackups(cluster: ClusterPolicy): Promise<ClusterFacts['previewBackups']>;
  /** Whether the user, with all groups that the cluster and the configuration give, is cluster-admin there. */
  clusterAdmin(cluster: ClusterPolicy, person: PersonMapping): Promise<Reading<boolean>>;
  /** Its API server's clock, by one GET. */
  serverTime(cluster: ClusterPolicy): Promise<Reading<ServerTime>>;
  /** When the bot's credentials end by their own word, read from their files; undefined: they do not say. Never throws. */
  credentials(cluster: ClusterPolicy): Promise<CredentialsLife | undefined>;
  /** The bot's own status with the cluster. */
  access(cluster: ClusterPolicy): Promise<ClusterAccess>;
}

/** Slack's own word on an account. */
export interface SlackPeople {
  /** `withinMs`: for those who must have an answer sooner than in the usual time. */
  profile(slackUser: string, withinMs?: number): Promise<Reading<SlackProfile>>;
  readonly teamId: string;
}

/** The bot's own status in Slack. Nothing throws. */
export interface SlackSelf {
  /** The bot's name as `/invite @…` takes it. */
  readonly botName: string;
  scopes(): Promise<Reading<GrantedScopes>>;
  channel(id: string): Promise<Reading<ChannelMembership>>;
  /** A link that people can open; undefined where Slack does not give it in time. */
  permalink(place: MessagePlace): Promise<string | undefined>;
}

/** What the token may do, and what of the needed scopes it lacks. */
interface GrantedScopes {
  readonly granted: readonly string[];
  readonly missing: readonly string[];
}

/** `not-found`: no such channel, or a private one that the bot is not in; Slack says the same of both. */
export type ChannelMembership = 'member' | 'not-a-member' | 'not-found' | 'archived';

/** oc or kubectl on this machine. Never throws. */
export interface ClientTool {
  readonly path: string;
  /** Why not: `absent` (no such program, or not to be run), `timeout`, `malformed` (it is something else). */
  version(): Promise<Reading<string>>;
}

export interface SessionRequest {
  readonly runId: string;
  readonly node: string;
  readonly image: string;
}

/**
 * Ways onto control-plane nodes. One session per cluster at a time: the pod's name is fixed per cluster,
 * so the API server itself refuses the second one (409), whichever process asks.
 */
export interface NodeSessions {
  /**
   * Creates the session pod and waits until commands can run in it.
   * Throws RunFailureError (session-taken, session-forbidden, session-image, session-not-started, session-pod-stuck, api-…);
   * whatever it created is gone then by the API's own word, or the error names it (`sessionPod`).
   */
  open(cluster: ClusterPolicy, request: SessionRequest, signal: AbortSignal): Promise<NodeSession>;
  /** The one name of session pods, for telling people. */
  readonly podName: string;
  /**
   * Removes the session pod if it belongs to this run, which is over, and sees it gone; true when there was one. Throws
   * RunFailureError, `session-pod-stuck` when it is still there after `withinMs` (as long as a closing session takes, unless
   * given).
   */
  removeLeftover(
    cluster: ClusterPolicy,
    runId: string,
    options?: { readonly withinMs?: number; readonly signal?: AbortSignal },
  ): Promise<boolean>;
  /** The run whose session pod exists now; undefined: none. Throws RunFailureError. */
  holder(cluster: ClusterPolicy): Promise<string | undefined>;
}

/** Commands on one node as root. Methods throw RunFailureError; every one ends inside its own deadline. */
export interface NodeSession {
  readonly pod: string;
  diskFacts(paths: { script: string; backupRoot: string }): Promise<NodeDiskFacts>;
  /** What etcd says of its members now, in some 20 s at most. Throws when it cannot be asked; no backup depends on it. */
  etcdMembers(): Promise<MembersReading>;
  /**
   * Runs the backup script into `directory` under its deadline and returns what it said.
   * Output and exit code outlive the connection: a cut connection is followed up, the script is never started twice.
   */
  runScript(request: ScriptRequest): Promise<ScriptResult>;
  /** State of the script of this directory: never started, alive, dead without a result, or ended. */
  scriptState(directory: string): Promise<ScriptState>;
  /**
   * One file as a stream from its beginning. Throws RunFailureError at the end unless it came whole. With `into`, the client
   * writes it into that file, and what comes is what the file holds; a client that could not write may end as if all were well.
   */
  readFile(path: string, into?: OpenFile): AsyncIterable<Uint8Array>;
  /** What lies in `directory`, read and digested on the node. */
  inspect(directory: string): Promise<ArtifactEvidence>;
  /** Removes what the wrapper left beside the two files. Idempotent. */
  tidy(directory: string): Promise<void>;
  /** Removes the whole directory. Idempotent. */
  remove(directory: string): Promise<void>;
  /** Paths that exist below `directory` (it included), for naming what is left. */
  leftIn(directory: string): Promise<readonly string[]>;
  /** Deletes the pod and sees it gone; everything in it is killed. Idempotent. */
  close(): Promise<void>;
}

export type ScriptState = 'none' | 'live' | 'gone' | 'done';

export interface ScriptRequest {
  readonly directory: string;
  readonly scriptPath: string;
  /** SECRET; undefined: the cluster uses no proxy. */
  readonly proxy: ProxyFacts | undefined;
  /** Added to NO_PROXY: etcd's gRPC honours HTTPS_PROXY. */
  readonly nodeIp: string;
  readonly deadlineMs: number;
}

export interface ScriptResult {
  readonly exitCode: number;
  /** Both limited to the last 256 KiB; secrets removed. */
  readonly stdout: string;
  readonly stderr: string;
  /** Read from what the script printed, not from what is left of it without secrets. */
  readonly report: ScriptReport;
  readonly durationMs: number;
}
