import type { Unreadable } from '../../../domain/cluster/reading.ts';
import type { RejectedNode } from '../../../domain/preflight/node-choice.ts';
import type { RequestAnswer } from '../../../workflow/access/backups.ts';
import { lines, type Markup, md } from '../kit/markup.ts';
import type { TextsBy } from '../kit/texts-by.ts';
import type { Tools } from '../kit/tools.ts';

/** Why a form that was sent did not become a request. */
export type FormProblem =
  | Exclude<RequestAnswer, { outcome: 'recorded' | 'duplicate' }>
  | { readonly outcome: 'not-recorded' }
  /** A node was chosen from those of `shown`, and the cluster was changed since. */
  | { readonly outcome: 'nodes-of-another-cluster'; readonly cluster: string; readonly shown: string };

export const backupForm = (t: Tools) => ({
  /** At most 24 units each. */
  title: 'Back up etcd',
  submit: 'Ask',
  close: 'Close',
  labels: {
    cluster: 'Cluster',
    node: 'Control-plane node',
    reason: 'Reason',
    emergency: 'Emergency: run without an approval',
  },
  hints: {
    node: 'The snapshot and the static pod resources are made and kept on this node.',
    reason: 'Approvers read it on the card; it stays in the audit.',
    emergency:
      'Leave it empty to let a second person approve. If you write why it cannot wait, it starts without an approval, the owners of the cluster are notified at once, and the run stays marked for ever.',
  },
  /** At most 150 units. */
  placeholder: 'Choose a cluster',
  loading: () =>
    md`One moment… If nothing else comes up here within half a minute, close this and type ${t.command('run CLUSTER')}. Nothing has been asked for yet.`,
  chooseFirst: () => md`Choose a cluster; its nodes are looked at then.`,
  /** Clusters whose names Slack's list cannot hold. */
  unlisted: (count: number) =>
    md`${count === 1 ? md`One cluster is` : md`${count} clusters are`} missing in this list, because the name is too long for it. Name it by text: ${t.command('run CLUSTER')}`,
  reading: (cluster: string) =>
    md`The nodes of ${t.code(cluster)} are being looked at… You need not wait: without a node the bot chooses one.`,
  proposed: (p: { node: string; because: 'only' | 'first-fit' }) =>
    p.because === 'only'
      ? md`Proposed: ${t.code(p.node)}, the only node that is fit.`
      : md`Proposed: ${t.code(p.node)}, the first one that is fit, so that it is the same every time.`,
  noneFit: () =>
    md`⛔ No control-plane node is one that the bot would choose now. You can ask all the same; the cluster is looked at again then.`,
  unfit: (nodes: readonly RejectedNode[]) =>
    md`Not fit: ${t.list(nodes.map((each) => md`${t.code(each.node)} ${t.unfit(each.because)}`))}.`,
  /** The person named a node in the command that is not among the fit ones. */
  namedNotFit: (node: string) => md`⚠️ ${t.code(node)}, which you named, is not among the nodes that are fit.`,
  /** Nodes that Slack's list cannot hold: the name is too long, or there are too many. */
  nameByText: (p: { cluster: string; nodes: readonly string[] }) =>
    md`Not in this list: ${t.names(p.nodes)}. Name one of them by text: ${t.command(`run ${p.cluster} node=…`)}`,
  blocked: (p: { cluster: string; reasons: readonly Markup[] }) =>
    lines(md`⛔ At present, no backup of ${t.code(p.cluster)} could run:`, ...p.reasons),
  nodesUnreadable: (p: { cluster: string; why: Unreadable }) =>
    md`⚠️ The nodes of ${t.code(p.cluster)} could not be read: ${t.why(p.why)}. You can ask all the same; the cluster is looked at again then. Without a node the bot chooses one.`,
  /** Options: short, the node's name is cut to fit. */
  botChooses: 'The bot chooses',
  botWouldChoose: (node: string) => `The bot chooses; now ${node}`,
  cordonedNode: (node: string) => `${node} (cordoned)`,
  problem: {
    busy: (p) =>
      `A backup of ${p.run.cluster} is under way already (run ${p.run.id}), and only one can be at a time. Ask again when it is over.`,
    'bad-node': (p) =>
      `${p.node} cannot be the name of a node: names have small letters, digits, dots and hyphens. Leave it empty and the bot chooses one.`,
    'reason-too-long': (p) => `This has ${p.length} characters; ${p.max} are possible.`,
    'no-emergency-right': (p) =>
      `You may not back up ${p.cluster} without an approval. Leave this empty to ask in the ordinary way.`,
    'cluster-missing': () => 'Choose a cluster.',
    'unknown-cluster': (p) =>
      `There is no cluster ${p.name} in the configuration any more. Choose another one.`,
    'wrong-channel': (p) =>
      `${p.cluster} cannot be used from this channel. Ask in the cluster's own channel.`,
    'being-removed': (p) =>
      `${p.cluster} is being removed from the bot's configuration: nothing new begins there.`,
    'not-permitted': (p) => `Your cluster user ${p.clusterUser} may not do this on ${p.cluster}.`,
    'permission-unreadable': (p) => `Whether you may do this on ${p.cluster} could not be read.`,
    'unknown-person': () =>
      "The bot does not know which cluster user you are. Ask an administrator to add you to the bot's configuration.",
    'refused-person': () =>
      'Guests, bots and people of other workspaces may not ask for a backup. Ask a member of this workspace.',
    'profile-unreadable': ({ reason }): string =>
      reason === 'unauthorized' || reason === 'forbidden'
        ? 'Slack does not let the bot read who you are, so nothing was done. Ask the administrator of this bot to look at its Slack token and scopes.'
        : 'Slack did not say who you are, so nothing was done. Try again in a minute.',
    'not-recorded': () =>
      'This could not be put on record, so nothing was run. Try again in a minute; if it stays so, tell the administrator of this bot.',
    'nodes-of-another-cluster': (p) =>
      `The nodes in this form are those of ${p.shown}, not of ${p.cluster}. Choose the cluster once more.`,
  } satisfies TextsBy<'outcome', FormProblem, [], string>,
});

/** The form that asks why no backup is needed. Plain strings are plain text in Slack. */
export const dismissForm = (t: Tools) => ({
  /** At most 24 units each. */
  title: 'No backup needed?',
  submit: 'Not needed',
  close: 'Go back',
  label: 'Why is no backup needed?',
  hint: 'It goes on record with your name, and the channel sees it.',
  intro: (cluster: string) =>
    md`The reminder for ${t.code(cluster)} ends with this and is not repeated. There is no backup to restore the cluster from as it is now, until a backup is taken.`,
  reasonMissing: 'Say why, in a few words. Nothing was changed so far.',
  reasonTooLong: ({ length, max }: { length: number; max: number }) =>
    `The reason has ${length} characters; ${max} are possible. Shorten it.`,
  notRecorded: 'This could not be put on record, so nothing was changed. Try again in a minute.',
  /** Slack did not open the form. */
  notOpened: () => md`Slack did not open the form, so nothing was changed. Click the button once more.`,
});
