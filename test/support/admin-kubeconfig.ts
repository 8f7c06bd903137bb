import { stringify } from 'yaml';
import type { SandboxCluster } from '../../sandbox/cluster/cluster.ts';

/** An administrator's kubeconfig: a context for each name, which leads to its cluster. The first one is the current one. */
export function adminKubeconfig(clusters: ReadonlyMap<string, SandboxCluster>): string {
  const each = [...clusters];
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: each.map(([name, { url, caPem }]) => ({
      name,
      cluster: { server: url, 'certificate-authority-data': Buffer.from(caPem).toString('base64') },
    })),
    users: each.map(([name, cluster]) => ({ name, user: { token: cluster.token('admin') } })),
    contexts: each.map(([name]) => ({ name, context: { cluster: name, user: name } })),
    'current-context': each[0]?.[0] ?? '',
  });
}
