import type { Generated, Kysely, Transaction } from 'kysely';
import type { OutboxState } from '../workflow/records.ts';

/** One row per run. The columns are what is queried; the whole run stands in `run` as JSON, without its card. */
export interface RunsTable {
  id: string;
  cluster: string;
  status: string;
  /** ms UTC, as all times here */
  requested_at: number;
  /** The queue's key; null: nothing to do but wait for people. */
  due_at: number | null;
  owner: string | null;
  lease_until: number | null;
  fence: number;
  /** Latest time that a caller named for this run: dates the messages of steps, which bring no time of their own. */
  touched_at: number;
  /** How `run` is to be read. */
  format: number;
  run: string;
  card_channel: string | null;
  card_ts: string | null;
}

export interface DeliveriesTable {
  id: string;
  run_id: string;
  at: number;
}

export interface AuditTable {
  run_id: string;
  seq: number;
  at: number;
  /** JSON */
  actor: string;
  action: string;
  /** JSON */
  detail: string;
  previous_hash: string;
  hash: string;
}

export interface OutboxTable {
  id: Generated<number>;
  run_id: string;
  kind: string;
  /** JSON */
  notice: string;
  state: OutboxState;
  /** Times that it was handed to a sender. */
  attempts: number;
  created_at: number;
  retry_at: number;
  settled_at: number | null;
  slack_ts: string | null;
  last_error: string | null;
}

export interface ProbeTable {
  id: number;
  at: number;
}

export interface SchemaVersionTable {
  version: number;
}

export interface Schema {
  runs: RunsTable;
  deliveries: DeliveriesTable;
  audit: AuditTable;
  outbox: OutboxTable;
  probe: ProbeTable;
  schema_version: SchemaVersionTable;
}

export type Database = Kysely<Schema>;
export type Write = Transaction<Schema>;

/**
 * Every write goes through here, also the single statements: waiting for the write lock must not block the
 * event loop on which another connection of this process may be about to commit.
 */
export function write<T>(db: Database, work: (trx: Write) => Promise<T>): Promise<T> {
  return db.transaction().execute(work);
}
