import type { BackupRun } from '../../src/domain/run/run.ts';
import type { ClusterWatch } from '../../src/domain/watch/cluster-watch.ts';
import { newWatch } from '../../src/domain/watch/watch-turn.ts';
import type { Records } from '../../src/workflow/ports/records.ts';
import { aPlan, aRun } from './runs.ts';

/** A watch of a cluster that was last seen completely on a release. */
export function settledWatch(
  cluster: string,
  { version, since, seenAt }: { version: string; since: number; seenAt: number },
  change: Partial<ClusterWatch> = {},
): ClusterWatch {
  const release = { version, image: `quay.io/release@sha256:${version}` };
  const { clusterId } = aPlan;
  return {
    ...newWatch(cluster),
    seen: { at: seenAt, clusterId, state: { kind: 'settled', release, since }, requested: undefined },
    settled: { release, clusterId, since, arrival: `${version}@${since}` },
    ...change,
  };
}

export async function putWatch(records: Records, watch: ClusterWatch, now: number): Promise<void> {
  const decision = () => ({ watch, events: [], notices: [] });
  await records.decideWatch({ cluster: watch.cluster, now, decision });
}

let runs = 0;

/** A run of `cluster` that took a backup; its files lie on the node. Times in ms UTC, sizes in bytes. */
export function backupOf(
  cluster: string,
  { at, ms = 41_000, bytes = 100_000_000 }: { at: number; ms?: number; bytes?: number },
  change: Partial<BackupRun> = {},
): BackupRun {
  runs += 1;
  const directory = aPlan.directory;
  return aRun({
    id: `r-${String(runs).padStart(8, '0')}`,
    cluster,
    status: 'succeeded',
    requestedAt: at - 60_000,
    startedAt: at,
    finishedAt: at + ms,
    plan: { ...aPlan, ...change.plan },
    success: {
      artifacts: {
        snapshot: {
          path: `${directory}/snapshot.db`,
          size: bytes,
          sha256: 'a'.repeat(64),
          status: undefined,
        },
        resources: { path: `${directory}/resources.tar.gz`, size: 74_000, sha256: 'b'.repeat(64) },
      },
      scriptMs: ms,
      sessionPodLeft: undefined,
    },
    ...change,
  });
}

/** A run of `cluster` that failed. */
export function failureOf(cluster: string, at: number): BackupRun {
  const failure = { kind: 'script-disk-full', params: {} } as const;
  return backupOf(
    cluster,
    { at },
    {
      status: 'failed',
      success: undefined,
      failed: { failure, step: 'running-script', outputTail: [], left: undefined },
    },
  );
}
