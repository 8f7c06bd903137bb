import { startWorld, type World } from '../world.ts';

/** `dir`: empty or absent. `patience`: as in the options of the demo. */
export type OpenWorld = (dir: string, patience: number) => Promise<World>;

/** With more, faults that last until a deadline would take minutes. */
const mostPatience = 3;

/** How long the bot waits for the cluster's API. Short, so that a fault that lasts until a deadline is over in seconds. */
export function apiDeadlines(patience: number): { readonly startMs: number; readonly requestMs: number } {
  const factor = Math.min(patience, mostPatience);
  return { startMs: 8_000 * factor, requestMs: 2_000 * factor };
}

/** Copies have faults of their own; here nothing but the run itself may take time. */
export const openRunsWorld: OpenWorld = (dir, patience) => {
  const { startMs, requestMs } = apiDeadlines(patience);
  const session = { startDeadline: `${startMs / 1000}s`, scriptDeadline: '6s', commandDeadline: '5s' };
  const clusterConfig = { session, requestDeadline: `${requestMs / 1000}s` };
  return startWorld({ dir, etcd: false, copies: false, clusterConfig });
};

/** Both files leave the cluster, and each place keeps no more than it must. Deadlines are the standard ones. */
export const openDestinationsWorld: OpenWorld = (dir) =>
  startWorld({
    dir,
    etcd: false,
    configure(config, { people }) {
      // Bots are stopped in order here, so that none waits for another's lease. Heartbeats and looks at the cluster are rare, so that
      // a lock on the records meets the writes of the run.
      config.records.lease = '30s';
      config.watch = { every: '2m' };
      for (const place of config.destinations ?? []) place.retention = { newest: 1 };
      for (const cluster of config.clusters) cluster.owners = [people.viewer];
    },
  });
