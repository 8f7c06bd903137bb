import { md } from '../markup.ts';
import type { ReadyWording } from '../ready-wording.ts';

export const ready: ReadyWording = {
  title: ({ cluster, ready: yes, version }) => {
    const on = version === undefined ? '' : md` · ${version}`;
    return yes
      ? md`✅ *Yes: ${cluster} is ready for an update*${on}`
      : md`⛔ *No: ${cluster} is not ready for an update*${on}`;
  },
  reason: {
    'fresh-backup': ({ backup }, _cluster, t) =>
      md`Run ${t.code(backup.runId)} is a proven backup of ${backup.zStream}, taken ${t.ago(backup.takenAt)} (${t.time(backup.takenAt)}): what runs now can be brought back.`,
    'no-backup': ({ release }, cluster, t) =>
      md`There is no proven backup of ${release.version}: if the update goes wrong, nothing brings the cluster back. Take one first: ${t.command(`run ${cluster} reason="before the update"`)}`,
    'too-old': ({ backup, maxAgeMs }, cluster, t) =>
      md`The newest proven backup of ${backup.zStream}, run ${t.code(backup.runId)}, was taken ${t.ago(backup.takenAt)} (${t.time(backup.takenAt)}); before an update it may be ${t.duration(maxAgeMs)} old at most. Take a new one first: ${t.command(`run ${cluster} reason="before the update"`)}`,
    updating: ({ to }) =>
      md`An update to ${to.version} is under way or asked for already. Let it come to its end, then ask again.`,
    unreadable: ({ why }, _cluster, t) =>
      md`Which release it runs could not be read: ${t.why(why)}. So nobody can tell; ask again in a minute.`,
  },
};
