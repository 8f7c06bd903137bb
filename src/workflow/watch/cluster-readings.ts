import type { CredentialsLife } from '../../domain/cluster/credentials-life.ts';
import type { VersionFacts } from '../../domain/cluster/facts.ts';
import type { Reading, Unreadable } from '../../domain/cluster/reading.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { createLimiter } from '../ports/limiter.ts';
import { readFindings, type SeenFindings } from './full-reading.ts';
import type { WatchDeps } from './record-observation.ts';

/** A full reading is some forty requests, and what many of them hold at the same time the process keeps for good. */
const fullReadingsAtOnce = 8;
/** With these the question was not answered: it is asked again after the next reading of the version. */
const transient: readonly Unreadable['reason'][] = ['unreachable', 'timeout'];

/** What the watch reads of all clusters. It bounds how many are read at the same time. */
export interface ClusterReadings {
  version(cluster: ClusterPolicy): Promise<Reading<VersionFacts>>;
  /** From their own files; undefined: they do not say. */
  credentials(cluster: ClusterPolicy): Promise<CredentialsLife | undefined>;
  /** Once for each cluster id; undefined: no news. */
  newTopology(cluster: ClusterPolicy, clusterId: string): Promise<string | undefined>;
  /** undefined: the cluster did not answer. */
  findings(cluster: ClusterPolicy): Promise<SeenFindings | undefined>;
  /** undefined: no answer. */
  previewBackups(cluster: ClusterPolicy): Promise<boolean | undefined>;
  /** Whether the preview backup API was read since the start, or the cluster refused to answer. */
  askedForPreviewBackups(cluster: ClusterPolicy): boolean;
  /** The cluster left: one that comes back under its name is asked everything again. */
  forget(cluster: string): void;
}

export function createClusterReadings(
  deps: WatchDeps,
  { atOnce, stopped }: { readonly atOnce: number; readonly stopped: AbortSignal },
): ClusterReadings {
  // A cluster that hangs takes its whole deadline: it may not hold up those that answer.
  const lanes = { answering: createLimiter(atOnce), silent: createLimiter(atOnce) };
  const fullReadings = createLimiter(fullReadingsAtOnce);
  const silent = new Set<string>();
  /** The cluster's id when its topology was last read: another one under the name may be of another kind. */
  const topologyOf = new Map<string, string>();
  const previewRead = new Set<string>();
  return {
    async version(cluster) {
      const lane = silent.has(cluster.name) ? lanes.silent : lanes.answering;
      const read = await lane(stopped, () => deps.clusters.version(cluster));
      if (read.ok) silent.delete(cluster.name);
      else silent.add(cluster.name);
      return read;
    },
    credentials: (cluster) => deps.clusters.credentials(cluster),
    async newTopology(cluster, clusterId) {
      if (topologyOf.get(cluster.name) === clusterId) return undefined;
      const read = await lanes.answering(stopped, () => deps.clusters.topology(cluster));
      if (read.ok || !transient.includes(read.why.reason)) topologyOf.set(cluster.name, clusterId);
      return read.ok ? read.value : undefined;
    },
    async findings(cluster) {
      const findings = await fullReadings(stopped, () => readFindings(deps, cluster));
      if (findings) previewRead.add(cluster.name);
      return findings;
    },
    async previewBackups(cluster) {
      const read = await lanes.answering(stopped, () => deps.clusters.previewBackups(cluster));
      if (read.ok || !transient.includes(read.why.reason)) previewRead.add(cluster.name);
      return read.ok ? read.value.length > 0 : undefined;
    },
    askedForPreviewBackups: (cluster) => previewRead.has(cluster.name),
    forget(cluster) {
      for (const known of [silent, topologyOf, previewRead]) known.delete(cluster);
    },
  };
}
