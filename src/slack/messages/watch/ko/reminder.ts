import { lines, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { Arrival, reminder as english } from '../en/reminder.ts';

const byHand = (cluster: string) => `run ${cluster}`;
const named = ({ cluster, to }: Arrival) => md`${cluster} ${to}`;

export const reminder = (t: Tools): ReturnType<typeof english> => ({
  title: (p) =>
    p.from === undefined
      ? md`🔴 *${p.cluster} 클러스터가 ${p.to} 버전인데, 복원할 수 있는 최근 백업이 없습니다*`
      : md`🔴 *${p.cluster} 클러스터가 업데이트되었는데, 복원할 수 있는 최근 백업이 없습니다:* ${p.from} → ${p.to}`,
  why: ({ from, to }) => {
    const old = from === undefined || from === to ? '' : md` ${from} 백업으로는 복원할 수 없습니다.`;
    return md`복원에는 실행 중인 릴리스와 정확히 동일한 백업이 필요합니다.${old} ${to} 버전의 검증된 백업이 생길 때까지는 이 클러스터를 지금 상태로 복원할 백업이 없습니다.`;
  },
  canRun: (at) => md`✅ 백업할 수 있습니다. ${t.time(at)} 점검 결과 차단 항목이 없었습니다.`,
  cannotRun: (at) => md`⛔ ${t.time(at)} 점검 결과 백업할 수 없었습니다:`,
  notChecked: () => md`🔎 지금 백업할 수 있는지 아직 점검하고 있습니다.`,
  notReadable: ({ cluster, at }) =>
    md`⚠️ 백업할 수 있는지 알 수 없습니다. ${t.time(at)}까지 백업에 필요한 항목을 점검하지 못했습니다. 봇이 계속 시도합니다. 바로 점검하려면: ${t.command(`check ${cluster}`)} 이것도 실패하면: ${t.command(`doctor ${cluster}`)}`,
  pools: (names) =>
    md`🕓 아직 업데이트 중인 노드 풀이 있습니다: ${t.names(names)}. 백업에는 지장이 없으니 기다리지 말고 지금 백업하십시오.`,
  more: ({ count, cluster }) => md`… 외 ${count}개: ${t.command(`check ${cluster}`)}`,
  nextRepeat: (at) => md`🔔 검증된 백업이 없으면 다시 알립니다: ${t.moment(at)}`,
  byText: (cluster) => md`명령으로: ${t.command(byHand(cluster))} · ${t.command(`check ${cluster}`)}`,
  buttons: { backUp: '지금 백업', snooze: '4시간 뒤 다시 알림', dismiss: '필요 없음(사유 입력) …' },
  ended: {
    resolved: (end, arrival, links) =>
      md`✅ *${named(arrival)} 백업이 있습니다:* 실행 ${t.code(end.runId)} (${links.card(md`카드`)}) 건이 검증되었습니다. 확인 시각 ${t.time(end.at)}`,
    dismissed: (end, arrival) =>
      lines(
        md`⚪ *${named(arrival)}: 백업하지 않기로 함* · ${t.person(end.by.slackUser)} · ${t.time(end.at)}: ${t.quote(end.reason)}`,
        md`더 이상 알리지 않습니다. 누군가 백업하기 전까지는 이 클러스터를 지금 상태로 복원할 백업이 없습니다: ${t.command(byHand(arrival.cluster))}`,
      ),
    elsewhere: (end, arrival) =>
      md`➖ *${arrival.cluster} 클러스터는 이 봇의 백업 대상이 아닙니다* · 확인 시각 ${t.time(end.at)}. ${
        end.by === undefined
          ? md`컨트롤 플레인이 다른 클러스터에서 실행되며, 백업 담당이 지정되어 있지 않습니다(${t.code('backedUpBy')}).`
          : md`백업 담당: ${end.by}.`
      } 더 이상 알리지 않습니다.`,
    superseded: (end, arrival) =>
      md`⏭️ *${arrival.cluster} 클러스터가 ${arrival.to} 버전에서 ${end.by.version} 버전으로 바뀌었습니다* · ${t.time(end.at)}. ${arrival.to} 버전의 검증된 백업은 없으며, 이제는 만들 수 없습니다.`,
  },
  repeat: ({ arrival, since, onCall }) => {
    const whom = onCall === undefined ? '' : md`${t.group(onCall)} `;
    return md`🔔 ${whom}*${named(arrival)} 클러스터에 아직도 최근의 검증된 백업이 없습니다* (${t.time(since)}부터). 지금 상태로 복원할 백업이 없습니다. 버튼은 이 스레드의 첫 메시지에 있으며, 명령으로도 할 수 있습니다: ${t.command(byHand(arrival.cluster))}`;
  },
  requestReason: ({ from, to }) => (from === undefined ? `${to} 버전의 첫 백업` : `${to} 업데이트 후`),
  answers: {
    snoozed: ({ reminder: { to }, cluster, until, afterHours = false, pausedUntil }) => {
      if (pausedUntil !== undefined)
        return md`🔕 ${t.code(cluster)} 클러스터(${to.version})는 ${t.moment(pausedUntil)}까지 일시 중지되어 있어 그동안 알림을 반복하지 않습니다. 새로 백업할 때까지 클러스터에는 최근 백업이 없습니다.`;
      const why = afterHours
        ? md` 4시간 뒤는 이 클러스터의 근무 시간이 아니며, 알림은 근무 시간에만 반복합니다.`
        : '';
      return md`🔕 ${t.code(cluster)} 클러스터(${to.version}) 알림을 ${t.moment(until)} 이후로 미뤘습니다.${why} 새로 백업할 때까지 클러스터에는 최근 백업이 없습니다.`;
    },
    dismissed: ({ reminder: { to }, cluster }) =>
      md`${t.code(cluster)} 클러스터(${to.version}) 알림을 끝내고 사유를 기록했습니다. 그래도 백업하려면: ${t.command(byHand(cluster))}`,
    duplicate: () => t.terms.onRecordAlready,
    'reminder-over': ({ reminder: last, cluster }) => {
      if (last?.end?.kind === 'elsewhere')
        return md`이 알림은 끝났습니다. ${t.code(cluster)} 클러스터는 이 봇의 백업 대상이 아닙니다. 아무것도 하지 않았습니다.`;
      const because =
        last?.end?.kind === 'resolved'
          ? md`${last.to.version} 버전의 검증된 백업(실행 ${t.code(last.end.runId)})이 있습니다`
          : last?.end?.kind === 'dismissed'
            ? md`${t.person(last.end.by.slackUser)} 님이 백업이 필요 없다고 했습니다`
            : md`클러스터가 그 뒤로 바뀌었습니다`;
      return md`이 알림은 끝났습니다. ${because}. 아무것도 하지 않았습니다. 그래도 백업하려면: ${t.command(byHand(cluster))}`;
    },
    'reason-missing': () =>
      md`사유가 없어 아무것도 바꾸지 않았습니다. 버튼을 다시 누르고 이유를 적어 주십시오.`,
    'reason-too-long': (answer) =>
      md`사유가 ${t.number(answer.length)}자입니다. ${t.number(answer.max)}자까지 쓸 수 있습니다. 아무것도 바꾸지 않았습니다.`,
  },
});
