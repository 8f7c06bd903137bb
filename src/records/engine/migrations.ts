import { type Kysely, sql } from 'kysely';
import { configuration } from './configuration-table.ts';
import { restoreRooms } from './restore-rooms-table.ts';
import { restores } from './restores-table.ts';
import type { Database } from './schema.ts';

/** Frozen once released: a migration never uses today's types or constants, and is never edited. */
type Migration = (db: Kysely<never>) => Promise<void>;

/** Number n is at index n - 1. */
const migrations: readonly Migration[] = [
  async function first(db) {
    await db.schema
      .createTable('runs')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('cluster', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('requested_at', 'bigint', (column) => column.notNull())
      .addColumn('due_at', 'bigint')
      .addColumn('owner', 'text')
      .addColumn('lease_until', 'bigint')
      .addColumn('fence', 'bigint', (column) => column.notNull())
      .addColumn('touched_at', 'bigint', (column) => column.notNull())
      .addColumn('format', 'integer', (column) => column.notNull())
      .addColumn('run', 'text', (column) => column.notNull())
      .addColumn('card_channel', 'text')
      .addColumn('card_ts', 'text')
      .execute();
    await db.schema
      .createIndex('one_active_run_per_cluster')
      .unique()
      .on('runs')
      .column('cluster')
      .where('status' as never, 'in', ['requested', 'waiting', 'approved', 'running'])
      .execute();
    await db.schema.createIndex('runs_by_due').on('runs').columns(['due_at', 'requested_at', 'id']).execute();
    await db.schema.createIndex('runs_by_age').on('runs').columns(['requested_at', 'id']).execute();
    await db.schema
      .createIndex('runs_of_cluster')
      .on('runs')
      .columns(['cluster', 'requested_at', 'id'])
      .execute();

    // Deferred: the delivery is written first, so that a redelivery is seen before the run's own conflict.
    await db.schema
      .createTable('deliveries')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('run_id', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addForeignKeyConstraint('delivery_of_run', ['run_id'], 'runs', ['id'], (key) =>
        key.deferrable().initiallyDeferred(),
      )
      .execute();

    await db.schema
      .createTable('audit')
      .addColumn('run_id', 'text', (column) => column.notNull().references('runs.id'))
      .addColumn('seq', 'integer', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('detail', 'text', (column) => column.notNull())
      .addColumn('previous_hash', 'text', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('audit_line', ['run_id', 'seq'])
      .execute();

    await db.schema
      .createTable('outbox')
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('run_id', 'text', (column) => column.notNull().references('runs.id'))
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('notice', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('retry_at', 'bigint', (column) => column.notNull())
      .addColumn('settled_at', 'bigint')
      .addColumn('slack_ts', 'text')
      .addColumn('last_error', 'text')
      .execute();
    // Only what is unsent: the search for the next message stays short however long the history grows.
    await db.schema
      .createIndex('outbox_unsent')
      .on('outbox')
      .columns(['run_id', 'id'])
      .where('state' as never, 'in', ['pending', 'posting'])
      .execute();

    await db.schema
      .createTable('probe')
      .addColumn('id', 'integer', (column) => column.primaryKey().notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .execute();
  },

  async function watchesAndStreams(db) {
    await db.schema
      .createTable('watches')
      .addColumn('cluster', 'text', (column) => column.primaryKey().notNull())
      .addColumn('format', 'integer', (column) => column.notNull())
      .addColumn('watch', 'text', (column) => column.notNull())
      .addColumn('touched_at', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('watch_messages')
      .addColumn('cluster', 'text', (column) => column.notNull().references('watches.cluster'))
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('channel', 'text', (column) => column.notNull())
      .addColumn('ts', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('watch_message', ['cluster', 'id'])
      .execute();
    await db.schema
      .createTable('cluster_events')
      .addColumn('cluster', 'text', (column) => column.notNull().references('watches.cluster'))
      .addColumn('seq', 'integer', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('detail', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('cluster_event', ['cluster', 'seq'])
      .execute();
    // No reference: a delivery may be decided on before the cluster was ever looked at.
    await db.schema
      .createTable('cluster_deliveries')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('cluster', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .execute();

    // Filled from the runs after the migration, by the rules of the program that runs then.
    await db.schema
      .createTable('ended_runs')
      .addColumn('run_id', 'text', (column) => column.primaryKey().notNull().references('runs.id'))
      .addColumn('cluster', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('origin', 'text', (column) => column.notNull())
      .addColumn('z_stream', 'text')
      .addColumn('requested_at', 'bigint', (column) => column.notNull())
      .addColumn('started_at', 'bigint')
      .addColumn('finished_at', 'bigint', (column) => column.notNull())
      .addColumn('snapshot_bytes', 'bigint')
      .addColumn('resources_bytes', 'bigint')
      .addColumn('failure_kind', 'text')
      .addColumn('drill_at', 'bigint')
      .addColumn('drill_ok', 'integer')
      .addColumn('proven_cluster_id', 'text')
      .addColumn('proven_z_stream', 'text')
      .addColumn('proven_taken_at', 'bigint')
      .addColumn('proven_at', 'bigint')
      .addColumn('proven_place', 'text')
      .addColumn('proven_signers_end_at', 'bigint')
      .execute();
    await db.schema
      .createIndex('ended_runs_proven')
      .on('ended_runs')
      .columns(['cluster', 'proven_cluster_id', 'proven_z_stream', 'proven_taken_at'])
      .where('proven_taken_at' as never, 'is not', null)
      .execute();
    await db.schema
      .createIndex('ended_runs_by_status')
      .on('ended_runs')
      .columns(['cluster', 'status', 'requested_at', 'run_id'])
      .execute();
    await db.schema
      .createIndex('ended_runs_by_origin')
      .on('ended_runs')
      .columns(['cluster', 'origin', 'requested_at', 'run_id'])
      .execute();
    await db.schema
      .createIndex('ended_runs_drilled')
      .on('ended_runs')
      .columns(['cluster', 'drill_at'])
      .where('drill_at' as never, 'is not', null)
      .execute();
    await db.schema
      .createIndex('ended_runs_by_end')
      .on('ended_runs')
      .columns(['finished_at', 'run_id'])
      .execute();

    // A message is about a run or about a cluster: SQLite cannot take the old column's `not null` away.
    await db.schema
      .createTable('outbox_of_streams')
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('stream', 'text', (column) => column.notNull())
      .addColumn('run_id', 'text', (column) => column.references('runs.id'))
      .addColumn('cluster', 'text', (column) => column.references('watches.cluster'))
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('live', 'text')
      .addColumn('notice', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('retry_at', 'bigint', (column) => column.notNull())
      .addColumn('settled_at', 'bigint')
      .addColumn('slack_ts', 'text')
      .addColumn('last_error', 'text')
      .addCheckConstraint('about_one_thing', sql`(run_id is null) <> (cluster is null)`)
      .execute();
    const kept = sql`id, kind, notice, state, attempts, created_at, retry_at, settled_at, slack_ts, last_error, run_id`;
    await sql`
      insert into outbox_of_streams (${kept}, stream, live)
      select ${kept}, 'run ' || run_id, case when kind = 'card' then 'card' end from outbox order by id
    `.execute(db);
    await db.schema.dropTable('outbox').execute();
    await db.schema.alterTable('outbox_of_streams').renameTo('outbox').execute();
    // Whole indexes: SQLite uses a partial one only for a condition that is written out in the query.
    await db.schema.createIndex('outbox_by_state').on('outbox').columns(['state', 'id']).execute();
    await db.schema.createIndex('outbox_of_stream').on('outbox').columns(['stream', 'state', 'id']).execute();
  },

  async function summaries(db) {
    await db.schema
      .createTable('summaries')
      .addColumn('slot', 'bigint', (column) => column.primaryKey().notNull())
      .addColumn('format', 'integer', (column) => column.notNull())
      .addColumn('post', 'text', (column) => column.notNull())
      .execute();
  },

  async function workRanks(db) {
    await db.schema
      .alterTable('runs')
      .addColumn('work_rank', 'integer', (column) => column.notNull().defaultTo(1))
      .execute();
    // What is not due gets its rank when it is written next. An unreadable row stays as it is.
    await sql`
      update runs set work_rank = case
        when status = 'succeeded' then 2
        when json_extract(run, '$.emergency') is not null then 0
        when json_extract(run, '$.origin.kind') = 'schedule' then 2
        else 1
      end where due_at is not null and json_valid(run)
    `.execute(db);
    // A comparison of due_at says that it is not null: SQLite uses the index then.
    await db.schema
      .createIndex('runs_by_rank')
      .on('runs')
      .columns(['work_rank', 'due_at', 'requested_at', 'id'])
      .where('due_at' as never, 'is not', null)
      .execute();
    await db.schema.dropIndex('runs_by_due').execute();
  },

  async function ownSequence(db) {
    await db.schema
      .alterTable('runs')
      .addColumn('seq', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute();
    // As they were written, which no clock changes. Imported ones were written late: they go by their times, and each other
    // run counts as no later than the next one, so that a clock that once went ahead moves nothing.
    await sql`
      with written as (
        select id, requested_at, rowid as place,
          id in (select run_id from audit where action = 'imported') as imported
        from runs
      ), timed as (
        select id, requested_at, place, requested_at as at from written where imported
        union all
        select id, requested_at, place,
          min(requested_at) over (order by place rows between current row and unbounded following) as at
        from written where not imported
      ), numbered as (
        select id, row_number() over (order by at, place, id) as number from timed
      )
      update runs set seq = numbered.number * 1048576 from numbered where numbered.id = runs.id
    `.execute(db);
    await db.schema.createIndex('runs_in_order').on('runs').columns(['seq', 'id']).execute();
    await db.schema
      .createIndex('runs_of_cluster_in_order')
      .on('runs')
      .columns(['cluster', 'seq', 'id'])
      .execute();
    await db.schema.dropIndex('runs_by_age').execute();
    await db.schema.dropIndex('runs_of_cluster').execute();

    // Derived from the runs again when the records are opened.
    await sql`delete from ended_runs`.execute(db);
    for (const column of ['seq', 'stored_copies', 'on_node'] as const) {
      await db.schema
        .alterTable('ended_runs')
        .addColumn(column, 'bigint', (added) => added.notNull().defaultTo(0))
        .execute();
    }
    await db.schema.alterTable('ended_runs').addColumn('cluster_id', 'text').execute();
    await db.schema.alterTable('ended_runs').addColumn('revision', 'bigint').execute();
    for (const index of ['ended_runs_proven', 'ended_runs_by_status', 'ended_runs_by_origin']) {
      await db.schema.dropIndex(index).execute();
    }
    await db.schema
      .createIndex('ended_runs_proven')
      .on('ended_runs')
      .columns(['cluster', 'proven_cluster_id', 'proven_z_stream', 'seq', 'proven_taken_at', 'proven_at'])
      .where('proven_taken_at' as never, 'is not', null)
      .execute();
    await db.schema
      .createIndex('ended_runs_by_status')
      .on('ended_runs')
      .columns(['cluster', 'status', 'seq', 'run_id'])
      .execute();
    await db.schema
      .createIndex('ended_runs_by_origin')
      .on('ended_runs')
      .columns(['cluster', 'origin', 'seq', 'run_id'])
      .execute();
    await db.schema
      .createIndex('ended_runs_keeping')
      .on('ended_runs')
      .columns(['cluster', 'stored_copies', 'on_node'])
      .execute();
  },

  async function heartbeats(db) {
    // A lease is a number of heartbeats that did not come, no time of a clock that may be set.
    await db.schema.alterTable('runs').addColumn('lease_ms', 'bigint').execute();
    await db.schema
      .alterTable('runs')
      .addColumn('beat', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute();
    await db.schema.alterTable('runs').dropColumn('lease_until').execute();
    await db.schema
      .createIndex('runs_held')
      .on('runs')
      .column('owner')
      .where('owner' as never, 'is not', null)
      .execute();
    await db.schema
      .alterTable('outbox')
      .addColumn('may_have_arrived', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
  },

  /** Drills that failed without a word on their backup stood beside those that had disproved one. */
  async function undecidedDrills(db) {
    await sql`
      update ended_runs set drill_at = null, drill_ok = null
      where drill_ok = 0 and proven_at is not null
    `.execute(db);
  },

  async function destinations(db) {
    await db.schema
      .createTable('destinations')
      .addColumn('name', 'text', (column) => column.primaryKey().notNull())
      .addColumn('marker_id', 'text')
      .addColumn('known_since', 'bigint')
      .addColumn('trouble', 'text')
      .addColumn('trouble_at', 'bigint')
      .execute();
    await db.schema
      .createTable('destination_audit')
      .addColumn('destination', 'text', (column) => column.notNull())
      .addColumn('seq', 'integer', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('detail', 'text', (column) => column.notNull())
      .addColumn('previous_hash', 'text', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('destination_audit_line', ['destination', 'seq'])
      .execute();
  },

  /** One table of deliveries, one of messages: about a run, a cluster or the whole fleet. */
  async function oneStream(db) {
    await db.schema
      .createTable('deliveries_of_streams')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('stream', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .execute();
    await sql`
      insert or ignore into deliveries_of_streams (id, stream, at)
      select id, 'run ' || run_id, at from deliveries
      union all select id, 'cluster ' || cluster, at from cluster_deliveries
    `.execute(db);
    await db.schema.dropTable('deliveries').execute();
    await db.schema.dropTable('cluster_deliveries').execute();
    await db.schema.alterTable('deliveries_of_streams').renameTo('deliveries').execute();

    // Without the columns that name the run or the cluster: SQLite cannot take the old check on them away.
    await db.schema
      .createTable('messages')
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('stream', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('live', 'text')
      .addColumn('notice', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('retry_at', 'bigint', (column) => column.notNull())
      .addColumn('settled_at', 'bigint')
      .addColumn('slack_ts', 'text')
      .addColumn('last_error', 'text')
      .addColumn('may_have_arrived', 'integer', (column) => column.notNull().defaultTo(0))
      .addCheckConstraint(
        'about_one_thing',
        sql`stream = 'fleet' or stream like 'run _%' or stream like 'cluster _%'`,
      )
      .execute();
    const kept = sql`id, stream, live, state, attempts, created_at, retry_at, settled_at, slack_ts, last_error, may_have_arrived`;
    await sql`
      insert into messages (${kept}, kind, notice)
      select ${kept},
        case kind when 'owner' then 'private' else kind end,
        case kind when 'owner' then json_set(notice, '$.kind', 'private') else notice end
      from outbox order by id
    `.execute(db);
    await db.schema.dropTable('outbox').execute();
    await db.schema.alterTable('messages').renameTo('outbox').execute();
    await db.schema.createIndex('outbox_by_state').on('outbox').columns(['state', 'id']).execute();
    await db.schema.createIndex('outbox_of_stream').on('outbox').columns(['stream', 'state', 'id']).execute();

    await db.schema
      .createTable('summary_slots')
      .addColumn('slot', 'bigint', (column) => column.primaryKey().notNull())
      .addColumn('rule', 'text', (column) => column.notNull())
      .addColumn('channel', 'text')
      .addColumn('ts', 'text')
      .execute();
    await sql`
      insert into summary_slots (slot, rule, channel, ts)
      select slot, json_extract(post, '$.rule'), json_extract(post, '$.place.channel'), json_extract(post, '$.place.ts')
      from summaries
    `.execute(db);
    // What was begun goes on as a message of the outbox, which looks before it posts again.
    await sql`
      insert into outbox (stream, kind, live, notice, state, attempts, created_at, retry_at, may_have_arrived)
      select 'fleet', 'summary', 'summary ' || slot, json_object('kind', 'summary', 'slot', slot), 'pending',
        json_extract(post, '$.tries'), json_extract(post, '$.at'), 0, json_extract(post, '$.tries') > 0
      from summaries where json_extract(post, '$.end') is null
    `.execute(db);
    await db.schema.dropTable('summaries').execute();
    await db.schema.alterTable('summary_slots').renameTo('summaries').execute();
  },

  restores,
  restoreRooms,
  configuration,
];

export const newestSchema = migrations.length;

/** Brings the database to `newestSchema` in one transaction. Refuses one that a newer program has written. */
export async function migrate(db: Database): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx.schema
      .createTable('schema_version')
      .ifNotExists()
      .addColumn('version', 'integer', (column) => column.notNull())
      .execute();
    const found = await trx.selectFrom('schema_version').select('version').executeTakeFirst();
    const version = found?.version ?? 0;
    if (version > newestSchema) {
      throw new Error(
        `the records have schema ${version}, this program knows schemas up to ${newestSchema}: ` +
          'a newer version of the program has used them. Start that version, or restore an older copy of the records.',
      );
    }
    if (version === newestSchema) return;
    for (const migration of migrations.slice(version)) await migration(trx as unknown as Kysely<never>);
    await trx.deleteFrom('schema_version').execute();
    await trx.insertInto('schema_version').values({ version: newestSchema }).execute();
  });
}
