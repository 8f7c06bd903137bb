import { lines, md } from '../markup.ts';
import type { HelpWording } from '../wording.ts';

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
      md`${t.command('approve RUN [reason]')} · ${t.command('reject RUN [reason]')} decide on a request`,
      md`${t.command('cancel RUN [reason]')} take back your own request`,
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
      md`*The backups:* ${t.command('list prod-east')} shows runs that ended with both files proven whole, newest first. ${t.command('show RUN')} tells where the files are.`,
    ],
    show: (t) => [
      md`*One run in full:* ${t.command('show r-…')} tells who asked and decided, what was checked, where both files lie, their sizes and checksums, or why it failed.`,
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
        md`${t.command('list')} shows which backups there are.`,
      ),
    ],
  },
  unknownTopic: ({ topic, nearest }, t) =>
    nearest === undefined
      ? md`There is no help on ${t.code(topic)}. ${t.command('help')} shows all topics.`
      : md`There is no help on ${t.code(topic)}. Did you mean ${t.command(`help ${nearest}`)}?`,
};
