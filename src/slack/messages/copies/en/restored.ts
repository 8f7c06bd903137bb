import { restoredCommand } from '../../../../domain/copies/restore-mark.ts';
import type { ClusterNotice } from '../../../../domain/watch/cluster-notice.ts';
import type { NamedBackup, RestoredAnswer } from '../../../../workflow/access/restored-answer.ts';
import { plural } from '../../kit/en/terms.ts';
import { join, lines, type Markup, md } from '../../kit/markup.ts';
import type { Refused, TextsBy } from '../../kit/texts-by.ts';
import type { Tools } from '../../kit/tools.ts';

type Of<Outcome extends RestoredAnswer['outcome']> = Extract<RestoredAnswer, { outcome: Outcome }>;
type Notice<Kind extends ClusterNotice['kind']> = Extract<ClusterNotice, { kind: Kind }>;

const backups = (count: number) => plural(count, 'backup', 'backups');

/** Those who can do it while the cluster does not say who its cluster-admins are. */
function others(breakGlass: readonly string[], t: Tools): Markup | '' {
  return breakGlass.length === 0
    ? ''
    : md`, or one of those who may break the glass: ${t.people(breakGlass)}`;
}

const backupLine = ({ runId, zStream, takenAt }: NamedBackup, t: Tools) =>
  md`• ${t.code(runId)} of ${t.time(takenAt)} (${zStream})`;

export const restored = (t: Tools) => ({
  backup: (backup: NamedBackup) => backupLine(backup, t),
  more: (count: number) => md`… ${t.units.more(count)}`,
  /** What a restore is about to make of the backups; nothing is on record yet. */
  confirm: {
    title: ({ cluster, from, at, changed }: Of<'confirm-needed'>) =>
      lines(
        changed
          ? md`⚠️ *The backups of ${cluster} have changed since you were asked. Nothing is on record yet.*`
          : md`🔀 *Was ${cluster} restored from ${t.code(from.runId)} at ${t.time(at)}?* Nothing is on record yet.`,
        md`${t.code(from.runId)} was taken ${t.time(from.takenAt)} and restores ${from.zStream}.`,
      ),
    marked: (count: number) =>
      count === 0
        ? md`No backup was taken between it and the restore, so none is marked.`
        : md`*Would be marked: ${backups(count)}* taken after it and before the restore, of a time line that the cluster has left`,
    back: (count: number) =>
      md`*Would be on the cluster's time line again: ${backups(count)}* that an earlier restore had left`,
    staying: (count: number) => md`*Not touched: ${backups(count)}* taken after the restore`,
    means: ({ cluster, from, marked }: Of<'confirm-needed'>) => {
      const [newest] = marked;
      const other = newest && restoredCommand(cluster, from.runId, t.typed(newest.takenAt));
      return lines(
        md`What is marked counts for nothing any more: not for coverage, reminders and ${t.code('ready-to-update')}. A restore plan offers it by its run id only, and nothing of it is removed for 30 days.`,
        other === undefined
          ? undefined
          : md`Was the newest of them taken after the restore? Then do not confirm, and name the time: ${t.command(other)}`,
      );
    },
    button: 'Yes, it was restored',
  },
  declared: {
    title: ({ cluster, restore }: Of<'declared'>) =>
      md`🔀 *On record: ${cluster} was restored from ${t.code(restore.from)} at ${t.time(restore.at)}.*`,
    marked: (count: number) =>
      count === 0
        ? md`No backup had been taken in between, so none was marked.`
        : md`*Marked: ${backups(count)}* of the time line that it left; nothing of that is removed for 30 days`,
    back: (count: number) => md`*On the cluster's time line again: ${backups(count)}*`,
    next: ({ cluster }: { readonly cluster: string }) =>
      md`*Next step:* make a new backup: ${t.command(`run ${cluster}`)} · If it was not: ${t.command(`restored ${cluster} undo`)}`,
  },
  revoked: {
    title: ({ cluster, restore }: Of<'revoked'>) =>
      md`↩️ *Taken back: that ${cluster} was restored from ${t.code(restore.from)} at ${t.time(restore.at)}.*`,
    back: (count: number) =>
      count === 0 ? md`No backup was marked by it.` : md`*Counting again as before: ${backups(count)}*`,
    marked: (count: number) => md`*Marked, since an earlier restore had left them: ${backups(count)}*`,
  },
  undoButton: 'Take it back',
  undo: {
    title: 'Take it back?',
    text: 'The backups that were marked then count again.',
    confirm: 'Take it back',
    deny: 'Leave it',
  },
  /** In the cluster's channel, for all. */
  inChannel: ({
    notice: { by, from, at, marked, revoked },
    cluster,
    owners,
  }: {
    readonly notice: Notice<'restored'>;
    readonly cluster: string;
    readonly owners: readonly string[];
  }) => {
    const whom = owners.length === 0 ? '' : md`${t.people(owners)} `;
    const names = marked.length === 0 ? '' : md` ${t.names(marked)}`;
    if (revoked)
      return lines(
        md`↩️ ${whom}*${t.person(by.slackUser)} took back that ${cluster} was restored* from ${t.code(from)} at ${t.time(at)}.`,
        marked.length === 0
          ? md`No backup was marked by it.`
          : md`Counting again as before: ${backups(marked.length)}:${names}`,
      );
    return lines(
      md`🔀 ${whom}*${t.person(by.slackUser)} says: ${cluster} was restored* from ${t.code(from)} at ${t.time(at)}.`,
      marked.length === 0
        ? md`No backup had been taken in between.`
        : md`Of the time line that it left, and counting for nothing any more: ${backups(marked.length)}:${names}. Restore plans offer these by their run id only, and nothing of them is removed for 30 days.`,
      md`If it was not: ${t.command(`restored ${cluster} undo`)}`,
    );
  },
  /** The bot's own question, in the cluster's channel. */
  fell: ({
    notice: { runId, revision, before, at, candidate },
    cluster,
    owners,
  }: {
    readonly notice: Notice<'revision-fell'>;
    readonly cluster: string;
    readonly owners: readonly string[];
  }) => {
    const whom = owners.length === 0 ? '' : md`${t.people(owners)} `;
    const guess =
      candidate === undefined
        ? md`By its revision, none of the backups on record can be the one that was restored.`
        : md`By its revision, the newest that can have been restored is ${t.code(candidate)}.`;
    return [
      md`🔀 ${whom}*Was ${cluster} restored?* The new backup ${t.code(runId)} has etcd revision ${t.number(revision)}, the one before it, ${t.code(before.runId)}, has ${t.number(before.revision)}. Within one time line etcd's revision only rises.`,
      lines(
        md`If so, say from which backup and when, ${t.time(at)} at the latest: ${t.command(restoredCommand(cluster, candidate, t.typed(at)))}`,
        guess,
        md`Until then the bot counts backups that the cluster has left as its own: ${t.code(before.runId)}, for example. If it was not restored, find out what was done to its etcd.`,
      ),
    ];
  },
  refused: {
    'declared-already': ({ cluster, restore }) =>
      md`✅ It is on record already that ${t.code(cluster)} was restored from ${t.code(restore.from)} at ${t.time(restore.at)}, as ${t.person(restore.by.slackUser)} said. Nothing was changed. To take it back: ${t.command(`restored ${cluster} undo`)}`,
    'not-restored': ({ cluster, revoked }) =>
      revoked?.revoked
        ? md`That ${t.code(cluster)} was restored from ${t.code(revoked.from)} was taken back already, by ${t.person(revoked.revoked.by.slackUser)} ${t.time(revoked.revoked.at)}. Nothing was changed.`
        : md`There is no restore of ${t.code(cluster)} on record, so there is nothing to take back.`,
    'from-missing': ({ cluster, backups: known, inForce }) =>
      lines(
        md`From which backup was ${t.code(cluster)} restored? Name its run, like this: ${t.command(restoredCommand(cluster, known[0]?.runId))}`,
        known.length === 0
          ? md`No backup of it is on record.`
          : join([md`The newest on record:`, ...known.map((each) => backupLine(each, t))], '\n'),
        inForce &&
          md`On record is: restored from ${t.code(inForce.from)} at ${t.time(inForce.at)}. To take that back: ${t.command(`restored ${cluster} undo`)}`,
      ),
    'of-another-cluster': ({ cluster, runId, of }) =>
      md`Run ${t.code(runId)} is a backup of ${t.code(of)}, not of ${t.code(cluster)}. Nothing was changed. The backups of ${t.code(cluster)}: ${t.command(`list ${cluster}`)}`,
    'nothing-verified': ({ cluster, runId }) =>
      md`Run ${t.code(runId)} made no verified backup, so no cluster can have been restored from it by its record. Nothing was changed. The backups: ${t.command(`list ${cluster}`)}`,
    'at-unreadable': ({ cluster, typed }) =>
      md`${t.quote(typed)} is no time that the bot can read. Nothing was changed. Say it on the cluster's clock: ${t.code('at=03:40')} for the last 03:40, or ${t.code('at="2026-12-01 03:40"')}; without it, ${t.command(restoredCommand(cluster, undefined))} means now.`,
    'at-ahead': ({ cluster, at }) =>
      md`${t.time(at)} has not come yet, so ${t.code(cluster)} cannot have been restored then. Nothing was changed. Say when it was, or leave ${t.code('at=')} out: then it means now.`,
    'at-before-backup': ({ runId, at, takenAt }) =>
      md`${t.code(runId)} was not complete before ${t.time(takenAt)}, so nothing can have been restored from it at ${t.time(at)}. Nothing was changed. Check the run and the time.`,
    'at-missing': ({ cluster, runId, doubt, after }) => {
      const why = {
        outage: md`the cluster did not answer for a while, and ${t.code(doubt.runId)} was begun after it did again${doubt.kind === 'outage' ? md` (${t.time(doubt.at)})` : ''}`,
        room: md`the restore room says that it was restored before ${doubt.kind === 'room' ? t.time(doubt.at) : ''}, and ${t.code(doubt.runId)} was begun after that`,
        'revision-fell': md`${t.code(doubt.runId)} has a lower etcd revision than the backup before it`,
        running: md`${t.code(doubt.runId)} is running`,
      }[doubt.kind];
      const since = after.find((each) => each.runId === doubt.runId)?.takenAt;
      const at = t.typed('at' in doubt ? doubt.at : (since ?? t.now));
      return lines(
        md`When was ${t.code(cluster)} restored? One of its backups may have been taken since: ${why}. Nothing was changed.`,
        join(
          [md`Taken after ${t.code(runId)}:`, ...after.slice(0, 8).map((each) => backupLine(each, t))],
          '\n',
        ),
        md`Say it on the cluster's clock, like this: ${t.command(restoredCommand(cluster, runId, at))} What was complete before then is marked; ${t.code('at=now')} marks all of them.`,
      );
    },
    'no-restore-right': ({ cluster, clusterUser, breakGlass }) =>
      md`To say that ${t.code(cluster)} was restored takes cluster-admin there, and your cluster user ${t.code(clusterUser)} is not cluster-admin. Nothing was changed. Ask a cluster-admin${others(breakGlass, t)}.`,
    'restore-right-unreadable': ({ cluster, why, breakGlass }) =>
      md`Whether you are cluster-admin on ${t.code(cluster)} could not be read: ${t.why(why)}. Nothing was changed. ${
        breakGlass.length === 0
          ? md`Try again when its API answers. People whom the configuration lets break the glass could say it meanwhile; for this cluster it names none.`
          : md`Those who may break the glass can say it meanwhile: ${t.people(breakGlass)}. Or try again when its API answers.`
      }`,
    duplicate: () => t.terms.onRecordAlready,
  } satisfies TextsBy<
    'outcome',
    Exclude<RestoredAnswer, Refused | { outcome: 'confirm-needed' | 'declared' | 'revoked' }>
  >,
});
