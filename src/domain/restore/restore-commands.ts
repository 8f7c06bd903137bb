import { releaseLine } from '../cluster/z-stream.ts';
import type { FileKind, Manifest, ManifestCopy, ManifestFile } from './manifest.ts';
import { fileKinds, locationOf } from './manifest.ts';

/**
 * The commands of a restore plan, one line or here-document each. Everything from outside goes through `word`.
 * They need a POSIX shell with GNU coreutils, and age or aws where a copy asks for them.
 */

/** One shell word, quoted where it has to be. */
export function word(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) && !text.startsWith('-')
    ? text
    : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Directory on the recovery host: of this run alone, since the restore script takes the newest of each kind. */
export function hostDirectory(manifest: Manifest): string {
  return `/home/core/assets/backup/restore-${manifest.runId}`;
}

/** A room of one's own: both files open every door of the cluster. */
export function roomCommands(manifest: Manifest): readonly string[] {
  const room = `restore-${manifest.runId}`;
  return [`umask 077 && mkdir -p ${room} && cd ${room}`];
}

/** Name under which a fetched copy lies before it is decrypted. */
export function fetchedName(file: ManifestFile, copy: ManifestCopy): string {
  return copy.encryptedFor.length > 0 ? `${file.name}.age` : file.name;
}

/** Fetches one copy and proves that it is what was stored. */
export function fetchCommands(file: ManifestFile, copy: ManifestCopy): readonly string[] {
  const name = fetchedName(file, copy);
  return [fetchCommand(copy, name), digestCheck([{ sha256: copy.storedSha256, name }])];
}

function fetchCommand(copy: ManifestCopy, name: string): string {
  const { place } = copy;
  if (place.kind === 'directory') return `cp ${word(locationOf(copy))} ${word(name)}`;
  const endpoint = place.endpoint === null ? '' : ` --endpoint-url ${word(place.endpoint)}`;
  const region = place.region === null ? '' : ` --region ${word(place.region)}`;
  return `aws s3 cp ${word(locationOf(copy))} ${word(name)}${endpoint}${region}`;
}

/** The reader sets `AGE_KEY_FILE`; left unset, the first line says so. */
export function decryptCommands(file: ManifestFile): readonly string[] {
  const key = '"$AGE_KEY_FILE"';
  return [
    `: "\${AGE_KEY_FILE:?first: export AGE_KEY_FILE=/path/of/your/age/key}"`,
    `age -d -i ${key} -o ${word(file.name)} ${word(`${file.name}.age`)}`,
  ];
}

export function digestsCommands(manifest: Manifest): readonly string[] {
  return [digestCheck(fileKinds.map((kind) => manifest.files[kind]))];
}

function digestCheck(files: readonly { readonly sha256: string; readonly name: string }[]): string {
  return `sha256sum -c <<'EOF'\n${digestLines(files)}\nEOF`;
}

function digestLines(files: readonly { readonly sha256: string; readonly name: string }[]): string {
  return files.map(({ sha256, name }) => `${sha256}  ${name}`).join('\n');
}

/** etcd's own check: its last 32 bytes are the SHA-256 of all bytes before them. */
export function trailerCommands(snapshot: ManifestFile): readonly string[] {
  const name = word(snapshot.name);
  const body = `$(head -c -32 ${name} | sha256sum | cut -d ' ' -f 1)`;
  const trailer = `$(tail -c 32 ${name} | od -An -v -tx1 | tr -d ' \\n')`;
  return [
    `if [ "${body}" = "${trailer}" ]; then echo "snapshot: whole"; else echo "snapshot: DAMAGED, do not restore it"; false; fi`,
  ];
}

export function archiveCommands(resources: ManifestFile): readonly string[] {
  const name = word(resources.name);
  return [
    `if tar -tzf ${name} > /dev/null; then echo "static pod resources: whole"; else echo "static pod resources: DAMAGED, do not restore them"; false; fi`,
  ];
}

/** `$RECOVERY_HOST` stands in all commands that follow: another healthy node is one change in one place. */
export function hostCommands(manifest: Manifest): readonly string[] {
  return [`export RECOVERY_HOST=${word(manifest.node.ip)}`];
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

function ssh(host = '"$RECOVERY_HOST"'): string {
  return `ssh core@${host}`;
}

export function otherNodes(manifest: Manifest): readonly string[] {
  return manifest.members.filter((name) => name !== manifest.node.name);
}

const stopByHand = [
  'for pod in etcd kube-apiserver; do f=/etc/kubernetes/manifests/$pod-pod.yaml; sudo test ! -e $f || sudo mv -v $f /tmp/ || exit 1; done',
  'while { list=$(sudo crictl ps) || exit 1; echo "$list" | grep -E "etcd|kube-apiserver" | grep -vE "operator|guard"; }; do sleep 5; done',
  'sudo mv -v /var/lib/etcd/ /tmp/',
].join('; ');

/** Releases up to 4.17. One command for each node: the data is moved only when the containers are gone. */
export function stopOthersCommands(manifest: Manifest): readonly string[] {
  return otherNodes(manifest).map((name) => `${ssh(word(name))} '${stopByHand}'`);
}

/** Releases from 4.18 on: on every control-plane node, the recovery host included. */
export function disableEtcdCommands(manifest: Manifest): readonly string[] {
  return manifest.members.map((name) => `${ssh(word(name))} 'sudo -E /usr/local/bin/disable-etcd.sh'`);
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

export function kubeletCommands(manifest: Manifest): readonly string[] {
  const restart = `'sudo systemctl restart kubelet.service'`;
  return [`${ssh()} ${restart}`, ...otherNodes(manifest).map((name) => `${ssh(word(name))} ${restart}`)];
}

export const requestsCommands: readonly string[] = [
  'oc get csr',
  'oc describe csr NAME',
  'oc adm certificate approve NAME',
];

export const guardOffCommands: readonly string[] = [
  `oc patch etcd/cluster --type=merge -p '{"spec": {"unsupportedConfigOverrides": {"useUnsupportedUnsafeNonHANonProductionUnstableEtcd": true}}}'`,
];

export const stableCommands: readonly string[] = ['oc adm wait-for-stable-cluster'];

export const guardOnCommands: readonly string[] = [
  `oc patch etcd/cluster --type=merge -p '{"spec": {"unsupportedConfigOverrides": null}}'`,
];

/** Both files are gone again from the person's disk and from the host. */
export function tidyCommands(manifest: Manifest): readonly string[] {
  return [`cd .. && rm -r restore-${manifest.runId}`, `${ssh()} 'sudo rm -r ${hostDirectory(manifest)}'`];
}

/** For a rollout that does not come by itself. The reason must differ each time. */
export const redeployCommands: readonly string[] = [
  `oc patch etcd/cluster --type=merge -p '{"spec": {"forceRedeploymentReason": "recovery-'"$(date --rfc-3339=ns)"'"}}'`,
];
