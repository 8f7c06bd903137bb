import { md } from '../markup.ts';
import type { ReadyWording } from '../ready-wording.ts';

export const ready: ReadyWording = {
  title: ({ cluster, ready: yes, version }) => {
    const on = version === undefined ? '' : md` · ${version}`;
    return yes
      ? md`✅ *${cluster} 클러스터를 업데이트해도 됩니다*${on}`
      : md`⛔ *${cluster} 클러스터를 아직 업데이트하면 안 됩니다*${on}`;
  },
  reason: {
    'fresh-backup': ({ backup }, _cluster, t) =>
      md`실행 ${t.code(backup.runId)} 건이 ${backup.zStream} 버전의 검증된 백업입니다(${t.ago(backup.takenAt)}, ${t.time(backup.takenAt)}). 지금 상태로 되돌릴 수 있습니다.`,
    'no-backup': ({ release }, cluster, t) =>
      md`${release.version} 버전의 검증된 백업이 없어, 업데이트가 잘못되면 되돌릴 방법이 없습니다. 먼저 백업하십시오: ${t.command(`run ${cluster} reason="업데이트 전"`)}`,
    'too-old': ({ backup, maxAgeMs }, cluster, t) =>
      md`${backup.zStream} 버전의 검증된 최신 백업은 실행 ${t.code(backup.runId)} 건입니다(${t.ago(backup.takenAt)}, ${t.time(backup.takenAt)}). 업데이트 전에는 ${t.duration(maxAgeMs)} 이내의 백업이 있어야 합니다. 먼저 백업하십시오: ${t.command(`run ${cluster} reason="업데이트 전"`)}`,
    updating: ({ to }) =>
      md`${to.version} 업데이트가 이미 진행 중이거나 요청되었습니다. 끝난 뒤에 다시 확인하십시오.`,
    unreadable: ({ why }, _cluster, t) =>
      md`어느 릴리스인지 읽지 못했습니다: ${t.why(why)}. 판단할 수 없으니 잠시 후 다시 확인하십시오.`,
  },
};
