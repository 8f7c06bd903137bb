import { md } from '../markup.ts';
import type { FindingsWording } from '../wording.ts';

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

/** How the control plane is, and who may do what there. */
export const controlPlaneFindings = {
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
} satisfies Partial<FindingsWording>;
