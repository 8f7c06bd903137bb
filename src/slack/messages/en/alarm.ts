import type { AlarmWording } from '../alarm-wording.ts';
import { lines, md } from '../markup.ts';

export const alarm: AlarmWording = {
  title: {
    requested: (p, onCall) =>
      md`🚨 ${onCall === undefined ? '' : md`${onCall} `}*${p.cluster} is about to be updated without a fresh backup:* ${p.from} → ${p.to}`,
    begun: (p, onCall) =>
      md`🚨 ${onCall === undefined ? '' : md`${onCall} `}*${p.cluster} is being updated without a fresh backup:* ${p.from} → ${p.to}`,
  },
  backup: ({ from, takenAt }, t) =>
    takenAt === undefined
      ? md`There is no proven backup of ${from}: if the update goes wrong, nothing brings the cluster back to where it was.`
      : md`The newest proven backup of ${from} is from ${t.time(takenAt)}, older than this cluster's policy allows before an update: if the update goes wrong, what came after it is lost.`,
  next: {
    requested: ({ cluster }, t) =>
      md`The update was asked for and has not begun. As long as that is so a backup may still run: take one now, and have the update held back until it is proven (${t.code('oc adm upgrade --clear')} takes the request back). Once the update begins, none can be taken. By text: ${t.command(`run ${cluster}`)}`,
    begun: ({ to }, t) =>
      lines(
        md`*What to do now:*`,
        md`• Start no backup: taken in the middle of an update it restores neither release.`,
        md`• Let the update come to its end, and keep other changes away from the cluster until then. ${t.code('oc adm upgrade')} shows how it goes. If it is stuck, call support before anything is forced.`,
        md`• Back up ${to} as soon as it has arrived; the bot reminds of it.`,
      ),
  },
  failing: (_move, t) =>
    md`❌ The update reports that it is failing; ${t.code('oc adm upgrade')} shows why. Do not undo it by force: call support if it does not go on by itself.`,
  backUp: 'Back up now',
  ended: {
    resolved: ({ move, end }, t, links) =>
      md`✅ *${move.cluster} has a fresh backup for the update ${move.from} → ${move.to}:* run ${t.code(end.runId)} (${links.card(md`its card`)}) is a proven backup of ${move.from}. Seen at ${t.time(end.at)}.`,
    withdrawn: ({ move, end }, t) =>
      md`⚪ *${move.cluster}: the update to ${move.to} was called off*, seen at ${t.time(end.at)}. There is nothing to do.`,
    'update-over': ({ move, end }, t) =>
      md`🏁 *${move.cluster}: the update ${move.from} → ${move.to} is over*, seen at ${t.time(end.at)}. It began without a fresh backup; the cluster runs ${end.on.version} now.`,
  },
  requestReason: ({ to }) => `before the update to ${to}`,
  tooLate: {
    'alarm-over': (cluster, t) =>
      md`This alarm is over, so nothing was done. How the cluster stands: ${t.command(`ready-to-update ${cluster}`)}`,
    'alarm-begun': (cluster, t) =>
      md`Too late: the update of ${t.code(cluster)} has begun, and a backup taken now would restore neither release. Nothing was done. Let the update come to its end, then: ${t.command(`run ${cluster}`)}`,
  },
};
