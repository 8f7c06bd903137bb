import { md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { FindingTexts } from '../finding-text.ts';

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
  why: md`It can say “completed” after a failure, and its files go down with the cluster.`,
};

/** What the cluster is: its topology, release and certificates. */
export const releaseFindings = (t: Tools) =>
  ({
    'topology.runs': (p) => ({ ...topology, found: md`The topology is ${t.code(p.topology)}.` }),
    'topology.hosted': (p) => ({
      ...topology,
      found: md`The control plane is hosted on another cluster, so etcd is not on nodes of this one.`,
      next:
        p.by === undefined
          ? md`Back etcd up on the cluster that hosts the control plane, and have it written under ${t.code('backedUpBy')} in the bot's configuration who does it.`
          : md`It is backed up by: ${p.by}. Ask there.`,
    }),
    'topology.backed-up-elsewhere': (p) => ({
      ...topology,
      found: md`The bot's configuration says that this cluster is backed up by: ${p.by}. Its control plane is its own, so this bot could do it as well.`,
      next: md`Nothing reminds of backups here and nothing alerts. If that is not meant, have ${t.code('backedUpBy')} taken out.`,
    }),
    'topology.dual-replica': () => ({
      ...topology,
      found: md`The control plane has two nodes (DualReplica).`,
      next: md`The backup itself works as on three nodes. A restore follows another procedure: look it up in the documentation of your release now, not in an emergency.`,
    }),
    'topology.unknown-kind': (p) => ({
      ...topology,
      found: md`The topology is ${t.code(p.topology)}, which this bot does not know.`,
      next: md`Look up in the documentation of your release whether the etcd backup procedure applies to it.`,
    }),
    'topology.unreadable': (p) => ({
      ...topology,
      found: md`The topology could not be read: ${t.why(p.why)}.`,
      next: t.remedy(p.why, md`Let the bot read ${t.code('infrastructures/cluster')}.`),
    }),

    'version.microshift': () => ({
      ...version,
      found: md`This is MicroShift, which has no ClusterVersion and another way of backing up.`,
      next: md`Use the backup procedure of MicroShift.`,
    }),
    'version.settled': (p) => ({
      ...version,
      found: md`The cluster is on ${t.code(p.version)} and no update is in progress.`,
    }),
    'version.not-a-z-stream': (p) => ({
      ...version,
      found: md`The version is ${t.code(p.version)}, which is no released z-stream.`,
      next: md`For a restore you need exactly this build. Keep its release image together with the backup.`,
    }),
    'version.updating': (p) => ({
      ...version,
      found: md`${p.from ? md`An update from ${t.code(p.from)} to ${t.code(p.to)} is in progress` : md`The cluster is still on its way to ${t.code(p.to)}`}${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
      next: md`Wait until the update is finished, then ask again.`,
    }),
    'version.update-to-come': (p) => ({
      ...version,
      found: md`The cluster is on ${t.code(p.version)}, and an update to ${t.code(p.to)} was requested that can begin at any moment.`,
      next: md`Take the request back with ${t.code('oc adm upgrade --clear')}, back up, then request the update again. If it has begun, wait until it is finished.`,
    }),
    'version.update-refused': (p) => ({
      ...version,
      found: md`The cluster is on ${t.code(p.version)}. An update to ${t.code(p.to)} was requested, and the cluster has not accepted it: ${t.quote(p.message)}.`,
      next: md`Take this backup now: as soon as that is settled the update can begin by itself, and from then on no backup can be taken. ${t.code('oc adm upgrade')} shows the reason.`,
    }),
    'version.spec-unseen': (p) => ({
      ...version,
      found: md`The cluster is on ${t.code(p.version)}. Its ClusterVersion was changed and the version operator has not looked at the change yet; no other release is requested.`,
      next: md`The backup can run. If this stays so, look at the version operator: ${t.code('oc get pods -n openshift-cluster-version')}.`,
    }),
    'version.operators-unwell': (p) => ({
      looked: version.looked,
      why: md`A cluster reports ${t.code('Failing')} whenever one of its operators is degraded or unavailable, also long after an update. It does not block a backup.`,
      found: md`The cluster is on ${t.code(p.version)}, no update is in progress. It reports ${t.code('Failing')}${p.message ? md`: ${t.quote(p.message)}` : ''}.${p.names.length > 0 ? md` Operators that are degraded or unavailable: ${t.names(p.names)}.` : ''}`,
      next: md`The backup can run. Look into the operators afterwards: ${t.code('oc get clusteroperators')}.`,
    }),
    'version.progress-unknown': (p) => ({
      ...version,
      found: md`By its history the cluster is on ${t.code(p.version)}, but it does not say whether an update is in progress (condition ${t.code('Progressing')}).`,
      next: md`Make sure that no update is running: ${t.code('oc adm upgrade')}.`,
    }),
    'version.update-requested': (p) => ({
      ...version,
      found: md`An update to ${t.code(p.version)} was requested and is about to begin.`,
      next: md`Wait until the update is finished, then ask again.`,
    }),
    'version.failing': (p) => ({
      ...version,
      found: md`The cluster is on ${t.code(p.version)} and reports that an update fails${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
      next: md`Settle the update first; ${t.code('oc adm upgrade')} shows what it waits for.`,
    }),
    'version.unreadable': (p) => ({
      ...version,
      found: md`The cluster's version could not be read: ${t.why(p.why)}.`,
      next: t.remedy(p.why, md`Let the bot read ${t.code('clusterversions/version')}.`),
    }),

    'certificates.rotated': (p) => ({
      ...certificates,
      found: md`Done: the cluster was installed at ${t.time(p.installedAt)} and its first certificates have been replaced.`,
    }),
    'certificates.too-young': (p) => ({
      ...certificates,
      found: md`The cluster was installed at ${t.time(p.installedAt)}, less than 24 h ago.`,
      next: md`Ask again after ${t.moment(p.retryAt)}.`,
    }),
    'certificates.installer-signer-in-use': (p) => ({
      ...certificates,
      found: md`A short-lived certificate of the installer is still in use in ${t.code(p.bundle)}.`,
      next: md`Ask again after ${t.moment(p.retryAt)}.`,
    }),
    'certificates.age-only': (p) => ({
      ...certificates,
      found: md`The cluster was installed at ${t.time(p.installedAt)}, more than 24 h ago. The certificates in ${t.code(p.bundle)} could not be read: ${t.why(p.why)}.`,
      next: md`The age alone speaks for a finished rotation. To be sure: ${t.remedy(p.why, md`Let the bot read this ConfigMap in ${t.code('openshift-config-managed')}.`)}`,
    }),
    'certificates.install-time-unknown': () => ({
      ...certificates,
      found: md`It is not known when the cluster was installed.`,
      next: md`Make sure that the cluster is older than 24 h before you rely on this backup.`,
    }),

    'backup-api.preview-in-use': (p) => ({
      ...previewApi,
      found: md`The cluster also makes backups by its own preview API: ${t.names(p.names)}${p.more ? ` and ${p.more} more` : ''}. They do not count as coverage: the API can report success after a failure, and the files lie on a volume of the cluster itself.`,
      next: md`Do not rely on them for a restore. Backups that the bot has verified are in ${t.code('/etcd-backup list')}.`,
    }),
  }) satisfies Partial<FindingTexts>;
