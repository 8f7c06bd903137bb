import { releaseText } from '../../../../domain/cluster/release-text.ts';
import type { AlarmEnd } from '../../../../domain/watch/cluster-watch.ts';
import { lines, type Markup, md } from '../../kit/markup.ts';
import type { Links, TextsBy } from '../../kit/texts-by.ts';
import type { Tools } from '../../kit/tools.ts';

export interface Move {
  readonly cluster: string;
  readonly from: string;
  readonly to: string;
}

export const alarm = (t: Tools) => ({
  /** `refused`: requested, and the cluster does not accept it. */
  title: {
    requested: (p: Move, onCall: Markup | undefined) =>
      md`🚨 ${onCall === undefined ? '' : md`${onCall} `}*${p.cluster} is about to be updated without a fresh backup:* ${p.from} → ${p.to}`,
    refused: (p: Move, onCall: Markup | undefined) =>
      md`🚨 ${onCall === undefined ? '' : md`${onCall} `}*An update of ${p.cluster} was requested, and there is no fresh backup:* ${p.from} → ${p.to}`,
    begun: (p: Move, onCall: Markup | undefined) =>
      md`🚨 ${onCall === undefined ? '' : md`${onCall} `}*${p.cluster} is being updated without a fresh backup:* ${p.from} → ${p.to}`,
  },
  /** `takenAt`: of the newest proven backup of `from`; undefined: there is none. ms UTC */
  backup: ({ from, takenAt }: { from: string; takenAt: number | undefined }) =>
    takenAt === undefined
      ? md`There is no verified backup of ${from}: if the update goes wrong, there is none to restore from.`
      : md`The newest verified backup of ${from} is from ${t.time(takenAt)}, older than this cluster's policy allows before an update: if the update goes wrong, what came after it is lost.`,
  next: {
    requested: ({ cluster }: Move) =>
      md`The update was requested and can begin at any moment; from then on no backup can be taken. Take the request back first (${t.code('oc adm upgrade --clear')}), then back up (${t.command(`run ${cluster}`)}), and request the update again once the backup is verified.`,
    begun: ({ to }: Move) =>
      lines(
        md`*What to do now:*`,
        md`• Start no backup: taken in the middle of an update it restores neither release.`,
        md`• Let the update come to its end, and keep other changes away from the cluster until then. ${t.code('oc adm upgrade')} shows how it goes. If it is stuck, call support before anything is forced.`,
        md`• Back up ${to} as soon as it has arrived; the bot reminds of it.`,
      ),
  },
  /** In place of `next.requested` where the cluster does not accept the update; `refusal`: why, in its words. */
  refused: ({ cluster, refusal }: Move & { refusal: string }) =>
    md`The cluster has not accepted the update: ${t.quote(refusal)}. It can begin by itself as soon as that is settled, and from then on no backup can be taken: take one now. By text: ${t.command(`run ${cluster}`)}`,
  /** The update reports that it fails. */
  failing: (_move: Move) =>
    md`❌ The update reports that it is failing; ${t.code('oc adm upgrade')} shows why. Do not undo it by force: call support if it does not go on by itself.`,
  backUp: 'Back up now',
  ended: {
    resolved: (end, move, links) =>
      md`✅ *${move.cluster} has a fresh backup for the update ${move.from} → ${move.to}:* run ${t.code(end.runId)} (${links.card(md`its card`)}) is a verified backup of ${move.from}. Seen at ${t.time(end.at)}.`,
    withdrawn: (end, move) =>
      md`⚪ *${move.cluster}: the update to ${move.to} was called off*, seen at ${t.time(end.at)}. If it is to come later, back up first: ${t.command(`run ${move.cluster}`)}`,
    redirected: (end, move) =>
      md`🔀 *${move.cluster}: the update to ${move.to} goes to ${releaseText(end.to)} instead*, seen at ${t.time(end.at)}. This alarm is over; unless there is a fresh backup of ${move.from}, another one follows for ${releaseText(end.to)}.`,
    elsewhere: (end, move) =>
      md`➖ *${move.cluster} is not backed up by this bot*, seen at ${t.time(end.at)}. ${
        end.by === undefined
          ? md`No owner of its backups is configured (${t.code('backedUpBy')}).`
          : md`Backed up by: ${end.by}.`
      } Whether there is a backup for the update to ${move.to} the bot cannot see.`,
    'update-over': (end, move) =>
      md`🏁 *${move.cluster}: the update ${move.from} → ${move.to} is over*, seen at ${t.time(end.at)}. It began without a fresh backup; the cluster runs ${end.on.version} now.`,
  } satisfies TextsBy<'kind', AlarmEnd, [move: Move, links: Links]>,
  /** Why the backup is asked for, as it goes on record; plain text. */
  requestReason: ({ to }: Move) => `before the update to ${to}`,
  /** To a person who clicked too late. */
  tooLate: {
    'alarm-over': (cluster: string) =>
      md`This alarm is over, so nothing was done. The cluster's state now: ${t.command(`ready-to-update ${cluster}`)}`,
    'alarm-begun': (cluster: string) =>
      md`Too late: the update of ${t.code(cluster)} has begun, and a backup taken now would restore neither release. Nothing was done. Let the update come to its end, then: ${t.command(`run ${cluster}`)}`,
  },
});
