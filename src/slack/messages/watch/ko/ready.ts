import { md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { ready as english } from '../en/ready.ts';

export const ready = (t: Tools): ReturnType<typeof english> => ({
  title: ({ cluster, ready: yes, version, nodeOnly, elsewhere }) => {
    const on = version === undefined ? '' : md` · ${version}`;
    if (!yes && elsewhere)
      return md`❔ *${cluster} 클러스터를 업데이트해도 되는지 이 봇은 알 수 없습니다*${on}`;
    if (yes && nodeOnly)
      return md`⚠️ *${cluster} 클러스터를 업데이트할 준비가 되었지만, 백업이 컨트롤 플레인 노드에만 있습니다*${on}`;
    return yes
      ? md`✅ *${cluster} 클러스터를 업데이트할 준비가 되었습니다*${on}`
      : md`⛔ *${cluster} 클러스터를 아직 업데이트하면 안 됩니다*${on}`;
  },
  reason: {
    'fresh-backup': ({ backup }, _cluster) =>
      md`실행 ${t.code(backup.runId)} 건이 ${backup.zStream} 버전의 검증된 백업입니다(${t.ago(backup.takenAt)}, ${t.time(backup.takenAt)}). 업데이트가 잘못되면 이 백업으로 복원을 시작할 수 있으며, 정상인 컨트롤 플레인 노드가 하나 이상 필요합니다.`,
    'no-backup': ({ release }, cluster) =>
      md`${release.version} 버전의 검증된 백업이 없어, 업데이트가 잘못되어도 복원에 쓸 백업이 없습니다. 먼저 백업하십시오: ${t.command(`run ${cluster} reason="업데이트 전"`)}`,
    'too-old': ({ backup, maxAgeMs }, cluster) =>
      md`${backup.zStream} 버전의 검증된 최신 백업은 실행 ${t.code(backup.runId)} 건입니다(${t.ago(backup.takenAt)}, ${t.time(backup.takenAt)}). 업데이트 전에는 ${t.duration(maxAgeMs)} 이내의 백업이 있어야 합니다. 먼저 백업하십시오: ${t.command(`run ${cluster} reason="업데이트 전"`)}`,
    elsewhere: ({ elsewhere, release }) => {
      const because =
        elsewhere.controlPlane === 'hosted'
          ? md`컨트롤 플레인이 다른 클러스터에서 실행됩니다.`
          : md`이 봇은 이 클러스터를 백업하지 않습니다.`;
      const ask =
        elsewhere.by === undefined
          ? md`백업 담당이 지정되어 있지 않으므로(봇 구성의 backedUpBy) 누가 백업하는지부터 확인하십시오.`
          : md`백업 담당: ${elsewhere.by}.`;
      return md`${because} ${ask} ${release.version} 버전의 백업이 온전한지 업데이트 전에 담당 쪽에 확인하십시오. 이 봇은 확인할 수 없습니다.`;
    },
    'place-not-known': ({ destination, state }, _cluster) =>
      md`⚠️ ${t.code(destination)} 저장 위치에 사본이 없을 수 있습니다. ${t.terms.placeNotKnown[state]}. 업데이트 전에 올바른 위치를 마운트하거나 구성하십시오. ${t.command('destination')} 명령으로 다시 확인할 수 있습니다.`,
    paused: ({ pause }, cluster) =>
      md`⏸️ 일시 중지되어 있어 아무 경보도 울리지 않습니다. 종료 시각: ${t.moment(pause.until)}, 요청: ${t.person(pause.by.slackUser)} 님, 사유: ${t.quote(pause.reason)}. 먼저 일시 중지를 끝내십시오: ${t.command(`resume ${cluster}`)}`,
    updating: ({ to }) =>
      md`${to.version} 업데이트가 이미 진행 중이거나 요청되었습니다. 끝난 뒤에 다시 확인하십시오.`,
    unreadable: ({ why }, _cluster) =>
      md`어느 릴리스인지 읽지 못했습니다: ${t.why(why)}. 판단할 수 없습니다. ${t.remedy(why, md`봇에 ${t.code('clusterversions/version')} 읽기 권한을 부여하십시오.`)}`,
  },
});
