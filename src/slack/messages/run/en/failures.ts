import { md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import { findingText } from '../../preflight/findings.ts';
import type { FailureStage, FailureTexts } from '../failure-text.ts';
import { noBackup, sessionFailures } from './session-failures.ts';

const nothingHappened = md`The backup was not begun.`;
const unsure = md`How far the backup got is not certain, so it does not count. There is no backup from this run.`;
const doNotUse = md`What lies in the directory must not be used for a restore.`;

/** What a run that lost its way means, by how far it had come. */
const lost = ({ begun }: FailureStage) => (begun ? unsure : nothingHappened);

const account = {
  guest: md`is a guest's now`,
  stranger: md`belongs to another workspace now`,
  deactivated: md`has been deactivated in Slack`,
  bot: md`is a bot's`,
};

export const failures = (t: Tools): FailureTexts => ({
  ...sessionFailures(t),
  'preflight-blocked': (p) => ({
    failed: md`The checks right before the backup found a reason to stop. ${t.sentences(p.findings.map((each) => findingText(each, t).found))}`,
    means: md`What was true at the approval need not be true at the start, and some things can only be seen on the node. ${nothingHappened}`,
    next: md`${t.sentences(p.findings.map((each) => findingText(each, t).next ?? md`Settle what is named above.`))} Then ask again.`,
  }),
  'plan-changed': (p) => ({
    failed: md`The cluster is no longer as it was when the run was approved (${t.list(p.changes.map((each) => t.planField(each.field)))}).`,
    means: md`An approval holds only for what it showed. ${nothingHappened}`,
    next: md`Ask again and have the new plan approved.`,
  }),
  'requester-not-cluster-admin': (p) => ({
    failed: md`The requester's cluster user ${t.code(p.clusterUser)} was no longer cluster-admin at the start.`,
    means: md`Rights are checked again right before a run. ${nothingHappened}`,
    next: md`Ask a cluster-admin to request the backup.`,
  }),
  'approver-not-cluster-admin': (p) => ({
    failed: md`The approver's cluster user ${t.code(p.clusterUser)} was no longer cluster-admin at the start.`,
    means: md`Rights are checked again right before a run. ${nothingHappened}`,
    next: md`Ask again and have it approved by a cluster-admin.`,
  }),
  'account-refused': (p) => ({
    failed: md`The account of the ${p.role} ${t.person(p.slackUser)} ${account[p.standing]}.`,
    means: md`The requester and the approver of a backup must be members of this workspace, at the start as well. ${nothingHappened}`,
    next: md`Ask again, and have it approved, with the account of a member.`,
  }),
  'account-unreadable': (p) => ({
    failed: md`Slack did not say whether ${t.person(p.slackUser)} is still a member of this workspace: ${p.detail}`,
    means: md`Without that answer no access to etcd is allowed. ${nothingHappened}`,
    next: md`Check that Slack answers, then ask again. ${t.command('doctor')} says whether the app lacks a right.`,
  }),
  'person-unmapped': (p) => ({
    failed: md`The bot's configuration no longer maps the ${p.role} ${t.person(p.slackUser)} to the cluster user ${t.code(p.clusterUser)}.`,
    means: md`The mapping is checked again right before a run. ${nothingHappened}`,
    next: md`Ask again, and have it approved, by people whom the configuration maps to a cluster-admin.`,
  }),
  'break-glass-withdrawn': (p) => ({
    failed: md`${t.person(p.slackUser)} is no longer one of the people who may run an emergency backup alone.`,
    means: md`The policy is checked again right before a run. ${nothingHappened}`,
    next: md`Ask for a backup without ${t.code('emergency=')}, and have it approved.`,
  }),
  'rights-unreadable': (p) => ({
    failed: md`Whether ${t.code(p.clusterUser)} is cluster-admin could not be found out: ${p.detail}`,
    means: md`Without that answer no access to etcd is allowed. ${nothingHappened}`,
    next: p.reason
      ? md`${t.remedy({ reason: p.reason, detail: p.detail }, md`Let the bot create SubjectAccessReviews.`)} Then ask again.`
      : md`Check that the cluster answers (${t.code('oc whoami')}), then ask again.`,
  }),

  'session-taken': (p, stage) => ({
    failed: md`Another session is on this cluster already: the pod ${t.code(p.pod)} in ${t.code(p.namespace)} (run ${t.code(p.byRun)}).`,
    means: md`Another process, perhaps another installation of this bot, is making a backup right now. ${lost(stage)}`,
    next: md`Wait until it is done. If no backup is in progress there, delete the pod and ask again: ${t.code(`oc delete pod ${p.pod} -n ${p.namespace}`)}`,
  }),
  'session-forbidden': (p) => ({
    failed: md`The bot is not allowed to open or use a session on the node: ${p.detail}`,
    means: noBackup,
    next: md`Ask an administrator to apply the roles of the bot's deployment manifests; ${t.command('check')} names the right that is missing.`,
  }),
  'session-pod-security': (p) => ({
    failed: md`The cluster refuses the session's pod in ${t.code(p.namespace)}: ${p.detail}`,
    means: md`The namespace does not allow privileged pods, and a way onto the node needs one. ${noBackup}`,
    next: md`Label the namespace as the deployment manifests do: ${t.code('pod-security.kubernetes.io/enforce=privileged')}`,
  }),
  'session-image': (p) => ({
    failed: md`The node ${t.code(p.node)} could not get the session's image ${t.path(p.image)}: ${p.detail}`,
    means: noBackup,
    next: md`Remove the image from the bot's configuration (it then uses the image of etcd, which is on the node already), or name one that the node can pull.`,
  }),
  'session-not-started': (p) => ({
    failed: md`No session could be opened on the node ${t.code(p.node)} within ${t.duration(p.afterMs)}: ${p.detail}`,
    means: md`The node may be overloaded or not quite Ready. ${noBackup}`,
    next: md`Look at the node (${t.code(`oc describe node ${p.node}`)}), or ask again with another one.`,
  }),
  'session-pod-stuck': (p, stage) => ({
    failed: md`The session pod ${t.code(p.pod)} of run ${t.code(p.ofRun)} was deleted but is still there after ${t.duration(p.afterMs)}.`,
    means: md`The kubelet of node ${t.code(p.node)} does not end it: the node may be overloaded or down. ${lost(stage)}`,
    next: md`Look at the node (${t.code(`oc describe node ${p.node}`)}). When the pod is gone, ask again. Only if the node is down for good: ${t.code(`oc delete pod ${p.pod} -n ${p.namespace} --grace-period=0 --force`)}`,
  }),
  'session-lost': (p, stage) => ({
    failed: md`The session on the node was lost: ${p.detail}`,
    means: lost(stage),
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
  'command-failed': (p) => ({
    failed: md`A command on the node failed${p.exitCode === undefined ? '' : md` (exit code ${p.exitCode})`}: ${t.code(p.command)} ${p.detail}`,
    means: md`The run stopped there. ${noBackup}`,
    next: md`The last lines below say more. When the cause is gone, ask again.`,
  }),
  'command-deadline': (p, { podLeft }) => ({
    failed: podLeft
      ? md`A step on the node did not end within ${t.duration(p.deadlineMs)}, and it may still run: ${t.quote(p.command)}`
      : md`A step on the node took longer than ${t.duration(p.deadlineMs)} and was stopped: ${t.quote(p.command)}`,
    means: md`The node or the way to it is very slow. ${noBackup}`,
    next: md`Look at the load of the node, then ask again, perhaps with another node.`,
  }),
  'client-missing': (p) => ({
    failed: md`The program that the bot reaches nodes with is not there: ${t.path(p.path)}`,
    means: md`The bot's installation is incomplete. ${noBackup}`,
    next: md`Ask an administrator to install oc or kubectl at this path, or to correct the path in the configuration.`,
  }),

  'script-not-started': (p) => ({
    failed: md`The backup script could not be started: ${p.detail}`,
    means: md`The way into the session broke each time before the script began. ${nothingHappened}`,
    next: md`Look whether the cluster's API and the node's kubelet answer, then ask again.`,
  }),
  'cluster-silent': (p) => ({
    failed: md`The cluster's API did not answer any more while the backup script ran (for ${t.duration(p.silentMs)}): ${p.detail}`,
    means: md`API and etcd of the cluster do not answer: etcd may have lost its quorum. ${
      p.stopped
        ? md`Its session is ended, and with it the script.`
        : md`Whether the script has ended is not known: it may run on the node until ${t.moment(p.endsAt)}, when the node ends the session.`
    } ${noBackup}`,
    next: md`Look at the control plane first: etcd on the control-plane nodes, over SSH if the API is gone. When the cluster answers, ask again.`,
  }),

  'script-usage': () => ({
    failed: md`The backup script did not understand how it was called.`,
    means: md`The script of this release differs from those that the bot knows. ${noBackup}`,
    next: md`Make this backup by hand as the documentation of your release says, and report it to the administrator of this bot.`,
  }),
  'script-missing': (p) => ({
    failed: md`The backup script is not on the node: ${t.path(p.path)}`,
    means: nothingHappened,
    next: md`Ask again with another control-plane node. If none has it, the cluster's machine configuration needs repair.`,
  }),
  'script-manifests-missing': (p) => ({
    failed: md`The script did not find the static pod manifests of ${t.code(p.pod)} on the node.`,
    means: md`This node does not carry a complete control plane. ${noBackup}`,
    next: md`Ask again with another control-plane node, and look into this one.`,
  }),
  'script-resources-missing': (p) => ({
    failed: md`The script did not find the static pod resources of ${t.code(p.pod)} on the node.`,
    means: md`The manifest of the pod names a revision whose files are not below /etc/kubernetes/static-pod-resources. ${noBackup}`,
    next: md`Ask again with another control-plane node, and look at the rollouts on this one: ${t.code('oc get pods -A -l app=installer')}.`,
  }),
  'script-kubeconfig-missing': (_p) => ({
    failed: md`The script found no valid kubeconfig on the node, with which it asks for the state of the operators.`,
    means: md`Its credentials below ${t.path('/etc/kubernetes/static-pod-resources/kube-apiserver-certs')} are missing on this node. ${noBackup}`,
    next: md`Ask again with another control-plane node, and look into this one: ${t.code('oc get clusteroperator kube-apiserver')}.`,
  }),
  'script-files-changed': () => ({
    failed: md`The files of the static pods changed while the script packed them.`,
    means: md`A new revision was being rolled out on this node, so the archive could be half old and half new. ${noBackup}`,
    next: md`Wait until the operators have settled (usually 5 to 20 minutes), then ask again.`,
  }),
  'script-operator-unknown': (p) => ({
    failed: md`The script could not find out the state of the operator ${t.code(p.operator)}.`,
    means: md`It stops rather than back up a cluster in an unknown state. ${noBackup}`,
    next: md`Check that the API answers (${t.code(`oc get clusteroperator ${p.operator}`)}), then ask again. Do not use --force.`,
  }),
  'script-operator-progressing': (p) => ({
    failed: md`The operator ${t.code(p.operator)} began to roll out a change just before the backup.`,
    means: md`Files taken now might not fit together, so the script stopped. ${noBackup}`,
    next: md`Wait until the operator has settled (usually 5 to 20 minutes), then ask again.`,
  }),
  'script-dependencies-missing': () => ({
    failed: md`The script did not find the files that it needs on the node.`,
    means: md`Parts of the control plane's files are missing on this node. ${noBackup}`,
    next: md`Ask again with another control-plane node, and look into this one.`,
  }),
  'script-certificate-missing': (p) => ({
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
  'script-deadline': (p, { podLeft }) => ({
    failed: podLeft
      ? md`The script was not done after ${t.duration(p.deadlineMs)}, and it may still run: its session could not be ended.`
      : md`The script was not done after ${t.duration(p.deadlineMs)} and was stopped.`,
    means: md`This happens when etcd on the node does not answer, or when a proxy swallows its traffic. ${noBackup}`,
    next: md`Check etcd on this node (${t.code('oc get pods -n openshift-etcd')}), then ask again, perhaps with another node.`,
  }),
  'script-killed': (p, { clean }) => ({
    failed: md`The script was killed from outside (exit code ${p.exitCode}).`,
    means: md`The session ended, the node restarted, or its memory ran out. ${clean ? noBackup : md`${noBackup} ${doNotUse}`}`,
    next: md`Look at the node, then ask again.`,
  }),
  'script-failed': (p) => ({
    failed: md`The backup script failed for a reason that the bot does not know (exit code ${p.exitCode}).`,
    means: noBackup,
    next: md`The last lines below say more. When the cause is gone, ask again.`,
  }),
  'script-unfinished': (_p, { clean }) => ({
    failed: md`The script ended without an error but never said that it was done.`,
    means: md`Without its closing line nothing says that the files are complete. ${clean ? noBackup : md`${noBackup} ${doNotUse}`}`,
    next: md`Read the last lines below, then ask again.`,
  }),

  'files-missing': (p) => ({
    failed: md`The script said that it was done, but not both files are there. Found: ${p.found.length === 0 ? 'nothing' : t.names(p.found)}.`,
    means: md`A restore needs both files of one run. ${noBackup}`,
    next: md`Ask again. If it happens twice, look at the node's disk.`,
  }),
  'files-dirty': (p, { clean }) => ({
    failed: md`The files are marked as possibly inconsistent: ${t.names(p.found)}.`,
    means: md`That mark comes from --force, which skips the script's checks and which this bot never uses. ${clean ? noBackup : doNotUse}`,
    next: md`Find out who else makes backups on this node, then ask again.`,
  }),
  'snapshot-size': (p) => ({
    failed: md`The snapshot has ${t.size(p.size)} but should have ${t.size(p.expected)}.`,
    means: md`It was cut off or changed, so it cannot be restored. ${noBackup}`,
    next: md`Ask again. If it happens twice, use another node and check the disk of this one.`,
  }),
  'snapshot-trailer': (p) => ({
    failed: md`The snapshot (${t.size(p.size)}) does not match the checksum that etcd wrote at its end.`,
    means: md`Its content is damaged; a restore would refuse it. ${noBackup}`,
    next: md`Ask again. If it happens twice, use another node and check the disk of this one.`,
  }),
  'snapshot-format': (p) => ({
    failed: md`The snapshot is not a database of etcd (it begins with ${t.code(p.magic)}).`,
    means: md`It cannot be restored. ${noBackup}`,
    next: md`Ask again with another node, and look into this one.`,
  }),
  'resources-unreadable': (p) => ({
    failed: md`The archive with the static pod resources cannot be read to its end (exit code ${p.exitCode}).`,
    means: md`A restore needs this file as much as the snapshot. ${noBackup}`,
    next: md`Ask again. If it happens twice, use another node and check the disk of this one.`,
  }),
  'resources-incomplete': (p) => ({
    failed: md`The archive with the static pod resources lacks ${t.names(p.missing)}.`,
    means: md`A restore needs all four parts of the control plane. ${noBackup}`,
    next: md`Ask again with another control-plane node, and look into this one.`,
  }),

  interrupted: (p, { begun, clean }) => ({
    failed: md`The bot was stopped in the middle of the run (${t.step(p.step)}) and could not learn how it ended.`,
    means: !begun
      ? nothingHappened
      : clean
        ? md`Whether what it wrote was whole is not known, so the bot removed it. ${noBackup}`
        : md`There may be files on the node, but whether they are whole is not known. ${doNotUse}`,
    next: md`Ask again: a new run uses a new directory.`,
  }),
  internal: (p) => ({
    failed: md`The bot itself made a mistake: ${p.detail}`,
    means: md`${noBackup} This is not your fault and not the cluster's.`,
    next: md`Ask again. If it happens twice, give the run's id to the administrator of this bot.`,
  }),
});
