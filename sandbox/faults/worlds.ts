import { readFile, writeFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';
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
export const openDestinationsWorld: OpenWorld = async (dir) => {
  const world = await startWorld({ dir, etcd: false });
  await reconfigure(world, (config) => {
    // Bots are stopped in order here, so that none waits for another's lease. Heartbeats and looks at the cluster are rare, so that
    // a lock on the records meets the writes of the run.
    config.records.lease = '30s';
    config.watch = { every: '2m' };
    for (const place of config.destinations) place.retention = { newest: 1 };
    for (const cluster of config.clusters) cluster.owners = [world.people.viewer];
  });
  return world;
};

/** The parts of the bot's configuration file that scenarios change. */
interface ConfigFile {
  records: Record<string, unknown>;
  destinations: Record<string, unknown>[];
  clusters: Record<string, unknown>[];
  [key: string]: unknown;
}

/** Changes the file that the next bot reads. The answer puts it back. */
export async function reconfigure(
  { configFile }: World,
  change: (config: ConfigFile) => void,
): Promise<() => Promise<void>> {
  const before = await readFile(configFile, 'utf8');
  const config = parse(before) as ConfigFile;
  change(config);
  await writeFile(configFile, stringify(config));
  return () => writeFile(configFile, before);
}
