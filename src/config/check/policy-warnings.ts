import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { policyGaps } from '../../domain/doctor/policy-gaps.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { Config } from '../build/config.ts';

/** What works as it is written, and would be missed at 3 a.m.; `doctor` says the same of the running bot. One line each. */
export async function policyWarnings(
  { fleet, connections, drillTools }: Pick<Config, 'fleet' | 'connections' | 'drillTools'>,
  searchPath: string,
): Promise<readonly string[]> {
  const { onNodeOnly, withoutOwners } = policyGaps(fleet.clusters);
  const drilled = fleet.clusters.filter(
    ({ backedUpBy, drill, copies = [] }) => backedUpBy === undefined && drill && copies.length > 0,
  );
  const noWhere = directoriesWithoutWhere(fleet.clusters);
  return [
    ...(onNodeOnly.length > 0
      ? [
          `no copies for ${onNodeOnly.join(', ')}: backups stay on a control-plane node only and may be lost with the cluster`,
        ]
      : []),
    ...(withoutOwners.length > 0
      ? [
          `no owners for ${withoutOwners.join(', ')}: no owner is notified when a schedule, a drill or a destination fails`,
        ]
      : []),
    ...(noWhere.length > 0
      ? [
          `no where for ${noWhere.join(', ')}: RESTORE.md will name a path inside the bot's pod; say how people reach the directory (where of the destination)`,
        ]
      : []),
    ...fleet.clusters.flatMap((cluster, index) =>
      connections[index]?.kubeconfig === 'in-cluster' ? ownCluster(cluster) : [],
    ),
    ...(drilled.length > 0
      ? await missingTools(drilled.map(({ name }) => name).join(', '), drillTools, searchPath)
      : []),
  ];
}

/** What is lost together with the cluster that the bot runs on; nothing is said where people outside know where its backups are. */
function ownCluster({ name, backedUpBy, copies = [] }: ClusterPolicy): readonly string[] {
  if (backedUpBy !== undefined) return [];
  const unknown = copies.filter(({ custodians }) => custodians.length === 0);
  if (copies.length > 0 && unknown.length === 0) return [];
  const lost = `${name} is the cluster that the bot runs on: the bot, its records and its alarms are lost with it`;
  if (copies.length === 0) return [`${lost}, and so are its backups; run the bot elsewhere`];
  const places = [...new Set(unknown.map(({ destination }) => destination))].join(', ');
  return [
    `${lost}; name who can fetch the backups without the bot (custodians of ${places}), or run it elsewhere`,
  ];
}

/** Names of directories that a cluster's files go to, and that people would have to find by the bot's own path. */
function directoriesWithoutWhere(clusters: readonly ClusterPolicy[]): readonly string[] {
  const used = clusters
    .filter(({ backedUpBy }) => backedUpBy === undefined)
    .flatMap(({ copies = [] }) => copies)
    .filter(({ place }) => place.kind === 'directory' && place.where === undefined);
  return [...new Set(used.map(({ destination }) => destination))];
}

/** Only whether the programs are there: the bot, and `doctor`, also run them. */
async function missingTools(
  clusters: string,
  dirs: Config['drillTools'],
  searchPath: string,
): Promise<readonly string[]> {
  const places = dirs === undefined ? [['PATH', searchPath] as const] : Object.entries(dirs);
  const found = await Promise.all(
    places.map(async ([key, path]) => {
      const where = dirs === undefined ? key : `${path} (drillTools of etcd ${key})`;
      const programs = ['etcd', 'etcdctl'];
      const there = await Promise.all(programs.map((program) => isIn(path, program)));
      const missing = programs.filter((_, index) => !there[index]);
      return missing.length === 0 ? [] : [`no ${missing.join(' and ')} in ${where}`];
    }),
  );
  return found
    .flat()
    .map((each) => `restore drills are wanted for ${clusters}, and on this machine there is ${each}`);
}

async function isIn(searchPath: string, program: string): Promise<boolean> {
  for (const dir of searchPath.split(delimiter).filter((each) => each !== '')) {
    if (await isExecutable(join(dir, program))) return true;
  }
  return false;
}

function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
