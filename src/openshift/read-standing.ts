import type { ClusterStanding } from '../domain/cluster-standing.ts';
import type { ClusterPolicy } from '../domain/policy.ts';
import { mapReading, type Reading } from '../domain/reading.ts';
import type { ApiClient } from './api-client.ts';
import { readOwnRights } from './own-rights.ts';
import { readEtcdPods } from './read-etcd.ts';
import { namespace } from './schemas.ts';

const enforcedLevel = 'pod-security.kubernetes.io/enforce';

/** Asks for everything at once; each fact is known or unknown on its own. */
export async function readStanding(
  api: ApiClient,
  cluster: ClusterPolicy,
  now: () => number,
): Promise<ClusterStanding> {
  const [serverTime, rights, etcdPods, podSecurity] = await Promise.all([
    api.serverTime(now),
    readOwnRights(api, cluster.session.namespace),
    readEtcdPods(api),
    readPodSecurity(api, cluster.session.namespace),
  ]);
  return { serverTime, rights, etcdPods, podSecurity };
}

async function readPodSecurity(api: ApiClient, name: string): Promise<Reading<string | undefined>> {
  const reading = await api.get({ group: '', version: 'v1', resource: 'namespaces', name }, namespace);
  return mapReading(reading, ({ metadata }) => metadata.labels?.[enforcedLevel]);
}
