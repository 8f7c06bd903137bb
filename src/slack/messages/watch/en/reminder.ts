import type { ReminderEnd } from '../../../../domain/watch/cluster-watch.ts';
import type { ReminderAnswer } from '../../../../workflow/access/backups.ts';
import { lines, md } from '../../kit/markup.ts';
import type { Links, Refused, Says, TextsBy } from '../../kit/texts-by.ts';
import type { Tools } from '../../kit/tools.ts';

/** An arrival at a release, by the cluster's own words; `from` undefined: the first release that the bot saw there. */
export interface Arrival {
  readonly cluster: string;
  readonly from: string | undefined;
  readonly to: string;
}

const byHand = (cluster: string) => `run ${cluster}`;
const named = ({ cluster, to }: Arrival) => md`${cluster} ${to}`;

export const reminder = (t: Tools) => ({
  title: (p: Arrival) =>
    p.from === undefined
      ? md`🔴 *${p.cluster} runs ${p.to}, and no fresh backup restores it*`
      : md`🔴 *${p.cluster} was updated, and no fresh backup restores it:* ${p.from} → ${p.to}`,
  why: ({ from, to }: Arrival) => {
    const old = from === undefined || from === to ? '' : md` Backups of ${from} do not help.`;
    return md`A restore takes a backup of exactly the release that runs.${old} Until there is a verified backup of ${to}, there is none to restore this cluster from as it is now.`;
  },
  canRun: (at: number) => md`✅ A backup can run: the checks at ${t.time(at)} found no blocker.`,
  /** Above the reasons. */
  cannotRun: (at: number) => md`⛔ A backup could not run when the bot looked at ${t.time(at)}:`,
  notChecked: () => md`🔎 Whether a backup can run now is still being looked at.`,
  /** The cluster answers, but not everything that preflight asks. */
  notReadable: ({ cluster, at }: { cluster: string; at: number }) =>
    md`⚠️ Whether a backup can run is not known: by ${t.time(at)} the bot had not been able to look at what it needs. It goes on trying. ${t.command(`check ${cluster}`)} tries at once; if that fails, too: ${t.command(`doctor ${cluster}`)}`,
  pools: (names: readonly string[]) =>
    md`🕓 Node pools are still being updated: ${t.names(names)}. That does not block the backup: back up now, do not wait for them.`,
  more: ({ count, cluster }: { count: number; cluster: string }) =>
    md`… and ${count} more: ${t.command(`check ${cluster}`)}`,
  nextRepeat: (at: number) =>
    md`🔔 Next reminder: ${t.moment(at)}, unless there is a verified backup by then.`,
  byText: (cluster: string) => md`By text: ${t.command(byHand(cluster))} · ${t.command(`check ${cluster}`)}`,
  buttons: { backUp: 'Back up now', snooze: 'Snooze 4 h', dismiss: 'Not needed, because …' },
  ended: {
    resolved: (end, arrival, links) =>
      md`✅ *${named(arrival)} is covered:* run ${t.code(end.runId)} (${links.card(md`its card`)}) is a verified backup of it. Seen at ${t.time(end.at)}.`,
    dismissed: (end, arrival) =>
      lines(
        md`⚪ *${named(arrival)}: no backup needed*, said ${t.person(end.by.slackUser)} at ${t.time(end.at)}: ${t.quote(end.reason)}`,
        md`No more reminders follow. There is no backup to restore this cluster from as it is, until a backup is taken: ${t.command(byHand(arrival.cluster))}`,
      ),
    elsewhere: (end, arrival) =>
      md`➖ *${arrival.cluster} is not backed up by this bot*, seen at ${t.time(end.at)}. ${
        end.by === undefined
          ? md`Its control plane runs on another cluster, and no owner of its backups is configured (${t.code('backedUpBy')}).`
          : md`Backed up by: ${end.by}.`
      } It is not reminded of any more.`,
    superseded: (end, arrival) =>
      md`⏭️ *${arrival.cluster} left ${arrival.to} for ${end.by.version}* at ${t.time(end.at)}, before there was a verified backup of ${arrival.to}. It is too late for one.`,
  } satisfies TextsBy<'kind', ReminderEnd, [arrival: Arrival, links: Links]>,
  /** In the reminder's thread, and in the channel. */
  repeat: ({ arrival, since, onCall }: { arrival: Arrival; since: number; onCall: string | undefined }) => {
    const whom = onCall === undefined ? '' : md`${t.group(onCall)} `;
    return md`🔔 ${whom}*${named(arrival)} is still without a fresh verified backup*, since ${t.time(since)}: there is none to restore it from as it is now. The buttons are at the head of this thread, or by text: ${t.command(byHand(arrival.cluster))}`;
  },
  /** Why the backup is asked for, as it goes on record; plain text. */
  requestReason: ({ from, to }: Arrival) =>
    from === undefined ? `first backup of ${to}` : `after the update to ${to}`,
  answers: {
    snoozed: ({ reminder: { to }, cluster, until, afterHours = false, pausedUntil }) => {
      if (pausedUntil !== undefined)
        return md`🔕 The reminder for ${t.code(cluster)} (${to.version}) is not repeated while the cluster is paused, until ${t.moment(pausedUntil)}. The cluster is without a fresh backup until one is taken.`;
      const why = afterHours
        ? md` Four hours from now is outside the cluster's working hours, and reminders are repeated in these alone.`
        : '';
      return md`🔕 The reminder for ${t.code(cluster)} (${to.version}) is not repeated before ${t.moment(until)}.${why} The cluster is without a fresh backup until one is taken.`;
    },
    dismissed: ({ reminder: { to }, cluster }) =>
      md`The reminder for ${t.code(cluster)} (${to.version}) is over, with your reason on record. If you want a backup all the same: ${t.command(byHand(cluster))}`,
    duplicate: () => t.terms.onRecordAlready,
    'reminder-over': ({ reminder: last, cluster }) => {
      if (last?.end?.kind === 'elsewhere')
        return md`This reminder is over: ${t.code(cluster)} is not backed up by this bot. Nothing was done.`;
      const because =
        last?.end?.kind === 'resolved'
          ? md`run ${t.code(last.end.runId)} is a verified backup of ${last.to.version}`
          : last?.end?.kind === 'dismissed'
            ? md`${t.person(last.end.by.slackUser)} said that no backup is needed`
            : md`the cluster has moved on since`;
      return md`This reminder is over: ${because}. Nothing was done. To take a backup all the same: ${t.command(byHand(cluster))}`;
    },
    'reason-missing': () =>
      md`No reason was given, so nothing was changed. Click the button once more and say why.`,
    'reason-too-long': (answer) =>
      md`The reason has ${t.number(answer.length)} characters; ${t.number(answer.max)} are possible. Nothing was changed.`,
  } satisfies Says<ReminderAnswer, Refused['outcome']>,
});
