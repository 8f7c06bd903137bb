import type { HelpWording } from '../help-wording.ts';
import { lines, md } from '../markup.ts';

export const help: HelpWording = {
  overview: (t) => [
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
      md`${t.command('restore-plan [cluster|RUN] [z-stream=4.16.8]')} which backup restores it, and every step`,
      md`${t.command('ready-to-update [cluster]')} whether what the cluster is now could be brought back`,
      md`${t.command('doctor [cluster]')} look whether the bot has all that it needs`,
      md`${t.command('help [topic]')} more on one of these, on ${t.code('files')} or on ${t.code('restore')}`,
    ),
  ],
  topics: {
    run: (t) => [
      md`*Ask for a backup:* ${t.command('run prod-east node=master-1 reason="before the network change"')}`,
      md`The bot checks the cluster and puts a card into the cluster's channel. When enough people have approved, it checks once more and runs OpenShift's backup script on one control-plane node. You must be cluster-admin there, and so must the approvers. Without a node the bot chooses one. Without a cluster, where there are several, a form opens.`,
      md`*Alone in an emergency:* ${t.command('run prod-east emergency="etcd is losing members, nobody else is up"')}`,
      md`No approval is needed then. Only people whom the cluster's policy names may do this, and all checks stay as they are. The cluster's owners are told at once with your reason, and the run stays marked as an emergency for ever. If the plan changes before the start, it has to be approved after all; you may do that yourself.`,
    ],
    check: (t) => [
      md`*Look first:* ${t.command('check prod-east')}`,
      md`Reads the cluster and says what stands against a backup, why it matters and what to do. Nothing is changed, and nobody else sees the answer.`,
    ],
    status: (t) => [
      md`*What is going on:* ${t.command('status')} shows every run that is not over, ${t.command('status prod-east')} the newest of one cluster.`,
    ],
    list: (t) => [
      md`*The backups:* ${t.command('list prod-east')} shows them newest first: age, z-stream, size, whether both files are proven off the cluster (✅) or not (⚠️), and how the restore drill went. ${t.command('show RUN')} tells where the files are.`,
    ],
    show: (t) => [
      md`*One run in full:* ${t.command('show r-…')} tells who asked and decided, what was checked, where both files lie on the node and off the cluster, whether they are proven, their sizes and checksums, or why it failed.`,
    ],
    audit: (t) => [
      md`*Who did what, and when:* ${t.command('audit r-…')} sends the run's whole record as a file into your direct messages. Each line holds the hash of the line before it; the answer says whether all of them are as they were written, and whether the end is there.`,
    ],
    approve: (t) => [
      md`*Say yes:* the button on the card, or ${t.command('approve r-… "seen, go ahead"')}`,
      md`Your approval holds for the plan on the card. If the cluster changes before the start, it is void and asked for again. You cannot approve your own request unless the cluster's policy allows it.`,
    ],
    reject: (t) => [
      md`*Say no:* the button on the card, or ${t.command('reject r-… "not during the release"')} Nothing is run then.`,
    ],
    cancel: (t) => [
      md`*Take your own request back:* the button on the card, or ${t.command('cancel r-…')} This works until the run starts on the node.`,
    ],
    verify: (t) => [
      md`*Are the copies still whole?* ${t.command('verify r-…')} reads both copies back from their destinations and compares every byte's checksum again. Nothing is changed there. It takes as long as the files are large.`,
    ],
    drill: (t) => [
      md`*Can it really be restored?* ${t.command('drill r-…')} fetches the snapshot's copy, restores it into an etcd that nobody else can reach, counts and reads its keys, and removes everything again. No cluster is touched.`,
      md`A snapshot that is encrypted for people cannot be opened by the bot; RESTORE.md says how one of them does it by hand.`,
    ],
    'restore-plan': (t) => [
      md`*Which backup, and how?* ${t.command('restore-plan prod-east z-stream=4.16.8')} names the newest proven backup of that z-stream, says why others do not qualify, and sends RESTORE.md with every step into your direct messages. ${t.command('restore-plan r-…')} does so for one backup.`,
      md`It asks neither the cluster nor the destinations, so it works when they are down. The z-stream is the one that the cluster ran last: without it the plan can only guess.`,
    ],
    'ready-to-update': (t) => [
      md`*May it be updated now?* ${t.command('ready-to-update prod-east')} looks which release the cluster runs and answers yes or no: yes when a proven backup of exactly that release is young enough by the cluster's policy. Nothing is changed, and nobody else sees the answer.`,
      md`It does not look at the update itself: whether that may run, ${t.code('oc adm upgrade')} says. Pipelines ask the same with ${t.code('npm run ready -- prod-east')}, which ends with exit code 0 for yes.`,
    ],
    doctor: (t) => [
      md`*Is the bot itself well?* ${t.command('doctor')} looks at everything, ${t.command('doctor prod-east')} at one cluster.`,
      md`It looks at its Slack scopes and channels, the approvers' accounts, each cluster's API, its rights there, the image and namespace of node sessions, the clocks, its oc or kubectl and its records. Each line says how to mend what is wrong. Nothing is changed.`,
    ],
    files: (t) => [
      md`*The two files of a backup*`,
      lines(
        md`• ${t.code('snapshot_<time>.db')} is the etcd snapshot: the state of every object in the cluster. etcd encryption covers values only; types, namespaces and names can always be read.`,
        md`• ${t.code('static_kuberesources_<time>.tar.gz')} are the static pod resources: certificates, keys and, with etcd encryption, the keys that decrypt the snapshot.`,
        md`A restore needs both, from one run. Keep them in two separate places, and both off the cluster.`,
      ),
    ],
    restore: (t) => [
      md`*What a restore needs*`,
      lines(
        md`• exactly the z-stream that the backup was made on: 4.16.8 restores 4.16.8, not 4.16.9`,
        md`• both files of one run, alone in one directory on a healthy control-plane node`,
        md`• SSH to all control-plane nodes: the cluster's API goes down meanwhile`,
        md`• the restore procedure in the documentation of your release`,
        md`${t.command('restore-plan CLUSTER')} chooses the backup and gives every step; ${t.command('list')} shows which backups there are.`,
      ),
    ],
  },
  unknownTopic: ({ topic, nearest }, t) =>
    nearest === undefined
      ? md`There is no help on ${t.code(topic)}. ${t.command('help')} shows all topics.`
      : md`There is no help on ${t.code(topic)}. Did you mean ${t.command(`help ${nearest}`)}?`,
};
