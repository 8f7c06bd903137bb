import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SandboxCluster } from '../../sandbox/cluster/cluster.ts';
import { adminKubeconfig } from '../support/admin-kubeconfig.ts';

/** `oc` as the commands of the documents call it: the real kubectl, but for what only a real API server does. */
export async function putOc(folder: string, kubectl: string, token: string): Promise<void> {
  const script = `#!/bin/sh
case "$*" in
  *" create token etcd-backup "*) echo '${token}' ;;
  *" apply -k "*) for last; do :; done; exec '${kubectl}' kustomize "$last" ;;
  *" apply "*"-f -") cat ;;
  *) exec '${kubectl}' "$@" ;;
esac
`;
  await writeFile(join(folder, 'oc'), script, { mode: 0o755 });
}

/** Contexts of several names, `hub` the current one; all lead to this cluster. */
export function adminConfig(cluster: SandboxCluster): string {
  return adminKubeconfig(new Map(['hub', 'prod-east', 'prod-west'].map((name) => [name, cluster])));
}
