import { lines, md } from '../markup.ts';
import type { ModalWording } from '../modal-wording.ts';

export const modal: ModalWording = {
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
      'Leave it empty to let a second person approve. If you write why it cannot wait, it starts without an approval, the owners of the cluster are told at once, and the run stays marked for ever.',
  },
  placeholder: 'Choose a cluster',
  loading: (t) =>
    md`One moment… If nothing else comes up here within half a minute, close this and type ${t.command('run CLUSTER')}. Nothing has been asked for yet.`,
  chooseFirst: () => md`Choose a cluster; its nodes are looked at then.`,
  unlisted: (count, t) =>
    md`${count === 1 ? md`One cluster is` : md`${count} clusters are`} missing in this list, because the name is too long for it. Name it by text: ${t.command('run CLUSTER')}`,
  reading: (cluster, t) =>
    md`The nodes of ${t.code(cluster)} are being looked at… You need not wait: without a node the bot chooses one.`,
  proposed: (p, t) =>
    p.because === 'only'
      ? md`Proposed: ${t.code(p.node)}, the only node that is fit.`
      : md`Proposed: ${t.code(p.node)}, the first one that is fit, so that it is the same every time.`,
  noneFit: () =>
    md`⛔ No control-plane node is one that the bot would choose now. You can ask all the same; the cluster is looked at again then.`,
  unfit: (nodes, t) =>
    md`Not fit: ${t.list(nodes.map((each) => md`${t.code(each.node)} ${t.unfit(each.because)}`))}.`,
  namedNotFit: (node, t) => md`⚠️ ${t.code(node)}, which you named, is not among the nodes that are fit.`,
  nameByText: (p, t) =>
    md`Not in this list: ${t.names(p.nodes)}. Name one of them by text: ${t.command(`run ${p.cluster} node=…`)}`,
  blocked: (p, t) =>
    lines(md`⛔ As things stand, no backup of ${t.code(p.cluster)} could run:`, ...t.reasons(p.blockers)),
  nodesUnreadable: (p, t) =>
    md`⚠️ The nodes of ${t.code(p.cluster)} could not be read: ${t.why(p.why)}. You can ask all the same; the cluster is looked at again then. Without a node the bot chooses one.`,
  botChooses: 'The bot chooses',
  botWouldChoose: (node) => `The bot chooses; now ${node}`,
  cordonedNode: (node) => `${node} (cordoned)`,
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
    'unknown-person': () =>
      "The bot does not know which cluster user you are. Ask an administrator to add you to the bot's configuration.",
    'refused-person': () =>
      'Guests, bots and people of other workspaces may not ask for a backup. Ask a member of this workspace.',
    'profile-unreadable': ({ reason }) =>
      reason === 'unauthorized' || reason === 'forbidden'
        ? 'Slack does not let the bot read who you are, so nothing was done. Ask whoever runs this bot to look at its Slack token and scopes.'
        : 'Slack did not say who you are, so nothing was done. Try again in a minute.',
    'not-recorded': () =>
      'This could not be put on record, so nothing was run. Try again in a minute; if it stays so, tell whoever runs this bot.',
    'nodes-of-another-cluster': (p) =>
      `The nodes in this form are those of ${p.shown}, not of ${p.cluster}. Choose the cluster once more.`,
  },
};
