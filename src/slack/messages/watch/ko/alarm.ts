import { releaseText } from '../../../../domain/cluster/release-text.ts';
import { lines, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { alarm as english } from '../en/alarm.ts';

export const alarm = (t: Tools): ReturnType<typeof english> => ({
  title: {
    requested: (p, onCall) =>
      md`🚨 ${onCall === undefined ? '' : md`${onCall} `}*${p.cluster} 클러스터가 최근 백업 없이 곧 업데이트됩니다:* ${p.from} → ${p.to}`,
    refused: (p, onCall) =>
      md`🚨 ${onCall === undefined ? '' : md`${onCall} `}*${p.cluster} 클러스터의 업데이트가 요청되었으나 최근 백업이 없습니다:* ${p.from} → ${p.to}`,
    begun: (p, onCall) =>
      md`🚨 ${onCall === undefined ? '' : md`${onCall} `}*${p.cluster} 클러스터가 최근 백업 없이 업데이트되고 있습니다:* ${p.from} → ${p.to}`,
  },
  backup: ({ from, takenAt }) =>
    takenAt === undefined
      ? md`${from} 버전의 검증된 백업이 없습니다. 업데이트가 잘못되면 복원에 쓸 백업이 없습니다.`
      : md`${from} 버전의 검증된 최신 백업은 ${t.time(takenAt)}에 만들어졌으며, 업데이트 전에 허용된 기간보다 오래되었습니다. 업데이트가 잘못되면 그 이후의 내용을 잃습니다.`,
  next: {
    requested: ({ cluster }) =>
      md`업데이트가 요청되어 언제든 시작될 수 있으며, 시작된 뒤에는 백업할 수 없습니다. 먼저 ${t.code('oc adm upgrade --clear')} 명령으로 요청을 취소하고 ${t.command(`run ${cluster}`)} 명령으로 백업한 다음, 백업이 검증되면 업데이트를 다시 요청하십시오.`,
    begun: ({ to }) =>
      lines(
        md`*지금 할 일:*`,
        md`• 백업을 시작하지 마십시오. 업데이트 도중의 백업으로는 어느 릴리스도 복원할 수 없습니다.`,
        md`• 업데이트가 끝날 때까지 기다리고 그동안 클러스터를 변경하지 마십시오. 진행 상황은 ${t.code('oc adm upgrade')} 명령으로 볼 수 있습니다. 멈춰 있으면 강제로 진행하기 전에 지원팀에 문의하십시오.`,
        md`• 업데이트가 끝나는 대로 ${to} 버전을 백업하십시오. 봇이 알려 드립니다.`,
      ),
  },
  refused: ({ cluster, refusal }) =>
    md`클러스터가 업데이트를 받아들이지 않았습니다: ${t.quote(refusal)}. 원인이 해소되면 업데이트가 저절로 시작될 수 있고 그 뒤에는 백업할 수 없으니 지금 백업하십시오. 명령으로: ${t.command(`run ${cluster}`)}`,
  failing: (_move) =>
    md`❌ 업데이트가 실패하고 있다고 합니다. 원인은 ${t.code('oc adm upgrade')} 명령으로 볼 수 있습니다. 강제로 되돌리지 말고, 저절로 진행되지 않으면 지원팀에 문의하십시오.`,
  backUp: '지금 백업',
  ended: {
    resolved: (end, move, links) =>
      md`✅ *${move.cluster} 클러스터에 업데이트(${move.from} → ${move.to}) 전 최근 백업이 있습니다:* 실행 ${t.code(end.runId)} (${links.card(md`카드`)}) 건은 ${move.from} 버전의 검증된 백업입니다. 확인 시각 ${t.time(end.at)}`,
    withdrawn: (end, move) =>
      md`⚪ *${move.cluster}: ${move.to} 업데이트가 취소되었습니다* · 확인 시각 ${t.time(end.at)}. 나중에 업데이트하려면 먼저 백업하십시오: ${t.command(`run ${move.cluster}`)}`,
    redirected: (end, move) =>
      md`🔀 *${move.cluster}: ${move.to} 업데이트의 대상이 ${releaseText(end.to)} 버전으로 바뀌었습니다* · 확인 시각 ${t.time(end.at)}. 이 경보는 끝났습니다. ${move.from} 버전의 최근 백업이 없으면 ${releaseText(end.to)} 업데이트에 대한 경보를 따로 보내 드립니다.`,
    elsewhere: (end, move) =>
      md`➖ *${move.cluster} 클러스터는 이 봇의 백업 대상이 아닙니다* · 확인 시각 ${t.time(end.at)}. ${
        end.by === undefined
          ? md`백업 담당이 지정되어 있지 않습니다(${t.code('backedUpBy')}).`
          : md`백업 담당: ${end.by}.`
      } ${move.to} 업데이트에 대비한 백업이 있는지 이 봇은 확인할 수 없습니다.`,
    'update-over': (end, move) =>
      md`🏁 *${move.cluster}: ${move.from} → ${move.to} 업데이트가 끝났습니다* · 확인 시각 ${t.time(end.at)}. 최근 백업 없이 시작된 업데이트였습니다. 현재 버전: ${end.on.version}.`,
  },
  requestReason: ({ to }) => `${to} 업데이트 전`,
  tooLate: {
    'alarm-over': (cluster) =>
      md`이 경보는 끝나서 아무것도 하지 않았습니다. 클러스터의 상태를 보려면: ${t.command(`ready-to-update ${cluster}`)}`,
    'alarm-begun': (cluster) =>
      md`늦었습니다. ${t.code(cluster)} 클러스터의 업데이트가 이미 시작되어, 지금 백업해도 어느 릴리스도 복원할 수 없습니다. 아무것도 하지 않았습니다. 업데이트가 끝난 뒤에 백업하십시오: ${t.command(`run ${cluster}`)}`,
  },
});
