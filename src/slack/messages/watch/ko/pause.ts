import { md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { pause as english } from '../en/pause.ts';

/** Of a cluster that others back up, this bot says none of it. */
const fromNow = (elsewhere: boolean) =>
  elsewhere ? '' : md` 알림, 경보, 예약 백업은 클러스터의 현재 상태를 기준으로 합니다.`;

const means = ({ cluster, elsewhere }: { cluster: string; elsewhere: boolean }, t: Tools) =>
  elsewhere
    ? md`이 봇의 백업 대상이 아니므로 일시 중지와 관계없이 알림, 경보, 예약 백업이 없습니다. 일시 중지된 동안 ${t.command(`ready-to-update ${cluster}`)} 명령은 업데이트하면 안 된다고 답합니다.`
    : md`일시 중지된 동안에는 알림, 경보, 예약 백업이 없습니다. 직접 요청하는 백업은 계속 할 수 있습니다.`;

const example = (cluster: string) => `pause ${cluster} until=3d reason="사유"`;

export const pause = (t: Tools): ReturnType<typeof english> => ({
  asked: ({ cluster, pause: p }) =>
    md`⏸️ *${t.person(p.by.slackUser)} 님이 ${cluster} 클러스터의 일시 중지를 요청했습니다.* 종료 시각: ${t.moment(p.until)}, 사유: ${t.quote(p.reason)}`,
  means: (p) => means(p, t),
  active: ({ cluster, pause: p }) => {
    const second = p.approvedBy === undefined ? '' : md`, 승인: ${t.person(p.approvedBy.slackUser)} 님`;
    return md`⏸️ *${cluster} 클러스터가 일시 중지되었습니다.* 종료 시각: ${t.moment(p.until)}, 요청: ${t.person(p.by.slackUser)} 님${second}, 사유: ${t.quote(p.reason)}`;
  },
  needs: ({ pause: p, approvers }) => {
    const whom = approvers.length === 0 ? md`다른 사람` : md`${t.people(approvers)} 중 한 분`;
    const until =
      p.since === undefined && p.expiresAt !== undefined ? md` · 만료: ${t.moment(p.expiresAt)}` : '';
    return md`요청자가 아닌 ${whom}의 승인이 필요합니다${until}`;
  },
  resumeAsked: ({ cluster, by }) =>
    md`▶️ *${t.person(by)} 님이 ${cluster} 클러스터의 일시 중지를 지금 끝내 달라고 요청했습니다.* 승인되거나 종료 시각이 될 때까지 일시 중지 상태가 유지됩니다.`,
  ended: {
    ended: (end, cluster, _pause, elsewhere) =>
      md`▶️ *${cluster} 클러스터를 다시 감시합니다.* 일시 중지가 ${t.time(end.at)}에 끝났습니다.${fromNow(elsewhere)}`,
    resumed: (end, cluster, _pause, elsewhere) => {
      const second = end.approvedBy === undefined ? '' : md`(승인: ${t.person(end.approvedBy.slackUser)} 님)`;
      return md`▶️ *${cluster} 클러스터를 다시 감시합니다.* ${t.person(end.by.slackUser)} 님이 ${t.time(end.at)}에 일시 중지를 끝냈습니다${second}.${fromNow(elsewhere)}`;
    },
    replaced: (_end, cluster) =>
      md`⏸️ *${cluster}* 클러스터에 더 최근의 일시 중지 또는 일시 중지 요청이 있어, 이 건은 더 이상 유효하지 않습니다.`,
    refused: (end, cluster, p) =>
      end.by.slackUser === p.by.slackUser
        ? md`🚫 ${t.person(end.by.slackUser)} 님이 *${cluster}* 클러스터의 일시 중지 요청을 취소했습니다.`
        : md`🚫 ${t.person(p.by.slackUser)} 님의 *${cluster}* 클러스터 일시 중지 요청을 ${t.person(end.by.slackUser)} 님이 반려했습니다.${end.reason === undefined ? '' : md` 사유: ${t.quote(end.reason)}`}`,
    expired: (_end, cluster, p) =>
      md`⌛ ${t.person(p.by.slackUser)} 님의 *${cluster}* 클러스터 일시 중지 요청이 제때 승인되지 않아 만료되었습니다. 클러스터를 계속 감시합니다.`,
  },
  byText: ({ cluster, waits }) =>
    waits
      ? md`명령으로: ${t.command(`approve ${cluster}`)} · ${t.command(`reject ${cluster}`)}`
      : md`명령으로: ${t.command(`resume ${cluster}`)}`,
  buttons: { approve: '승인', reject: '반려', resume: '지금 다시 감시' },
  line: (p) =>
    md`⏸️ 일시 중지됨. 종료 시각: ${t.moment(p.until)}, 요청: ${t.person(p.by.slackUser)} 님, 사유: ${t.quote(p.reason)}`,
  note: ({ cluster, pause: p }) =>
    md`⏸️ ${t.code(cluster)} 클러스터가 일시 중지되었습니다. 종료 시각: ${t.moment(p.until)}, 요청: ${t.person(p.by.slackUser)} 님, 사유: ${t.quote(p.reason)}`,
  short: (p) => md`⏸️ 일시 중지(${t.moment(p.until)}까지)`,
  count: (count) => md`⏸️ 일시 중지: ${count}`,
  summaryTitle: (count) => md`*일시 중지된 클러스터 ${count}개* (알림, 경보, 예약 백업 없음)`,
  owners: {
    over: ({ cluster, end }) =>
      end.kind === 'resumed'
        ? md`▶️ *${cluster} 클러스터를 다시 감시합니다.* ${t.person(end.by.slackUser)} 님이 ${t.time(end.at)}에 일시 중지를 끝냈습니다.`
        : md`▶️ *${cluster} 클러스터를 다시 감시합니다.* 일시 중지가 ${t.time(end.at)}에 끝났습니다.`,
    stateNow: (p) => {
      const now = md`현재 상태: ${p.sign}.`;
      if (p.state === 'elsewhere') return now;
      const byHand = p.canRun ? md` 직접 백업하려면: ${t.command(`run ${p.cluster}`)}` : '';
      return md`${now} 알림, 경보, 예약 백업은 이 상태에서 다시 시작합니다.${byHand}`;
    },
  },
  answers: {
    paused: ({ cluster, pause: p, elsewhere = false }) =>
      md`⏸️ ${t.code(cluster)} 클러스터를 ${t.time(p.until)}까지 일시 중지했습니다. ${elsewhere ? means({ cluster, elsewhere }, t) : md`그때까지 알림, 경보, 예약 백업이 없으며, 이미 진행 중인 실행은 계속됩니다.`} 클러스터 채널에 표시됩니다. 더 일찍 끝내려면: ${t.command(`resume ${cluster}`)}`,
    'pause-asked': ({ cluster, pause: p }) =>
      md`${t.code(cluster)} 클러스터의 소유자가 아니므로 다른 사람의 승인이 필요합니다. 요청을 클러스터 채널에 올립니다${p.expiresAt === undefined ? '' : md`(만료: ${t.moment(p.expiresAt)})`}. 승인될 때까지 바뀌는 것은 없습니다.`,
    resumed: ({ cluster, elsewhere = false }) =>
      md`▶️ ${t.code(cluster)} 클러스터를 다시 감시합니다.${fromNow(elsewhere)}`,
    'resume-asked': ({ cluster, pause: p }) =>
      md`${t.code(cluster)} 클러스터의 소유자도 일시 중지를 요청한 사람도 아니므로 다른 사람의 승인이 필요합니다. 요청을 클러스터 채널에 올립니다. 승인될 때까지 일시 중지 상태가 유지되며, 길어도 ${t.time(p.until)}에 끝납니다.`,
    'pause-refused': ({ cluster, pause: p }) =>
      p.since === undefined
        ? md`${t.code(cluster)} 클러스터는 일시 중지되지 않았으며, 요청은 종료되었습니다.`
        : md`${t.code(cluster)} 클러스터는 ${t.time(p.until)}까지 일시 중지 상태로 유지됩니다.`,
    'not-paused': ({ cluster }) =>
      md`${t.code(cluster)} 클러스터는 일시 중지되어 있지 않습니다. 상태는 ${t.command('')} 명령으로 볼 수 있습니다.`,
    'other-pause': ({ cluster, pause: p }) =>
      md`이 메시지의 ${t.code(cluster)} 일시 중지는 이미 끝났으며, 바뀐 것은 없습니다. 지금은 다른 일시 중지가 적용되고 있습니다. 종료 시각: ${t.moment(p.until)}, 요청: ${t.person(p.by.slackUser)} 님, 사유: ${t.quote(p.reason)}. 지금 끝내려면: ${t.command(`resume ${cluster}`)}`,
    'pause-over': ({ cluster }) =>
      md`${t.code(cluster)} 클러스터에는 결정을 기다리는 일시 중지 요청이 없습니다. 이미 결정되었거나 끝났습니다. 바뀐 것은 없습니다.`,
    'which-request': ({ cluster, decision, runId, pauses }) => {
      const run = runId === undefined ? undefined : t.command(`${decision} ${runId}`);
      if (run === undefined)
        return md`${t.code(cluster)} 클러스터에는 결정을 기다리는 일시 중지 관련 요청이 두 건 있습니다(새로운 일시 중지, 현재 일시 중지의 종료). 아무것도 결정하지 않았습니다. 클러스터 채널에서 해당 메시지의 버튼을 사용하십시오.`;
      if (pauses === 0)
        return md`${t.code(cluster)} 클러스터에는 결정을 기다리는 일시 중지 요청이 없고, 승인을 기다리는 백업이 있습니다. 아무것도 결정하지 않았습니다. 백업에 대한 결정이라면 실행을 지정하십시오: ${run}`;
      return md`${t.code(cluster)} 클러스터에는 결정을 기다리는 백업과 일시 중지 요청이 모두 있습니다. 아무것도 결정하지 않았습니다. 백업은 실행을 지정하십시오: ${run} 일시 중지는 클러스터 채널에서 해당 메시지의 버튼을 사용하십시오.`;
    },
    'own-request': ({ cluster }) =>
      md`본인의 요청이므로 다른 사람이 승인해야 합니다. 요청을 취소하려면: ${t.command(`reject ${cluster}`)}`,
    'not-an-approver': ({ cluster, approvers }) =>
      md`${t.code(cluster)} 클러스터의 일시 중지를 결정할 수 없습니다. ${t.people(approvers)} 중 한 분에게 부탁하십시오.`,
    'until-missing': ({ cluster }) =>
      md`언제까지입니까? 일시 중지에는 최대 30일 이내의 종료 시각이 필요합니다. 예: ${t.command(example(cluster))} 클러스터 시간대의 날짜로 지정할 수도 있습니다: ${t.code('until=2026-12-01')}, ${t.code('until="2026-12-01 08:00"')}`,
    'until-unreadable': ({ cluster, typed }) =>
      md`${t.code(`until=${typed}`)} 값을 이해하지 못했습니다. 기간: ${t.code('until=8h')}, ${t.code('until=3d')}, ${t.code('until=2w')}. 클러스터 시간대의 날짜나 시각: ${t.code('until=2026-12-01')}, ${t.code('until="2026-12-01 08:00"')}. 예: ${t.command(example(cluster))}`,
    'until-past': ({ until }) =>
      md`지정하신 시각(${t.time(until)})은 이미 지났거나 곧 지납니다. 더 늦은 시각을 지정하십시오. 바뀐 것은 없습니다.`,
    'until-too-far': ({ until, latest }) =>
      md`${t.time(until)}까지는 너무 깁니다. 일시 중지는 최대 30일, 즉 ${t.time(latest)}까지 할 수 있습니다. 더 오래 사용하지 않는 클러스터는 봇 구성에서 제외하십시오. 바뀐 것은 없습니다.`,
    'pause-reason-missing': ({ cluster }) =>
      md`사유를 입력하십시오. 일시 중지된 클러스터를 보는 모든 사람에게 표시됩니다. 예: ${t.command(example(cluster))}`,
    'reason-too-long': (answer) =>
      md`사유가 ${t.number(answer.length)}자입니다. ${t.number(answer.max)}자까지 쓸 수 있습니다. 줄여서 다시 요청하십시오. 바뀐 것은 없습니다.`,
    duplicate: () => md`이미 기록된 요청입니다. 두 번 처리하지 않았습니다.`,
  },
});
