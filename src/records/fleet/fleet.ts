import { type ExpressionBuilder, sql } from 'kysely';
import type { EndStatus } from '../../domain/run/run.ts';
import { clocksApartMs } from '../../domain/text/trusted-time.ts';
import type { ClusterWatch } from '../../domain/watch/cluster-watch.ts';
import type { FleetRecord, FleetRun } from '../../workflow/ports/records.ts';
import type { Database, Schema } from '../engine/schema.ts';
import { newestProven } from '../runs/proven-backups.ts';
import { runIsActive } from '../runs/runs.ts';
import { fromWatchRow } from '../watch/watch-row.ts';

/** Hears of a watch that cannot be read; the error names its row. */
export type OnUnreadable = (error: Error) => void;

/**
 * Six queries, however many clusters and runs there are; each is answered from an index or from few rows. One connection:
 * nothing of this program is written in between. A watch that cannot be read is logged and left out: of its cluster nothing
 * is known then, of all others everything.
 */
export function fleet(
  db: Database,
  { now }: { now: number },
  onUnreadable: OnUnreadable,
): Promise<readonly FleetRecord[]> {
  return db.connection().execute(async (connection) => {
    const { watches, unreadable } = await allWatches(connection);
    for (const error of unreadable.values()) onUnreadable(error);
    const active = byCluster(await activeRuns(connection));
    const failures = byCluster(await lastFailures(connection));
    const drills = byCluster(await lastDrills(connection, now));
    const proven = Map.groupBy(await newestProven(connection, { now }), ({ cluster }) => cluster);
    const withRuns = await connection.selectFrom('runs').select('cluster').distinct().execute();
    const names = new Set([
      ...watches.keys(),
      ...unreadable.keys(),
      ...withRuns.map(({ cluster }) => cluster),
    ]);
    return [...names].toSorted().map(
      (cluster): FleetRecord => ({
        cluster,
        watch: watches.get(cluster),
        proven: proven.get(cluster) ?? [],
        active: active.get(cluster)?.run,
        lastFailure: failures.get(cluster)?.run,
        lastDrill: drills.get(cluster)?.drill,
      }),
    );
  });
}

/** By cluster. */
interface Watches {
  readonly watches: ReadonlyMap<string, ClusterWatch>;
  readonly unreadable: ReadonlyMap<string, Error>;
}

async function allWatches(db: Database): Promise<Watches> {
  const messages = await db.selectFrom('watch_messages').selectAll().execute();
  const messagesOf = Map.groupBy(messages, ({ cluster }) => cluster);
  const watches = new Map<string, ClusterWatch>();
  const unreadable = new Map<string, Error>();
  for (const row of await db.selectFrom('watches').selectAll().execute()) {
    try {
      watches.set(row.cluster, fromWatchRow(row, messagesOf.get(row.cluster) ?? []));
    } catch (error) {
      unreadable.set(row.cluster, error as Error);
    }
  }
  return { watches, unreadable };
}

const fleetRun = ['cluster', 'id', 'status', 'requested_at', 'card_channel', 'card_ts'] as const;

interface RunRow {
  readonly cluster: string;
  readonly id: string;
  readonly status: string;
  readonly requested_at: number;
  readonly card_channel: string | null;
  readonly card_ts: string | null;
}

async function activeRuns(db: Database): Promise<readonly OfCluster[]> {
  // One unreadable run must not keep the whole fleet from being read.
  const expiresAt = sql<number | null>`case when json_valid(run) then json_extract(run, '$.expiresAt') end`;
  const rows = await db
    .selectFrom('runs')
    .select([...fleetRun, expiresAt.as('expires_at')])
    .where(runIsActive)
    .execute();
  return rows.map((row) => {
    const { cluster, run } = ofCluster(row, null);
    return { cluster, run: row.expires_at === null ? run : { ...run, expiresAt: row.expires_at } };
  });
}

const endsWithoutBackup: readonly EndStatus[] = ['failed', 'blocked', 'refused', 'expired'];

/** A person who is refused knows it; a refused schedule leaves its cluster without a backup, and no person noticed. */
function hasFailed({ and, or, eb }: ExpressionBuilder<Schema, 'ended_runs'>) {
  return and([
    eb('ended_runs.status', 'in', endsWithoutBackup),
    or([eb('ended_runs.status', '=', 'failed'), eb('ended_runs.origin', '=', 'schedule')]),
  ]);
}

/** A run that failed before the newest success is no news any more. */
async function lastFailures(db: Database): Promise<readonly OfCluster[]> {
  const newest = db
    .selectFrom('ended_runs')
    .select((eb) => ['cluster', eb.fn.max('seq').as('seq')])
    .groupBy('cluster');
  const rows = await db
    .selectFrom(newest.where(hasFailed).as('failure'))
    .leftJoin(newest.where('status', '=', 'succeeded').as('success'), 'success.cluster', 'failure.cluster')
    .innerJoin('ended_runs', (join) =>
      join.onRef('ended_runs.cluster', '=', 'failure.cluster').onRef('ended_runs.seq', '=', 'failure.seq'),
    )
    .innerJoin('runs', 'runs.id', 'ended_runs.run_id')
    .select(['runs.cluster', 'runs.id', 'runs.status', 'runs.requested_at', 'card_channel', 'card_ts'])
    .select('ended_runs.finished_at')
    .where(hasFailed)
    .where((eb) => eb.or([eb('success.seq', 'is', null), eb('failure.seq', '>', eb.ref('success.seq'))]))
    .orderBy('ended_runs.run_id')
    .execute();
  return rows.map((row) => ofCluster(row, row.finished_at));
}

interface OfCluster {
  readonly cluster: string;
  readonly run: FleetRun;
}

function ofCluster(row: RunRow, finishedAt: number | null): OfCluster {
  const { card_channel: channel, card_ts: ts } = row;
  return {
    cluster: row.cluster,
    run: {
      id: row.id,
      status: row.status as FleetRun['status'],
      requestedAt: row.requested_at,
      finishedAt: finishedAt ?? undefined,
      card: channel !== null && ts !== null ? { channel, ts } : undefined,
    },
  };
}

/** Drills are made on request at any time, so their own time orders them, unless it lies ahead. */
async function lastDrills(db: Database, now: number) {
  const newest = db
    .selectFrom('ended_runs')
    .select((eb) => ['cluster', eb.fn.max('drill_at').as('at')])
    .where('drill_at', '<=', now + clocksApartMs)
    // What the cluster left says nothing of its backups now.
    .where('left_by', 'is', null)
    .groupBy('cluster');
  const rows = await db
    .selectFrom(newest.as('newest'))
    .innerJoin('ended_runs', (join) =>
      join.onRef('ended_runs.cluster', '=', 'newest.cluster').onRef('ended_runs.drill_at', '=', 'newest.at'),
    )
    .select(['ended_runs.cluster', 'run_id', 'drill_ok', 'drill_at'])
    .where('drill_at', 'is not', null)
    .where('left_by', 'is', null)
    .orderBy('run_id')
    .execute();
  return rows.map(({ cluster, run_id: runId, drill_ok: ok, drill_at: at }) => ({
    cluster,
    drill: { ok: ok === 1, at: at ?? 0, runId },
  }));
}

/** The last one of each: where two are equally new, the order of their ids decides. */
function byCluster<T extends { readonly cluster: string }>(rows: readonly T[]): ReadonlyMap<string, T> {
  return new Map(rows.map((row) => [row.cluster, row]));
}
