import type { ClusterFailureKind } from '../../../../domain/cluster/cluster-failure.ts';
import type { CopyFault, StorageErrorKind } from '../../../../workflow/ports/destination.ts';
import { saidAndNext } from '../../kit/cluster-failure-text.ts';
import { clusterFailures } from '../../kit/en/cluster-failures.ts';
import { type Markup, md } from '../../kit/markup.ts';

/** Why a copy is not there, or not proven: by the place, by the bytes, or by the way onto the node. */
export type CopyFailureKind =
  | StorageErrorKind
  | CopyFault
  | 'session-lost'
  | 'session-taken'
  | 'session-not-started'
  | 'session-pod-stuck'
  | 'session-forbidden'
  | 'session-pod-security'
  | 'session-image'
  | 'session-pod-refused'
  | 'session-registry'
  | 'session-pod-rejected'
  | 'session-container'
  | 'session-kubelet-silent'
  | 'api-unreachable'
  | 'api-unauthorized'
  | 'command-failed'
  | 'command-deadline'
  | 'client-missing'
  | ClusterFailureKind;

/** What failed, and what a person can do about it. */
export interface CopyFailureText {
  readonly said: Markup;
  readonly next: Markup;
}

const again = md`If it happens again, look at the network and the node between the bot and the file.`;
const stored = md`There is a file of this name already`;

export const copyFailures: Readonly<Record<CopyFailureKind | 'unnamed', CopyFailureText>> = {
  ...saidAndNext(clusterFailures),
  exists: {
    said: md`${stored}, and nothing is ever overwritten`,
    next: md`Look at that file. If it is not a backup that you need, remove it.`,
  },
  'not-found': {
    said: md`the copy is not there any more`,
    next: md`Find out who or what removed it. While the original is on the node, copy it by hand; otherwise make a new backup.`,
  },
  full: {
    said: md`the destination is full`,
    next: md`Make room there, or let retention remove old backups.`,
  },
  'read-only': { said: md`the destination takes no writes`, next: md`Make it writable for the bot.` },
  denied: {
    said: md`the destination refuses the bot's credentials`,
    next: md`Check the credentials and rights of this destination in the bot's configuration.`,
  },
  'not-configured': {
    said: md`the bot's configuration has no destination of this name any more`,
    next: md`Put the destination back into the bot's configuration; backups of earlier days are there.`,
  },
  'not-known-place': {
    said: md`what is reached there is not the known place of this destination`,
    next: md`Mount the right volume, or check bucket and prefix. If it is the right place, have it adopted with the command “destination adopt”.`,
  },
  unreachable: {
    said: md`the destination could not be reached`,
    next: md`Check its address, the network and the mount between it and the bot.`,
  },
  timeout: {
    said: md`the destination did not answer in time`,
    next: md`Look whether it is overloaded or far away. Of a directory, look at the mount and its file server: it may hang.`,
  },
  'clock-skew': {
    said: md`the bot's clock and the destination's differ too much`,
    next: md`Set the clocks (NTP) on both sides.`,
  },
  'lock-missing': {
    said: md`the destination did not lock the object, although it was asked to, so it was removed again`,
    next: md`Switch object lock on for that bucket, or take the lock out of the bot's configuration.`,
  },
  'encryption-missing': {
    said: md`the destination did not encrypt the object, although it was asked to, so it was removed again`,
    next: md`Switch server-side encryption on there, or take it out of the bot's configuration.`,
  },
  torn: { said: md`not all bytes came: the stream ended early`, next: again },
  other: {
    said: md`the destination reports an error`,
    next: md`Read the detail, and look at the destination.`,
  },
  size: { said: md`the file that arrived is longer or shorter than on the node`, next: again },
  sha256: {
    said: md`the bytes differ from those that were sent: at least one of them changed`,
    next: md`Do not use that copy. If it happens again, look for a bad disk or memory on the way.`,
  },
  trailer: {
    said: md`the snapshot does not match the checksum that etcd wrote into it`,
    next: md`Make a new backup, and look at the node's disk.`,
  },
  format: {
    said: md`what was read is no etcd database`,
    next: md`Make a new backup, and look at the node's disk.`,
  },
  archive: {
    said: md`the archive of the static pod resources could not be read to its end`,
    next: md`Make a new backup, and look at the node's disk.`,
  },
  'hostile-member': {
    said: md`the archive holds a name that would be unpacked outside its directory`,
    next: md`Unpack it nowhere. Tell your security team: files on that node may have been tampered with.`,
  },
  incomplete: {
    said: md`the archive lacks files that a restore needs`,
    next: md`Make a new backup on another control-plane node.`,
  },
  'session-lost': {
    said: md`the session on the node was lost`,
    next: md`Look whether the node is Ready and whether the session's pod was deleted.`,
  },
  'session-taken': {
    said: md`another session was on this cluster`,
    next: md`Wait until the other backup is over.`,
  },
  'session-not-started': {
    said: md`no session could be opened on the node`,
    next: md`Look whether the node is Ready.`,
  },
  'session-pod-stuck': {
    said: md`an earlier session's pod does not go`,
    next: md`Look whether its node is Ready.`,
  },
  'session-forbidden': {
    said: md`the bot is not allowed to open a session on the node`,
    next: md`Ask an administrator to apply the roles of the bot's deployment manifests.`,
  },
  'session-pod-security': {
    said: md`the cluster refuses the session's pod`,
    next: md`Label the session's namespace as the deployment manifests do.`,
  },
  'session-pod-refused': {
    said: md`the cluster does not let the session's pod in`,
    next: md`Run a check of the cluster: it says which rule refuses the pod.`,
  },
  'session-registry': {
    said: md`the node did not reach the registry of the session's image`,
    next: md`Look at the registry, or remove the image from the bot's configuration.`,
  },
  'session-pod-rejected': {
    said: md`the node did not keep the session's pod`,
    next: md`Look whether the node is Ready and has room for a pod.`,
  },
  'session-container': {
    said: md`the node could not start the session's container`,
    next: md`Look at CRI-O and the kubelet of the node.`,
  },
  'session-kubelet-silent': {
    said: md`the node's kubelet did not take up the session's pod`,
    next: md`Look whether the node is Ready.`,
  },
  'session-image': {
    said: md`the node could not get the session's image`,
    next: md`Remove the image from the bot's configuration, or name one that the node can pull.`,
  },
  'api-unreachable': {
    said: md`the cluster's API could not be reached`,
    next: md`Look whether the cluster answers. The files on the node can also be fetched over SSH.`,
  },
  'api-unauthorized': {
    said: md`the cluster does not accept the bot's credentials`,
    next: md`Renew the bot's token for this cluster.`,
  },
  'command-failed': { said: md`the file could not be read on the node`, next: again },
  'command-deadline': {
    said: md`reading the file on the node took too long, or stalled`,
    next: again,
  },
  'client-missing': {
    said: md`the bot has no oc or kubectl`,
    next: md`Install one where the bot runs, or name it in the configuration.`,
  },
  /** Of a later release, say: its detail has to do. */
  unnamed: {
    said: md`it did not work`,
    next: md`Read the detail. If it does not help, show it to the administrator of this bot.`,
  },
};
