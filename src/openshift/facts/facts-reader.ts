import type { ClusterFacts } from '../../domain/cluster/facts.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { ApiClient } from '../api/api-client.ts';
import { readOwnRights } from './own-rights.ts';
import { readCaBundles } from './read-ca-bundles.ts';
import { readEncryption } from './read-encryption.ts';
import { readEtcd, readEtcdPods } from './read-etcd.ts';
import { readInfrastructure, readProxy } from './read-infrastructure.ts';
import { readNodes } from './read-nodes.ts';
import { readOperators, readWorkerPools } from './read-operators.ts';
import { readPreviewBackups } from './read-preview-backups.ts';
import { readSessionPod } from './read-session-pod.ts';
import { readVersion } from './read-version.ts';

/** Asks for everything at once, then whether the session pod would come in; each fact is known or unknown on its own, so one refusal hides no other fact. */
export async function readFacts(
  api: ApiClient,
  cluster: ClusterPolicy,
  readAt: number,
): Promise<ClusterFacts> {
  const [
    version,
    infrastructure,
    proxy,
    operators,
    etcd,
    encryption,
    nodes,
    etcdPods,
    caBundles,
    workerPools,
    previewBackups,
    ownRights,
  ] = await Promise.all([
    readVersion(api),
    readInfrastructure(api),
    readProxy(api),
    readOperators(api),
    readEtcd(api),
    readEncryption(api),
    readNodes(api),
    readEtcdPods(api),
    readCaBundles(api),
    readWorkerPools(api),
    readPreviewBackups(api),
    readOwnRights(api, cluster.session.namespace),
  ]);
  const [sessionPod, configApi] = await Promise.all([
    readSessionPod(api, cluster, { nodes, etcdPods }),
    version.ok ? undefined : offersConfigApi(api),
  ]);
  return {
    cluster: cluster.name,
    readAt,
    version,
    infrastructure,
    proxy,
    operators,
    etcd,
    encryption,
    nodes,
    etcdPods,
    caBundles,
    workerPools,
    previewBackups,
    ownRights,
    ...(sessionPod ? { sessionPod } : {}),
    ...(configApi === undefined ? {} : { configApi }),
  };
}

/** By the server's own list of its API groups; undefined: it gave none. */
async function offersConfigApi(api: ApiClient): Promise<boolean | undefined> {
  return (await api.groups())?.includes('config.openshift.io');
}
