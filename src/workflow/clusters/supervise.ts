import type { ChangingFleet } from '../ports/configuration.ts';

/** Work of each cluster for itself, from when it joins until it leaves. */
export interface ClusterSupervisor {
  start(): void;
  /** Ends the work of all of them. */
  stop(): void;
}

/**
 * Begins `work` for every cluster of the fleet, and for each that joins later; `signal` is aborted when that cluster leaves, or all
 * is stopped. `index` counts among those that begin together. `work` never rejects.
 */
export function superviseClusters(
  fleet: ChangingFleet,
  work: (cluster: string, index: number, signal: AbortSignal) => Promise<void>,
): ClusterSupervisor {
  const running = new Map<string, AbortController>();
  let unsubscribe: (() => void) | undefined;

  function begin(names: readonly string[]): void {
    for (const [index, name] of names.entries()) {
      if (running.has(name)) continue;
      const over = new AbortController();
      running.set(name, over);
      void work(name, index, over.signal);
    }
  }

  return {
    start() {
      if (unsubscribe) return;
      unsubscribe =
        fleet.subscribe?.(({ joined, left }) => {
          for (const name of left) {
            running.get(name)?.abort();
            running.delete(name);
          }
          begin(joined);
        }) ?? (() => undefined);
      begin(fleet.clusters.map(({ name }) => name));
    },
    stop() {
      unsubscribe?.();
      for (const each of running.values()) each.abort();
      running.clear();
    },
  };
}
