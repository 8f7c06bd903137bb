import { releaseLine } from '../cluster/z-stream.ts';
import { type FileKind, fileKinds, type Manifest } from '../copies/manifest-document.ts';
import { digestLines, hostDirectory, word } from './file-commands.ts';
import { type Host, otherHosts, recoveryHost } from './recovery-host.ts';
import type { StaticPod } from './release-lines.ts';

/** The commands of a restore plan that run on control-plane nodes, over SSH: one line or here-document each. */

function ssh(host = '"$RECOVERY_HOST"'): string {
  return `ssh core@${host}`;
}

function onEach(hosts: readonly Host[], script: string): readonly string[] {
  return hosts.map(({ name, address }) => `${ssh(word(address ?? name))} '${script}'`);
}

/** `$RECOVERY_HOST` is in all commands that follow: another healthy node is one change in one place. */
export function hostCommands(manifest: Manifest): readonly string[] {
  const { name, address } = recoveryHost(manifest);
  return [`export RECOVERY_HOST=${word(address ?? name)}`];
}

/** Through sudo, because the directory above may belong to root alone. Ends with the digests as the host sees them. */
export function placeCommands(manifest: Manifest): readonly string[] {
  const directory = hostDirectory(manifest);
  const put = (kind: FileKind) => {
    const { name } = manifest.files[kind];
    return `${ssh()} 'sudo tee ${directory}/${name} > /dev/null' < ${word(name)}`;
  };
  const files = fileKinds.map((kind) => manifest.files[kind]);
  return [
    `${ssh()} 'sudo install -d -m 0700 ${directory}'`,
    ...fileKinds.map(put),
    `${ssh()} 'sudo sh -c "cd ${directory} && ls -A && sha256sum -c"' <<'EOF'\n${digestLines(files)}\nEOF`,
  ];
}

/** What the restore script would stop at, or remove. */
export const obstacleCommands: readonly string[] = [
  `${ssh()} 'for d in /var/lib/etcd /var/lib/etcd-backup; do echo "$d:"; sudo test ! -e $d || sudo ls -A $d; done'`,
];

/**
 * Moves the manifests away and waits for each pod's containers, by namespace: a workload's container of the same name holds
 * nothing up. After five minutes it says what still runs. The data moves only when all are gone.
 */
function stopScript(pods: readonly StaticPod[]): string {
  const wait = [
    'n=0',
    'while { list=$(sudo crictl ps --label io.kubernetes.pod.namespace=openshift-$pod --name "^$pod" -q) || exit 1; [ -n "$list" ]; }',
    'do n=$((n + 1)); [ $n -le 60 ] || { echo "$pod still runs: crictl stop $list"; exit 1; }; echo "waiting for $pod to stop"; sleep 5; done',
  ].join('; ');
  const each = `f=/etc/kubernetes/manifests/$pod-pod.yaml; sudo test ! -e $f || sudo mv -v $f /tmp/ || exit 1; ${wait}`;
  return `for pod in ${pods.join(' ')}; do ${each}; done; sudo mv -v /var/lib/etcd/ /tmp/`;
}

/** Releases up to 4.17: one command for each of the other control-plane nodes. */
export function stopOthersCommands(manifest: Manifest, pods: readonly StaticPod[]): readonly string[] {
  return onEach(otherHosts(manifest), stopScript(pods));
}

const keepalived = '/etc/kubernetes/manifests/keepalived.yaml';

/**
 * Where there is a keepalived, it goes and the node's addresses are shown; the recovery host's are shown last. A workload may
 * have a container of that name: after two minutes it is shown, with its pod, and the addresses say the rest.
 */
export function keepalivedCommands(manifest: Manifest): readonly string[] {
  const away = [
    `f=${keepalived}`,
    'sudo test ! -e $f || sudo mv -v $f /home/core/ || exit 1',
    'n=0',
    'while { list=$(sudo crictl ps --name "^keepalived$" -q) || exit 1; [ -n "$list" ]; }',
    'do n=$((n + 1)); [ $n -le 24 ] || { echo "a container keepalived still runs:"; sudo crictl ps --name "^keepalived$"; break; }; echo "waiting for keepalived to stop"; sleep 5; done',
    'ip -o address',
  ].join('; ');
  return [...onEach(otherHosts(manifest), away), `${ssh()} 'ip -o address'`];
}

export function keepalivedBackCommands(manifest: Manifest): readonly string[] {
  const back = `sudo test ! -e /home/core/keepalived.yaml || sudo cp -v /home/core/keepalived.yaml ${keepalived}`;
  return onEach(otherHosts(manifest), back);
}

/** Releases from 4.18 on: on every control-plane node, the recovery host included. */
export function disableEtcdCommands(hosts: readonly Host[]): readonly string[] {
  return onEach(hosts, 'sudo -E /usr/local/bin/disable-etcd.sh');
}

/** `file`: the node's own, which systemd reads. `typed`: there is no such file before 4.7. */
export type RestoreProxy = 'none' | 'file' | 'typed';

const firstMinorWithProxyFile = 7;

export function restoreProxy({ proxyUsed, release }: Manifest): RestoreProxy {
  if (!proxyUsed) return 'none';
  const line = releaseLine(release.zStream);
  return line?.major === 4 && line.minor < firstMinorWithProxyFile ? 'typed' : 'file';
}

const askProxy =
  'for name in HTTP_PROXY HTTPS_PROXY NO_PROXY; do printf \\"%s: \\" \\$name; read -r \\$name; export \\$name; done';

/**
 * The proxy's values stay on the node: they may hold a password. The file is systemd's and no shell may read it: a password
 * with `;` or `$` would be run, or be another one.
 */
export function restoreCommands(manifest: Manifest): readonly string[] {
  const script = `/usr/local/bin/cluster-restore.sh ${hostDirectory(manifest)}`;
  switch (restoreProxy(manifest)) {
    case 'none':
      return [`${ssh()} 'sudo -E ${script}'`];
    case 'file':
      return [`${ssh()} 'sudo systemd-run --pipe --wait -p EnvironmentFile=/etc/mco/proxy.env ${script}'`];
    case 'typed':
      return [`ssh -t core@"$RECOVERY_HOST" 'sudo sh -c "${askProxy}; exec ${script}"'`];
  }
}

/** For a NotReady control-plane node: new certificates are asked for once the old ones are gone. */
export const kubeletCertificateCommands: readonly string[] = [
  `${ssh('"$NOT_READY_NODE"')} 'sudo sh -c "rm -fv /var/lib/kubelet/pki/*.pem"'`,
];

export function kubeletCommands(manifest: Manifest): readonly string[] {
  const restart = 'sudo systemctl restart kubelet.service';
  return [`${ssh()} '${restart}'`, ...onEach(otherHosts(manifest), restart)];
}

/** OVN-Kubernetes from 4.14 on keeps its databases on every node: the recovery host first. */
export function ovnNodeCommands(manifest: Manifest): readonly string[] {
  const renew = 'sudo sh -c "rm -fv /var/lib/ovn-ic/etc/*.db && systemctl restart ovs-vswitchd ovsdb-server"';
  const pod = (name: string) =>
    `oc -n openshift-ovn-kubernetes delete pod -l app=ovnkube-node --field-selector=spec.nodeName==${word(name)}`;
  const others = otherHosts(manifest).flatMap((host) => [...onEach([host], renew), pod(host.name)]);
  return [
    `${ssh()} '${renew}'`,
    pod(recoveryHost(manifest).name),
    ...others,
    'oc -n openshift-ovn-kubernetes get pods -o wide',
  ];
}

/** Up to 4.13 the databases are on the control-plane nodes. */
export function ovnUpTo413Commands(manifest: Manifest): readonly string[] {
  const remove = 'sudo sh -c "rm -fv /var/lib/ovn/etc/*.db"';
  return [
    `${ssh()} '${remove}'`,
    ...onEach(otherHosts(manifest), remove),
    'oc -n openshift-ovn-kubernetes delete pods -l app=ovnkube-master',
    'oc -n openshift-ovn-kubernetes get pods -l app=ovnkube-master',
    'oc -n openshift-ovn-kubernetes delete pods -l app=ovnkube-node',
    'oc -n openshift-ovn-kubernetes get pods -l app=ovnkube-node',
  ];
}

export function rebootCommands(manifest: Manifest): readonly string[] {
  return [...onEach(otherHosts(manifest), 'sudo systemctl reboot'), `${ssh()} 'sudo systemctl reboot'`];
}

/** The peer of a pair with fencing must not form a cluster of its own when it comes back. */
export function fencingPeerCommands(manifest: Manifest): readonly string[] {
  const script =
    'sudo crm_attribute --delete --name force_new_cluster --lifetime reboot --node "$(hostname)"; sudo pcs status';
  return onEach(otherHosts(manifest), script);
}

/** Both files are gone again from the person's disk and from the host. */
export function tidyCommands(manifest: Manifest): readonly string[] {
  return [`cd .. && rm -r restore-${manifest.runId}`, `${ssh()} 'sudo rm -r ${hostDirectory(manifest)}'`];
}
