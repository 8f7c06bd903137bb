import { join, md } from '../markup.ts';
import type { OwnersWording } from '../owners-wording.ts';

export const owners: OwnersWording = {
  escalation: ({ cluster, failures, mentions }) => {
    const whom = mentions.length === 0 ? '' : md`${join(mentions, ' ')} `;
    return md`🚨 ${whom}*${cluster} 클러스터의 예약 백업이 계속 실패합니다:* 연속 ${failures}번 검증된 백업을 남기지 못했습니다. 저절로 해결되지 않으니 누군가 확인해야 합니다.`;
  },
  failedTitle: ({ cluster, failures }) =>
    failures > 1
      ? md`❌ *${cluster} 클러스터의 예약 백업이 검증된 백업을 남기지 못했습니다* (연속 ${failures}번째).`
      : md`❌ *${cluster} 클러스터의 예약 백업이 검증된 백업을 남기지 못했습니다.*`,
  lastRun: ({ runId, status }, t, links) =>
    status === undefined
      ? md`실행 ${t.code(runId)}`
      : md`실행 ${t.code(runId)} (${links.card(md`카드`)}): ${status}`,
  reason: (failed) => md`*이유:* ${failed}`,
  mend: (next) => md`*할 일:* ${next}`,
  byHand: ({ cluster, runId }, t) =>
    md`모든 내용: ${t.command(`show ${runId}`)} · 해결한 뒤에는 일정을 기다리지 말고 백업하십시오: ${t.command(`run ${cluster}`)}`,
  nextTry: (at, t) =>
    at === undefined ? md`다음 예약 시각이 없습니다.` : md`다음 예약 백업: ${t.moment(at)}`,
  channelLost: ({ cluster, say }, t) => {
    const invite = t.code(`/invite @${say.botName}`);
    const what = {
      'not-in-channel': md`⚠️ 봇이 ${t.channel(say.channel)} 채널에 없어 ${t.code(cluster)} 클러스터의 알림과 경보를 올리지 못합니다. 그 채널에서 ${invite} 명령을 보내십시오.`,
      'channel-not-found': md`⚠️ 봇에게는 ${t.code(say.channel)} (${t.channel(say.channel)}) 채널이 보이지 않아 ${t.code(cluster)} 클러스터의 알림과 경보를 올리지 못합니다. 비공개 채널이면 그 채널에서 ${invite} 명령을 보내십시오. 아니면 설정의 채널 ID가 잘못된 것입니다.`,
      archived: md`⚠️ ${t.channel(say.channel)} 채널이 보관되어 ${t.code(cluster)} 클러스터의 알림과 경보를 올리지 못합니다. 채널 보관을 해제하고 그 채널에서 ${invite} 명령을 보내거나, 이 클러스터에 다른 채널을 설정하십시오.`,
      'missing-scope': md`⚠️ Slack 앱에 필요한 권한(scope)이 없어 ${t.code(cluster)} 클러스터의 알림과 경보를 ${t.channel(say.channel)} 채널에 올리지 못합니다. manifest.yml의 권한으로 앱을 다시 설치하십시오. 없는 권한은 ${t.command('doctor')} 명령으로 볼 수 있습니다.`,
    }[say.why];
    return [
      what,
      md`올리지 못한 메시지는 하루 동안 보관하며, 해결되는 대로 올립니다. 이 안내는 한 번만 드립니다. 클러스터는 계속 지켜보고 있으며, 상태는 ${t.command('')} 명령으로 볼 수 있습니다.`,
    ];
  },
  youAreOwner: () => md`이 클러스터 백업의 소유자이므로 알려 드립니다.`,
};
