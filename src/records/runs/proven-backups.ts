import type { ProvenBackup } from '../../domain/run/proven-backup.ts';
import { clocksApartMs } from '../../domain/text/trusted-time.ts';
import type { Database } from '../engine/schema.ts';

/**
 * The newest proven backup of each cluster, cluster id and release, newest first; `cluster`: of this one alone. One with a
 * date ahead of `now` (ms UTC) is none of them: its clock was wrong, and it must not count as one of those that are really there.
 */
export async function newestProven(
  db: Database,
  { cluster, now }: { cluster?: string; now: number },
): Promise<readonly ProvenBackup[]> {
  const latest = now + clocksApartMs;
  let groups = db
    .selectFrom('ended_runs')
    .select((eb) => ['cluster', 'proven_cluster_id', 'proven_z_stream', eb.fn.max('seq').as('seq')])
    .where('proven_taken_at', 'is not', null)
    .where('proven_taken_at', '<=', latest)
    .where('proven_at', '<=', latest)
    .groupBy(['cluster', 'proven_cluster_id', 'proven_z_stream']);
  if (cluster !== undefined) groups = groups.where('cluster', '=', cluster);
  const rows = await db
    .selectFrom(groups.as('newest'))
    .innerJoin('ended_runs', (join) =>
      join
        .onRef('ended_runs.cluster', '=', 'newest.cluster')
        .onRef('ended_runs.proven_cluster_id', '=', 'newest.proven_cluster_id')
        .onRef('ended_runs.proven_z_stream', '=', 'newest.proven_z_stream')
        .onRef('ended_runs.seq', '=', 'newest.seq'),
    )
    .selectAll('ended_runs')
    .where('ended_runs.proven_taken_at', 'is not', null)
    .orderBy('ended_runs.seq', 'desc')
    .execute();
  return rows.flatMap((row): ProvenBackup[] => {
    const { proven_cluster_id: clusterId, proven_z_stream: zStream, proven_taken_at: takenAt } = row;
    if (clusterId === null || zStream === null || takenAt === null || row.proven_at === null) return [];
    return [
      {
        runId: row.run_id,
        cluster: row.cluster,
        seq: row.seq,
        clusterId,
        zStream,
        takenAt,
        provenAt: row.proven_at,
        place: row.proven_place === 'off-cluster' ? 'off-cluster' : 'node',
        signersEndAt: row.proven_signers_end_at ?? undefined,
      },
    ];
  });
}
