import { startWorld, type World } from '../world.ts';

/** `dir`: empty or absent. */
export type OpenWorld = (dir: string) => Promise<World>;

/** Short, so that a fault that lasts until a deadline is over in seconds. */
const deadlines = {
  session: { startDeadline: '8s', scriptDeadline: '6s', commandDeadline: '5s' },
  requestDeadline: '2s',
};

/** Copies have faults of their own; here nothing but the run itself may take time. */
export const openRunsWorld: OpenWorld = (dir) =>
  startWorld({ dir, etcd: false, copies: false, clusterConfig: deadlines });

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
