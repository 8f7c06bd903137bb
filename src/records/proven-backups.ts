import type { ProvenBackup } from '../domain/proven-backup.ts';
import type { Database } from './schema.ts';

/** The newest proven backup of each cluster, cluster id and release, newest first; `cluster`: of this one alone. */
export async function newestProven(
  db: Database,
  cluster: string | undefined,
): Promise<readonly ProvenBackup[]> {
  let groups = db
    .selectFrom('ended_runs')
    .select((eb) => [
      'cluster',
      'proven_cluster_id',
      'proven_z_stream',
      eb.fn.max('proven_taken_at').as('taken_at'),
    ])
    .where('proven_taken_at', 'is not', null)
    .groupBy(['cluster', 'proven_cluster_id', 'proven_z_stream']);
  if (cluster !== undefined) groups = groups.where('cluster', '=', cluster);
  const rows = await db
    .selectFrom(groups.as('newest'))
    .innerJoin('ended_runs', (join) =>
      join
        .onRef('ended_runs.cluster', '=', 'newest.cluster')
        .onRef('ended_runs.proven_cluster_id', '=', 'newest.proven_cluster_id')
        .onRef('ended_runs.proven_z_stream', '=', 'newest.proven_z_stream')
        .onRef('ended_runs.proven_taken_at', '=', 'newest.taken_at'),
    )
    .selectAll('ended_runs')
    .where('ended_runs.proven_taken_at', 'is not', null)
    .orderBy('ended_runs.proven_taken_at', 'desc')
    .orderBy('ended_runs.run_id', 'desc')
    .execute();
  const seen = new Set<string>();
  return rows.flatMap((row): ProvenBackup[] => {
    const { proven_cluster_id: clusterId, proven_z_stream: zStream, proven_taken_at: takenAt } = row;
    if (clusterId === null || zStream === null || takenAt === null || row.proven_at === null) return [];
    // Two of the same millisecond: one stands for both.
    const group = JSON.stringify([row.cluster, clusterId, zStream]);
    if (seen.has(group)) return [];
    seen.add(group);
    return [
      {
        runId: row.run_id,
        cluster: row.cluster,
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
