import type { KubeObject } from '../../cluster/kube-object.ts';
import { clusterName, type World } from '../../world.ts';
import type { PageCluster } from '../protocol.ts';

/** The cluster as its own objects say it. */
export function clusterFacts({ cluster }: World): PageCluster {
  const { objects } = cluster;
  const { version, says } = cluster.upgrade.status();
  return {
    name: clusterName,
    version,
    says,
    operators: objects.list('clusteroperators').map((each) => ({
      name: each.metadata.name,
      version: versionOf(each),
      isAvailable: conditionOf(each, 'Available'),
      isProgressing: conditionOf(each, 'Progressing'),
      isDegraded: conditionOf(each, 'Degraded'),
    })),
    nodes: objects.list('nodes').map((each) => ({
      name: each.metadata.name,
      isReady: conditionOf(each, 'Ready'),
      isControlPlane: Object.hasOwn(each.metadata.labels ?? {}, 'node-role.kubernetes.io/master'),
    })),
    proxy: String(objects.get('proxies', 'cluster').status?.httpsProxy ?? ''),
    encryption: String(objects.get('apiservers', 'cluster').spec?.encryption?.type ?? ''),
    nextVersion: version.replace(/\d+$/, (patch) => String(Number(patch) + 1)),
  };
}

interface Listed {
  readonly type: string;
  readonly status: string;
}

function conditionOf({ status }: KubeObject, type: string): boolean {
  const conditions: readonly Listed[] = status?.conditions ?? [];
  return conditions.some((each) => each.type === type && each.status === 'True');
}

function versionOf({ status }: KubeObject): string {
  const versions: readonly { readonly name: string; readonly version: string }[] = status?.versions ?? [];
  return versions.find(({ name }) => name === 'operator')?.version ?? '';
}
