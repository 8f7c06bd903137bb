import type { MessagePlace } from '../../domain/people/message-place.ts';
import type { ClusterWatch } from '../../domain/watch/cluster-watch.ts';
import type { WatchView } from '../../workflow/ports/records.ts';
import { type Database, write } from '../engine/schema.ts';
import { newestProven } from '../runs/proven-backups.ts';
import { fromRow } from '../runs/run-row.ts';
import { runIsActive } from '../runs/runs.ts';
import { fromWatchRow } from './watch-row.ts';

/** Scheduled runs that are over which a decision is shown. */
const scheduledShown = 10;

export async function watch(db: Database, cluster: string): Promise<ClusterWatch | undefined> {
  const row = await db.selectFrom('watches').selectAll().where('cluster', '=', cluster).executeTakeFirst();
  if (!row) return undefined;
  const messages = await db.selectFrom('watch_messages').selectAll().where('cluster', '=', cluster).execute();
  return fromWatchRow(row, messages);
}

export async function watchView(db: Database, cluster: string, now: number): Promise<WatchView> {
  const active = await db
    .selectFrom('runs')
    .selectAll()
    .where('cluster', '=', cluster)
    .where(runIsActive)
    .executeTakeFirst();
  const scheduled = await db
    .selectFrom('ended_runs')
    .innerJoin('runs', 'runs.id', 'ended_runs.run_id')
    .selectAll('runs')
    .where('ended_runs.cluster', '=', cluster)
    .where('ended_runs.origin', '=', 'schedule')
    .orderBy('ended_runs.seq', 'desc')
    .orderBy('ended_runs.run_id', 'desc')
    .limit(scheduledShown)
    .execute();
  return {
    watch: await watch(db, cluster),
    proven: await newestProven(db, { cluster, now }),
    active: active && fromRow(active),
    scheduled: scheduled.map(fromRow),
  };
}

export async function watchMessagePosted(
  db: Database,
  cluster: string,
  id: string,
  place: MessagePlace,
): Promise<void> {
  await write(db, async (trx) => {
    const watched = await trx
      .selectFrom('watches')
      .select('cluster')
      .where('cluster', '=', cluster)
      .executeTakeFirst();
    if (!watched) {
      throw new Error(`cluster ${cluster} was never watched: the place of its message could not be written`);
    }
    const { channel, ts } = place;
    await trx
      .insertInto('watch_messages')
      .values({ cluster, id, channel, ts })
      .onConflict((conflict) => conflict.columns(['cluster', 'id']).doUpdateSet({ channel, ts }))
      .execute();
  });
}
