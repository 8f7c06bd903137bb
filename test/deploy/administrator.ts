import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { SandboxCluster } from '../../sandbox/cluster/cluster.ts';

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

export function adminConfig({ url, caPem, token }: SandboxCluster): string {
  const ca = Buffer.from(caPem).toString('base64');
  const names = ['prod-east', 'prod-west', 'hub'];
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: names.map((name) => ({ name, cluster: { server: url, 'certificate-authority-data': ca } })),
    users: [{ name: 'admin', user: { token: token('admin') } }],
    contexts: names.map((name) => ({ name, context: { cluster: name, user: 'admin' } })),
    'current-context': 'hub',
  });
}
