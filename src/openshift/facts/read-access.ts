import { mapReading, type Reading } from '../../domain/cluster/reading.ts';
import type { ClusterAccess } from '../../domain/doctor/cluster-access.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { ApiClient } from '../api/api-client.ts';
import { namespace } from '../api/schemas.ts';
import { readOwnRights } from './own-rights.ts';
import { readEtcdPods } from './read-etcd.ts';
import { readInfrastructure } from './read-infrastructure.ts';

const enforcedLevel = 'pod-security.kubernetes.io/enforce';

/** Asks for everything at once; each fact is known or unknown on its own. */
export async function readClusterAccess(
  api: ApiClient,
  cluster: ClusterPolicy,
  now: () => number,
): Promise<ClusterAccess> {
  const [serverTime, rights, etcdPods, podSecurity, infrastructure] = await Promise.all([
    api.serverTime(now),
    readOwnRights(api, cluster.session.namespace),
    readEtcdPods(api),
    readPodSecurity(api, cluster.session.namespace),
    readInfrastructure(api),
  ]);
  const topology = mapReading(infrastructure, (read) => read.controlPlaneTopology);
  return { serverTime, rights, etcdPods, podSecurity, topology };
}

async function readPodSecurity(api: ApiClient, name: string): Promise<Reading<string | undefined>> {
  const reading = await api.get({ group: '', version: 'v1', resource: 'namespaces', name }, namespace);
  return mapReading(reading, ({ metadata }) => metadata.labels?.[enforcedLevel]);
}
