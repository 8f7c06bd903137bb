import { md } from '../markup.ts';
import type { FindingsWording } from '../wording.ts';

const topology = {
  looked: md`Control plane topology`,
  why: md`Only a control plane on nodes of its own has an etcd that the backup script can reach.`,
};
const version = {
  looked: md`Cluster version`,
  why: md`A restore needs a backup of exactly the same z-stream, and during an update the cluster is on none.`,
};
const certificates = {
  looked: md`First certificate rotation`,
  why: md`A backup from before the first rotation (within 24 h of the installation) holds certificates that are expired at a restore.`,
};
const previewApi = {
  looked: md`The cluster's own backup API (technology preview)`,
  why: md`Its “completed” is no proof, and its files go down with the cluster.`,
};

/** What the cluster is: its topology, release and certificates. */
export const releaseFindings = {
  'topology.runs': (p, t) => ({ ...topology, found: md`The topology is ${t.code(p.topology)}.` }),
  'topology.hosted': () => ({
    ...topology,
    found: md`The control plane is hosted on another cluster, so etcd is not on nodes of this one.`,
    next: md`Back etcd up on the cluster that hosts the control plane.`,
  }),
  'topology.dual-replica': () => ({
    ...topology,
    found: md`The control plane has two nodes (DualReplica).`,
    next: md`The backup works as always. A restore follows another procedure: look it up in the documentation of your release now, not in an emergency.`,
  }),
  'topology.unknown-kind': (p, t) => ({
    ...topology,
    found: md`The topology is ${t.code(p.topology)}, which this bot does not know.`,
    next: md`Look up in the documentation of your release whether the etcd backup procedure applies to it.`,
  }),
  'topology.unreadable': (p, t) => ({
    ...topology,
    found: md`The topology could not be read: ${t.why(p.why)}.`,
    next: md`Let the bot read ${t.code('infrastructures/cluster')}.`,
  }),

  'version.microshift': () => ({
    ...version,
    found: md`This is MicroShift, which has no ClusterVersion and another way of backing up.`,
    next: md`Use the backup procedure of MicroShift.`,
  }),
  'version.settled': (p, t) => ({
    ...version,
    found: md`The cluster is on ${t.code(p.version)} and no update is in progress.`,
  }),
  'version.not-a-z-stream': (p, t) => ({
    ...version,
    found: md`The version is ${t.code(p.version)}, which is no released z-stream.`,
    next: md`For a restore you need exactly this build. Keep its release image together with the backup.`,
  }),
  'version.updating': (p, t) => ({
    ...version,
    found: md`An update from ${t.code(p.from)} to ${t.code(p.to)} is in progress${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
    next: md`Wait until the update is finished, then ask again.`,
  }),
  'version.update-requested': (p, t) => ({
    ...version,
    found: md`An update to ${t.code(p.version)} was requested and is about to begin.`,
    next: md`Wait until the update is finished, then ask again.`,
  }),
  'version.failing': (p, t) => ({
    ...version,
    found: md`The cluster is on ${t.code(p.version)} and reports that an update fails${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
    next: md`Settle the update first; ${t.code('oc adm upgrade')} shows what it waits for.`,
  }),
  'version.unreadable': (p, t) => ({
    ...version,
    found: md`The cluster's version could not be read: ${t.why(p.why)}.`,
    next: md`Let the bot read ${t.code('clusterversions/version')}.`,
  }),

  'certificates.rotated': (p, t) => ({
    ...certificates,
    found: md`Done: the cluster was installed at ${t.time(p.installedAt)} and its first certificates have been replaced.`,
  }),
  'certificates.too-young': (p, t) => ({
    ...certificates,
    found: md`The cluster was installed at ${t.time(p.installedAt)}, less than 24 h ago.`,
    next: md`Ask again after ${t.moment(p.retryAt)}.`,
  }),
  'certificates.installer-signer-in-use': (p, t) => ({
    ...certificates,
    found: md`A short-lived certificate of the installer is still in use in ${t.code(p.bundle)}.`,
    next: md`Ask again after ${t.moment(p.retryAt)}.`,
  }),
  'certificates.age-only': (p, t) => ({
    ...certificates,
    found: md`The cluster was installed at ${t.time(p.installedAt)}, more than 24 h ago. The certificates in ${t.code(p.bundle)} could not be read: ${t.why(p.why)}.`,
    next: md`The age alone speaks for a finished rotation. To be sure, let the bot read this ConfigMap in ${t.code('openshift-config-managed')}.`,
  }),
  'certificates.install-time-unknown': () => ({
    ...certificates,
    found: md`It is not known when the cluster was installed.`,
    next: md`Make sure that the cluster is older than 24 h before you rely on this backup.`,
  }),

  'backup-api.preview-in-use': (p, t) => ({
    ...previewApi,
    found: md`The cluster also makes backups by its own preview API: ${t.names(p.names)}${p.more ? ` and ${p.more} more` : ''}. They do not count as coverage: the API can report success after a failure, and the files lie on a volume of the cluster itself.`,
    next: md`Do not rely on them for a restore. Backups that the bot has proven are in ${t.code('/etcd-backup list')}.`,
  }),
} satisfies Partial<FindingsWording>;
