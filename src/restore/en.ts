import { code, codes, when } from './markdown.ts';
import type { RestoreWording } from './wording.ts';

const file = { snapshot: 'etcd snapshot', resources: 'static pod resources' };

function who(custodians: readonly string[], destination: string): string {
  return custodians.length > 0
    ? `Who can fetch it: ${codes(custodians)}.`
    : `Who can fetch it: anyone with the credentials of ${code(destination)}.`;
}

const notKnown = {
  absent: 'its marker is absent',
  different: 'the marker there belongs to a different place',
  'adopt-needed': 'its contents did not match the records',
  unreadable: 'its marker cannot be read',
} as const;

export const en: RestoreWording = {
  file,
  title: (cluster, zStream) => `Restore etcd of ${cluster} (${zStream})`,
  intro: (p) => [
    `Backup ${code(p.runId)}, taken ${p.takenAt} on node ${code(p.node)}; ${p.age} old when this was written. Nothing here needs the bot, Slack or a running cluster.`,
    ...(p.written === undefined
      ? []
      : [
          `Written ${p.written}. If several editions lie here (\`RESTORE.2.md\`), the one with the highest number is the newest.`,
        ]),
  ],
  age: (days, hours) => (days > 0 ? `${days} d ${hours} h` : `${hours} h`),
  beforeTitle: 'Before you start',
  before: ({ manifest, chapter, compareFirst, quorumRestore }) => [
    `It restores **exactly ${manifest.release.zStream}**, and only the cluster with the id ${code(manifest.cluster.id)}. The two files belong together; never mix files of two backups.`,
    '**A restore is the last resort.** It takes the whole cluster back in time. If the API still answers to `oc get nodes` and lets you change things, etcd has its quorum: do not restore.',
    ...(quorumRestore
      ? [
          'If only the quorum is lost and one control-plane node still has its etcd data, read the chapter “Quorum restoration” of your release first: it needs no backup and loses nothing.',
        ]
      : []),
    'You need: a shell with GNU coreutils; SSH as `core` to every control-plane node (open the sessions now: the API goes away); a kubeconfig with a client certificate, such as the one that the installer wrote (logging in with a password does not work until the end); both files, which may be in the hands of two people.',
    `Where this page and the documentation of your release differ, the documentation is right: “${chapter.title}” in “${chapter.book}”.`,
    ...(compareFirst
      ? [
          `**Your release is newer than the documentation that these steps were written from (4.4 to 4.22). Compare them with that chapter before you run anything on the nodes.**`,
        ]
      : []),
  ],
  warningsTitle: 'Warnings',
  warning: (warning) => {
    switch (warning.kind) {
      case 'signer-expired': {
        const list = warning.certificates
          .map(({ subject, notAfter }) => `${code(subject)} on ${when(notAfter)}`)
          .join('; ');
        return warning.all
          ? `**All certificates of ${code(warning.bundle)} have expired since the backup:** ${list}. The nodes will not be trusted after the restore until they have new certificates: expect NotReady nodes and pending certificate requests, and have the chapter “Recovering from expired control plane certificates” at hand.`
          : `Certificates of ${code(warning.bundle)} have expired since the backup, others of that bundle are still valid: ${list}. Expect pending certificate requests after the restore.`;
      }
      case 'disproven':
        return '**A restore drill has shown that this snapshot does not bring back what it should.** Take it only when nothing else is left: another backup that fits, or a control-plane node that still works, is the better way.';
      case 'date-ahead':
        return `**The date of this backup, ${when(warning.at)}, lies ahead of the clock that wrote this document.** One of the two clocks is wrong. Compare etcd’s revision, which only rises, with that of other backups before you take this one.`;
      case 'place-not-known':
        return `**The copies at ${code(warning.destination)} may not be there:** ${notKnown[warning.state]} (noticed ${when(warning.at)}). Mount or find the right place first, or take another copy; compare size and sha256 of whatever you find.`;
      case 'signers-unknown':
        return `How long the signer certificates in this backup are valid is not recorded${warning.bundles.length > 0 ? ` (${codes(warning.bundles)})` : ''}. Expect pending certificate requests after the restore.`;
      case 'z-stream-unknown':
        return `**It is not known which z-stream the cluster runs.** This backup fits ${code(warning.zStream)} only. Find out before you go on, from your update records or an old \`oc get clusterversion\`.${warning.others.length > 0 ? ` There are backups of ${codes(warning.others)}, too.` : ''}`;
      case 'z-stream-seen':
        return `The cluster ran ${code(warning.zStream)} when the bot last saw it, ${when(warning.at)}. If it has been updated since, this backup does not fit.`;
      case 'z-stream-differs':
        return `**This backup restores ${code(warning.zStream)} only, but the bot last saw the cluster on ${code(warning.seen)}, ${when(warning.at)}.** On nodes of ${code(warning.seen)} it does not fit.`;
      case 'update-seen':
        return `**The cluster was being updated when the bot last saw it, ${when(warning.at)}: ${warning.from === undefined ? '' : `from ${code(warning.from)} `}to ${code(warning.to)}.** Its nodes may run either of them; find out which one before you go on.`;
    }
  },
  filesTitle: 'The two files',
  fileLines: (p) => [`**${p.file}** ${code(p.name)}`, `${p.size} bytes, sha256 ${code(p.sha256)}`],
  copyLine: (p) => {
    const state =
      p.provenAt === undefined
        ? '**never read back: do not rely on it**'
        : `read back whole ${when(p.provenAt)}`;
    const opens =
      p.recipients.length > 0
        ? `Encrypted; any one of these can decrypt it: ${codes(p.recipients)}.`
        : 'Not encrypted.';
    const locked = p.lockedUntil === undefined ? '' : ` Locked until ${when(p.lockedUntil)}.`;
    return `${code(p.destination)}: ${code(p.location)}, ${state}. ${who(p.custodians, p.destination)} ${opens}${locked}`;
  },
  stepsTitle: 'Steps',
  steps: {
    room: () => ({
      title: 'Make a directory that only you can read',
      text: [
        'The two files together open every door of the cluster. Do everything in this directory; the last step removes it.',
      ],
    }),
    fetch: (p) => ({
      title: `Fetch the ${file[p.file]} from ${p.destination}`,
      text: [
        who(p.custodians, p.destination),
        ...(p.also.length > 0
          ? [
              `Other verified copies: ${p.also.map((each) => `${code(each.destination)} ${code(each.location)}`).join('; ')}.`,
            ]
          : []),
        `The original may still lie on node ${code(p.onNode.node)}: ${code(p.onNode.path)}.`,
      ],
    }),
    decrypt: (p) => ({
      title: `Decrypt the ${file[p.file]}`,
      text: [
        `Any one of these keys opens it: ${p.recipients.map(({ name, publicKey }) => `${code(name)} (${code(publicKey)})`).join('; ')}. Put the path of the private key into ${code('AGE_KEY_FILE')} first.`,
      ],
    }),
    digests: () => ({
      title: 'Check both files',
      text: ['Both lines must say `OK`. If one does not, fetch that file again; do not go on.'],
    }),
    trailer: () => ({
      title: "Check the snapshot's own checksum",
      text: ['etcd wrote it into the last 32 bytes. It must say `snapshot: whole`.'],
    }),
    archive: () => ({
      title: 'Check that the archive can be read to its end',
      text: ['It must say `static pod resources: whole`.'],
    }),
    'recovery-host': (p) => ({
      title: 'Choose the recovery host',
      text: [
        `One healthy control-plane node on which everything is restored. Printed is the node of the backup (${code(p.node)}); any other will do. The commands below list it by its name as well: if you take another, swap the two names.`,
        ...(p.arbiter
          ? [
              'Not the arbiter node: it has no full control plane. Its etcd must be stopped like that of the others.',
            ]
          : []),
      ],
    }),
    place: (p) => ({
      title: 'Put both files into one directory on the recovery host',
      text: [
        `Exactly these two files may lie in ${code(p.directory)}: the restore script takes the newest of each kind, whatever it belongs to. The last command must list two names and say \`OK\` twice.`,
      ],
    }),
    'stop-others': (p) => ({
      title: 'Stop etcd and the API server on the other control-plane nodes',
      text: [
        `On ${codes(p.nodes)}, not on the recovery host; nodes that are dead for good are left out. Use addresses where names do not resolve. Each command waits until the containers are gone, which takes minutes, and moves the data away only then; if one of them ends with an error, stop and look at that node.`,
        'Some releases also stop `kube-controller-manager-pod.yaml`, `kube-scheduler-pod.yaml` and `keepalived.yaml` in the same way: look into the chapter.',
      ],
    }),
    'disable-etcd': (p) => ({
      title: 'Stop etcd on every control-plane node',
      text: [
        `On ${codes(p.nodes)}, the recovery host included; nodes that are dead for good are left out. Use addresses where names do not resolve. If members stay up that can form a quorum, the restore goes wrong.`,
      ],
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
    }),
    kubelets: () => ({
      title: 'Restart the kubelet on every control-plane node',
      text: ['The recovery host first.'],
    }),
    requests: () => ({
      title: 'Approve pending certificate requests',
      text: [
        'Wait until the API answers. Approve those of your own nodes, one by one; new ones may come after the first.',
      ],
    }),
    'guard-off': () => ({
      title: 'When the API answers, switch off the quorum guard',
      text: [],
    }),
    stable: (p) => ({
      title: 'Wait until the cluster is stable',
      text: [
        'This can take 15 minutes and more.',
        `If the etcd pods do not roll out, force it: ${p.redeploy.map(code).join(' ')}`,
      ],
    }),
    'guard-on': () => ({ title: 'Switch the quorum guard on again', text: ['Do not forget this one.'] }),
    tidy: () => ({
      title: 'When the cluster works again, remove both files',
      text: [
        'Together they open every door of the cluster. Then take a new backup: what was restored is old.',
      ],
    }),
    chapter: (p) => {
      const name = `“${p.chapter.title}” in “${p.chapter.book}”`;
      const because = {
        'by-hand': `What is left differs from release to release: bringing back the other control-plane nodes, forced redeployments, the checks. Go on in the chapter ${name} of your release, from the check that the control plane with a single member has started.`,
        fencing: `This cluster has two control-plane nodes with fencing: Pacemaker owns etcd there, and the restore goes another way. Restore on one node only; the other takes its data from it when it comes back. **Never change the quorum guard of the etcd operator on such a cluster.** Follow the chapter ${name} of your release and what it says on two nodes with fencing (documented from 4.22 on); in an earlier release, open a support case before you touch a node.`,
        unknown: `No steps are known here for this release and topology. Follow the chapter ${name} of your release.`,
      };
      return { title: 'Follow the chapter of your release', text: [because[p.because]] };
    },
  },
  factsTitle: 'The cluster as it was',
  fact: {
    clusterId: 'Cluster id',
    infrastructureName: 'Infrastructure name',
    apiUrl: 'API',
    releaseImage: 'Release image',
    topology: 'Topology',
    node: 'Node of the backup',
    members: 'Members of etcd',
    revision: 'etcd revision',
    keys: 'Keys, as the script counted them',
    hash: 'Hash of the snapshot',
    drill: 'Restore drill',
    etcdctl: 'etcdctl on the node',
    staticPods: 'Static pods',
    encryption: 'etcd encryption',
    proxy: 'Proxy used',
    signers: 'Signers valid until',
    requester: 'Asked for by',
    approvers: 'Approved by',
    emergency: 'Emergency, no second approval',
    thread: 'Thread',
  },
  notKnown: 'not known',
  yesNo: (value) => (value ? 'yes' : 'no'),
  drill: (drill) => {
    if (!drill) return 'none is known';
    const at = when(drill.at);
    if (drill.ok) {
      return `restored into a throw-away etcd ${at}: revision ${code(String(drill.revision))}, ${code(String(drill.keys))} live keys`;
    }
    const why = drill.why === null ? '' : `: ${code(drill.why)}`;
    if (drill.verdict === 'not-made')
      return `could not be made ${at}${why}. This says nothing about the snapshot`;
    return drill.disproven
      ? `**failed ${at}**${why}`
      : `failed ${at}${why}. The snapshot or the place where the drill was made may be to blame`;
  },
  othersTitle: 'Other backups, and why not those',
  other: (p) => {
    const name = `${code(p.runId)} of ${p.takenAt} (${p.zStream})`;
    switch (p.because.kind) {
      case 'other-cluster':
        return `${name}: of another cluster, with the id ${code(p.because.clusterId)}.`;
      case 'other-z-stream':
        return `${name}: restores ${p.because.zStream} only, and ${p.because.wanted} is needed.`;
      case 'not-proven':
        return `${name}: no copy of the ${p.because.files.map((kind) => file[kind]).join(' and the ')} is known to be whole.`;
      case 'disproven':
        return `${name}: a restore drill has shown that its snapshot does not bring back what it should.`;
      case 'date-ahead':
        return `${name}: its date has not come yet, so the clock was wrong; how new it is, only etcd’s revision says.`;
      case 'older':
        return `${name}: could be restored, but is older.`;
      case 'not-asked-for':
        return `${name}: another one was asked for.`;
    }
  },
  noneTitle: (cluster) => `No backup of ${cluster} can be restored`,
  none: (zStream, count) => [
    zStream === undefined
      ? 'A restore needs a backup of which both files were read back whole, and there is none.'
      : `A restore needs a backup of exactly ${code(zStream)} of which both files were read back whole, and there is none.`,
    count === 0
      ? 'There is no backup at all. The files of a run may still lie on its control-plane node, below `/home/core/assets/backup`.'
      : 'This is what there is:',
  ],
};
