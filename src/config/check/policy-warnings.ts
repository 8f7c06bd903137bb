import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { policyGaps } from '../../domain/doctor/policy-gaps.ts';
import type { Config } from '../build/config.ts';

/** What works as it is written, and would be missed at 3 a.m.; `doctor` says the same of the running bot. One line each. */
export async function policyWarnings(
  { fleet, drillTools }: Pick<Config, 'fleet' | 'drillTools'>,
  searchPath: string,
): Promise<readonly string[]> {
  const { onNodeOnly, withoutOwners } = policyGaps(fleet.clusters);
  const drilled = fleet.clusters.filter(
    ({ backedUpBy, drill, copies = [] }) => backedUpBy === undefined && drill && copies.length > 0,
  );
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
    ...(drilled.length > 0
      ? await missingTools(drilled.map(({ name }) => name).join(', '), drillTools, searchPath)
      : []),
  ];
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
