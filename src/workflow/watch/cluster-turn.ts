import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { Clock } from '../ports/ports.ts';
import type { ClusterReadings } from './cluster-readings.ts';
import { type SeenFindings, unreadFindings, wantsFindings } from './full-reading.ts';
import type { ObservationRecorder } from './observation-recorder.ts';
import type { WatchLog } from './watch-log.ts';

/** Then a reminder is posted without its findings. */
const attemptsForFindings = 3;

/** Reads a cluster and records what was observed. */
export function createClusterTurn(
  clock: Pick<Clock, 'now'>,
  readings: ClusterReadings,
  { record }: Pick<ObservationRecorder, 'record'>,
  log: WatchLog,
): (cluster: ClusterPolicy) => Promise<void> {
  const failedReadings = new Map<string, number>();
  const reading = new Set<string>();

  async function addFindings(cluster: ClusterPolicy): Promise<void> {
    let findings: SeenFindings | undefined;
    try {
      findings = await readings.findings(cluster);
    } finally {
      const failed = findings ? 0 : (failedReadings.get(cluster.name) ?? 0) + 1;
      const enough = findings !== undefined || failed >= attemptsForFindings;
      failedReadings.set(cluster.name, enough ? 0 : failed);
      if (enough) await record(cluster, { findings: findings ?? unreadFindings });
    }
  }

  async function addPreviewBackups(cluster: ClusterPolicy): Promise<void> {
    const previewBackups = await readings.previewBackups(cluster);
    if (previewBackups !== undefined) await record(cluster, { previewBackups });
  }

  /** Beside the turns, one at a time for each cluster: it may have to wait for others, the next turn may not. */
  async function beside({ name }: ClusterPolicy, work: () => Promise<void>): Promise<void> {
    if (reading.has(name)) return;
    reading.add(name);
    try {
      await work();
    } finally {
      reading.delete(name);
    }
  }

  return async (cluster) => {
    const { name } = cluster;
    const read = await readings.version(cluster);
    log.versionRead(name, read);
    // Before the first decision about the cluster: one with a hosted control plane gets no reminder.
    const topology = read.ok ? await readings.newTopology(cluster, read.value.clusterId) : undefined;
    const credentials = { life: await readings.credentials(cluster) };
    const watch = await record(cluster, { reading: read, topology, credentials });
    if (!read.ok) return;
    if (wantsFindings(watch, clock.now())) {
      void log.guarded(name, 'full reading', () => beside(cluster, () => addFindings(cluster)));
    } else if (watch && watch.previewBackups === undefined && !readings.askedForPreviewBackups(cluster)) {
      // Once, also where no reminder asks for a full reading.
      void log.guarded(name, 'preview backups', () => beside(cluster, () => addPreviewBackups(cluster)));
    }
  };
}
