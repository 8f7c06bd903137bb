import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { ClusterWatch } from '../../domain/watch/cluster-watch.ts';
import { type Observation, recordObservation, type WatchDeps, waitsForBackup } from './record-observation.ts';

/** Records observations until the watch is stopped, and remembers which clusters wait for the end of a run. */
export interface ObservationRecorder {
  /** Throws once the watch is stopped. */
  record(cluster: ClusterPolicy, observation: Observation): Promise<ClusterWatch | undefined>;
  /** Names of clusters with a reminder, an alarm or a schedule that waits for the end of a run. */
  readonly waiting: ReadonlySet<string>;
  /** The cluster left. */
  forget(cluster: string): void;
  /** Until all that was begun is written. */
  finish(): Promise<void>;
}

export function createObservationRecorder(deps: WatchDeps, stopped: AbortSignal): ObservationRecorder {
  const waiting = new Set<string>();
  const writing = new Set<Promise<unknown>>();
  return {
    async record(cluster, observation) {
      stopped.throwIfAborted();
      const written = recordObservation(deps, cluster, observation);
      writing.add(written);
      try {
        const watch = await written;
        if (waitsForBackup(watch)) waiting.add(cluster.name);
        else waiting.delete(cluster.name);
        return watch;
      } finally {
        writing.delete(written);
      }
    },
    waiting,
    forget: (cluster) => void waiting.delete(cluster),
    async finish() {
      await Promise.allSettled(writing);
    },
  };
}
