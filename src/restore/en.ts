import type { ScriptEnd, WantedBefore } from '../domain/restore/before-moment.ts';
import type { Unfit } from '../domain/restore/restore-choice.ts';
import { hasQuorumRestore } from '../domain/restore/restore-procedure.ts';
import { momentText } from '../domain/text/moment.ts';
import { code, codes, when } from './markdown.ts';
import { chapterName, file, memberText, stepsEn, who } from './steps-en.ts';
import type { RestoreWording } from './wording.ts';

const notKnown = {
  absent: 'its marker is absent',
  different: 'the marker there belongs to a different place',
  'adopt-needed': 'its contents did not match the records',
  unreadable: 'its marker cannot be read',
} as const;

const noteText = {
  arbiter:
    '**The documentation does not say how to restore a cluster with an arbiter node.** The steps are those for several nodes. The arbiter has an etcd member that counts, and it is never the recovery host. Open a support case first if you can.',
  'single-node-by-hand':
    'Up to 4.17 the documentation has no text of its own for a single node: the steps are those for several nodes, without what concerns other nodes.',
  'pre-release': 'This is not a general release: the steps are those of its release line.',
} as const;

const phaseName = {
  fetch: 'Fetch',
  check: 'Check',
  stop: 'Stop other nodes',
  restore: 'Restore',
  restart: 'Restart kubelets',
  rejoin: 'Bring other nodes back',
  redeploy: 'Redeploy static pods',
  verify: 'Verify',
  'clean-up': 'Clean up',
} as const;

/** `, with 1 s between the clocks of node and bot` */
function clocks({ apartMs, measured }: ScriptEnd): string {
  const seconds = Math.ceil(apartMs / 1000);
  return measured
    ? `, with ${seconds} s between the clocks of its node and of the bot`
    : `, and how far the clocks of its node and of the bot were apart is not known: ${seconds} s are allowed for`;
}

function momentNote({ note }: WantedBefore): string {
  if (note === 'skipped')
    return ' Clocks skipped the time that was named: the moment of the change is taken.';
  return note === 'doubled' ? ' Clocks showed that time twice: the first is taken.' : '';
}

const nearestText: Readonly<Partial<Record<Unfit['kind'], string>>> = {
  'may-lack':
    'it came soonest after that moment and may lack what was deleted; asked for by its name it is planned all the same',
  abandoned:
    'it is of a time line that the cluster left by a restore; asked for by its name it is planned all the same',
  disproven:
    'a restore drill has shown that it does not bring back what it should; asked for by its name it is planned all the same',
  'not-proven': 'its files were not read back whole; find and compare them by size and sha256',
  'other-z-stream':
    'it restores another z-stream only; if that is what the nodes run, it is planned when it is asked for by its name',
};

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
    `The steps are edition ${p.edition.number} of the procedure for this release line, as of ${p.edition.date}; their sources are listed below them. Written by version ${code(p.bot)} of the bot.`,
  ],
  age: (days, hours) => (days > 0 ? `${days} d ${hours} h` : `${hours} h`),
  beforeTitle: 'Before you start',
  before: ({ manifest, chapter, compareFirst, quorumRestore, notes }) => [
    `It restores **exactly ${manifest.release.zStream}**, and only the cluster with the id ${code(manifest.cluster.id)}. The two files belong together; never mix files of two backups.`,
    '**A restore is the last resort.** It takes the whole cluster back in time. If the API still answers to `oc get nodes` and lets you change things, etcd has its quorum: do not restore. If something was deleted while the API answers, first bring it back from where it came from (Git, Helm, the operator, a backup of the application); a restore is the way only when what was deleted keeps the cluster itself from working.',
    ...(quorumRestore
      ? [
          'If two of three members are lost and the third still has its etcd data, `sudo -E /usr/local/bin/quorum-restore.sh` on that node comes first: it needs no backup. The chapter “Quorum restoration” of your release says how etcd is stopped on the other nodes before. Choose a member that is not a learner and has the highest raft index.',
        ]
      : []),
    '**One healthy control-plane host is needed.** When no control-plane node is left, these steps cannot bring the cluster back: install a new one and deploy your applications again. The snapshot can still be read with `etcdutl snapshot restore` and an etcd of the same release; Secrets in it are readable only where etcd was not encrypted.',
    'You need: a shell with GNU coreutils; `age` 1.0 or later for encrypted files, `aws` (AWS CLI 1 or 2, or another S3 client) for copies in S3, `oc` of the same release; SSH as `core` to every control-plane node; a kubeconfig with a client certificate, such as the one that the installer wrote (logging in with a password does not work until the end), or the recovery kubeconfig, which only root can read on the recovery host (`sudo -i`): `/etc/kubernetes/static-pod-resources/kube-apiserver-certs/secrets/node-kubeconfigs/localhost-recovery.kubeconfig`; both files, which may be in the hands of two people.',
    '**What it does to what runs.** Everything that the API knows goes back to the backup, and nothing else does: kubelets, controllers and operators meet a history that does not fit what they hold. Workloads made since are deleted, those deleted since come back, operators can get stuck, and machines made since can be installed again or are unknown. The contents of persistent volumes are not in a backup: pods may come back for volumes that are gone, attached elsewhere, or of changed storage credentials or devices, and volumes made since are no longer tracked. With a control plane machine set (4.12 and later) the documentation points to “Recovering a degraded etcd Operator” in its troubleshooting chapter for lost control-plane machines.',
    ...notes.map((note) => noteText[note]),
    `Where these steps and the documentation of your release differ, the documentation is right: ${chapterName(chapter)}`,
    ...(compareFirst
      ? [
          `**Your release is newer than the documentation that these steps were written from (4.6 to 4.22). Compare them with that chapter before you run anything on the nodes.**`,
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
      case 'ended-before':
        return `Wanted is what was there ${momentText(warning.before.timeZone, warning.before.at)} (${when(new Date(warning.before.at).toISOString())}).${momentNote(warning.before)} The script of this backup had ended by ${when(warning.ended)}${clocks(warning)}; what was changed between then and that moment is not in it.`;
      case 'abandoned':
        return `**This backup is of a time line that the cluster left:** it was taken before the cluster was restored ${when(warning.at)} from ${code(warning.restoredFrom)}. Restoring it brings back what that restore undid, and loses all that was written since.`;
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
    return `${code(p.destination)}: ${code(p.location)}${p.where === undefined ? '' : ` (how to reach it: ${code(p.where)})`}, ${state}. ${who(p.custodians, p.destination)} ${opens}${locked}`;
  },
  stepsTitle: 'Steps',
  steps: stepsEn,
  expect: (text) => `**You must see:** ${text}`,
  otherwise: (text) => `**If not:** ${text}`,
  sourcesTitle: 'Where the steps come from',
  sourceLine: (source, numbers) => `Steps ${numbers}: ${source}`,
  absentLine: (phase, because, source) =>
    `${phaseName[phase]}: ${because === 'not-needed' ? 'no step is needed' : 'no step was found'} (${source})`,
  factsTitle: 'The cluster as it was',
  fact: {
    clusterId: 'Cluster id',
    infrastructureName: 'Infrastructure name',
    apiUrl: 'API',
    releaseImage: 'Release image',
    topology: 'Topology',
    node: 'Node of the backup',
    members: 'Members of etcd',
    membersRead: 'Members as of',
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
  member: memberText,
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
      case 'abandoned':
        return `${name}: of a time line that the cluster left when it was restored from ${code(p.because.restoredFrom)}. It can be had by its run id only.`;
      case 'date-ahead':
        return `${name}: its date has not come yet, so the clock was wrong; how new it is, only etcd’s revision says.`;
      case 'older':
        return `${name}: could be restored, but is older.`;
      case 'may-lack':
        return `${name}: may lack what was there at that moment. Its script had ended by ${when(p.because.ended)}${clocks(p.because)}.`;
      case 'not-asked-for':
        return `${name}: another one was asked for.`;
    }
  },
  noneTitle: (cluster) => `No backup of ${cluster} can be restored`,
  none: ({ zStream, count, before, nearest }) => [
    `A restore needs a backup${zStream === undefined ? '' : ` of exactly ${code(zStream)}`} of which both files were read back whole and which no restore drill has disproved${before === undefined ? '' : `, and whose script had ended before ${before}`}, and there is none.`,
    ...(nearest === undefined
      ? []
      : [`Nearest is ${code(nearest.runId)}: ${nearestText[nearest.because] ?? 'see below'}.`]),
    ...(zStream === undefined || hasQuorumRestore(zStream)
      ? [
          'From 4.18 on a lost quorum can be repaired without a backup where one member still has its etcd data: chapter “Quorum restoration” of your release.',
        ]
      : []),
    count === 0
      ? 'There is no backup at all. The files of a run may still lie on its control-plane node, below `/home/core/assets/backup`.'
      : 'This is what there is:',
  ],
};
