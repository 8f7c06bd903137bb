import { lines, md } from '../markup.ts';
import type { Arrival, ReminderWording } from '../reminder-wording.ts';

const byHand = (cluster: string) => `run ${cluster}`;
const named = ({ cluster, to }: Arrival) => md`${cluster} ${to}`;

export const reminder: ReminderWording = {
  title: (p) =>
    p.from === undefined
      ? md`🔴 *${p.cluster} runs ${p.to}, and no fresh backup restores it*`
      : md`🔴 *${p.cluster} was updated, and no fresh backup restores it:* ${p.from} → ${p.to}`,
  why: ({ from, to }) => {
    const old = from === undefined || from === to ? '' : md` Backups of ${from} do not help.`;
    return md`A restore takes a backup of exactly the release that runs.${old} Until there is a proven backup of ${to}, nothing brings this cluster back as it is now.`;
  },
  canRun: (at, t) => md`✅ A backup can run: nothing stood against it when the bot looked at ${t.time(at)}.`,
  cannotRun: (at, t) => md`⛔ A backup could not run when the bot looked at ${t.time(at)}:`,
  notChecked: () => md`🔎 Whether a backup can run now is still being looked at.`,
  notReadable: ({ cluster, at }, t) =>
    md`⚠️ Whether a backup can run is not known: by ${t.time(at)} the bot had not been able to look at what it needs. It goes on trying. ${t.command(`check ${cluster}`)} tries at once; if that fails, too: ${t.command(`doctor ${cluster}`)}`,
  pools: (names, t) =>
    md`🕓 Node pools are still being updated: ${t.names(names)}. That does not stand in the way: back up now, do not wait for them.`,
  more: ({ count, cluster }, t) => md`… and ${count} more: ${t.command(`check ${cluster}`)}`,
  nextNag: (at, t) => md`🔔 This is said again ${t.moment(at)}, unless there is a proven backup by then.`,
  byText: (cluster, t) => md`By text: ${t.command(byHand(cluster))} · ${t.command(`check ${cluster}`)}`,
  buttons: { backUp: 'Back up now', snooze: 'Snooze 4 h', dismiss: 'Not needed, because …' },
  ended: {
    resolved: ({ arrival, end }, t, links) =>
      md`✅ *${named(arrival)} is covered:* run ${t.code(end.runId)} (${links.card(md`its card`)}) is a proven backup of it. Seen at ${t.time(end.at)}.`,
    dismissed: ({ arrival, end }, t) =>
      lines(
        md`⚪ *${named(arrival)}: no backup needed*, said ${t.person(end.by.slackUser)} at ${t.time(end.at)}: ${t.quote(end.reason)}`,
        md`It is not said again. Nothing restores this cluster as it is until somebody takes a backup all the same: ${t.command(byHand(arrival.cluster))}`,
      ),
    superseded: ({ arrival, end }, t) =>
      md`⏭️ *${arrival.cluster} left ${arrival.to} for ${end.by.version}* at ${t.time(end.at)}, before there was a proven backup of ${arrival.to}. It is too late for one.`,
  },
  nag: ({ arrival, since, onCall }, t) => {
    const whom = onCall === undefined ? '' : md`${t.group(onCall)} `;
    return md`🔔 ${whom}*${named(arrival)} is still without a fresh proven backup*, since ${t.time(since)}: nothing brings it back as it is now. The buttons are at the head of this thread, or by text: ${t.command(byHand(arrival.cluster))}`;
  },
  requestReason: ({ from, to }) =>
    from === undefined ? `first backup of ${to}` : `after the update to ${to}`,
  form: {
    title: 'No backup needed?',
    submit: 'Not needed',
    close: 'Go back',
    label: 'Why is no backup needed?',
    hint: 'It goes on record with your name, and stands in the channel.',
    intro: (cluster, t) =>
      md`The reminder for ${t.code(cluster)} ends with this and is not repeated. Nothing restores the cluster as it is now until somebody takes a backup all the same.`,
    reasonMissing: 'Say why, in a few words. Nothing was changed so far.',
    reasonTooLong: ({ length, max }) =>
      `The reason has ${length} characters; ${max} are possible. Shorten it.`,
    notRecorded: 'This could not be put on record, so nothing was changed. Try again in a minute.',
    notOpened: () => md`Slack did not open the form, so nothing was changed. Click the button once more.`,
  },
  answers: {
    snoozed: ({ reminder: { to }, cluster, until }, t) =>
      md`🔕 The reminder for ${t.code(cluster)} (${to.version}) is not repeated before ${t.moment(until)}. The cluster is without a fresh backup until then.`,
    dismissed: ({ reminder: { to }, cluster }, t) =>
      md`The reminder for ${t.code(cluster)} (${to.version}) is over, with your reason on record. If you want a backup all the same: ${t.command(byHand(cluster))}`,
    duplicate: () => md`This was on record already; nothing was done twice.`,
    'reminder-over': ({ reminder: last, cluster }, t) => {
      const because =
        last?.end?.kind === 'resolved'
          ? md`run ${t.code(last.end.runId)} is a proven backup of ${last.to.version}`
          : last?.end?.kind === 'dismissed'
            ? md`${t.person(last.end.by.slackUser)} said that no backup is needed`
            : md`the cluster has moved on since`;
      return md`This reminder is over: ${because}. Nothing was done. To take a backup all the same: ${t.command(byHand(cluster))}`;
    },
    'reason-missing': () =>
      md`No reason was given, so nothing was changed. Click the button once more and say why.`,
    'reason-too-long': (answer, t) =>
      md`The reason has ${t.number(answer.length)} characters; ${t.number(answer.max)} are possible. Nothing was changed.`,
  },
};
