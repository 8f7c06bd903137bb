/** Who did it: a person, or the bot on its own. */
export type Actor =
  | { readonly kind: 'person'; readonly slackUser: string; readonly clusterUser: string }
  | { readonly kind: 'bot' };

export type AuditAction =
  | 'requested'
  | 'refused'
  | 'checked'
  | 'blocked'
  | 'vote-received'
  | 'vote-refused'
  | 'approved'
  | 'rejected'
  | 'cancelled'
  | 'expired'
  | 'started'
  | 'step'
  | 'plan-void'
  /** No second person was asked: marked permanently. */
  | 'break-glass'
  /** Which owners were notified of it, and which were not. */
  | 'owners-told'
  /** The bot stopped in an orderly way; another process goes on from here. */
  | 'handed-over'
  | 'resumed'
  | 'leftover-removed'
  /** What this failed run had left on its node is gone; later than its end. */
  | 'cleaned-up'
  | 'clean-up-given-up'
  /** Both files are proven where they should be. */
  | 'copied'
  | 'copy-failed'
  | 'verified'
  | 'drilled'
  | 'pruned'
  /** RESTORE.md is to be published with a newer edition of the procedure. */
  | 'papers-due'
  /** How far that came. */
  | 'papers-published'
  /** A person said that the cluster was restored from this run's backup, or took that back. */
  | 'restored-from'
  | 'restore-revoked'
  /** The cluster left this backup's time line by a restore, or that was revoked. */
  | 'left-behind'
  | 'back-on-line'
  /** Rebuilt from the files at the destinations, because its records were lost. */
  | 'imported'
  | 'succeeded'
  | 'failed';

/** What happened, before it is written down. `detail` holds short texts without secrets. */
export interface AuditEvent {
  /** ms UTC */
  readonly at: number;
  readonly actor: Actor;
  readonly action: AuditAction;
  readonly detail: Readonly<Record<string, string>>;
}

/** A line of a run's record: `hash` is taken over the line and the hash of the line before it. */
export interface AuditLine extends AuditEvent {
  readonly runId: string;
  readonly seq: number;
  readonly previousHash: string;
  readonly hash: string;
}

/** The bytes that a line's hash is taken of: everything in it, in one fixed order. */
export function auditText(line: Omit<AuditLine, 'hash'>): string {
  const detail = Object.entries(line.detail).sort(([a], [b]) => (a < b ? -1 : 1));
  const actor =
    line.actor.kind === 'bot' ? ['bot'] : ['person', line.actor.slackUser, line.actor.clusterUser];
  return JSON.stringify([line.runId, line.seq, line.previousHash, line.at, actor, line.action, detail]);
}
