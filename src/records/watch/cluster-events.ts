import type { Selectable } from 'kysely';
import type { ClusterEvent } from '../../domain/watch/cluster-watch.ts';
import type { ClusterEventsTable, Database, Write } from '../engine/schema.ts';

/** The caller decides on this cluster's watch: two writers cannot both follow the same event. */
export async function appendClusterEvents(
  trx: Write,
  cluster: string,
  events: readonly ClusterEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const last = await trx
    .selectFrom('cluster_events')
    .select('seq')
    .where('cluster', '=', cluster)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  const rows = events.map((event, index) => ({
    cluster,
    seq: (last?.seq ?? 0) + index + 1,
    at: event.at,
    kind: event.kind,
    detail: JSON.stringify(event.detail),
  }));
  await trx.insertInto('cluster_events').values(rows).execute();
}

export async function clusterEvents(
  db: Database,
  cluster: string,
  { limit }: { limit: number },
): Promise<readonly (ClusterEvent & { readonly seq: number })[]> {
  const rows = await db
    .selectFrom('cluster_events')
    .selectAll()
    .where('cluster', '=', cluster)
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toEvent);
}

function toEvent(row: Selectable<ClusterEventsTable>): ClusterEvent & { readonly seq: number } {
  try {
    return {
      seq: row.seq,
      at: row.at,
      kind: row.kind as ClusterEvent['kind'],
      detail: JSON.parse(row.detail) as ClusterEvent['detail'],
    };
  } catch (cause) {
    throw new Error(
      `event ${row.seq} of cluster ${row.cluster} in table cluster_events holds no JSON: it was changed`,
      {
        cause,
      },
    );
  }
}
