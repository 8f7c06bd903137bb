import type { ManifestMember, ManifestMembers, Place } from '../domain/copies/manifest-document.ts';
import { restoredCommand } from '../domain/copies/restore-mark.ts';
import { authorityVariable, placeVariable } from '../domain/restore/file-commands.ts';
import type { Chapter } from '../domain/restore/restore-procedure.ts';
import { code, codes, when } from './markdown.ts';
import type { StepWording } from './wording.ts';

export const file = { snapshot: 'etcd snapshot', resources: 'static pod resources' };

export function who(custodians: readonly string[], destination: string): string {
  return custodians.length > 0
    ? `Who can fetch it: ${codes(custodians)}.`
    : `Who can fetch it: anyone with the credentials of ${code(destination)}.`;
}

const ovnOnly =
  "Only with OVN-Kubernetes: `oc get network.config cluster -o jsonpath='{.status.networkType}'` says which network plugin the cluster uses. With another one skip this step.";
const printedHost = {
  'highest-raft-index': (node: string) =>
    `Printed is ${node}, which had the highest raft index before the backup.`,
  'node-of-the-backup': (node: string) =>
    `Printed is the node of the backup, ${node}: which member had the highest raft index was not read.`,
} as const;

/** `“Restoring to …” in “Backup and restore”, https://…` */
export function chapterName({ title, book, address }: Chapter): string {
  return `“${title}” in “${book}”${address === undefined ? '' : `, ${address}`}`;
}

/** `nas-1` (how people reach it: …) `/path/of/the/bot/…` */
function reached(each: { destination: string; location: string; where?: string | undefined }): string {
  const how = each.where === undefined ? '' : ` (how to reach it: ${code(each.where)})`;
  return `${code(each.destination)} ${code(each.location)}${how}`;
}

function placeLines(place: Place, destination: string): readonly string[] {
  const how = place.where === undefined ? [] : [`How to reach it: ${code(place.where)}.`];
  if (place.kind === 'directory') {
    const path = code(place.path);
    return place.where === undefined
      ? [
          `${path} is the directory as the bot sees it, inside its pod if it runs in one: how people reach it is not recorded. Elsewhere put the path that you use in its place.`,
        ]
      : [
          ...how,
          `The bot sees that directory as ${path}. Put its path as you reach it into ${code(placeVariable(destination))} first.`,
        ];
  }
  if (place.authorities === undefined) return how;
  const known = place.authorities.map(
    ({ subject, fingerprint }) => `${code(subject)} (SHA-256 ${code(fingerprint)})`,
  );
  return [
    ...how,
    `The endpoint’s certificate comes from an authority that systems do not know by themselves: ${known.join('; ')}. Put the path of its PEM file into ${code(authorityVariable(destination))}. Those who run the endpoint have it, and so has the bot’s configuration (${code('s3.ca')} of ${code(destination)}). Check it with ${code('openssl x509 -noout -subject -fingerprint -sha256 -in FILE')}.`,
  ];
}

function byName(some: boolean): string {
  return some ? ' Use addresses where names do not resolve.' : '';
}

function memberLines(members: ManifestMembers | undefined): readonly string[] {
  if (!members || members.readAt === null) return [];
  const lines = members.list.map((each) => `- ${memberText(each, true)}`).join('\n');
  return [`What etcd said of its members ${when(members.readAt)}:`, lines];
}

export function memberText(member: ManifestMember, asked: boolean): string {
  const { node, address, raftIndex, learner, leader, arbiter } = member;
  const where = [node === null ? 'no known node' : code(node), ...(address === null ? [] : [code(address)])];
  const said =
    raftIndex === null
      ? asked && address !== null
        ? ['did not answer']
        : []
      : [
          `raft index ${raftIndex}`,
          ...(learner === true ? ['learner'] : []),
          ...(leader === true ? ['leader'] : []),
        ];
  return [...where, ...said, ...(arbiter === true ? ['arbiter node'] : [])].join(', ');
}

const otherNode = 'Stop here: look at what still runs on that node, and run its command again.';

/** Steps in the order in which they can come. `expect`: what must be seen; `otherwise`: what to do if it is not. */
export const stepsEn: StepWording = {
  room: () => ({
    title: 'Make a directory that only you can read',
    text: [
      'The two files together open every door of the cluster. Do everything in this directory and in one shell; the last step removes the directory.',
      'In another shell, go to this directory first and run the lines that begin with `export` again.',
    ],
    expect: 'No output. The prompt is in the new directory.',
    otherwise: 'Choose a disk with space for both files, where you may write.',
  }),
  fetch: (p) => ({
    title: `Fetch the ${file[p.file]} from ${p.destination}`,
    text: [
      who(p.custodians, p.destination),
      ...placeLines(p.place, p.destination),
      ...(p.also.length > 0
        ? [`Other verified copies: ${p.also.map((each) => reached(each)).join('; ')}.`]
        : []),
      `The original may still be on node ${code(p.onNode.node)}: ${code(p.onNode.path)}.`,
    ],
    expect: 'The last line ends in `OK`.',
    otherwise: 'Fetch it again, or take another copy. A file that does not say `OK` is not this backup.',
  }),
  decrypt: (p) => ({
    title: `Decrypt the ${file[p.file]}`,
    text: [
      `Any one of these keys opens it: ${p.recipients.map(({ name, publicKey }) => `${code(name)} (${code(publicKey)})`).join('; ')}. Put the path of the private key into ${code('AGE_KEY_FILE')} first.`,
    ],
    expect: 'No output, and a new file without `.age`.',
    otherwise: '`no identity matched` means another key: use one of those named above.',
  }),
  digests: () => ({
    title: 'Check both files',
    text: [],
    expect: 'Both lines end in `OK`.',
    otherwise: 'Fetch that file again; do not go on.',
  }),
  trailer: () => ({
    title: "Check the snapshot's own checksum",
    text: ['etcd wrote it into the last 32 bytes.'],
    expect: '`snapshot: whole`',
    otherwise: 'Do not restore this file. Take another copy, or another backup.',
  }),
  archive: () => ({
    title: 'Check that the archive can be read to its end',
    text: [],
    expect: '`static pod resources: whole`',
    otherwise: 'Do not restore this file. Take another copy, or another backup.',
  }),
  'recovery-host': (p) => ({
    title: p.only ? 'Name the node' : 'Choose the recovery host',
    text: [
      ...(p.only
        ? [
            `The cluster has one control-plane node, ${code(p.host.name)}: everything is restored there. If its address changed, use the new one.`,
          ]
        : [
            'One healthy control-plane node on which everything is restored: one whose member of etcd is no learner and has the highest raft index.',
            `${printedHost[p.host.because](code(p.host.name))} If it is not healthy, take the next one. The commands of the later steps name that one as one of the others: swap the two in each of them.`,
            ...memberLines(p.members),
          ]),
      ...(p.arbiter
        ? [
            'Not the arbiter node: it has no full control plane. Its etcd must be stopped like that of the others.',
          ]
        : []),
      p.only
        ? 'Open an SSH session to it now and leave it open: later the API does not answer, and `oc debug` does not work.'
        : 'Open an SSH session to every control-plane node now and leave it open: later the API does not answer, and `oc debug` does not work.',
    ],
    expect: 'No output.',
    otherwise:
      'Without one healthy control-plane node nothing here works: read “When no control-plane node is left” under “Before you start”.',
  }),
  place: (p) => ({
    title: 'Put both files into one directory on the recovery host',
    text: [
      `Exactly these two files may be in ${code(p.directory)}: the restore script takes the newest of each kind, whatever it belongs to.`,
    ],
    expect: 'The last command lists two names and says `OK` twice.',
    otherwise: 'Remove what else is in that directory, or copy the file again.',
  }),
  obstacles: (p) => ({
    title: 'Look for what would stop the restore script',
    text: [
      p.revision
        ? 'The script moves `member` and `revision.json` out of `/var/lib/etcd` and stops if anything else is there (`folder /var/lib/etcd is not empty`).'
        : 'The script moves `member` out of `/var/lib/etcd`.',
      'It removes what an earlier restore left in `/var/lib/etcd-backup`: that is the data from before that restore.',
      '`required dependencies not found` means that this node never ran etcd as a static pod: choose another one.',
    ],
    expect: `Below ${code('/var/lib/etcd:')} only ${p.revision ? '`member` and `revision.json`' : '`member`'}, or nothing.`,
    otherwise:
      'Move any other file out (`sudo mv FILE /home/core/`), and copy `/var/lib/etcd-backup` elsewhere if it holds data that you may still need.',
  }),
  'stop-others': (p) => ({
    title: 'Stop etcd and the control plane on the other nodes',
    text: [
      `On ${codes(p.nodes)}, not on the recovery host; leave out nodes that are lost for good.${byName(p.byName)} Each command moves the manifests of ${codes(p.pods)} away, one after the other, waits until the containers of each are gone, and only then moves the data. It waits for containers of the control plane’s own namespaces alone, and names those that still run after five minutes.`,
      'If you chose another recovery host than the printed one, swap the two here first: these commands must not run on the recovery host.',
    ],
    expect: 'The last line of each command says that `/var/lib/etcd/` was moved to `/tmp/`.',
    otherwise: `${otherNode} \`cannot stat '/var/lib/etcd/'\`: an earlier try has moved it already (\`sudo ls /tmp/etcd\` shows \`member\`): go on.`,
  }),
  keepalived: (p) => ({
    title: 'Give the API address to the recovery host',
    text: [
      `Only where the cluster runs keepalived (on-premises installations): on ${codes(p.nodes)} it is stopped, and the addresses of each node are shown. If one of them still holds the API or ingress address, remove it there: ${code('sudo ip address del ADDRESS dev DEVICE')}.`,
      'The API address is that of the host name under “API” at the end of RESTORE.md (`getent hosts NAME`), the ingress address that of any route of the cluster.',
    ],
    expect: 'With keepalived, the last command shows the API address on the recovery host.',
    otherwise:
      'Repeat this step for the node that still shows the address. Without keepalived there is nothing to do.',
  }),
  'disable-etcd': (p) => ({
    title: p.nodes.length === 1 ? 'Stop etcd' : 'Stop etcd on every control-plane node',
    text: [
      p.nodes.length === 1
        ? `On ${code(p.nodes[0] ?? '')}.`
        : `On ${codes(p.nodes)}, the recovery host included; leave out nodes that are lost for good.${byName(p.byName)} If members stay up that can form a quorum, the restore goes wrong.`,
    ],
    expect: 'Each command ends without an error.',
    otherwise:
      p.nodes.length === 1
        ? 'Look at what still runs there (`sudo pcs status`), and run the same command again.'
        : `${otherNode} Two of three members, or three of four or five, must be down.`,
  }),
  restore: (p) => ({
    title: 'Restore, on the recovery host',
    text: [
      'From here on there is no way back.',
      ...{
        none: [],
        file: [
          'The cluster used a proxy, which the script may need to pull an image. systemd takes it from `/etc/mco/proxy.env` on the node; do not read that file with a shell (`source`, `.`): a password in it would be run or changed.',
        ],
        typed: [
          'The cluster used a proxy, which the script may need to pull an image. This release has no `/etc/mco/proxy.env`: the command asks for the three values and takes them as they are typed. On the node, `systemctl show kubelet crio -p Environment` usually shows them; so does `oc get proxy cluster -o yaml` of an earlier day.',
        ],
      }[p.proxy],
    ],
    expect: {
      four: 'etcd, kube-apiserver, kube-controller-manager and kube-scheduler are stopped and then started again (`starting kube-apiserver-pod.yaml` and so on). Exit code 0.',
      etcd: '`starting restore-etcd static pod`, and exit code 0. Only etcd is replaced; the other static pods stay as they are.',
      pacemaker:
        'Pacemaker reports etcd as started (`pcs status`), and exit code 0. Only the snapshot is used.',
    }[p.pods],
    otherwise:
      'Read its last line. `does not exist`: the directory or a file in it is not the one of step “Put both files”. `not empty`: go back to the step “Look for what would stop the restore script”. Correct it and run the command again.',
  }),
  'kubelet-certificates': () => ({
    title: 'Remove the kubelet certificates of nodes that are NotReady',
    text: [
      `As root on the recovery host (\`sudo -i\`): ${code('export KUBECONFIG=/etc/kubernetes/static-pod-resources/kube-apiserver-certs/secrets/node-kubeconfigs/localhost-recovery.kubeconfig')}, then ${code('oc get nodes')}. For each node that is NotReady: ${code('export NOT_READY_NODE=ADDRESS')} in the shell of the other steps, then the command below. If all are Ready, skip this step.`,
    ],
    expect: 'Names of `.pem` files that were removed, on each NotReady node.',
    otherwise:
      'No output: that node has no such file, go on. `Could not resolve hostname`: `NOT_READY_NODE` is not set in this shell. The kubelet restarts come after this, not before.',
  }),
  kubelets: (p) => ({
    title: p.only ? 'Restart the kubelet' : 'Restart the kubelet on every control-plane node',
    text: p.only ? [] : ['The recovery host first.'],
    expect: 'No output.',
    otherwise: 'On that node: `sudo systemctl status kubelet`.',
  }),
  requests: (p) => ({
    title: 'Approve pending certificate requests',
    text: [
      'Wait until the API answers. Approve those of your own nodes, one by one: `kubernetes.io/kube-apiserver-client-kubelet` by the node bootstrapper, and on installations without the machine API `kubernetes.io/kubelet-serving`, too. New ones may come after the first.',
      ...(p.only
        ? ['On a single node usually none is pending.']
        : ['Without worker nodes usually none is pending.']),
    ],
    expect: '`oc get csr` shows no `Pending` one of your nodes any more.',
    otherwise:
      'A request of a machine that is not yours is not approved. If the API does not answer, use the recovery kubeconfig on the recovery host.',
  }),
  'single-member': (p) => ({
    title: 'Check that one member of etcd runs',
    text: [],
    expect: p.only ? 'Exactly one pod, `Running`.' : 'Exactly one pod, `Running`, on the recovery host.',
    otherwise: p.only
      ? 'Wait some minutes; `sudo crictl ps -a` on the node shows a container that does not come up.'
      : 'Wait some minutes. If there are more, a node of the step “Stop etcd” was missed: stop it now.',
  }),
  'delete-nodes': (p) => ({
    title: 'Delete the node objects of the other control-plane nodes',
    text: [
      `Only with OVN-Kubernetes, for ${codes(p.nodes)}. They must stay deleted until the network is back, or its control plane is not deployed again. Never that of the recovery host: if you chose another one than the printed one, swap the two here first.`,
    ],
    expect: 'Each node is reported as deleted.',
    otherwise: '`NotFound` is fine: it is gone already.',
  }),
  webhooks: () => ({
    title: 'Look for webhooks that reject pods',
    text: [
      'A webhook with `failurePolicy: Fail` whose service does not run rejects new pods. Save each such one (`oc get KIND NAME -o yaml > NAME.yaml`), then delete it or set `failurePolicy: Ignore`. Put it back at the end.',
    ],
    expect: 'You know which webhooks have `failurePolicy: Fail`, and have a copy of each that you changed.',
    otherwise: 'When pods are not created in the next steps, `oc get events -A` names the webhook.',
  }),
  'ovn-wait': () => ({
    title: 'Wait until the network operator has let go of the other nodes',
    text: [
      ovnOnly,
      'This takes five to ten minutes at least. The command waits until the network operator names no address of the other nodes, and gives up after twenty.',
    ],
    expect: '`no address of the other nodes is left`',
    otherwise:
      'Check that the API answers and that the node objects are still deleted (`oc get nodes`), and run it again.',
  }),
  'ovn-master': () => ({
    title: 'Start OVN-Kubernetes over',
    text: [ovnOnly, 'Its databases are removed on the control-plane nodes, then its pods are created again.'],
    expect: 'All `ovnkube-master` and `ovnkube-node` pods are `Running` after some minutes.',
    otherwise:
      'A pod that stays `Terminating`: delete its node object, remove the kubelet certificates there, restart the kubelet and approve the requests, as in the steps before.',
  }),
  'ovn-control-plane': () => ({
    title: 'Start the control plane of OVN-Kubernetes over',
    text: [ovnOnly],
    expect: 'The pods are `Running` again.',
    otherwise: 'See the step on webhooks, and `oc -n openshift-ovn-kubernetes get events`.',
  }),
  'ovn-nodes': (p) => ({
    title: 'Start OVN-Kubernetes over, node by node',
    text: [
      ovnOnly,
      p.only
        ? 'If the cluster has worker nodes, then each of them in the same way: wait for the `ovnkube-node` pod of one node before you go to the next.'
        : 'First the recovery host, then the other control-plane nodes as far as they run, then in the same way every other node of the cluster: wait for the `ovnkube-node` pod of one node before you go to the next. Do not run all lines at once.',
    ],
    expect: 'The `ovnkube-node` pod of each node is `Running` after some minutes.',
    otherwise:
      'A pod that stays `Terminating`: `oc delete node NODE`, on that node `sudo mv /var/lib/kubelet/pki/* /tmp` and `sudo systemctl restart kubelet.service`, then approve its requests and check `oc get nodes`.',
  }),
  machines: (p) => ({
    title: 'Create the other control-plane machines again',
    text: [
      `Of ${codes(p.nodes)}, one after the other, never the recovery host. Clusters with a control plane machine set: the documentation points to “Recovering a degraded etcd Operator” instead.`,
      'With the machine API: in `new-master-machine.yaml` remove `status`, `spec.providerID`, annotations, `metadata.generation`, `metadata.resourceVersion`, `metadata.selfLink` and `metadata.uid`, and give the machine a new name, before `oc delete` and `oc apply`.',
      'Installed by hand on bare metal: install the node as you did the first time. Installer-provisioned bare metal: control-plane machines are not created again; see “Replacing a bare-metal control plane node”.',
    ],
    expect: 'The new machine goes from `Provisioning` to `Running`, and its node is `Ready`.',
    otherwise: 'Approve pending certificate requests of the new node.',
  }),
  'fencing-peer': (p) => ({
    title: 'Let the other node join',
    text: [
      `On ${codes(p.nodes)}, when it is back. It takes its data from the restored node. Never change the quorum guard of the etcd operator on such a cluster.`,
    ],
    expect: '`pcs status` shows etcd as started on both nodes.',
    otherwise: 'On the restored node: `sudo pcs resource cleanup etcd; sudo pcs status`.',
  }),
  login: () => ({
    title: 'Log in as cluster administrator',
    text: [],
    expect: '`Login successful.`',
    otherwise: 'Logging in may need some minutes more. Use the kubeconfig that the installer wrote.',
  }),
  'guard-off': () => ({
    title: 'When the API answers, switch off the quorum guard',
    text: [],
    expect: '`etcd.operator.openshift.io/cluster patched`',
    otherwise: 'Wait until the API answers, with the recovery kubeconfig on the recovery host if need be.',
  }),
  redeploy: () => ({
    title: 'Redeploy etcd',
    text: [],
    expect: '`etcd.operator.openshift.io/cluster patched`',
    otherwise: 'Wait until the API answers and run it again.',
  }),
  'guard-on': () => ({
    title: 'Switch the quorum guard on again',
    text: ['Do not forget this one.'],
    expect: '`patched`, and `oc get etcd/cluster -o yaml` shows no `unsupportedConfigOverrides`.',
    otherwise: 'Run it again until it is gone.',
  }),
  'etcd-rollout': () => ({
    title: 'Wait for etcd',
    text: ['Repeat the command. It takes minutes for each node.'],
    expect: '`AllNodesAtLatestRevision`',
    otherwise:
      'A message that names two revisions is a rollout under way: wait. `oc -n openshift-etcd get pods` shows a pod that fails.',
  }),
  rollouts: () => ({
    title: 'Redeploy the other three static pods, one after the other',
    text: [
      'Do not run all lines at once: after each patch repeat the command below it, and go to the next only when it is done.',
    ],
    expect: '`AllNodesAtLatestRevision` for kubeapiserver, then kubecontrollermanager, then kubescheduler.',
    otherwise: 'A message that names two revisions is a rollout under way: wait.',
  }),
  'webhooks-back': () => ({
    title: 'Put the webhooks back',
    text: [
      'Those that you deleted or changed: `oc apply -f NAME.yaml` for each. If you changed none, skip this step.',
    ],
    expect: 'The list is the one that you saved from, with the same `failurePolicy`.',
    otherwise:
      '`conflict`: remove `metadata.resourceVersion` and `metadata.uid` from the file and apply it again.',
  }),
  'keepalived-back': (p) => ({
    title: 'Put keepalived back',
    text: [
      `On ${codes(p.nodes)}, where it was moved away. Without it the network operator stays Progressing.`,
    ],
    expect: 'The name of the copied file, or no output where there was no keepalived.',
    otherwise: 'The file is in `/home/core/keepalived.yaml` on that node.',
  }),
  members: (p) => ({
    title: 'Check the members of etcd',
    text: [],
    expect:
      p.count === 1
        ? 'One pod, `Running`, all containers ready.'
        : `${p.count} pods, \`Running\`, all containers ready.`,
    otherwise:
      p.count === 1
        ? 'Wait some minutes; `oc -n openshift-etcd describe pods` says what the pod waits for.'
        : 'Fewer: nodes that are lost have to be replaced first; the chapter “Replacing an unhealthy etcd member” of your release says how.',
  }),
  stable: (p) => ({
    title: 'Wait until the cluster is stable',
    text: ['This can take 15 minutes and more.'],
    expect: '`All clusteroperators are stable`',
    otherwise: `If the etcd pods do not roll out, force it: ${p.redeploy.map(code).join(' ')}`,
  }),
  'restart-nodes': (p) => ({
    title: 'Restart all nodes',
    text: [
      p.only
        ? 'The control-plane node, until it is Ready again; then worker nodes, if there are any, a few at a time.'
        : 'Do not run all lines at once: the control-plane nodes one after the other, each time until it is Ready again and `oc -n openshift-etcd get pods -l k8s-app=etcd` shows all of its members `Running`; then all worker nodes, a few at a time.',
    ],
    expect: '`oc get nodes` shows every node as Ready.',
    otherwise:
      'Approve pending certificate requests of that node. `oc login` may need some time more: use the kubeconfig that the installer wrote, and `oc whoami`.',
  }),
  'restart-pods': () => ({
    title: 'Restart the pods that keep state of the Kubernetes API',
    text: [
      'Routers, operators and third-party components among them: they may still hold what was there before the restore.',
    ],
    expect: '`oc get clusteroperators` shows all as Available and none as Degraded.',
    otherwise: '`oc get pods -A` shows which pods do not come back.',
  }),
  chapter: (p) => {
    const name = chapterName(p.chapter);
    const because = {
      fencing: `This cluster has two control-plane nodes with fencing: Pacemaker owns etcd there. For releases before 4.22 no restore from a backup is documented, and the scripts on the nodes do not stop Pacemaker's etcd: do not run \`cluster-restore.sh\`. Only the replacement of one control-plane node is documented. Open a support case before you touch a node. **Never change the quorum guard of the etcd operator on such a cluster.**`,
      unknown: `No steps are known here for this release and topology. Follow the chapter ${name} of your release.`,
    };
    return { title: 'Follow the chapter of your release', text: [because[p.because]] };
  },
  tidy: (p) => ({
    title: 'When the cluster works again, remove both files',
    text: [
      'Together they open every door of the cluster. Then take a new backup: what was restored is old.',
      `Where the bot runs, first tell it in Slack: ${code(`/etcd-backup ${restoredCommand(p.cluster, p.runId)}`)}. Until then it counts backups that the cluster has left as its own.`,
    ],
    expect: 'No output.',
    otherwise: 'Remove them by hand, on your disk and on the recovery host.',
  }),
};
