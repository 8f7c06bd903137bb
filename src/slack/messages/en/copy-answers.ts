import type { CopyAnswersWording } from '../copies-wording.ts';
import { join, lines, md } from '../markup.ts';
import { plural } from './card.ts';
import { terms } from './terms.ts';

const file = { snapshot: 'etcd snapshot', resources: 'static pod resources' } as const;

function copiesOf(count: number): string {
  if (count === 1) return 'The copy';
  return count === 2 ? 'Both copies' : `All ${count} copies`;
}

export const copyAnswers: CopyAnswersWording = {
  meanwhile: {
    verify: (runId, t) =>
      md`🔎 Reading the copies of ${t.code(runId)} back from their destinations. This takes as long as the files are large; the answer comes here, or after a long time as a direct message.`,
    drill: (runId, t) =>
      md`🔎 Restoring the snapshot of ${t.code(runId)} into a throw-away etcd. This takes minutes; the answer comes here, or after a long time as a direct message.`,
  },
  restarting: (command, t) =>
    md`The bot is being restarted, so this was not done. The backup and its copies are as they were. Ask again in a minute: ${t.command(command)}`,
  verified: (p, t) => {
    if (p.whole && p.unread > 0) {
      return md`⚠️ ${p.unread === p.count ? 'No copy' : 'Not every copy'} of ${t.code(p.runId)} (${p.cluster}) could be read just now: the bot did not get to where it lies. Nothing was found wrong, and what was proven before still counts. When that is mended, ask again: ${t.command(`verify ${p.runId}`)}`;
    }
    return p.whole
      ? md`✅ ${copiesOf(p.count)} of ${t.code(p.runId)} (${p.cluster}) ${p.count === 1 ? 'was' : 'were'} read back just now: every byte is as it was stored.`
      : md`⛔ Not every copy of ${t.code(p.runId)} (${p.cluster}) could be proven just now. Do not rely on this backup before that is mended.`;
  },
  drilled: ({ runId, cluster, drill }, t) =>
    drill.ok
      ? md`The snapshot of ${t.code(runId)} (${cluster}) can be restored: its keys were read from the restored etcd, and everything was removed again. This does not test the static pod resources or the nodes.`
      : lines(
          md`Until a drill succeeds, do not count on ${t.code(runId)} (${cluster}).`,
          md`Try it once more with ${t.command(`drill ${runId}`)}. If it fails again, make a new backup: ${t.command(`run ${cluster}`)}`,
        ),
  noEtcdTools: (t) =>
    md`There is no ${t.code('etcdutl')} or ${t.code('etcdctl')} where the bot runs, so nothing can be restored there. Ask whoever runs this bot to install etcd (with its tools) and try again. ${t.command('verify RUN')} works without it.`,
  encrypted: (p, t) => {
    const who = p.recipients.length === 0 ? md`people` : t.names(p.recipients);
    return md`The snapshot of ${t.code(p.runId)} is encrypted for ${who}, and the bot holds no key that opens it. One of them can do the drill by hand: RESTORE.md says how to fetch and decrypt it (${t.command(`restore-plan ${p.runId}`)}).`;
  },
  noCopies: (p, t) => {
    const place =
      p.place === undefined
        ? md`its files can only be on the node`
        : md`its files can only be on node ${t.code(p.place.node)} in ${t.path(p.place.directory)}`;
    return md`Nothing of ${t.code(p.runId)} left the cluster: ${place}. Copy them off by hand, to two separate places, and have destinations configured for this cluster.`;
  },
  noBackup: (p, t) =>
    md`There is no backup from ${t.code(p.runId)}: the run is ${terms.status[p.status]}. ${t.command('list')} shows the backups.`,
  planTitle: (p, t) =>
    md`*Restore ${p.cluster} from ${t.code(p.runId)}* · ${p.zStream} only · taken ${t.time(p.takenAt)}, ${t.ago(p.takenAt)}`,
  planFile: (p, t) =>
    lines(
      md`• ${file[p.file]} at ${t.code(p.destination)}${p.encrypted ? md` (encrypted)` : ''}`,
      t.path(p.location),
    ),
  planNone: (p) => {
    const zStream = p.zStream === undefined ? '' : md` of exactly the z-stream ${p.zStream}`;
    const there =
      p.count === 0 ? md`There is none at all.` : md`None of the ${p.count} that there are qualifies.`;
    return md`⛔ *No backup of ${p.cluster} can be restored.* Needed is one${zStream} whose two files were both read back whole. ${there}`;
  },
  others: (counts) => {
    const parts = [
      counts['other-cluster'] && md`${counts['other-cluster']} of another cluster`,
      counts['other-z-stream'] && md`${counts['other-z-stream']} of another z-stream`,
      counts['not-proven'] && md`${counts['not-proven']} not proven whole`,
      counts.disproven && md`${counts.disproven} disproved by a restore drill`,
      counts.older && md`${counts.older} older`,
      counts['not-asked-for'] && md`${counts['not-asked-for']} not asked for`,
    ].filter((part) => typeof part === 'object');
    return md`Other backups that were not taken: ${join(parts, ' · ')}`;
  },
  warning: (warning, t) => {
    switch (warning.kind) {
      case 'signer-expired':
        return warning.all
          ? md`⚠️ All certificates of ${t.code(warning.bundle)} have expired since the backup: expect NotReady nodes and pending certificate requests after the restore.`
          : md`⚠️ ${plural(warning.certificates.length, 'certificate', 'certificates')} of ${t.code(warning.bundle)} expired since the backup: expect pending certificate requests after the restore.`;
      case 'disproven':
        return md`⚠️ *A restore drill has shown that this snapshot does not bring back what it should.* Take it only when nothing else is left: another backup that fits, or a control-plane node that still works, is the better way.`;
      case 'signers-unknown':
        return md`⚠️ How long the signer certificates in this backup are valid is not on record: expect pending certificate requests after the restore.`;
      case 'z-stream-unknown': {
        const others =
          warning.others.length === 0 ? '' : md` There are backups of ${t.names(warning.others)}, too.`;
        return md`⚠️ Nobody said which z-stream the cluster runs; this backup fits ${warning.zStream} only.${others} Find out, and ask again with ${t.code('z-stream=…')}.`;
      }
    }
  },
  lastResort: () =>
    md`A restore takes the whole cluster back in time. While the API answers and takes changes, do not restore.`,
  inDirectMessages: () =>
    md`📎 RESTORE.md, with every step and command, is in your direct messages with the bot.`,
  notDelivered: (why) =>
    md`⚠️ RESTORE.md could not be sent to you as a file: ${why}. It also lies beside each of the two files at their destinations, and in the thread of the backup's run.`,
};
