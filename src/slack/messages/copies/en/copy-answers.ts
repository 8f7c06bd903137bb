import type { FileKind } from '../../../../domain/copies/manifest-document.ts';
import type { ToolProblem } from '../../../../domain/drill/drill-tools.ts';
import type { WantedBefore } from '../../../../domain/restore/before-moment.ts';
import type { RestoreWarning, Unfit } from '../../../../domain/restore/restore-choice.ts';
import type { PlanReach } from '../../../../domain/restore/restore-plan.ts';
import { verdictOf } from '../../../../domain/run/drill-outcome.ts';
import type { DrillOutcome, RunStatus } from '../../../../domain/run/run.ts';
import { plural } from '../../kit/en/terms.ts';
import { join, lines, type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';

/** `holder`: whose drill is being made; undefined: it has just ended. */
export interface DrillTurn {
  readonly runId: string;
  readonly holder: { readonly runId: string; readonly cluster: string; readonly since: number } | undefined;
}

export interface PlanFile {
  readonly file: FileKind;
  readonly destination: string;
  readonly location: string;
  /** How people reach the place; undefined: the configuration does not say. */
  readonly where: string | undefined;
  readonly encrypted: boolean;
  /** ms UTC */
  readonly provenAt: number;
}

function momentNote({ note }: WantedBefore): Markup | string {
  if (note === 'skipped')
    return md` Clocks skipped the time that was named: the moment of the change is taken.`;
  return note === 'doubled' ? md` Clocks showed that time twice: the first is taken.` : '';
}

/** Why the nearest one is not proposed, and what can be done about it. */
function nearestWhy(runId: string, t: Tools): Readonly<Partial<Record<Unfit['kind'], Markup>>> {
  return {
    'may-lack': md`it came soonest after that moment and may lack what was deleted. Asked for by its name it is planned all the same: ${t.command(`restore-plan ${runId}`)}`,
    abandoned: md`it is of a time line that the cluster left by a restore. Asked for by its name it is planned all the same: ${t.command(`restore-plan ${runId}`)}`,
    disproven: md`a restore drill has shown that it does not bring back what it should. Asked for by its name it is planned all the same: ${t.command(`restore-plan ${runId}`)}`,
    'not-proven': md`not both of its files are known to be whole. ${t.command(`verify ${runId}`)} reads them back again.`,
    'other-z-stream': md`it restores another z-stream only. If that is what the nodes run, ask for it by its name: ${t.command(`restore-plan ${runId}`)}`,
  };
}

function copiesOf(count: number): string {
  if (count === 1) return 'The copy';
  return count === 2 ? 'Both copies' : `All ${count} copies`;
}

function underWay({ holder }: DrillTurn, t: Tools): Markup {
  return holder
    ? md`that of ${t.code(holder.runId)} (${holder.cluster}) has been under way since ${t.clock(holder.since)}`
    : md`another one was under way just now`;
}

export const copyAnswers = (t: Tools) => ({
  /** Said while it takes its time. */
  meanwhile: {
    verify: (runId: string) =>
      md`🔎 Reading the copies of ${t.code(runId)} back from their destinations. This takes as long as the files are large; the answer comes here, or after a long time as a direct message.`,
    drill: (runId: string) =>
      md`🔎 Restoring the snapshot of ${t.code(runId)} into a throw-away etcd. This takes minutes; the answer comes here, or after a long time as a direct message.`,
  },
  /** `command`: to be typed again. */
  restarting: (command: string) =>
    md`The bot is being restarted, so this was not done. The backup and its copies are as they were. Ask again in a minute: ${t.command(command)}`,
  /** `unread`: copies whose place could not be reached, and whose earlier proof still holds. */
  verified: (p: { runId: string; cluster: string; whole: boolean; unread: number; count: number }) => {
    if (p.whole && p.unread > 0) {
      return md`⚠️ ${p.unread === p.count ? 'No copy' : 'Not every copy'} of ${t.code(p.runId)} (${p.cluster}) could be read just now: the bot could not reach its destination. Nothing was found wrong, and what was verified before still counts. When the destination can be reached, ask again: ${t.command(`verify ${p.runId}`)}`;
    }
    return p.whole
      ? md`✅ ${copiesOf(p.count)} of ${t.code(p.runId)} (${p.cluster}) ${p.count === 1 ? 'was' : 'were'} read back just now: every byte is as it was stored.`
      : md`⛔ Not every copy of ${t.code(p.runId)} (${p.cluster}) is verified. Do not rely on this backup before that is put right.`;
  },
  drilled: ({ runId, cluster, drill }: { runId: string; cluster: string; drill: DrillOutcome }) => {
    switch (verdictOf(drill)) {
      case 'restores':
        return md`The snapshot of ${t.code(runId)} (${cluster}) can be restored: its keys were read from the restored etcd, and everything was removed again. This does not test the static pod resources or the nodes.`;
      case 'does-not-restore':
        return md`Do not count on ${t.code(runId)} (${cluster}). Make a new backup now: ${t.command(`run ${cluster}`)}`;
      case 'not-made':
        return md`When that is put right, try again with ${t.command(`drill ${runId}`)}. Until then ${t.code(runId)} (${cluster}) counts as it did before.`;
      default:
        return md`Make a second backup that you can rely on: ${t.command(`run ${cluster}`)}. Then try this one again with ${t.command(`drill ${runId}`)}.`;
    }
  },
  noEtcdTools: (problems: readonly ToolProblem[]) =>
    lines(
      md`Where the bot runs there is no usable set of etcd's programs, so nothing can be restored there. Ask the people who run this bot to install ${t.code('etcd')}, ${t.code('etcdctl')} and ${t.code('etcdutl')} of the cluster's etcd release and to name their directory under ${t.code('drillTools')}. ${t.command('verify RUN')} works without them.`,
      ...problems.map(({ detail }) => md`• ${t.quote(detail)}`),
    ),
  /** Of this very run. */
  drillUnderWay: (p: { runId: string; since: number }) =>
    md`🕓 A restore drill of ${t.code(p.runId)} has been under way since ${t.clock(p.since)}. Its result comes on the card of the run; it is not made twice.`,
  /** The drill of `holder` is under way; that of `runId` is made when it is over. */
  drillWaits: (p: DrillTurn) =>
    md`🕓 The restore drill of ${t.code(p.runId)} waits: ${underWay(p, t)}, and the bot makes one at a time. It is made if its turn comes within an hour. The answer comes here, or after a long time as a direct message.`,
  /** Asked for a second time. */
  drillWaitsAlready: (p: DrillTurn) =>
    md`🕓 The restore drill of ${t.code(p.runId)} is already waiting for its turn: ${underWay(p, t)}, and the bot makes one at a time. The result comes in the thread of the run; it is not made twice.`,
  /** Its turn did not come within an hour. */
  drillWaitTimedOut: (p: DrillTurn) =>
    md`⚠️ The restore drill of ${t.code(p.runId)} was not made. It waited for an hour, and its turn did not come: ${underWay(p, t)}, and the bot makes one at a time. This says nothing about the backup. Try again later: ${t.command(`drill ${p.runId}`)}`,
  encrypted: (p: { runId: string; recipients: readonly string[] }) => {
    const who = p.recipients.length === 0 ? md`people` : t.names(p.recipients);
    return md`The snapshot of ${t.code(p.runId)} is encrypted for ${who}, and the bot holds no key that opens it. One of them can do the drill by hand: RESTORE.md says how to fetch and decrypt it (${t.command(`restore-plan ${p.runId}`)}).`;
  },
  noCopies: (p: { runId: string; place: { node: string; directory: string } | undefined }) => {
    const place =
      p.place === undefined
        ? md`its files can only be on the node`
        : md`its files can only be on node ${t.code(p.place.node)} in ${t.path(p.place.directory)}`;
    return md`Nothing of ${t.code(p.runId)} left the cluster: ${place}. Copy them off by hand, to two separate places, and have destinations configured for this cluster.`;
  },
  noBackup: (p: { runId: string; status: RunStatus }) =>
    md`There is no backup from ${t.code(p.runId)}: the run is ${t.terms.status[p.status]}. ${t.command('list')} shows the backups.`,
  planTitle: (p: { cluster: string; runId: string; zStream: string; takenAt: number }) =>
    md`*Restore ${p.cluster} from ${t.code(p.runId)}* · ${p.zStream} only · taken ${t.time(p.takenAt)}, ${t.ago(p.takenAt)}`,
  planFile: (p: PlanFile) =>
    lines(
      md`• ${t.terms.file[p.file]} at ${t.code(p.destination)}${p.encrypted ? md` (encrypted)` : ''}, read back whole ${t.time(p.provenAt)}`,
      ...(p.where === undefined ? [] : [md`how to reach it: ${t.quote(p.where)}`]),
      t.path(p.location),
    ),
  mayLack: (p: { runId: string; ended: number }) =>
    md`• ${t.code(p.runId)} may lack it: its script had ended by ${t.time(p.ended)}.`,
  /** What the bot knows of the cluster beside its backups. */
  seenOn: (p: { zStream: string; at: number }) =>
    md`The bot last saw the cluster on ${p.zStream}, ${t.time(p.at)}.`,
  neverSeen: () => md`The bot has not seen on which release the cluster is.`,
  silentSince: (at: number) => md`It has not answered the bot since ${t.time(at)}.`,
  membersKnown: (p: { at: number; answered: readonly string[]; silent: readonly string[] }) => {
    const silent = p.silent.length === 0 ? md`all of them` : md`not ${t.names(p.silent)}`;
    const who = p.answered.length === 0 ? md`no member` : t.names(p.answered);
    return md`Members of etcd that answered ${t.time(p.at)}, before a run: ${who}; ${silent}.`;
  },
  membersNotKnown: () => md`Which members of etcd answer was never read.`,
  noSuchMoment: (p: { cluster: string; typed: string; ahead: number | undefined }) =>
    p.ahead === undefined
      ? md`The bot does not understand ${t.code(`before=${p.typed}`)}. A time on the cluster's clock, the last one that has passed: ${t.code('before=14:05')}. Or with its day: ${t.code('before="2026-11-23 14:05"')}.`
      : md`${t.code(`before=${p.typed}`)} is ${t.time(p.ahead)}, which has not come yet. Name the moment at which something was lost: ${t.command(`restore-plan ${p.cluster} before="2026-11-23 14:05"`)}`,
  nearest: (p: { runId: string; because: Unfit['kind'] }) => {
    const why = nearestWhy(p.runId, t)[p.because];
    return md`Nearest is ${t.code(p.runId)}${why === undefined ? '.' : md`: ${why}`}`;
  },
  planNone: (p: {
    cluster: string;
    zStream: string | undefined;
    /** ms UTC at which the bot saw the cluster on that z-stream; undefined: a person named it. */
    seenAt: number | undefined;
    /** ms UTC; undefined: no moment was named. */
    before: number | undefined;
    count: number;
  }) => {
    const before = p.before === undefined ? '' : md`, and whose script had ended before ${t.time(p.before)}`;
    const zStream = p.zStream === undefined ? '' : md` of exactly the z-stream ${p.zStream}`;
    const there =
      p.count === 0 ? md`There is none at all.` : md`None of the ${p.count} that there are qualifies.`;
    return md`⛔ *No backup of ${p.cluster} can be restored.* Needed is one${zStream} whose two files were both read back whole, which no restore drill has disproved${before}. ${there}${
      p.seenAt === undefined
        ? ''
        : md` The bot last saw the cluster on that z-stream, ${t.time(p.seenAt)}; if it runs another, ask again with ${t.code('z-stream=…')}.`
    }`;
  },
  others: (counts: Readonly<Partial<Record<Unfit['kind'], number>>>) => {
    const parts = [
      counts['other-cluster'] && md`${counts['other-cluster']} of another cluster`,
      counts['other-z-stream'] && md`${counts['other-z-stream']} of another z-stream`,
      counts['not-proven'] && md`${counts['not-proven']} without a verified copy of both files`,
      counts.disproven && md`${counts.disproven} that a restore drill has shown not to restore`,
      counts.abandoned && md`${counts.abandoned} of a time line that the cluster left by a restore`,
      counts['date-ahead'] && md`${counts['date-ahead']} with a date that has not come yet`,
      counts['may-lack'] &&
        md`${counts['may-lack']} that may lack what was there (the script ended after that moment, or too near to it)`,
      counts.older && md`${counts.older} older`,
      counts['not-asked-for'] && md`${counts['not-asked-for']} not asked for`,
    ].filter((part) => typeof part === 'object');
    return md`Other backups, not chosen: ${join(parts, ' · ')}`;
  },
  warning: (warning: RestoreWarning) => {
    switch (warning.kind) {
      case 'signer-expired':
        return warning.all
          ? md`⚠️ All certificates of ${t.code(warning.bundle)} have expired since the backup: expect NotReady nodes and pending certificate requests after the restore.`
          : md`⚠️ ${plural(warning.certificates.length, 'certificate', 'certificates')} of ${t.code(warning.bundle)} expired since the backup: expect pending certificate requests after the restore.`;
      case 'disproven':
        return md`⚠️ *A restore drill has shown that this snapshot does not bring back what it should.* Take it only when nothing else is left: another backup that fits, or a control-plane node that still works, is the better way.`;
      case 'ended-before':
        return md`🕓 Wanted: what was there ${t.time(warning.before.at)}.${momentNote(warning.before)} The script of this backup had ended by ${t.time(Date.parse(warning.ended))}${warning.measured ? md`, with ${Math.ceil(warning.apartMs / 1000)} s between the clocks of its node and of the bot` : md`; how far the clocks of its node and of the bot were apart is not on record, and ${Math.ceil(warning.apartMs / 1000)} s are allowed for`}. What was changed between then and that moment is not in it.`;
      case 'abandoned':
        return md`⚠️ *This backup is of a time line that the cluster left:* it was taken before the cluster was restored (${t.time(Date.parse(warning.at))}) from ${t.code(warning.restoredFrom)}. Restoring it brings back what that restore undid, and loses all that was written since.`;
      case 'date-ahead':
        return md`⚠️ *The date of this backup, ${t.time(Date.parse(warning.at))}, lies ahead of the bot’s clock.* One of the clocks is wrong: compare etcd’s revision with that of other backups before you take this one.`;
      case 'place-not-known':
        return md`⚠️ *The copies at ${t.code(warning.destination)} may not be there:* ${t.terms.placeNotKnown[warning.state]} (noticed ${t.time(Date.parse(warning.at))}). Mount or configure the right place first, or take another copy. ${t.command('destination')} looks again.`;
      case 'signers-unknown':
        return md`⚠️ How long the signer certificates in this backup are valid is not on record: expect pending certificate requests after the restore.`;
      case 'z-stream-unknown': {
        const others =
          warning.others.length === 0 ? '' : md` There are backups of ${t.names(warning.others)}, too.`;
        return md`⚠️ It is not known which z-stream the cluster runs; this backup fits ${warning.zStream} only.${others} Find out, and ask again with ${t.code('z-stream=…')}.`;
      }
      case 'z-stream-seen':
        return md`ℹ️ The cluster ran ${warning.zStream} when the bot last saw it, ${t.time(Date.parse(warning.at))}. If it has been updated since, ask again with ${t.code('z-stream=…')}.`;
      case 'z-stream-differs':
        return md`⚠️ *This backup restores ${warning.zStream} only, but the bot last saw the cluster on ${warning.seen}*, ${t.time(Date.parse(warning.at))}. On nodes of ${warning.seen} it does not fit.`;
      case 'update-seen': {
        const from = warning.from === undefined ? '' : md`from ${warning.from} `;
        return md`⚠️ *The cluster was being updated when the bot last saw it*, ${t.time(Date.parse(warning.at))}: ${from}to ${warning.to}. Find out which of them its nodes run, and ask again with ${t.code('z-stream=…')}.`;
      }
    }
  },
  lastResort: () =>
    md`A restore takes the whole cluster back in time. While the API answers and takes changes, do not restore.`,
  quorumRestore: () =>
    md`From 4.18 on a lost quorum can be repaired without a backup where one member of etcd still has its data: chapter “Quorum restoration” of your release.`,
  stepByStep: (runId: string) =>
    md`🛟 Step by step in a thread, also for several people: ${t.command(`restore-plan ${runId} start`)}`,
  inDirectMessages: (reach: PlanReach | 'none') =>
    ({
      'to-the-end': md`📎 RESTORE.md, with every step and command, is in your direct messages with the bot.`,
      files: md`📎 RESTORE.md is in your direct messages with the bot: the commands that fetch and check both files. How the cluster itself is restored only your release's documentation says; the chapter is named.`,
      none: md`📎 RESTORE.md, which says of each backup why it cannot be restored, is in your direct messages with the bot. It has no steps.`,
    })[reach],
  notDelivered: (why: string, reach: PlanReach | 'none') =>
    reach === 'none'
      ? md`⚠️ The file that says of each backup why it cannot be restored could not be sent to you: ${why}.`
      : md`⚠️ RESTORE.md could not be sent to you as a file: ${why}. It also lies beside the files at each destination where it could be written, and in the thread of the backup's run if Slack took it there.`,
});
