import { randomBytes } from 'node:crypto';
import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { keepPieces } from './behaviour.ts';

const RESOURCES = 'etc/kubernetes/static-pod-resources';
const REVISIONS = {
  'kube-apiserver': 7,
  'kube-controller-manager': 5,
  'kube-scheduler': 6,
  etcd: 2,
} as const;
const HERE = fileURLToPath(new URL('.', import.meta.url));

/** Where `etcd` keeps its database on a node. */
export const DATABASE = 'var/lib/etcd/member/snap/db';

/** Fills an empty directory with what a control-plane node has and the backup needs. Key material is random. */
export async function furnish(root: string, name: string, internalIp: string): Promise<void> {
  const folders = [
    '.sandbox/bin',
    '.sandbox/pieces',
    'usr/local/bin',
    'home/core',
    'root',
    'tmp',
    'etc/kubernetes/manifests',
  ];
  for (const folder of [...folders, path.dirname(DATABASE)])
    await mkdir(path.join(root, folder), { recursive: true });
  await chmod(path.join(root, 'tmp'), 0o1777);
  await write(root, 'etc/hostname', `${name}\n`);
  for (const [component, revision] of Object.entries(REVISIONS)) await staticPod(root, component, revision);
  await etcdCerts(root, internalIp);
  await copyFile(path.join(HERE, 'cluster-backup.sh'), path.join(root, 'usr/local/bin/cluster-backup.sh'));
  await copyFile(
    path.join(HERE, 'recorded/snapshot_etcd-3.5.16.db.gz'),
    path.join(root, '.sandbox/snapshot.db.gz'),
  );
  await copyFile(
    path.join(HERE, 'recorded/endpoint-status.txt'),
    path.join(root, '.sandbox/endpoint-status.txt'),
  );
  const crictl = path.join(root, '.sandbox/bin/crictl');
  await copyFile(path.join(HERE, 'crictl.sh'), crictl);
  await chmod(crictl, 0o755);
  // Commands on a node run as root; this machine's user need not be.
  const id = '#!/bin/sh\nif [ "$*" = -u ] || [ "$*" = -g ]; then echo 0; else exec /usr/bin/id "$@"; fi\n';
  await write(root, '.sandbox/bin/id', id, 0o755);
  await keepPieces(root);
}

/** The members of one static pod's directory, as a recorded tarball lists them. */
async function staticPod(root: string, component: string, revision: number): Promise<void> {
  const folder = `${RESOURCES}/${component}-pod-${revision}`;
  const manifest = podManifest(component, revision);
  await write(root, `etc/kubernetes/manifests/${component}-pod.yaml`, manifest);
  await write(root, `${folder}/${component}-pod.yaml`, manifest);
  await write(
    root,
    `${folder}/configmaps/config/config.yaml`,
    `apiVersion: v1\nkind: Config\ncomponent: ${component}\n`,
  );
  await write(
    root,
    `${folder}/secrets/serving-cert/tls.key`,
    `${randomBytes(1200).toString('base64')}\n`,
    0o600,
  );
  if (component !== 'kube-apiserver') return;
  const key = randomBytes(32).toString('base64');
  const encryption = `kind: EncryptionConfiguration\nresources: [{providers: [{aescbc: {keys: [{secret: ${key}}]}}]}]\n`;
  await write(root, `${folder}/secrets/encryption-config/encryption-config`, encryption, 0o600);
}

function podManifest(component: string, revision: number): string {
  return `apiVersion: v1
kind: Pod
metadata:
  name: ${component}
  labels: {revision: "${revision}"}
spec:
  volumes:
    - name: resource-dir
      hostPath: {path: /${RESOURCES}/${component}-pod-${revision}}
`;
}

async function etcdCerts(root: string, internalIp: string): Promise<void> {
  const configmaps = `${RESOURCES}/etcd-certs/configmaps`;
  await write(
    root,
    `${configmaps}/etcd-scripts/etcd.env`,
    `export ETCDCTL_ENDPOINTS="https://${internalIp}:2379"\n`,
  );
  await write(root, `${configmaps}/etcd-scripts/etcd-common-tools`, 'CONFIG_FILE_DIR="/etc/kubernetes"\n');
  await write(root, `${configmaps}/etcd-all-bundles/server-ca-bundle.crt`, 'the public CA bundle of etcd\n');
}

async function write(root: string, file: string, text: string, mode = 0o644): Promise<void> {
  const target = path.join(root, file);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, text, { mode });
}
