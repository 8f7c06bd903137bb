import { md } from '../markup.ts';
import type { FailuresWording } from '../wording.ts';

const nothingHappened = md`The backup was not begun.`;
const noBackup = md`There is no backup from this run.`;
const doNotUse = md`What lies in the directory must not be used for a restore.`;

export const failures: FailuresWording = {
  'preflight-blocked': (p, t) => ({
    failed: md`The checks right before the backup found a reason to stop. ${t.sentences(p.findings.map((each) => t.finding(each).found))}`,
    means: md`What was true at the approval need not be true at the start, and some things can only be seen on the node. ${nothingHappened}`,
    next: md`${t.sentences(p.findings.map((each) => t.finding(each).next ?? md`Settle what is named above.`))} Then ask again.`,
  }),
  'plan-changed': (p, t) => ({
    failed: md`The cluster is no longer as it was when the run was approved (${t.list(p.changes.map((each) => t.planField(each.field)))}).`,
    means: md`An approval holds only for what it showed. ${nothingHappened}`,
    next: md`Ask again and have the new plan approved.`,
  }),
  'requester-not-cluster-admin': (p, t) => ({
    failed: md`The requester's cluster user ${t.code(p.clusterUser)} was no longer cluster-admin at the start.`,
    means: md`Rights are checked again right before a run. ${nothingHappened}`,
    next: md`Ask a cluster-admin to request the backup.`,
  }),
  'approver-not-cluster-admin': (p, t) => ({
    failed: md`The approver's cluster user ${t.code(p.clusterUser)} was no longer cluster-admin at the start.`,
    means: md`Rights are checked again right before a run. ${nothingHappened}`,
    next: md`Ask again and have it approved by a cluster-admin.`,
  }),
  'rights-unreadable': (p, t) => ({
    failed: md`Whether ${t.code(p.clusterUser)} is cluster-admin could not be found out: ${p.detail}`,
    means: md`Without that answer nobody is let near etcd. ${nothingHappened}`,
    next: md`Check that the cluster answers (${t.code('oc whoami')}), then ask again.`,
  }),

  'session-taken': (p, t) => ({
    failed: md`Another session is on this cluster already: the pod ${t.code(p.pod)} in ${t.code(p.namespace)} (run ${t.code(p.byRun)}).`,
    means: md`Somebody, perhaps another installation of this bot, is making a backup right now. ${nothingHappened}`,
    next: md`Wait until it is done. If nobody works there, delete the pod and ask again: ${t.code(`oc delete pod ${p.pod} -n ${p.namespace}`)}`,
  }),
  'session-forbidden': (p, t) => ({
    failed: md`The bot is not allowed to open or use a session on the node: ${p.detail}`,
    means: noBackup,
    next: md`Ask an administrator to apply the roles of the bot's deployment manifests; ${t.command('check')} names the right that is missing.`,
  }),
  'session-pod-security': (p, t) => ({
    failed: md`The cluster refuses the session's pod in ${t.code(p.namespace)}: ${p.detail}`,
    means: md`The namespace does not allow privileged pods, and a way onto the node needs one. ${noBackup}`,
    next: md`Label the namespace as the deployment manifests do: ${t.code('pod-security.kubernetes.io/enforce=privileged')}`,
  }),
  'session-image': (p, t) => ({
    failed: md`The node ${t.code(p.node)} could not get the session's image ${t.path(p.image)}: ${p.detail}`,
    means: noBackup,
    next: md`Remove the image from the bot's configuration (it then uses the image of etcd, which is on the node already), or name one that the node can pull.`,
  }),
  'session-not-started': (p, t) => ({
    failed: md`No session could be opened on the node ${t.code(p.node)} within ${t.duration(p.afterMs)}: ${p.detail}`,
    means: md`The node may be overloaded or not quite Ready. ${noBackup}`,
    next: md`Look at the node (${t.code(`oc describe node ${p.node}`)}), or ask again with another one.`,
  }),
  'session-lost': (p) => ({
    failed: md`The session on the node was lost: ${p.detail}`,
    means: md`How far the backup got is not certain, so it does not count. ${noBackup}`,
    next: md`See below what is left on the node, then ask again.`,
  }),
  'api-unreachable': (p) => ({
    failed: md`The cluster could not be reached: ${p.detail}`,
    means: md`${noBackup} The cluster itself may be in trouble, or only the way to it.`,
    next: md`Check that the cluster's API answers, then ask again.`,
  }),
  'api-unauthorized': (p) => ({
    failed: md`The cluster does not accept the bot's credentials: ${p.detail}`,
    means: md`They have expired or were replaced. ${noBackup}`,
    next: md`Ask an administrator to give the bot new credentials, then ask again.`,
  }),
  'command-failed': (p, t) => ({
    failed: md`A command on the node failed${p.exitCode === undefined ? '' : md` (exit code ${p.exitCode})`}: ${t.code(p.command)} ${p.detail}`,
    means: md`The run stopped there. ${noBackup}`,
    next: md`The last lines below say more. When the cause is gone, ask again.`,
  }),
  'command-deadline': (p, t) => ({
    failed: md`A command on the node took longer than ${t.duration(p.deadlineMs)} and was stopped: ${t.code(p.command)}`,
    means: md`The node or the way to it is very slow. ${noBackup}`,
    next: md`Look at the load of the node, then ask again, perhaps with another node.`,
  }),
  'client-missing': (p, t) => ({
    failed: md`The program that the bot reaches nodes with is not there: ${t.path(p.path)}`,
    means: md`The bot's installation is incomplete. ${noBackup}`,
    next: md`Ask an administrator to install oc or kubectl at this path, or to correct the path in the configuration.`,
  }),

  'script-usage': () => ({
    failed: md`The backup script did not understand how it was called.`,
    means: md`The script of this release differs from those that the bot knows. ${noBackup}`,
    next: md`Make this backup by hand as the documentation of your release says, and report it to whoever runs this bot.`,
  }),
  'script-missing': (p, t) => ({
    failed: md`The backup script is not on the node: ${t.path(p.path)}`,
    means: nothingHappened,
    next: md`Ask again with another control-plane node. If none has it, the cluster's machine configuration needs repair.`,
  }),
  'script-manifests-missing': (p, t) => ({
    failed: md`The script did not find the static pod manifests of ${t.code(p.pod)} on the node.`,
    means: md`This node does not carry a complete control plane. ${noBackup}`,
    next: md`Ask again with another control-plane node, and look into this one.`,
  }),
  'script-operator-unknown': (p, t) => ({
    failed: md`The script could not find out the state of the operator ${t.code(p.operator)}.`,
    means: md`It stops rather than back up a cluster in an unknown state. ${noBackup}`,
    next: md`Check that the API answers (${t.code(`oc get clusteroperator ${p.operator}`)}), then ask again. Do not use --force.`,
  }),
  'script-operator-progressing': (p, t) => ({
    failed: md`The operator ${t.code(p.operator)} began to roll out a change just before the backup.`,
    means: md`Files taken now might not fit together, so the script stopped. ${noBackup}`,
    next: md`Wait until the operator has settled (usually 5 to 20 minutes), then ask again.`,
  }),
  'script-dependencies-missing': () => ({
    failed: md`The script did not find the files that it needs on the node.`,
    means: md`Parts of the control plane's files are missing on this node. ${noBackup}`,
    next: md`Ask again with another control-plane node, and look into this one.`,
  }),
  'script-certificate-missing': (p, t) => ({
    failed: md`A certificate that the script needs is missing on the node: ${t.code(p.certificate)}`,
    means: md`The node cannot speak to etcd without it. ${noBackup}`,
    next: md`Ask again with another control-plane node, and look into this one.`,
  }),
  'script-integrity': () => ({
    failed: md`The snapshot did not pass the script's own check.`,
    means: md`It is damaged: the disk or the etcd member of this node may be ill. ${noBackup}`,
    next: md`Ask again with another control-plane node soon, and check the disk of this one.`,
  }),
  'script-image-pull': () => ({
    failed: md`The script could not pull the image that holds its etcd tools.`,
    means: md`The node cannot reach the image registry: network, proxy or pull secret. ${noBackup}`,
    next: md`Check that the node reaches the registry (and the cluster's proxy settings), then ask again.`,
  }),
  'script-disk-full': () => ({
    failed: md`The node's disk became full.`,
    means: md`${noBackup} A full disk also endangers etcd on this node.`,
    next: md`Make room on the node at once (old backups are the usual cause), then ask again.`,
  }),
  'script-deadline': (p, t) => ({
    failed: md`The script was not done after ${t.duration(p.deadlineMs)} and was stopped.`,
    means: md`This happens when etcd on the node does not answer, or when a proxy swallows its traffic. ${noBackup}`,
    next: md`Check etcd on this node (${t.code('oc get pods -n openshift-etcd')}), then ask again, perhaps with another node.`,
  }),
  'script-killed': (p) => ({
    failed: md`The script was killed from outside (exit code ${p.exitCode}).`,
    means: md`The session ended, the node restarted, or its memory ran out. ${noBackup} ${doNotUse}`,
    next: md`Look at the node, then ask again.`,
  }),
  'script-failed': (p) => ({
    failed: md`The backup script failed for a reason that the bot does not know (exit code ${p.exitCode}).`,
    means: noBackup,
    next: md`The last lines below say more. When the cause is gone, ask again.`,
  }),
  'script-unfinished': () => ({
    failed: md`The script ended without an error but never said that it was done.`,
    means: md`Without its closing line nothing says that the files are complete. ${noBackup} ${doNotUse}`,
    next: md`Read the last lines below, then ask again.`,
  }),

  'files-missing': (p, t) => ({
    failed: md`The script said that it was done, but not both files are there. Found: ${p.found.length === 0 ? 'nothing' : t.names(p.found)}.`,
    means: md`A restore needs both files of one run. ${noBackup}`,
    next: md`Ask again. If it happens twice, look at the node's disk.`,
  }),
  'files-dirty': (p, t) => ({
    failed: md`The files are marked as possibly inconsistent: ${t.names(p.found)}.`,
    means: md`That mark comes from --force, which skips the script's checks and which this bot never uses. ${doNotUse}`,
    next: md`Find out who else makes backups on this node, then ask again.`,
  }),
  'snapshot-size': (p, t) => ({
    failed: md`The snapshot has ${t.size(p.size)} but should have ${t.size(p.expected)}.`,
    means: md`It was cut off or changed, so it cannot be restored. ${noBackup}`,
    next: md`Ask again. If it happens twice, use another node and check the disk of this one.`,
  }),
  'snapshot-trailer': (p, t) => ({
    failed: md`The snapshot (${t.size(p.size)}) does not match the checksum that etcd wrote at its end.`,
    means: md`Its content is damaged; a restore would refuse it. ${noBackup}`,
    next: md`Ask again. If it happens twice, use another node and check the disk of this one.`,
  }),
  'snapshot-format': (p, t) => ({
    failed: md`The snapshot is not a database of etcd (it begins with ${t.code(p.magic)}).`,
    means: md`It cannot be restored. ${noBackup}`,
    next: md`Ask again with another node, and look into this one.`,
  }),
  'resources-unreadable': (p) => ({
    failed: md`The archive with the static pod resources cannot be read to its end (exit code ${p.exitCode}).`,
    means: md`A restore needs this file as much as the snapshot. ${noBackup}`,
    next: md`Ask again. If it happens twice, use another node and check the disk of this one.`,
  }),
  'resources-incomplete': (p, t) => ({
    failed: md`The archive with the static pod resources lacks ${t.names(p.missing)}.`,
    means: md`A restore needs all four parts of the control plane. ${noBackup}`,
    next: md`Ask again with another control-plane node, and look into this one.`,
  }),

  interrupted: (p, t) => ({
    failed: md`The bot was stopped in the middle of the run (${t.step(p.step)}) and could not learn how it ended.`,
    means: md`There may be files on the node, but nothing proves that they are whole. ${doNotUse}`,
    next: md`Ask again: a new run uses a new directory.`,
  }),
  internal: (p) => ({
    failed: md`The bot itself made a mistake: ${p.detail}`,
    means: md`${noBackup} This is not your fault and not the cluster's.`,
    next: md`Ask again. If it happens twice, give the run's id to whoever runs this bot.`,
  }),
};
