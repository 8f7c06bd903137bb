import type { ClusterFacts } from '../domain/facts.ts';
import type { ClusterPolicy } from '../domain/policy.ts';
import type { ApiClient } from './api-client.ts';
import { readOwnRights } from './own-rights.ts';
import { readCaBundles } from './read-ca-bundles.ts';
import { readEncryption } from './read-encryption.ts';
import { readEtcd, readEtcdPods } from './read-etcd.ts';
import { readInfrastructure, readProxy } from './read-infrastructure.ts';
import { readNodes } from './read-nodes.ts';
import { readOperators, readWorkerPools } from './read-operators.ts';
import { readPreviewBackups } from './read-preview-backups.ts';
import { readVersion } from './read-version.ts';

/** Asks for everything at once; each fact is known or unknown on its own, so one refusal hides no other fact. */
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
  };
}
