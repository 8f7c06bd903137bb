import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RestoreHostsOptions } from './options.ts';

const resources = 'etc/kubernetes/static-pod-resources';
const staticPods = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;
const here = import.meta.dirname;

/** Static pod resources as `cluster-backup.sh` packs them; key material is random. `file`: as a path below `etc/kubernetes`. */
export function staticPodFiles(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const pod of staticPods) {
    const folder = `static-pod-resources/${pod}-pod-7`;
    files.set(`${folder}/${pod}-pod.yaml`, podManifest(pod));
    files.set(`${folder}/secrets/serving-cert/tls.key`, `${randomBytes(600).toString('base64')}\n`);
  }
  return files;
}

export function podManifest(name: string): string {
  return `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\n`;
}

/** What a control-plane host has when its cluster has lost etcd: the pods that run, the data of before, certificates, databases. */
export async function furnishHost(
  root: string,
  { name, address }: { readonly name: string; readonly address: string },
  options: Pick<RestoreHostsOptions, 'minor' | 'keepalived' | 'notReady'>,
): Promise<void> {
  const { minor, keepalived = false, notReady = [] } = options;
  for (const folder of [
    'tmp',
    'home/core',
    'usr/local/bin',
    'var/lib/kubelet/pki',
    '.host/stuck',
    '.host/stopping',
  ])
    await mkdir(path.join(root, folder), { recursive: true });
  await write(root, '.host/address', address);
  for (const pod of staticPods)
    await write(root, `etc/kubernetes/manifests/${pod}-pod.yaml`, podManifest(pod));
  if (keepalived) await write(root, 'etc/kubernetes/manifests/keepalived.yaml', podManifest('keepalived'));
  const scripts = `${resources}/etcd-certs/configmaps/etcd-scripts`;
  for (const each of ['etcd.env', 'etcd-common-tools'])
    await write(root, `${scripts}/${each}`, '# of the node\n');
  await write(root, 'var/lib/etcd/member/snap/db', `the data of ${name} before the restore`);
  if (minor >= 18) await write(root, 'var/lib/etcd/revision.json', '{"maxRaftIndex": 5000}\n');
  await write(root, 'var/lib/kubelet/pki/kubelet-client-current.pem', 'of before\n');
  await write(root, `var/lib/${minor >= 14 ? 'ovn-ic' : 'ovn'}/etc/nb_db.db`, 'of before\n');
  await write(
    root,
    'etc/mco/proxy.env',
    'HTTPS_PROXY=http://user:p$x;y@proxy.example.com:3128\nNO_PROXY=.cluster.local\n',
  );
  // A workload that has nothing to do with etcd: no step may wait for it.
  await write(root, '.host/containers/workload/etcd-of-a-shop', '');
  if (notReady.includes(name)) await write(root, '.host/not-ready', '');
  const names = minor >= 18 ? ['cluster-restore.sh', 'disable-etcd.sh'] : ['cluster-restore.sh'];
  for (const each of names)
    await copyFile(path.join(here, 'node-scripts', each), path.join(root, 'usr/local/bin', each));
}

export async function write(root: string, file: string, text: string | Uint8Array): Promise<void> {
  const target = path.join(root, file);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, text);
}
