import { type DoctorLine, doctorLine } from '../../domain/doctor/doctor.ts';
import type { NetworkWay } from '../../domain/network/network-way.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { Examination } from './examining.ts';

/** Which way leads through which proxy. Checks settings only: other lines report whether the peer answers. */
export async function examineNetwork(
  { ways }: Pick<Examination, 'ways'>,
  clusters: readonly ClusterPolicy[],
): Promise<readonly DoctorLine[]> {
  if (!ways) return [];
  const all = await ways();
  if (all.every(({ proxy }) => proxy === undefined)) return [doctorLine('network.no-proxy', {})];
  return all.filter((way) => concerns(way, clusters)).map(lineOf);
}

function concerns({ to }: NetworkWay, clusters: readonly ClusterPolicy[]): boolean {
  switch (to.kind) {
    case 'slack':
      return true;
    case 'cluster':
      return clusters.some(({ name }) => name === to.name);
    case 'destination':
      return clusters.some(({ copies = [] }) => copies.some(({ destination }) => destination === to.name));
  }
}

function lineOf({ to, host, proxy }: NetworkWay): DoctorLine {
  return proxy ? doctorLine('way.proxied', { to, host, ...proxy }) : doctorLine('way.direct', { to, host });
}
