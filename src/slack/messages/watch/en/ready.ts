import type { ReadyReason } from '../../../../domain/fleet/readiness.ts';
import { md } from '../../kit/markup.ts';
import type { TextsBy } from '../../kit/texts-by.ts';
import type { Tools } from '../../kit/tools.ts';

export const ready = (t: Tools) => ({
  /** `nodeOnly`: ready, and the backup is on a node of the cluster alone. `elsewhere`: others back it up. */
  title: (p: {
    cluster: string;
    ready: boolean;
    version: string | undefined;
    nodeOnly: boolean;
    elsewhere: boolean;
  }) => {
    const { cluster, version } = p;
    const on = version === undefined ? '' : md` · ${version}`;
    if (!p.ready && p.elsewhere)
      return md`❔ *The bot cannot tell whether ${cluster} is ready for an update*${on}`;
    if (p.ready && p.nodeOnly)
      return md`⚠️ *Yes, with a warning: the backup of ${cluster} is on a control-plane node only*${on}`;
    return p.ready
      ? md`✅ *Yes: ${cluster} is ready for an update*${on}`
      : md`⛔ *No: ${cluster} is not ready for an update*${on}`;
  },
  reason: {
    'fresh-backup': ({ backup }, _cluster) =>
      md`Run ${t.code(backup.runId)} is a verified backup of ${backup.zStream}, taken ${t.ago(backup.takenAt)} (${t.time(backup.takenAt)}). If the update goes wrong, a restore can start from it; it also needs one healthy control-plane node.`,
    'no-backup': ({ release }, cluster) =>
      md`There is no verified backup of ${release.version}: if the update goes wrong, there is none to restore from. Take one first: ${t.command(`run ${cluster} reason="before the update"`)}`,
    'too-old': ({ backup, maxAgeMs }, cluster) =>
      md`The newest verified backup of ${backup.zStream}, run ${t.code(backup.runId)}, was taken ${t.ago(backup.takenAt)} (${t.time(backup.takenAt)}); before an update it may be ${t.duration(maxAgeMs)} old at most. Take a new one first: ${t.command(`run ${cluster} reason="before the update"`)}`,
    elsewhere: ({ elsewhere, release }) => {
      const because =
        elsewhere.controlPlane === 'hosted'
          ? md`Its control plane runs on another cluster`
          : md`This bot does not back it up`;
      const ask =
        elsewhere.by === undefined
          ? md`no owner of its backups is configured (${'backedUpBy'} in the bot's configuration). Find out who backs it up, and ask there`
          : md`it is backed up by: ${elsewhere.by}. Ask there`;
      return md`${because}; ${ask} whether there is a good backup of ${release.version} before you update. The bot cannot see it.`;
    },
    'place-not-known': ({ destination, state }, _cluster) =>
      md`⚠️ The copies at ${t.code(destination)} may not be there: ${t.terms.placeNotKnown[state]}. Mount or configure the right place before the update; ${t.command('destination')} looks again.`,
    paused: ({ pause }, cluster) =>
      md`⏸️ It is paused until ${t.moment(pause.until)} by ${t.person(pause.by.slackUser)}: ${t.quote(pause.reason)}. No reminder or alarm is sent for it now. End the pause first: ${t.command(`resume ${cluster}`)}`,
    updating: ({ to }) =>
      md`An update to ${to.version} is under way or asked for already. Let it come to its end, then ask again.`,
    unreadable: ({ why }, _cluster) =>
      md`Which release it runs could not be read: ${t.why(why)}. So the bot cannot tell. ${t.remedy(why, md`Let the bot read ${t.code('clusterversions/version')}.`)}`,
  } satisfies TextsBy<'kind', ReadyReason, [cluster: string]>,
});
