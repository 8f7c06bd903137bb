import type { Unreadable } from '../../domain/cluster/reading.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { createGate } from '../ports/gate.ts';
import { readFindings, type SeenFindings, unreadFindings, wantsFindings } from './full-reading.ts';
import type { ObservationRecorder } from './observation-recorder.ts';
import type { WatchDeps } from './record-observation.ts';
import type { WatchLog } from './watch-log.ts';

/** A full reading is some forty requests, and what many of them hold at the same time the process keeps for good. */
const fullReadingsAtOnce = 8;
/** Then a reminder is posted without its findings. */
const attemptsForFindings = 3;
/** With these the question was not answered: it is asked again after the next reading of the version. */
const transient: readonly Unreadable['reason'][] = ['unreachable', 'timeout'];

/** Reads a cluster and records what was observed. One for all clusters: it bounds how many are read at the same time. */
export function createClusterTurn(
  deps: WatchDeps,
  { record }: Pick<ObservationRecorder, 'record'>,
  log: WatchLog,
  { atOnce, stopped }: { readonly atOnce: number; readonly stopped: AbortSignal },
): (cluster: ClusterPolicy) => Promise<void> {
  // A cluster that hangs takes its whole deadline: it may not hold up those that answer.
  const lanes = { answering: createGate(atOnce), silent: createGate(atOnce) };
  const fullReadings = createGate(fullReadingsAtOnce);
  const silent = new Set<ClusterPolicy>();
  /** The cluster's id when its topology was last read: another one under the name may be of another kind. */
  const topologyOf = new Map<ClusterPolicy, string>();
  /** Whether they use the preview backup API was read since the start, or the cluster refused the question. */
  const previewRead = new Set<ClusterPolicy>();
  const failedReadings = new Map<ClusterPolicy, number>();
  const reading = new Set<ClusterPolicy>();

  async function version(cluster: ClusterPolicy) {
    const lane = silent.has(cluster) ? lanes.silent : lanes.answering;
    const read = await lane(stopped, () => deps.clusters.version(cluster));
    if (read.ok) silent.delete(cluster);
    else silent.add(cluster);
    log.versionRead(cluster.name, read);
    return read;
  }

  /** Before the first decision about the cluster: one with a hosted control plane gets no reminder. undefined: no news. */
  async function newTopology(cluster: ClusterPolicy, clusterId: string): Promise<string | undefined> {
    if (topologyOf.get(cluster) === clusterId) return undefined;
    const read = await lanes.answering(stopped, () => deps.clusters.topology(cluster));
    if (read.ok || !transient.includes(read.why.reason)) topologyOf.set(cluster, clusterId);
    return read.ok ? read.value : undefined;
  }

  async function addFindings(cluster: ClusterPolicy): Promise<void> {
    let findings: SeenFindings | undefined;
    try {
      findings = await fullReadings(stopped, () => readFindings(deps, cluster));
      if (findings) previewRead.add(cluster);
    } finally {
      const failed = findings ? 0 : (failedReadings.get(cluster) ?? 0) + 1;
      const enough = findings !== undefined || failed >= attemptsForFindings;
      failedReadings.set(cluster, enough ? 0 : failed);
      if (enough) await record(cluster, { findings: findings ?? unreadFindings });
    }
  }

  /** Once, also where no reminder asks for a full reading. */
  async function addPreviewBackups(cluster: ClusterPolicy): Promise<void> {
    const found = await lanes.answering(stopped, () => deps.clusters.previewBackups(cluster));
    if (found.ok || !transient.includes(found.why.reason)) previewRead.add(cluster);
    if (found.ok) await record(cluster, { previewBackups: found.value.length > 0 });
  }

  /** Beside the turns, one at a time for each cluster: it may have to wait for others, the next turn may not. */
  async function beside(cluster: ClusterPolicy, work: () => Promise<void>): Promise<void> {
    if (reading.has(cluster)) return;
    reading.add(cluster);
    try {
      await work();
    } finally {
      reading.delete(cluster);
    }
  }

  return async (cluster) => {
    const read = await version(cluster);
    const topology = read.ok ? await newTopology(cluster, read.value.clusterId) : undefined;
    const watch = await record(cluster, { reading: read, topology });
    if (!read.ok) return;
    const { name } = cluster;
    if (wantsFindings(watch, deps.clock.now())) {
      void log.guarded(name, 'full reading', () => beside(cluster, () => addFindings(cluster)));
    } else if (watch && watch.previewBackups === undefined && !previewRead.has(cluster)) {
      void log.guarded(name, 'preview backups', () => beside(cluster, () => addPreviewBackups(cluster)));
    }
  };
}
