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
const operators = {
  looked: md`Control plane operators`,
  why: md`The backup script refuses to run while one of them is rolling out a change.`,
};
const etcd = {
  looked: md`etcd health`,
  why: md`Without a majority of its members etcd gives no snapshot. With a majority it does, and a backup is needed most when a member is ill.`,
};
const encryption = {
  looked: md`etcd encryption`,
  why: md`While encryption is being switched, values are under old and new keys at once and a backup may not be readable.`,
};
const node = {
  looked: md`Control-plane node`,
  why: md`The backup runs on exactly one healthy control-plane node, never on each.`,
};
const proxy = {
  looked: md`Cluster-wide proxy`,
  why: md`The script needs the proxy to pull an image, and etcd's own traffic must not go through it.`,
};
const offPeak = {
  looked: md`Off-peak window`,
  why: md`A backup reads and writes a lot on the node and can slow the cluster down.`,
};
const pools = {
  looked: md`Node pools (MachineConfigPools)`,
  why: md`Nodes that are still being updated may restart. The z-stream of the backup is not affected.`,
};
const rights = {
  looked: md`The bot's own rights`,
  why: md`A missing right would stop the run half-way, or leave a check without an answer.`,
};
const requester = {
  looked: md`The requester's rights`,
  why: md`Only cluster-admins may back up etcd: the files hold every secret of the cluster.`,
};
const disk = {
  looked: md`Disk space on the node`,
  why: md`A full disk on a control-plane node can take etcd down with it, so twice the size of the database must be free.`,
};
const clock = {
  looked: md`Clock of the node`,
  why: md`The files are named by the node's clock and the records kept by the bot's: whoever looks for the newest backup could take the wrong one.`,
};
const script = {
  looked: md`Backup script on the node`,
  why: md`The backup is made by OpenShift's own script, which every control-plane node carries.`,
};

export const findings: FindingsWording = {
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

  'operators.settled': (p, t) => ({
    ...operators,
    found: md`None of them is rolling out a change: ${t.names(p.names)}.`,
  }),
  'operator.progressing': (p, t) => ({
    ...operators,
    found: md`The operator ${t.code(p.name)} is rolling out a change${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
    next: md`Wait until it is done (usually 5 to 20 minutes), then ask again.`,
  }),
  'operator.degraded': (p, t) => ({
    looked: operators.looked,
    why: md`The control plane may be less healthy than it looks. The backup script runs nonetheless.`,
    found: md`The operator ${t.code(p.name)} reports that it is degraded${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
    next: md`The backup can run. Look into the operator afterwards: ${t.code(`oc describe clusteroperator ${p.name}`)}.`,
  }),
  'operator.condition-unknown': (p, t) => ({
    ...operators,
    found: md`The operator ${t.code(p.name)} does not say whether ${t.code(p.condition)} is true.`,
    next: md`The script checks it once more and stops by itself if it must.`,
  }),
  'operators.unreadable': (p, t) => ({
    ...operators,
    found: md`The operators could not be read: ${t.why(p.why)}.`,
    next: md`Let the bot read ${t.code('clusteroperators')}.`,
  }),

  'etcd.available': (p, t) => ({
    ...etcd,
    found: md`All members are available${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
  }),
  'etcd.no-quorum': (p, t) => ({
    ...etcd,
    found: md`etcd does not report a majority of healthy members${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
    next: md`Repair etcd first. If the majority is lost for good, restore from the newest backup instead.`,
  }),
  'etcd.member-down': (p, t) => ({
    ...etcd,
    found: md`A member of etcd is down, the majority still works${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
    next: md`Take this backup now, then replace or repair the member.`,
  }),
  'etcd.degraded': (p, t) => ({
    ...etcd,
    found: md`etcd reports that it is degraded${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
    next: md`Take this backup now, then look into it: ${t.code('oc describe etcd cluster')}.`,
  }),
  'etcd.unreadable': (p, t) => ({
    ...etcd,
    found: md`The health of etcd could not be read: ${t.why(p.why)}.`,
    next: md`Let the bot read ${t.code('etcds/cluster')}.`,
  }),

  'encryption.settled': (p, t) => ({
    ...encryption,
    found: md`Encryption is on (${t.code(p.type)}) and no switch is in progress.`,
  }),
  'encryption.off': () => ({
    ...encryption,
    found: md`Encryption is off: every Secret can be read in the snapshot.`,
  }),
  'encryption.migrating': (p, t) => ({
    ...encryption,
    found: md`Encryption is being switched in ${t.code(p.component)} (${t.code(p.reason)}).`,
    next: md`Wait until the switch is finished (usually 20 minutes or more), then ask again.`,
  }),
  'encryption.unreadable': (p, t) => ({
    ...encryption,
    found: md`The state of encryption could not be read from ${t.code(p.what)}: ${t.why(p.why)}.`,
    next: md`Make sure that nobody is switching encryption right now, and let the bot read it.`,
  }),

  'node.chosen': (p, t) => ({
    ...node,
    found:
      p.because === 'named'
        ? md`The node ${t.code(p.node)}, as asked for, is fit.`
        : p.because === 'only'
          ? md`The node ${t.code(p.node)} is the only one that is fit.`
          : md`The node ${t.code(p.node)} was chosen: the first one that is fit.`,
  }),
  'node.cordoned': (p, t) => ({
    ...node,
    found: md`The node ${t.code(p.node)} is cordoned: somebody may be working on it.`,
    next: md`Ask whether it is about to be restarted, or name another node with ${t.code('node=…')}.`,
  }),
  'node.none-fit': (p, t) => ({
    ...node,
    found:
      p.rejected.length === 0
        ? md`The cluster shows no control-plane node.`
        : md`No control-plane node is fit: ${t.list(p.rejected.map((each) => md`${t.code(each.node)} ${t.unfit(each.because)}`))}.`,
    next: md`Get one control-plane node Ready with a running etcd pod, then ask again.`,
  }),
  'node.not-found': (p, t) => ({
    ...node,
    found: md`The cluster has no node named ${t.code(p.node)}.`,
    next:
      p.known.length === 0
        ? md`Leave the node out and the bot chooses one.`
        : md`Control-plane nodes are ${t.names(p.known)}. Or leave the node out and the bot chooses one.`,
  }),
  'node.unfit': (p, t) => ({
    ...node,
    found: md`The node ${t.code(p.node)} ${t.unfit(p.because)}.`,
    next:
      p.fit.length === 0
        ? md`No other node is fit either. Get one Ready, then ask again.`
        : md`Ask again with one of ${t.names(p.fit)}, or leave the node out.`,
  }),
  'node.etcd-pod-unknown': (p, t) => ({
    ...node,
    found: md`Whether the etcd pod on ${t.code(p.node)} is ready could not be read: ${t.why(p.why)}.`,
    next: md`Let the bot list pods in ${t.code('openshift-etcd')}.`,
  }),
  'nodes.unreadable': (p, t) => ({
    ...node,
    found: md`The nodes could not be read: ${t.why(p.why)}.`,
    next: md`Let the bot list nodes.`,
  }),

  'proxy.none': () => ({ ...proxy, found: md`The cluster uses no proxy.` }),
  'proxy.exported': () => ({ ...proxy, found: md`In use; the script gets all of its settings.` }),
  'proxy.node-not-excluded': (p, t) => ({
    ...proxy,
    found: md`In use, and its noProxy list lacks the node's address ${t.code(p.nodeIp)}.`,
    next: md`For this run the bot adds the address itself. Add the machine network to ${t.code('spec.noProxy')} of the cluster's Proxy to settle it for good.`,
  }),
  'proxy.unreadable': (p, t) => ({
    ...proxy,
    found: md`The proxy's settings could not be read: ${t.why(p.why)}.`,
    next: md`Let the bot read ${t.code('proxies/cluster')}. Without it the script runs without a proxy.`,
  }),

  'off-peak.inside': (p, t) => ({
    ...offPeak,
    found: md`It is off-peak now (${t.code(p.window)}, ${p.timeZone}).`,
  }),
  'off-peak.outside': (p, t) => ({
    ...offPeak,
    found: md`It is outside the off-peak window (${t.code(p.window)}, ${p.timeZone}).`,
    next: md`If it can wait: the next window begins ${t.moment(p.nextStart)}.`,
  }),
  'off-peak.not-set': () => ({ ...offPeak, found: md`No off-peak window is configured for this cluster.` }),

  'pools.updated': () => ({ ...pools, found: md`All pools are up to date.` }),
  'pools.updating': (p, t) => ({ ...pools, found: md`Still being updated: ${t.names(p.names)}.` }),
  'pools.unreadable': (p, t) => ({
    ...pools,
    found: md`The pools could not be read: ${t.why(p.why)}.`,
    next: md`Let the bot list ${t.code('machineconfigpools')}.`,
  }),

  'rights.complete': (p, t) => ({
    ...rights,
    found: md`The bot has all ${t.number(p.count)} rights that it needs.`,
  }),
  'right.missing': (p, t) => ({
    ...rights,
    found: md`The bot lacks a right: ${t.code(p.right)}.`,
    next: md`Ask an administrator to apply the role ${t.code(p.role)} from the bot's deployment manifests.`,
  }),
  'rights.unreadable': (p, t) => ({
    ...rights,
    found: md`The bot could not find out which rights it has: ${t.why(p.why)}.`,
    next: md`Compare the bot's roles on the cluster with its deployment manifests.`,
  }),

  'requester.cluster-admin': (p, t) => ({
    ...requester,
    found: md`The cluster user ${t.code(p.clusterUser)} is cluster-admin.`,
  }),
  'requester.not-cluster-admin': (p, t) => ({
    ...requester,
    found: md`The cluster user ${t.code(p.clusterUser)} is not cluster-admin.`,
    next: md`Ask a cluster-admin to request the backup, or to grant the role.`,
  }),
  'requester.unreadable': (p, t) => ({
    ...requester,
    found: md`Whether the cluster user ${t.code(p.clusterUser)} is cluster-admin could not be read: ${t.why(p.why)}.`,
    next: md`Ask again; if it stays so, let the bot create SubjectAccessReviews.`,
  }),

  'disk.later': () => ({ ...disk, found: md`Will be checked on the node at the start.` }),
  'disk.enough': (p, t) => ({
    ...disk,
    found: md`${t.size(p.freeBytes)} are free; the database has ${t.size(p.databaseBytes)}.`,
  }),
  'disk.too-small': (p, t) => ({
    ...disk,
    found: md`Only ${t.size(p.freeBytes)} are free; the database has ${t.size(p.databaseBytes)} and twice that is needed.`,
    next: md`Make room on the node (old backups are the usual cause), or name another node with ${t.code('node=…')}.`,
  }),
  'clock.skewed': (p, t) => ({
    ...clock,
    found: md`The clock of node ${t.code(p.node)} is ${t.duration(Math.abs(p.seconds) * 1000)} ${p.seconds < 0 ? 'behind' : 'ahead of'} the bot's.`,
    next: md`The backup goes on. Find out which of the two clocks is wrong (${t.code('chronyc tracking')} on the node) and let it follow its time server.`,
  }),
  'script.later': (p, t) => ({
    ...script,
    found: md`Will be looked for on the node at the start (${t.path(p.path)}).`,
  }),
  'script.present': (p, t) => ({ ...script, found: md`It is there: ${t.path(p.path)}.` }),
  'script.missing': (p, t) => ({
    ...script,
    found: md`It is not there: ${t.path(p.path)}.`,
    next: md`Check that the node runs OpenShift 4.4 or later and that its files are intact, or name another node.`,
  }),
};
