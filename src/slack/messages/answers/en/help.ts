import { lines, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';

export const help = (t: Tools) => ({
  overview: [
    md`*Back up etcd of OpenShift clusters.* Ask, let a second person approve, and find in the thread where both files lie and that they are whole.`,
    lines(
      md`${t.command('')} all clusters at a glance`,
      md`${t.command('run [cluster] [node=…] [reason="…"]')} ask for a backup`,
      md`${t.command('check [cluster] [node=…]')} look whether a backup can run; changes nothing`,
      md`${t.command('status [cluster|run]')} runs that are not over`,
      md`${t.command('list [cluster]')} backups, newest first`,
      md`${t.command('show RUN')} everything about one run`,
      md`${t.command('audit RUN')} the whole record of one run, and whether it is as it was written`,
      md`${t.command('approve RUN [reason]')} · ${t.command('reject RUN [reason]')} decide on a request`,
      md`${t.command('cancel RUN [reason]')} take back your own request`,
      md`${t.command('verify RUN')} read a backup's copies back and compare them again`,
      md`${t.command('drill RUN')} restore a backup's snapshot into a throw-away etcd`,
      md`${t.command('restore-plan [cluster|RUN] [z-stream=4.16.8] [before=14:05]')} which backup restores it, and the steps`,
      md`${t.command('restore-plan CLUSTER start')} · ${t.command('restore-plan CLUSTER stop')} a thread that carries the restore step by step`,
      md`${t.command('restored CLUSTER from=RUN [at=…]')} · ${t.command('restored CLUSTER undo')} say that a cluster was restored; backups that it left behind no longer count`,
      md`${t.command('ready-to-update [cluster]')} whether there is a fresh backup to restore from, should an update go wrong`,
      md`${t.command('pause CLUSTER until=3d reason="…"')} · ${t.command('resume CLUSTER')} no alarms and no schedule while it is switched off or rebuilt`,
      md`${t.command('doctor [cluster]')} look whether the bot has all that it needs`,
      md`${t.command('destination')} · ${t.command('destination adopt NAME')} whether each destination is the known place; say that it is`,
      md`${t.command('help [topic]')} more on one of these, on ${t.code('files')} or on ${t.code('restore')}`,
    ),
  ],
  topics: {
    run: [
      md`*Ask for a backup:* ${t.command('run prod-east node=master-1 reason="before the network change"')}`,
      md`The bot checks the cluster and puts a card into the cluster's channel. When enough people have approved, it checks once more and runs OpenShift's backup script on one control-plane node. You must be cluster-admin there, and so must the approvers. Without a node the bot chooses one. Without a cluster, where there are several, a form opens.`,
      md`*Alone in an emergency:* ${t.command('run prod-east emergency="etcd is losing members, no one else is up"')}`,
      md`No approval is needed then. Only people whom the cluster's policy names may do this, and all checks stay as they are. The cluster's owners are notified at once with your reason, and the run stays marked as an emergency for ever. If the plan changes before the start, it has to be approved after all; you may do that yourself.`,
    ],
    check: [
      md`*Look first:* ${t.command('check prod-east')}`,
      md`Reads the cluster and says what would block a backup, why it matters and what to do. Nothing is changed, and only you see the answer.`,
    ],
    status: [
      md`*What is going on:* ${t.command('status')} shows every run that is not over, ${t.command('status prod-east')} the newest of one cluster.`,
    ],
    list: [
      md`*The backups:* ${t.command('list prod-east')} shows them newest first: age, z-stream, size, whether both copies off the cluster are verified (✅) or not (⚠️), and how the restore drill went. ${t.command('show RUN')} shows where the files are.`,
    ],
    show: [
      md`*One run in full:* ${t.command('show r-…')} shows who asked and decided, what was checked, where both files lie on the node and off the cluster, whether the copies are verified, their sizes and checksums, or why it failed.`,
    ],
    audit: [
      md`*Who did what, and when:* ${t.command('audit r-…')} sends the run's whole record as a file into your direct messages. Each line holds the hash of the line before it; the answer says whether all of them are as they were written, and whether the end is there.`,
    ],
    approve: [
      md`*Say yes:* the button on the card, or ${t.command('approve r-… "seen, go ahead"')}`,
      md`Your approval holds for the plan on the card. If the cluster changes before the start, it is void and asked for again. You cannot approve your own request unless the cluster's policy allows it.`,
    ],
    reject: [
      md`*Say no:* the button on the card, or ${t.command('reject r-… "not during the release"')} Nothing is run then.`,
    ],
    cancel: [
      md`*Take your own request back:* the button on the card, or ${t.command('cancel r-…')} This works until the run starts on the node.`,
    ],
    verify: [
      md`*Are the copies still whole?* ${t.command('verify r-…')} reads both copies back from their destinations and compares every byte's checksum again. Nothing is changed there. It takes as long as the files are large.`,
    ],
    drill: [
      md`*Can it really be restored?* ${t.command('drill r-…')} fetches the snapshot's copy, restores it into an etcd that is reachable only from this bot, counts and reads its keys, and removes everything again. No cluster is touched.`,
      md`A snapshot that is encrypted for people cannot be opened by the bot; RESTORE.md says how one of them does it by hand.`,
      md`The bot makes one drill at a time. Another one waits for its turn, for an hour at most, and the bot says which one it waits for.`,
    ],
    'restore-plan': [
      md`*Which backup, and how?* ${t.command('restore-plan prod-east z-stream=4.16.8')} names the newest verified backup of that z-stream, says why others do not qualify, and sends RESTORE.md with the steps into your direct messages. ${t.command('restore-plan r-…')} does so for one backup.`,
      md`*Something was deleted at 14:05:* ${t.command('restore-plan prod-east before=14:05')} takes the newest backup whose script had ended before that, on the cluster's clock, less what the clocks of its node and of the bot were apart. Backups that may lack what was deleted are named. With its day: ${t.code('before="2026-11-23 14:05"')}.`,
      md`*Step by step, with others:* ${t.command('restore-plan prod-east start')} opens a restore room, a thread in the cluster's channel with one message a step: its commands, what must be seen, and buttons for what became of it. Two people can do two steps at once. The cluster is paused meanwhile, its owners are notified, and at the end the bot looks at the cluster itself. ${t.command('restore-plan prod-east stop')} closes it.`,
      md`It asks neither the cluster nor the destinations, so it works when they are down. It says on which z-stream the bot last saw the cluster, which members of etcd answered, and when both was. Without a z-stream it takes that one. A backup that is not known to be whole, or that a drill has shown not to restore, is not proposed; the nearest one is named.`,
    ],
    restored: [
      md`*After a restore:* ${t.command('restored prod-east from=r-… at="2026-12-01 03:40"')}`,
      md`A restored cluster goes on from an older state. What was backed up between that backup and the restore is of a time line that it has left: such backups are marked and count for nothing any more (coverage, reminders, ${t.code('ready-to-update')}, the rule ${t.code('newest')}). A restore plan offers them by their run id only, with a warning, and nothing of them is removed for 30 days.`,
      md`The bot shows which backups these are and asks once more. ${t.code('at')} is when it was restored, on the cluster's clock: ${t.code('at=03:40')} or with its date; without it, now. It asks for the time where a backup may have been taken since. ${t.command('restored prod-east undo')} takes it back.`,
      md`Cluster-admins may do this, and those who may break the glass: about them the cluster is not asked, so it works while its API is down. The channel sees who said it. Where a new backup has a lower etcd revision than the one before it, the bot asks by itself.`,
    ],
    'ready-to-update': [
      md`*May it be updated now?* ${t.command('ready-to-update prod-east')} looks which release the cluster runs and answers yes or no: yes when a verified backup of exactly that release is young enough by the cluster's policy. Nothing is changed, and only you see the answer.`,
      md`It does not look at the update itself: whether that may run, ${t.code('oc adm upgrade')} says. Pipelines ask the same with ${t.code('npm run ready -- prod-east')}, which ends with exit code 0 for yes.`,
    ],
    pause: [
      md`*A cluster that is switched off or being rebuilt:* ${t.command('pause prod-east until=3d reason="moves to the new rack"')}`,
      md`Until then it raises no reminder and no alarm, and no scheduled backup runs or counts as missed. A run under way goes on, and a backup by hand is possible. The board, lists and the weekly summary show who paused it, until when and why; ${t.command('ready-to-update prod-east')} says no.`,
      md`${t.code('until')} is a span (${t.code('8h')}, ${t.code('3d')}, ${t.code('2w')}) or a day or time on the cluster's clock (${t.code('until=2026-12-01')}, ${t.code('until="2026-12-01 08:00"')}); at most 30 days. It ends by itself then, or sooner with ${t.command('resume prod-east')}.`,
      md`Owners of the cluster decide alone. Where the requester is not an owner, a second person agrees: by the button in the cluster's channel, or with ${t.command('approve prod-east')}. The owners are notified of the pause and of its end.`,
    ],
    resume: [
      md`*End a pause sooner:* ${t.command('resume prod-east')} Owners and the requester of the pause do so alone; where another user asks, a second person agrees.`,
      md`From then on reminders, alarms and the schedule go by what the cluster is: what came and went meanwhile is not reported.`,
    ],
    doctor: [
      md`*Is the bot itself well?* ${t.command('doctor')} looks at everything, ${t.command('doctor prod-east')} at one cluster.`,
      md`It looks at its Slack scopes and channels, the approvers' accounts, each cluster's API, its rights there, the image and namespace of node sessions, the clocks, its oc or kubectl, its records, each destination and its marker, the programs for restore drills, and whether anything keeps old backups from being removed. It also warns where backups stay on a node only and where a cluster has no owners. Each line says what to do. To see whether a destination takes files, it writes a small test file where the marker is the known one, and removes it again; nothing else is changed.`,
    ],
    destination: [
      md`*Is it the right place?* Each destination carries a marker, etcd-backup-destination.json, whose id the bot has on record. ${t.command('destination')} shows the state of each.`,
      md`Where the marker is absent or a different one, nothing is removed there and no copy is recorded as gone. A directory is not written to either, since it may be an empty mount point; a bucket is.`,
      md`*It is the right place:* ${t.command('destination adopt nas-1')} says what was found there, asks once more where that is not what the records have, and takes the marker that is there or writes one. Owners of the destination may do this; where none are configured, a user who is cluster-admin on every cluster that uses it.`,
    ],
    files: [
      md`*The two files of a backup*`,
      lines(
        md`• ${t.code('snapshot_<time>.db')} is the etcd snapshot: the state of every object in the cluster. etcd encryption covers values only; types, namespaces and names can always be read.`,
        md`• ${t.code('static_kuberesources_<time>.tar.gz')} are the static pod resources: certificates, keys and, with etcd encryption, the keys that decrypt the snapshot.`,
        md`A restore needs both, from one run. Keep them in two separate places, and both off the cluster.`,
      ),
    ],
    restore: [
      md`*Is a restore needed at all?* While the API answers and takes changes, do not restore. From 4.18 on a lost quorum can be repaired without a backup where one member of etcd still has its data (“Quorum restoration” in the documentation).`,
      md`*What a restore needs*`,
      lines(
        md`• exactly the z-stream that the backup was made on: 4.16.8 restores 4.16.8, not 4.16.9`,
        md`• both files of one run, alone in one directory on a healthy control-plane node`,
        md`• SSH to all control-plane nodes: the cluster's API goes down meanwhile`,
        md`• the restore procedure in the documentation of your release, which is right where the bot's steps differ from it`,
        md`${t.command('restore-plan CLUSTER')} chooses the backup and gives the steps; ${t.command('list')} shows which backups there are.`,
        md`${t.command('restore-plan CLUSTER start')} opens a thread that carries the steps, also for several people.`,
        md`Without Slack or the bot: RESTORE.md beside the files at each destination has every step.`,
        md`Afterwards: ${t.command('restored CLUSTER from=RUN')}`,
      ),
    ],
  },
  unknownTopic: ({ topic, nearest }: { topic: string; nearest: string | undefined }) =>
    nearest === undefined
      ? md`There is no help on ${t.code(topic)}. ${t.command('help')} shows all topics.`
      : md`There is no help on ${t.code(topic)}. Did you mean ${t.command(`help ${nearest}`)}?`,
});
