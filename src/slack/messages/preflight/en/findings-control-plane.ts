import { md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { FindingTexts } from '../finding-text.ts';

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
export const controlPlaneFindings = (t: Tools) =>
  ({
    'operators.settled': (p) => ({
      ...operators,
      found: md`None of them is rolling out a change: ${t.names(p.names)}.`,
    }),
    'operator.progressing': (p) => ({
      ...operators,
      found: md`The operator ${t.code(p.name)} is rolling out a change${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
      next: md`Wait until it is done (usually 5 to 20 minutes), then ask again.`,
    }),
    'operator.degraded': (p) => ({
      looked: operators.looked,
      why: md`The control plane may be less healthy than it looks. The backup script runs nonetheless.`,
      found: md`The operator ${t.code(p.name)} reports that it is degraded${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
      next: md`It does not keep a backup from running. Look into the operator: ${t.code(`oc describe clusteroperator ${p.name}`)}.`,
    }),
    'operator.progress-unknown': (p) => ({
      ...operators,
      found: md`The operator ${t.code(p.name)} does not say that it is at rest: its condition ${t.code('Progressing')} is ${p.status === 'absent' ? 'absent' : md`${t.code(p.status)}`}. The backup script stops on anything but ${t.code('False')}.`,
      next: md`Look into the operator: ${t.code(`oc describe clusteroperator ${p.name}`)}. Ask again once it says ${t.code('Progressing: False')}.`,
    }),
    'operator.condition-unknown': (p) => ({
      ...operators,
      found: md`The operator ${t.code(p.name)} does not say whether ${t.code(p.condition)} is true.`,
      next: md`The backup can run. Look into the operator afterwards: ${t.code(`oc describe clusteroperator ${p.name}`)}.`,
    }),
    'operators.unreadable': (p) => ({
      ...operators,
      found: md`The operators could not be read: ${t.why(p.why)}.`,
      next: t.remedy(p.why, md`Let the bot read ${t.code('clusteroperators')}.`),
    }),

    'etcd.available': (p) => ({
      ...etcd,
      found: md`All members are available${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
    }),
    'etcd.no-quorum': (p) => ({
      ...etcd,
      found: md`etcd does not report a majority of healthy members${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
      next: md`Repair etcd first. If the majority is lost for good, ${t.command('restore-plan')} names the backup that restores this z-stream.`,
    }),
    'etcd.member-down': (p) => ({
      ...etcd,
      found: md`A member of etcd is down, the majority still works${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
      next: md`Back up before you replace or repair the member.`,
    }),
    'etcd.pods-not-ready': (p) => ({
      ...etcd,
      found: md`${t.number(p.ready)} of ${t.number(p.members)} etcd pods are Ready${p.names.length > 0 ? md`; not Ready: ${t.names(p.names)}` : ''}. That is enough for a snapshot.`,
      next: md`Take this backup now, then look at the pods: ${t.code('oc get pods -n openshift-etcd')}.`,
    }),
    'etcd.degraded': (p) => ({
      ...etcd,
      found: md`etcd reports that it is degraded${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
      next: md`Back up before you change anything, then look into it: ${t.code('oc describe etcd cluster')}.`,
    }),
    'etcd.members-not-asked': (p) => ({
      ...etcd,
      found: md`The etcd operator cannot ask the members at present: ${t.quote(p.message)}. Its last report on them may be out of date; ${t.number(p.ready)} of ${t.number(p.members)} etcd pods are Ready, which is enough for a snapshot.`,
      next: md`Take this backup now, then look into it: ${t.code('oc get pods -n openshift-etcd')} and ${t.code('oc describe etcd cluster')}.`,
    }),
    'etcd.quorum-unknown': (p) => ({
      ...etcd,
      found: md`The etcd operator cannot ask the members: ${t.quote(p.message)}. Its report that they are available may be out of date, and the etcd pods could not be read: whether etcd has a majority is not known.`,
      next: md`Look at the members: ${t.code('oc get pods -n openshift-etcd')}. If most of them are Ready, let the bot list pods in ${t.code('openshift-etcd')} and ask again.`,
    }),
    'etcd.unreadable': (p) => ({
      ...etcd,
      found: md`The health of etcd could not be read: ${t.why(p.why)}.`,
      next: t.remedy(p.why, md`Let the bot read ${t.code('etcds/cluster')}.`),
    }),

    'encryption.settled': (p) => ({
      ...encryption,
      found: md`Encryption is on (${t.code(p.type)}) and no switch is in progress.`,
    }),
    'encryption.off': () => ({
      ...encryption,
      found: md`Encryption is off: every Secret can be read in the snapshot.`,
    }),
    'encryption.migrating': (p) => ({
      ...encryption,
      found: md`Encryption is being switched in ${t.code(p.component)} (${t.code(p.reason)}).`,
      next: md`Wait until the switch is finished (usually 20 minutes or more), then ask again.`,
    }),
    'encryption.rewriting': (p) => ({
      ...encryption,
      found: md`Stored values of ${t.code(p.component)} are being written with another key (${t.code('EncryptionMigrationControllerProgressing')})${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
      next: md`Wait until all of them are written (usually 20 minutes or more), then ask again.`,
    }),
    'encryption.mismatch': (p) => ({
      ...encryption,
      found: md`Encryption is set to ${t.code(p.type)}, but ${t.code(p.component)} reports ${t.code(p.reason)}: a switch is about to begin, or the report is behind.`,
      next: md`Wait until ${t.code(p.component)} reports ${t.code(p.type === 'identity' ? 'DecryptionCompleted' : 'EncryptionCompleted')}, then ask again. If it does not change within an hour, look at its operator: ${t.code('oc get clusteroperators')}.`,
    }),
    'encryption.unreadable': (p) => ({
      ...encryption,
      found: md`The state of encryption could not be read from ${t.code(p.what)}: ${t.why(p.why)}.`,
      next: md`Make sure that encryption is not being switched right now. ${t.remedy(p.why, md`Let the bot read it.`)}`,
    }),

    'pools.updated': () => ({ ...pools, found: md`All pools are up to date.` }),
    'pools.updating': (p) => ({ ...pools, found: md`Still being updated: ${t.names(p.names)}.` }),
    'pools.unreadable': (p) => ({
      ...pools,
      found: md`The pools could not be read: ${t.why(p.why)}.`,
      next: t.remedy(p.why, md`Let the bot list ${t.code('machineconfigpools')}.`),
    }),

    'rights.complete': (p) => ({
      ...rights,
      found: md`The bot has all ${t.number(p.count)} rights that it needs.`,
    }),
    'right.missing': (p) => ({
      ...rights,
      found: md`The bot lacks a right: ${t.code(p.right)}.`,
      next: md`Ask an administrator to apply the role ${t.code(p.role)} from the bot's deployment manifests.`,
    }),
    'rights.unreadable': (p) => ({
      ...rights,
      found: md`The bot could not find out which rights it has: ${t.why(p.why)}.`,
      next: t.remedy(p.why, md`Compare the bot's roles on the cluster with its deployment manifests.`),
    }),

    'requester.cluster-admin': (p) => ({
      ...requester,
      found: md`The cluster user ${t.code(p.clusterUser)} is cluster-admin.`,
    }),
    'requester.not-cluster-admin': (p) => ({
      ...requester,
      found: md`The cluster user ${t.code(p.clusterUser)} is not cluster-admin.`,
      next: md`Ask a cluster-admin to request the backup, or to grant the role.`,
    }),
    'requester.unreadable': (p) => ({
      ...requester,
      found: md`Whether the cluster user ${t.code(p.clusterUser)} is cluster-admin could not be read: ${t.why(p.why)}.`,
      next: t.remedy(p.why, md`Ask again; if it stays so, let the bot create SubjectAccessReviews.`),
    }),
  }) satisfies Partial<FindingTexts>;
