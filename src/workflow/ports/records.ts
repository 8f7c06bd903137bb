import type { PlaceEvent, PlaceLine } from '../../domain/copies/place-audit.ts';
import type { PlaceTrouble } from '../../domain/copies/place-state.ts';
import type { DeclaredRestore } from '../../domain/copies/restore-mark.ts';
import type { AuditEvent, AuditLine } from '../../domain/people/audit.ts';
import type { MessagePlace } from '../../domain/people/message-place.ts';
import type { RestoreRoom } from '../../domain/restore-room/room.ts';
import type { RoomChange } from '../../domain/restore-room/room-change.ts';
import type { BackupFlaw } from '../../domain/run/backup-worth.ts';
import type { Notice } from '../../domain/run/notice.ts';
import type { PrivateMessage } from '../../domain/run/private-message.ts';
import type { ProvenBackup } from '../../domain/run/proven-backup.ts';
import type { BackupRun, Origin, RunStatus } from '../../domain/run/run.ts';
import type { ClusterNotice } from '../../domain/watch/cluster-notice.ts';
import type { ClusterEvent, ClusterWatch } from '../../domain/watch/cluster-watch.ts';
import type { WatchTransition } from '../../domain/watch/watch-transition.ts';

/** What one operation writes, all or nothing: the run's new fields, its audit lines, the messages that they cause. */
export interface RunChange {
  readonly set: Partial<Omit<BackupRun, 'id' | 'cluster' | 'card'>>;
  readonly audit: readonly AuditEvent[];
  readonly notices: readonly Notice[];
  /** What is said of the run's cluster, beside the run's own thread; absent: nothing. */
  readonly ofCluster?: readonly ClusterNotice[];
}

/** What a decision on a restore of a cluster goes by. */
export interface RestoreView {
  /** Of the cluster's name, newest first; revoked ones too. */
  readonly restores: readonly DeclaredRestore[];
  /**
   * Backups and running runs from the oldest one that was restored on, oldest first in the records' order, and all that bear a
   * mark. One that cannot be read is left out.
   */
  readonly runs: readonly BackupRun[];
}

/** What one decision on a restore writes, all or nothing. */
export interface RestoreChange {
  /** A new one, or one that is on record, revoked. */
  readonly restore: DeclaredRestore;
  readonly runs: readonly { readonly runId: string; readonly change: RunChange }[];
  /** On record only where the cluster is watched. */
  readonly events: readonly ClusterEvent[];
  readonly notices: readonly ClusterNotice[];
}

export type RestoreDecided<Refusal> =
  | { readonly outcome: 'changed'; readonly restore: DeclaredRestore }
  | { readonly outcome: 'duplicate' }
  | { readonly outcome: 'refused'; readonly refusal: Refusal };

/** A process's exclusive right to work on a run. `fence` rises at each claim; a write with an old one is refused. */
export interface Claim {
  readonly run: BackupRun;
  readonly owner: string;
  readonly fence: number;
}

export type Accepted =
  | { readonly outcome: 'accepted'; readonly run: BackupRun }
  /** This delivery was here before; nothing was written. */
  | { readonly outcome: 'duplicate'; readonly run: BackupRun | undefined }
  /** Another run of this cluster is active; nothing but the delivery is on record, so that it is answered once. */
  | { readonly outcome: 'busy'; readonly run: BackupRun };

export type Decided<Refusal> =
  | { readonly outcome: 'changed'; readonly run: BackupRun }
  | { readonly outcome: 'duplicate'; readonly run: BackupRun }
  | { readonly outcome: 'refused'; readonly refusal: Refusal; readonly run: BackupRun }
  | { readonly outcome: 'no-such-run' };

/** Another owner holds the run now; a worker that sees this stops at once and touches nothing more. */
export class ClaimLostError extends Error {
  constructor(runId: string, fence: number) {
    super(`claim ${fence} on run ${runId} is no longer ours: another worker holds it or the run is over`);
    this.name = 'ClaimLostError';
  }
}

/** The store itself did not do what was asked: locked, full, read-only, gone or damaged. It says nothing about the run. */
export class RecordsUnavailableError extends Error {
  /** Another process held the write lock: nothing was written, and the same call may be repeated. */
  readonly busy: boolean;

  constructor(message: string, { busy, cause }: { busy: boolean; cause: unknown }) {
    super(message, { cause });
    this.name = 'RecordsUnavailableError';
    this.busy = busy;
  }
}

export type OutboxState = 'pending' | 'posting' | 'sent' | 'given-up';

/** What a message is about: a run, a cluster as such, or the whole fleet. */
export type Message =
  | { readonly about: 'run'; readonly runId: string; readonly notice: Notice }
  | { readonly about: 'cluster'; readonly cluster: string; readonly notice: ClusterNotice }
  | { readonly about: 'fleet'; readonly notice: { readonly kind: 'summary'; readonly slot: number } };

/** A message on its way. Those about the same are sent in the order of their ids. */
export type OutboxItem = Message & {
  readonly id: number;
  readonly state: OutboxState;
  /** Times that sending it was tried. */
  readonly attempts: number;
  /** An earlier try may have reached Slack: its sender died over it, or no answer came. */
  readonly mayHaveArrived: boolean;
  readonly createdAt: number;
};

interface AuditTrail {
  readonly lines: readonly AuditLine[];
  readonly chain: { readonly ok: true } | { readonly ok: false; readonly brokenAt: number };
}

/** What the watch of one cluster decides on, as it is in this transaction. */
export interface WatchView {
  /** undefined: the cluster was never watched before. */
  readonly watch: ClusterWatch | undefined;
  /** The newest proven backup of each release and cluster id that has no date ahead of now; newest first. */
  readonly proven: readonly ProvenBackup[];
  /** The run that is not over; undefined: none. */
  readonly active: BackupRun | undefined;
  /** The newest runs that a schedule asked for and that are over, newest first; ten at most. */
  readonly scheduled: readonly BackupRun[];
}

export type Watched<Refusal> =
  | { readonly outcome: 'changed'; readonly watch: ClusterWatch }
  | { readonly outcome: 'unchanged'; readonly watch: ClusterWatch | undefined }
  | { readonly outcome: 'duplicate'; readonly watch: ClusterWatch | undefined }
  | { readonly outcome: 'refused'; readonly refusal: Refusal; readonly watch: ClusterWatch | undefined };

/** What a decision about a restore room sees, as it is in this transaction. */
export interface RoomView extends Pick<WatchView, 'watch' | 'proven'> {
  /** The room that the decision is about; undefined: none of that id. */
  readonly room: RestoreRoom | undefined;
  /** The cluster's room that is not over; undefined: none. */
  readonly open: RestoreRoom | undefined;
}

/** `watch`: what becomes of the cluster's watch; absent: nothing. */
export interface RoomTransition extends RoomChange {
  readonly watch?: WatchTransition;
}

export type RoomDecided<Refusal> =
  | { readonly outcome: 'changed'; readonly room: RestoreRoom }
  | { readonly outcome: 'unchanged' | 'duplicate'; readonly room: RestoreRoom | undefined }
  | { readonly outcome: 'refused'; readonly refusal: Refusal };

/** A message of a restore room: its first one, a step by its number (from 1), or the bot's own checks. */
export type RoomPart = 'room' | 'checks' | number;

/** What is on record of one cluster. */
export interface FleetRecord {
  readonly cluster: string;
  readonly watch: ClusterWatch | undefined;
  /** As in WatchView. */
  readonly proven: readonly ProvenBackup[];
  readonly active: FleetRun | undefined;
  /**
   * Its newest run that failed after the newest one that succeeded; undefined: there is none. A scheduled run fails as well
   * when it is blocked or refused, or when it is not approved in time.
   */
  readonly lastFailure: FleetRun | undefined;
  readonly lastDrill: { readonly ok: boolean; readonly at: number; readonly runId: string } | undefined;
}

export interface FleetRun {
  readonly id: string;
  readonly status: RunStatus;
  readonly requestedAt: number;
  readonly finishedAt: number | undefined;
  /** Of a run that waits for approvals; absent otherwise. */
  readonly expiresAt?: number;
  readonly card: MessagePlace | undefined;
}

/** One run that is over, for figures over time. Sizes in bytes. */
export interface RunFigure {
  readonly runId: string;
  readonly cluster: string;
  readonly status: RunStatus;
  readonly origin: Origin['kind'];
  readonly zStream: string | undefined;
  readonly requestedAt: number;
  readonly startedAt: number | undefined;
  readonly finishedAt: number;
  readonly snapshotBytes: number | undefined;
  readonly resourcesBytes: number | undefined;
  /** Failure's kind, for runs that failed. */
  readonly failureKind: string | undefined;
  /** A backup that a drill has shown not to restore, or of which not both files have a verified copy now; absent: neither. */
  readonly flaw?: BackupFlaw;
}

/** What is on record of the place behind one destination's name. */
export interface PlaceRecord {
  readonly destination: string;
  /** Of its marker; undefined: the records know none yet. */
  readonly id: string | undefined;
  /** ms UTC at which this id was taken, given or adopted. */
  readonly since: number | undefined;
  /** What owners were informed of and is not over; undefined: nothing. */
  readonly trouble: { readonly state: PlaceTrouble; readonly at: number } | undefined;
}

/** What one decision on a destination writes, all or nothing. */
export interface PlaceChange {
  readonly set: Partial<Pick<PlaceRecord, 'id' | 'since' | 'trouble'>>;
  readonly audit: readonly PlaceEvent[];
  /** Messages to owners, in the stream of one of the clusters that use it. */
  readonly inform?: { readonly cluster: string; readonly notices: readonly ClusterNotice[] };
}

export interface StoredCopies {
  /** `size` in bytes, as stored. */
  readonly copies: readonly { readonly key: string; readonly size: number }[];
  /** Runs whose row cannot be read: whether they have copies there is not known. */
  readonly unreadable: number;
}

/** `known`: what owners know of from now on; `inform`: in the stream of a cluster that they own. */
export interface ConfigTrouble {
  readonly known: readonly string[];
  readonly inform: readonly { readonly cluster: string; readonly notices: readonly ClusterNotice[] }[];
}

/** A process of the bot, and the digest of the configuration that it runs. */
export interface BotBeat {
  readonly id: string;
  /** Of the machine or pod. */
  readonly host: string;
  readonly digest: string;
}

export interface PlaceAudit {
  readonly lines: readonly PlaceLine[];
  readonly chain: { readonly ok: true } | { readonly ok: false; readonly brokenAt: number };
}

/** A slot of the weekly summary: the time that cron named, ms UTC. */
export interface SummarySlot {
  readonly slot: number;
  /** Changes when schedule or channel change in the configuration: then slots count from that moment on. */
  readonly rule: string;
  /** Where its message is; undefined: it was not posted, as far as we know. */
  readonly place: MessagePlace | undefined;
}

/**
 * The bot's memory. Whole operations, each one transaction, durable when it returns.
 * Times are ms UTC and come from the caller. Deliveries (Slack's envelope, trigger or action ids) are unique for ever.
 */
export interface Records {
  /** Puts a request on record. At most one active run per cluster: the database itself refuses a second. */
  accept(input: {
    run: BackupRun;
    deliveryId: string;
    audit: readonly AuditEvent[];
    notices: readonly Notice[];
  }): Promise<Accepted>;

  /**
   * Lets a pure function decide on the run as it is at this moment, and writes what it says, in one transaction.
   * Illegal transitions throw. A decision may meet a run that a worker holds: it does not need the claim.
   */
  decide<Refusal>(input: {
    runId: string;
    deliveryId: string;
    now: number;
    decision: (run: BackupRun) => RunChange | { readonly refusal: Refusal };
  }): Promise<Decided<Refusal>>;

  /**
   * Called once, by a process that knows itself to be the only one with these records, before any other work: claims of
   * processes that are gone are void, and messages that one of them left half-sent go back to the outbox, marked as such.
   */
  recover(): Promise<void>;

  /**
   * Takes a run that is due and that no living process holds: by `workRank`, then the one that has been due longest. A
   * holder is dead when it gave no heartbeat for its whole lease while this process watched it, by `monotonic` (ms, of the
   * caller's monotonic clock); `now` (ms UTC) decides only on what is due. `working`: runs that the caller works on; its
   * own claims are never taken away from it, however long it was stopped. `forPeople`: only one that a person waits for.
   */
  claim(input: {
    owner: string;
    now: number;
    monotonic: number;
    leaseMs: number;
    working?: readonly string[];
    forPeople?: boolean;
  }): Promise<Claim | undefined>;

  /** A heartbeat of the holder, however late it comes; false: the claim is lost. */
  renew(claim: Claim, input: { leaseMs: number }): Promise<boolean>;

  /**
   * Writes one step of the work. Throws ClaimLostError when the fence is old. Returns the run as written.
   * `change` may be a function of the run as this transaction sees it: people may have voted meanwhile.
   */
  advance(claim: Claim, change: RunChange | ((run: BackupRun) => RunChange)): Promise<BackupRun>;

  /**
   * Puts a run that is over on record as a manifest describes it, with its audit and without any message. `known`: a run
   * of this id is on record already; nothing was written. Throws for a run that still needs work.
   */
  importRun(run: BackupRun, audit: readonly AuditEvent[]): Promise<'imported' | 'known'>;

  /** Gives the claim back: the run may be claimed again at once if it is due. Idempotent. */
  release(claim: Claim): Promise<void>;

  run(id: string): Promise<BackupRun | undefined>;
  /**
   * Newest first, in the order in which they were recorded; one that was imported is where it belongs in its
   * cluster. No clock decides. `keeps`: only runs that are over and still have something at a destination, or may have their
   * directory on the node. Without `limit`: all of them.
   */
  runs(filter: {
    cluster?: string;
    active?: boolean;
    succeeded?: boolean;
    keeps?: 'copies' | 'directory';
    limit?: number;
  }): Promise<readonly BackupRun[]>;
  /** Runs whose snapshot has at least `minBytes` and was restored by its newest drill with a verdict; newest drill first. */
  restoredBackups(input: { minBytes: number; limit: number }): Promise<readonly BackupRun[]>;
  auditLines(runId: string): Promise<readonly AuditLine[]>;
  /** The lines with the check of their hash chain; `brokenAt`: number of the first line that is not as it was written. */
  auditTrail(runId: string): Promise<AuditTrail>;

  /**
   * Marks the oldest sendable message `posting` and returns it. One sender at a time. In order per run, and per cluster as
   * such: cards, reminders and alarms among themselves; what is said in the channel besides after all of it; what goes to one
   * person alone for itself, so that no answer waits for a channel that takes nothing, or for another person's answer.
   * Undefined: nothing to send now.
   */
  takeNotice(input: { now: number }): Promise<OutboxItem | undefined>;
  /**
   * Ts of the newest message about this cluster or a run of it that its channel took; undefined: none. An edit is no new
   * message. `where`: among those in threads, those at the top, or any.
   */
  lastPosted(input: { cluster: string; where: 'threads' | 'top' | 'any' }): Promise<string | undefined>;
  /** What became of the private messages of this kind that the run caused, oldest first. */
  privateDeliveries(
    runId: string,
    say: PrivateMessage['type'],
  ): Promise<readonly { readonly slackUser: string; readonly state: OutboxState; readonly tries: number }[]>;
  noticeSent(id: number, input: { now: number; ts: string | undefined }): Promise<void>;
  /** Back to `pending`, not before `retryAt` (ms UTC). More than two minutes ahead of `now` at a look: due at once. */
  noticeDelayed(
    id: number,
    input: { retryAt: number; error: string; mayHaveArrived?: boolean },
  ): Promise<void>;
  noticeGivenUp(id: number, input: { now: number; error: string }): Promise<void>;
  /** Remembers where the run's card is. */
  cardPosted(runId: string, place: MessagePlace): Promise<void>;

  /**
   * Lets a pure function look at a cluster's watch as it is at this moment and writes what it says, in one transaction.
   * `undefined`: nothing changes. With a delivery id the same delivery is decided on once for ever, also when it changed
   * nothing. Where messages are is not part of the decision: `message` of what it returns is not looked at. Throws when it
   * asks for a run while another one is active, three times in a row.
   */
  decideWatch<Refusal>(input: {
    cluster: string;
    now: number;
    deliveryId?: string;
    decision: (view: WatchView) => WatchTransition | { readonly refusal: Refusal } | undefined;
  }): Promise<Watched<Refusal>>;
  watch(cluster: string): Promise<ClusterWatch | undefined>;
  /**
   * The same for a restore room, with the cluster's watch: room, watch, messages and lines in the audit of the backup's run in
   * one transaction. `roomId` absent: a room is to be opened; the database itself refuses a second open one. Where messages are
   * is not part of the decision.
   */
  decideRoom<Refusal>(input: {
    cluster: string;
    roomId?: string;
    now: number;
    deliveryId?: string;
    decision: (view: RoomView) => RoomTransition | { readonly refusal: Refusal } | undefined;
  }): Promise<RoomDecided<Refusal>>;
  restoreRoom(id: string): Promise<RestoreRoom | undefined>;
  /** Those that are not over; of this cluster alone, which has one at most. */
  openRooms(cluster?: string): Promise<readonly RestoreRoom[]>;
  /** Remembers where a message of a room is. */
  roomMessagePosted(roomId: string, part: RoomPart, place: MessagePlace): Promise<void>;
  /** Remembers where the live message of this reminder or alarm is. */
  watchMessagePosted(cluster: string, id: string, place: MessagePlace): Promise<void>;
  /** Newest first. */
  clusterEvents(
    cluster: string,
    input: { limit: number },
  ): Promise<readonly (ClusterEvent & { readonly seq: number })[]>;
  /**
   * All clusters that have a watch or a run, at once: few queries, however many clusters there are. By name. A watch that
   * cannot be read is missing in its record, and does not affect the others. `now` (ms UTC): backups and drills with a date
   * ahead of it are left out.
   */
  fleet(input: { now: number }): Promise<readonly FleetRecord[]>;
  /** Runs that ended at `since` or later (ms UTC), oldest first. */
  runFigures(input: { since: number }): Promise<readonly RunFigure[]>;
  /** Messages that are not sent yet, and when the oldest of them was written (ms UTC). */
  outboxStatus(): Promise<{ readonly unsent: number; readonly oldestAt: number | undefined }>;

  /**
   * The newest slot of the weekly summary; undefined: none is on record. One with a date ahead of `now` (ms UTC) was written by a
   * clock that went ahead, and is left out until its time has come: it would put off all others until then.
   */
  newestSummary(input: { now: number }): Promise<SummarySlot | undefined>;
  /** Puts a slot on record, with its message if one is to be posted. */
  openSummary(input: { slot: number; rule: string; now: number; post: boolean }): Promise<void>;
  /** Remembers where the summary of this slot is. */
  summaryPosted(slot: number, place: MessagePlace): Promise<void>;

  /** What people said of restores of this cluster, newest first; revoked ones too. */
  restores(cluster: string): Promise<readonly DeclaredRestore[]>;
  /**
   * Lets a pure function decide on a restore from the backup of run `from` (or on revoking one: without `from`) and writes what
   * it says, in one transaction.
   */
  decideRestore<Refusal>(input: {
    cluster: string;
    from?: string;
    now: number;
    deliveryId: string;
    decision: (view: RestoreView) => RestoreChange | { readonly refusal: Refusal };
  }): Promise<RestoreDecided<Refusal>>;
  /** The same view without a decision. */
  restoreView(cluster: string, from?: string): Promise<RestoreView>;

  /** Which place this destination's name means; undefined: nothing is on record of it. */
  place(destination: string): Promise<PlaceRecord | undefined>;
  /**
   * Lets a pure function look at what is on record of a place at this moment and writes what it says, in one transaction.
   * `undefined`: nothing changes. Returns the record as it is then.
   */
  decidePlace(input: {
    destination: string;
    now: number;
    decision: (place: PlaceRecord | undefined) => PlaceChange | undefined;
  }): Promise<PlaceRecord | undefined>;
  /** The lines of one destination's own record, with the check of their hash chain as in `auditTrail`. */
  placeAudit(destination: string): Promise<PlaceAudit>;
  /** Every copy that any run has stored at this destination, in no order. Reads all runs, in pages. */
  storedCopies(destination: string): Promise<StoredCopies>;

  /**
   * Lets a pure function compare the mistakes of the configuration that owners know of with those that there are now, and writes
   * what it says, in one transaction; `undefined`: nothing changes. Whether a message was written.
   */
  decideConfigTrouble(input: {
    now: number;
    decision: (known: readonly string[]) => ConfigTrouble | undefined;
  }): Promise<boolean>;
  /** What this process runs, and that it lives. Those that were silent for a day are forgotten. */
  beat(bot: BotBeat & { readonly now: number }): Promise<void>;
  /** Processes with these records that gave a heartbeat at `since` or later (ms UTC), this one too. */
  bots(input: { since: number }): Promise<readonly BotBeat[]>;

  /** Writes and reads back one row: throws when the disk is full, read-only or gone. */
  probe(input: { now: number }): Promise<void>;
  close(): Promise<void>;
}
