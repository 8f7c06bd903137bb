import type { CoverageWording } from '../coverage-wording.ts';
import { md } from '../markup.ts';

export const coverage: CoverageWording = {
  sign: { covered: '✅', stale: '🟡', uncovered: '🔴', updating: '🔄', unknown: '❔' },
  state: {
    covered: md`✅ covered`,
    stale: md`🟡 backup too old`,
    uncovered: md`🔴 not covered`,
    updating: md`🔄 updating`,
    unknown: md`❔ unknown`,
  },
  means: ({ state, release, since, why, backup }, t) => {
    const version = release === undefined ? md`its release` : md`${release.version}`;
    switch (state) {
      case 'covered':
        return backup === undefined
          ? md`A proven backup restores ${version}.`
          : md`A proven backup restores ${version}: ${t.code(backup.runId)}, ${t.ago(backup.takenAt)}.`;
      case 'stale':
        return backup === undefined
          ? md`The newest backup that restores ${version} is too old.`
          : md`The newest backup that restores ${version} is too old: ${t.code(backup.runId)}, ${t.ago(backup.takenAt)}.`;
      case 'uncovered': {
        const from = since === undefined ? '' : md`, since ${t.time(since)}`;
        return md`Nothing restores this cluster as it is: there is no proven backup of ${version}${from}.`;
      }
      case 'updating': {
        const left =
          backup === undefined
            ? md`no proven backup restores the release that it leaves`
            : md`${t.code(backup.runId)} restores the release that it leaves (${backup.zStream})`;
        return md`Being updated to ${version}: no backup can be taken until it has arrived, and ${left}.`;
      }
      case 'unknown': {
        if (since === undefined && why === undefined) return md`The bot has not heard of this cluster yet.`;
        const from = since === undefined ? '' : md` since ${t.time(since)}`;
        const because = why === undefined ? '' : md`: ${t.why(why)}`;
        return md`The cluster has given no answer${from}${because}.`;
      }
    }
  },
  warning: (warning, t) => {
    switch (warning.kind) {
      case 'signers-end':
        return warning.endAt <= t.now
          ? md`⚠️ A restore from it would meet signer certificates that ended at ${t.time(warning.endAt)}. Take a new backup now.`
          : md`⚠️ The signer certificates in it end at ${t.time(warning.endAt)}; a restore after that would meet expired ones. Take a new backup before then.`;
      case 'only-on-node':
        return md`⚠️ It lies on a control-plane node alone and may be lost together with the cluster. Copy both files off the cluster, or have destinations configured.`;
      case 'not-a-z-stream':
        return md`⚠️ This release is no z-stream (a nightly, CI or OKD build): a restore needs exactly this build, so keep its release image too.`;
      case 'preview-backups-not-counted':
        return md`⚠️ The cluster makes backups of its own through the preview Backup API. Its “completed” proves nothing, so they are not counted here.`;
    }
  },
  warningShort: {
    'signers-end': md`⚠️ certificates in the backup near or past their end`,
    'only-on-node': md`⚠️ on the node only`,
    'not-a-z-stream': md`⚠️ no z-stream`,
    'preview-backups-not-counted': md`⚠️ preview-API backups not counted`,
  },
};
