import { lines, md } from '../markup.ts';
import type { Arrival, ReminderWording } from '../reminder-wording.ts';

const byHand = (cluster: string) => `run ${cluster}`;
const named = ({ cluster, to }: Arrival) => md`${cluster} ${to}`;

export const reminder: ReminderWording = {
  title: (p) =>
    p.from === undefined
      ? md`🔴 *${p.cluster} 클러스터가 ${p.to} 버전인데, 복원할 수 있는 최근 백업이 없습니다*`
      : md`🔴 *${p.cluster} 클러스터가 업데이트되었는데, 복원할 수 있는 최근 백업이 없습니다:* ${p.from} → ${p.to}`,
  why: ({ from, to }) => {
    const old = from === undefined || from === to ? '' : md` ${from} 백업으로는 복원할 수 없습니다.`;
    return md`복원에는 실행 중인 릴리스와 정확히 동일한 백업이 필요합니다.${old} ${to} 버전의 검증된 백업이 생길 때까지는 이 클러스터를 지금 상태로 되돌릴 방법이 없습니다.`;
  },
  canRun: (at, t) => md`✅ 백업할 수 있습니다. ${t.time(at)}에 점검했을 때 막는 것이 없었습니다.`,
  cannotRun: (at, t) => md`⛔ ${t.time(at)}에 점검했을 때는 백업할 수 없었습니다:`,
  notChecked: () => md`🔎 지금 백업할 수 있는지 아직 점검하고 있습니다.`,
  notReadable: ({ cluster, at }, t) =>
    md`⚠️ 백업할 수 있는지 알 수 없습니다. ${t.time(at)}까지 백업에 필요한 항목을 점검하지 못했습니다. 봇이 계속 시도합니다. 바로 점검하려면: ${t.command(`check ${cluster}`)} 이것도 실패하면: ${t.command(`doctor ${cluster}`)}`,
  pools: (names, t) =>
    md`🕓 아직 업데이트 중인 노드 풀이 있습니다: ${t.names(names)}. 백업에는 지장이 없으니 기다리지 말고 지금 백업하십시오.`,
  more: ({ count, cluster }, t) => md`… 외 ${count}개: ${t.command(`check ${cluster}`)}`,
  nextNag: (at, t) => md`🔔 검증된 백업이 없으면 다시 알립니다: ${t.moment(at)}`,
  byText: (cluster, t) => md`명령으로: ${t.command(byHand(cluster))} · ${t.command(`check ${cluster}`)}`,
  buttons: { backUp: '지금 백업', snooze: '4시간 뒤 다시 알림', dismiss: '필요 없음(사유 입력) …' },
  ended: {
    resolved: ({ arrival, end }, t, links) =>
      md`✅ *${named(arrival)} 백업이 있습니다:* 실행 ${t.code(end.runId)} (${links.card(md`카드`)}) 건이 검증되었습니다. 확인 시각 ${t.time(end.at)}`,
    dismissed: ({ arrival, end }, t) =>
      lines(
        md`⚪ *${named(arrival)}: 백업이 필요 없다고 함* · ${t.person(end.by.slackUser)} · ${t.time(end.at)}: ${t.quote(end.reason)}`,
        md`더 이상 알리지 않습니다. 누군가 백업하기 전까지는 이 클러스터를 지금 상태로 되돌릴 방법이 없습니다: ${t.command(byHand(arrival.cluster))}`,
      ),
    superseded: ({ arrival, end }, t) =>
      md`⏭️ *${arrival.cluster} 클러스터가 ${arrival.to} 버전을 떠나 ${end.by.version} 버전으로 갔습니다* · ${t.time(end.at)}. ${arrival.to} 버전의 검증된 백업은 남기지 못했고, 이제는 만들 수 없습니다.`,
  },
  nag: ({ arrival, since, onCall }, t) => {
    const whom = onCall === undefined ? '' : md`${t.group(onCall)} `;
    return md`🔔 ${whom}*${named(arrival)} 클러스터에 아직도 최근의 검증된 백업이 없습니다* (${t.time(since)}부터). 지금 상태로 되돌릴 방법이 없습니다. 버튼은 이 스레드의 첫 메시지에 있으며, 명령으로도 할 수 있습니다: ${t.command(byHand(arrival.cluster))}`;
  },
  requestReason: ({ from, to }) => (from === undefined ? `${to} 버전의 첫 백업` : `${to} 업데이트 후`),
  form: {
    title: '백업이 필요 없습니까?',
    submit: '필요 없음',
    close: '돌아가기',
    label: '백업이 필요 없는 이유',
    hint: '이름과 함께 기록되고 채널에도 표시됩니다.',
    intro: (cluster, t) =>
      md`${t.code(cluster)} 클러스터의 알림을 끝내고 더 이상 반복하지 않습니다. 누군가 백업하기 전까지는 클러스터를 지금 상태로 되돌릴 방법이 없습니다.`,
    reasonMissing: '이유를 짧게라도 적어 주십시오. 아직 아무것도 바뀌지 않았습니다.',
    reasonTooLong: ({ length, max }) =>
      `사유가 ${length}자입니다. ${max}자까지 쓸 수 있습니다. 줄여 주십시오.`,
    notRecorded: '기록하지 못해 아무것도 바꾸지 않았습니다. 잠시 후 다시 시도하십시오.',
    notOpened: () => md`Slack에서 입력 창을 열지 못해 아무것도 바꾸지 않았습니다. 버튼을 다시 눌러 주십시오.`,
  },
  answers: {
    snoozed: ({ reminder: { to }, cluster, until }, t) =>
      md`🔕 ${t.code(cluster)} 클러스터(${to.version}) 알림은 ${t.moment(until)} 전에는 반복하지 않습니다. 그동안 클러스터에는 최근 백업이 없습니다.`,
    dismissed: ({ reminder: { to }, cluster }, t) =>
      md`${t.code(cluster)} 클러스터(${to.version}) 알림을 끝내고 사유를 기록했습니다. 그래도 백업하려면: ${t.command(byHand(cluster))}`,
    duplicate: () => md`이미 기록되었습니다. 두 번 처리하지 않았습니다.`,
    'reminder-over': ({ reminder: last, cluster }, t) => {
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
    'reason-too-long': (answer, t) =>
      md`사유가 ${t.number(answer.length)}자입니다. ${t.number(answer.max)}자까지 쓸 수 있습니다. 아무것도 바꾸지 않았습니다.`,
  },
};
