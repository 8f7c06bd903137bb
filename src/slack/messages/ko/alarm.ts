import type { AlarmWording } from '../alarm-wording.ts';
import { lines, md } from '../markup.ts';

export const alarm: AlarmWording = {
  title: {
    requested: (p, onCall) =>
      md`🚨 ${onCall === undefined ? '' : md`${onCall} `}*${p.cluster} 클러스터가 최근 백업 없이 곧 업데이트됩니다:* ${p.from} → ${p.to}`,
    begun: (p, onCall) =>
      md`🚨 ${onCall === undefined ? '' : md`${onCall} `}*${p.cluster} 클러스터가 최근 백업 없이 업데이트되고 있습니다:* ${p.from} → ${p.to}`,
  },
  backup: ({ from, takenAt }, t) =>
    takenAt === undefined
      ? md`${from} 버전의 검증된 백업이 없습니다. 업데이트가 잘못되면 클러스터를 이전 상태로 되돌릴 방법이 없습니다.`
      : md`${from} 버전의 검증된 최신 백업은 ${t.time(takenAt)}에 만들어졌으며, 업데이트 전에 허용된 기간보다 오래되었습니다. 업데이트가 잘못되면 그 이후의 내용을 잃습니다.`,
  next: {
    requested: ({ cluster }, t) =>
      md`업데이트가 요청되었지만 아직 시작되지 않았습니다. 그동안은 백업할 수 있으니 지금 백업하고, 백업이 검증될 때까지 업데이트를 미루도록 하십시오(${t.code('oc adm upgrade --clear')} 명령으로 요청을 취소할 수 있습니다). 업데이트가 시작되면 백업할 수 없습니다. 명령으로: ${t.command(`run ${cluster}`)}`,
    begun: ({ to }, t) =>
      lines(
        md`*지금 할 일:*`,
        md`• 백업을 시작하지 마십시오. 업데이트 도중의 백업으로는 어느 릴리스도 복원할 수 없습니다.`,
        md`• 업데이트가 끝날 때까지 기다리고 그동안 클러스터를 변경하지 마십시오. 진행 상황은 ${t.code('oc adm upgrade')} 명령으로 볼 수 있습니다. 멈춰 있으면 강제로 진행하기 전에 지원팀에 문의하십시오.`,
        md`• 업데이트가 끝나는 대로 ${to} 버전을 백업하십시오. 봇이 알려 드립니다.`,
      ),
  },
  failing: (_move, t) =>
    md`❌ 업데이트가 실패하고 있다고 합니다. 원인은 ${t.code('oc adm upgrade')} 명령으로 볼 수 있습니다. 강제로 되돌리지 말고, 저절로 진행되지 않으면 지원팀에 문의하십시오.`,
  backUp: '지금 백업',
  ended: {
    resolved: ({ move, end }, t, links) =>
      md`✅ *${move.cluster} 클러스터에 업데이트(${move.from} → ${move.to}) 전 최근 백업이 있습니다:* 실행 ${t.code(end.runId)} (${links.card(md`카드`)}) 건은 ${move.from} 버전의 검증된 백업입니다. 확인 시각 ${t.time(end.at)}`,
    withdrawn: ({ move, end }, t) =>
      md`⚪ *${move.cluster}: ${move.to} 업데이트가 취소되었습니다* · 확인 시각 ${t.time(end.at)}. 하실 일은 없습니다.`,
    'update-over': ({ move, end }, t) =>
      md`🏁 *${move.cluster}: ${move.from} → ${move.to} 업데이트가 끝났습니다* · 확인 시각 ${t.time(end.at)}. 최근 백업 없이 시작된 업데이트였습니다. 지금 버전은 ${end.on.version} 입니다.`,
  },
  requestReason: ({ to }) => `${to} 업데이트 전`,
  tooLate: {
    'alarm-over': (cluster, t) =>
      md`이 경보는 끝나서 아무것도 하지 않았습니다. 클러스터의 상태를 보려면: ${t.command(`ready-to-update ${cluster}`)}`,
    'alarm-begun': (cluster, t) =>
      md`늦었습니다. ${t.code(cluster)} 클러스터의 업데이트가 이미 시작되어, 지금 백업해도 어느 릴리스도 복원할 수 없습니다. 아무것도 하지 않았습니다. 업데이트가 끝난 뒤에 백업하십시오: ${t.command(`run ${cluster}`)}`,
  },
};
