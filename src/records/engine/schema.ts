import type { Generated, Kysely, Transaction } from 'kysely';
import type { OutboxState } from '../../workflow/ports/records.ts';
import { asking } from './asked-at.ts';

/** One row per run. The columns are what is queried; the whole run is in `run` as JSON, without its card. */
export interface RunsTable {
  id: string;
  cluster: string;
  status: string;
  /** ms UTC, as all times here */
  requested_at: number;
  /** The records' own order: what is newer has the higher number, whatever clocks say. Compared within one cluster. */
  seq: number;
  /** The queue's key; null: nothing to do but wait for people. */
  due_at: number | null;
  /** `workRank` of the run: what is due goes by it first. */
  work_rank: number;
  owner: string | null;
  /** How long the holder is taken to live without a heartbeat. */
  lease_ms: number | null;
  /** Heartbeats of this claim: the holder raises it, others watch whether it still does. */
  beat: number;
  fence: number;
  /** Latest time that a caller named for this run: dates the messages of steps, which bring no time of their own. */
  touched_at: number;
  /** How `run` is to be read. */
  format: number;
  run: string;
  card_channel: string | null;
  card_ts: string | null;
}

/** What a run or a cluster's watch has decided on, with whatever answer. */
interface DeliveriesTable {
  id: string;
  /** As in `outbox`. */
  stream: string;
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
  /** `run ID`, `cluster NAME` or `fleet`: what is sent in order. */
  stream: string;
  kind: string;
  /** Which of the stream's live messages it brings up to date; null: it says what it says. */
  live: string | null;
  /** JSON */
  notice: string;
  state: OutboxState;
  /** Times that it was handed to a sender. */
  attempts: number;
  /** 1: an earlier try may have reached Slack, though the process ended before noting it. */
  may_have_arrived: Generated<number>;
  created_at: number;
  retry_at: number;
  settled_at: number | null;
  slack_ts: string | null;
  last_error: string | null;
}

/** What is remembered of one cluster between two looks, as JSON without the places of its messages. */
export interface WatchesTable {
  cluster: string;
  /** How `watch` is to be read. */
  format: number;
  watch: string;
  touched_at: number;
}

/** Where the live message of a reminder or alarm is. */
export interface WatchMessagesTable {
  cluster: string;
  /** Of the reminder or alarm. */
  id: string;
  channel: string;
  ts: string;
}

export interface ClusterEventsTable {
  cluster: string;
  seq: number;
  at: number;
  kind: string;
  /** JSON */
  detail: string;
}

/**
 * One narrow row per run that is over, derived from the run at every write of it: what is asked of hundreds of clusters at
 * once must not read whole runs. Rows that are missing are derived when the records are opened.
 */
export interface EndedRunsTable {
  run_id: string;
  cluster: string;
  status: string;
  origin: string;
  z_stream: string | null;
  requested_at: number;
  /** As in `runs`. */
  seq: number;
  cluster_id: string | null;
  /** Of etcd, in the snapshot. */
  revision: number | null;
  /** The restore by which the cluster left the backup's time line, the run that was restored, and when; null: it is on the line. */
  left_by: string | null;
  left_from: string | null;
  left_at: number | null;
  /** Copies that have at least a part at a destination. */
  stored_copies: number;
  /** 1: its directory may still be on the node. */
  on_node: number;
  started_at: number | null;
  finished_at: number;
  snapshot_bytes: number | null;
  resources_bytes: number | null;
  failure_kind: string | null;
  drill_at: number | null;
  /** 1 or 0 */
  drill_ok: number | null;
  /** Null together (the last one also alone): no proven backup is left of this run. */
  proven_cluster_id: string | null;
  proven_z_stream: string | null;
  proven_taken_at: number | null;
  proven_at: number | null;
  proven_place: string | null;
  proven_signers_end_at: number | null;
}

/** The slots of the weekly summary, and where the messages of those that were posted are. */
interface SummariesTable {
  slot: number;
  rule: string;
  channel: string | null;
  ts: string | null;
}

/** Which place each destination's name means. */
export interface DestinationsTable {
  name: string;
  /** Of the place's marker; null: not known yet. */
  marker_id: string | null;
  known_since: number | null;
  /** PlaceTrouble that owners were informed of; null: none. */
  trouble: string | null;
  trouble_at: number | null;
}

interface BotsTable {
  id: string;
  host: string;
  digest: string;
  beat_at: number;
}

interface ConfigMistakesTable {
  mistake: string;
  since: number;
}

export interface DestinationAuditTable {
  destination: string;
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

/** What people said of restores; one that was revoked stays. */
export interface RestoresTable {
  id: string;
  cluster: string;
  cluster_id: string;
  from_run: string;
  at: number;
  declared_at: number;
  /** JSON, as `revoked_by` */
  declared_by: string;
  revoked_at: number | null;
  revoked_by: string | null;
}

/** One row per restore room. The whole room is in `room` as JSON, without the places of its messages. */
export interface RestoreRoomsTable {
  id: string;
  cluster: string;
  opened_at: number;
  /** null: open, of which a cluster has one at most. */
  ended_at: number | null;
  /** How `room` is to be read. */
  format: number;
  room: string;
}

/** Where the messages of a restore room are: `room`, `checks`, or `step N`. */
export interface RestoreRoomMessagesTable {
  room: string;
  part: string;
  channel: string;
  ts: string;
}

interface ProbeTable {
  id: number;
  at: number;
}

interface SchemaVersionTable {
  version: number;
}

export interface Schema {
  runs: RunsTable;
  deliveries: DeliveriesTable;
  audit: AuditTable;
  outbox: OutboxTable;
  watches: WatchesTable;
  watch_messages: WatchMessagesTable;
  cluster_events: ClusterEventsTable;
  ended_runs: EndedRunsTable;
  summaries: SummariesTable;
  destinations: DestinationsTable;
  destination_audit: DestinationAuditTable;
  restores: RestoresTable;
  restore_rooms: RestoreRoomsTable;
  restore_room_messages: RestoreRoomMessagesTable;
  bots: BotsTable;
  config_mistakes: ConfigMistakesTable;
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
  return asking(() => db.transaction().execute(work));
}
