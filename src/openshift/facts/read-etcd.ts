import { isTrue } from '../../domain/cluster/condition.ts';
import type { EtcdFacts, EtcdPodFacts } from '../../domain/cluster/facts.ts';
import { mapReading, type Reading } from '../../domain/cluster/reading.ts';
import type { ApiClient } from '../api/api-client.ts';
import { operator } from '../api/resource.ts';
import { etcd, pod } from '../api/schemas.ts';

export async function readEtcd(api: ApiClient): Promise<Reading<EtcdFacts>> {
  return mapReading(await api.get(operator('etcds', 'cluster'), etcd), ({ status }) => ({
    conditions: status.conditions,
    nodeRevisions: status.nodeStatuses.map(({ nodeName, currentRevision }) => ({
      node: nodeName,
      currentRevision: currentRevision ?? 0,
    })),
  }));
}

/** The static pods of etcd; guards, installers and pruners of the same namespace have other labels. */
export async function readEtcdPods(api: ApiClient): Promise<Reading<readonly EtcdPodFacts[]>> {
  const pods = {
    group: '',
    version: 'v1',
    resource: 'pods',
    namespace: 'openshift-etcd',
    labelSelector: 'app=etcd',
  };
  return mapReading(await api.list(pods, pod), (found) =>
    found.map(({ metadata, spec, status }) => ({
      name: metadata.name,
      node: spec.nodeName,
      ready: isTrue(status?.conditions ?? [], 'Ready'),
      image: etcdImage(spec.containers),
    })),
  );
}

/** With two nodes and fencing (DualReplica) etcd itself runs outside of the pod, which keeps `etcdctl` of the same image. */
function etcdImage(containers: readonly { name: string; image: string }[]): string | undefined {
  const named = (name: string) => containers.find((container) => container.name === name)?.image;
  return named('etcd') || named('etcdctl') || undefined;
}
