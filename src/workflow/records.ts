import type { AuditEvent, AuditLine } from '../domain/audit.ts';
import type { Notice } from '../domain/notice.ts';
import type { BackupRun, CardPlace } from '../domain/run.ts';

/** What one operation writes, all or nothing: the run's new fields, its audit lines, the messages that they cause. */
export interface RunChange {
  readonly set: Partial<Omit<BackupRun, 'id' | 'cluster' | 'card'>>;
  readonly audit: readonly AuditEvent[];
  readonly notices: readonly Notice[];
}

/** Somebody's exclusive right to work on a run. `fence` rises at each claim; a write with an old one is refused. */
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

/** Another owner holds the run now; whoever sees this stops at once and touches nothing more. */
export class ClaimLostError extends Error {
  constructor(runId: string, fence: number) {
    super(`claim ${fence} on run ${runId} is no longer ours: another worker holds it or the run is over`);
    this.name = 'ClaimLostError';
  }
}

export type OutboxState = 'pending' | 'posting' | 'sent' | 'given-up';

/** A message on its way. Those of one run are sent in the order of their ids. */
export interface OutboxItem {
  readonly id: number;
  readonly runId: string;
  readonly notice: Notice;
  readonly state: OutboxState;
  /** Times that sending it was tried. `posting` with attempts > 0 after a restart: it may have arrived. */
  readonly attempts: number;
  readonly createdAt: number;
}

export interface AuditTrail {
  readonly lines: readonly AuditLine[];
  readonly chain: { readonly ok: true } | { readonly ok: false; readonly brokenAt: number };
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

  /** Takes the run that has been due longest and that nobody holds (or whose lease ran out). */
  claim(input: { owner: string; now: number; leaseMs: number }): Promise<Claim | undefined>;

  /** Prolongs the lease; false: the claim is lost. */
  renew(claim: Claim, input: { now: number; leaseMs: number }): Promise<boolean>;

  /**
   * Writes one step of the work. Throws ClaimLostError when the fence is old. Returns the run as written.
   * `change` may be a function of the run as it stands in this transaction: people may have voted meanwhile.
   */
  advance(claim: Claim, change: RunChange | ((run: BackupRun) => RunChange)): Promise<BackupRun>;

  /**
   * Puts a run that is over on record as it is told from elsewhere, with its audit and without any message. `known`: a run
   * of this id is on record already; nothing was written. Throws for a run that somebody would still have to work on.
   */
  importRun(run: BackupRun, audit: readonly AuditEvent[]): Promise<'imported' | 'known'>;

  /** Gives the claim back: the run may be claimed again at once if it is due. Idempotent. */
  release(claim: Claim): Promise<void>;

  run(id: string): Promise<BackupRun | undefined>;
  /** Newest first. */
  runs(filter: {
    cluster?: string;
    active?: boolean;
    succeeded?: boolean;
    limit: number;
  }): Promise<readonly BackupRun[]>;
  auditLines(runId: string): Promise<readonly AuditLine[]>;
  /** The lines with the check of their hash chain; `brokenAt`: number of the first line that is not as it was written. */
  auditTrail(runId: string): Promise<AuditTrail>;

  /**
   * Marks the oldest sendable message `posting` and returns it. One sender at a time. Per run strictly in order, what goes
   * to the channel and what goes to people alone each for itself: an answer does not wait for a channel that takes nothing.
   * Undefined: nothing to send now.
   */
  takeNotice(input: { now: number }): Promise<OutboxItem | undefined>;
  noticeSent(id: number, input: { now: number; ts: string | undefined }): Promise<void>;
  /** Back to `pending`, not before `retryAt`. */
  noticeDelayed(id: number, input: { retryAt: number; error: string }): Promise<void>;
  noticeGivenUp(id: number, input: { now: number; error: string }): Promise<void>;
  /** Remembers where the run's card stands. */
  cardPosted(runId: string, place: CardPlace): Promise<void>;

  /** Writes and reads back one row: throws when the disk is full, read-only or gone. */
  probe(input: { now: number }): Promise<void>;
  close(): Promise<void>;
}
