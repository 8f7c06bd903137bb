import { restoredCommand } from '../../../../domain/copies/restore-mark.ts';
import { join, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { owners as english } from '../en/owners.ts';

export const owners = (t: Tools): ReturnType<typeof english> => ({
  escalation: ({ cluster, failures, mentions }) => {
    const whom = mentions.length === 0 ? '' : md`${join(mentions, ' ')} `;
    return md`🚨 ${whom}*${cluster} 클러스터의 예약 백업이 계속 실패합니다:* 연속 ${failures}번 검증된 백업을 남기지 못했습니다. 저절로 해결되지 않으니 누군가 확인해야 합니다.`;
  },
  retried: (count) => md`정해진 시간대 안에 ${count}번 더 시도했지만 성공하지 못했습니다.`,
  failedTitle: ({ cluster, failures }) =>
    failures > 1
      ? md`❌ *${cluster} 클러스터의 예약 백업이 검증된 백업을 남기지 못했습니다* (연속 ${failures}번째).`
      : md`❌ *${cluster} 클러스터의 예약 백업이 검증된 백업을 남기지 못했습니다.*`,
  lastRun: ({ runId, status }, links) =>
    status === undefined
      ? md`실행 ${t.code(runId)}`
      : md`실행 ${t.code(runId)} (${links.card(md`카드`)}): ${status}`,
  reason: (failed) => md`*이유:* ${failed}`,
  fix: (next) => md`*할 일:* ${next}`,
  byHand: ({ cluster, runId }) =>
    md`모든 내용: ${t.command(`show ${runId}`)} · 해결한 뒤에는 일정을 기다리지 말고 백업하십시오: ${t.command(`run ${cluster}`)}`,
  nextTry: (at) => (at === undefined ? md`다음 예약 시각이 없습니다.` : md`다음 예약 백업: ${t.moment(at)}`),
  channelLost: ({ cluster, say }) => {
    const invite = t.code(`/invite @${say.botName}`);
    const what = {
      'not-in-channel': md`⚠️ 봇이 ${t.channel(say.channel)} 채널에 없어 ${t.code(cluster)} 클러스터의 알림과 경보를 올리지 못합니다. 그 채널에서 ${invite} 명령을 보내십시오.`,
      'channel-not-found': md`⚠️ 봇에게는 ${t.code(say.channel)} (${t.channel(say.channel)}) 채널이 보이지 않아 ${t.code(cluster)} 클러스터의 알림과 경보를 올리지 못합니다. 비공개 채널이면 그 채널에서 ${invite} 명령을 보내십시오. 아니면 봇 구성의 채널 ID가 잘못된 것입니다.`,
      archived: md`⚠️ ${t.channel(say.channel)} 채널이 보관되어 ${t.code(cluster)} 클러스터의 알림과 경보를 올리지 못합니다. 채널 보관을 해제하고 그 채널에서 ${invite} 명령을 보내거나, 이 클러스터에 다른 채널을 지정하십시오.`,
      'missing-scope': md`⚠️ Slack 앱에 필요한 권한(scope)이 없어 ${t.code(cluster)} 클러스터의 알림과 경보를 ${t.channel(say.channel)} 채널에 올리지 못합니다. manifest.yml의 권한으로 앱을 다시 설치하십시오. 없는 권한은 ${t.command('doctor')} 명령으로 볼 수 있습니다.`,
      'posting-limited': md`⚠️ 관리자가 ${t.channel(say.channel)} 채널에 글을 올릴 수 있는 사람을 제한하여 ${t.code(cluster)} 클러스터의 알림과 경보를 올리지 못합니다. ${t.code(`@${say.botName}`)} 앱의 게시를 허용하도록 관리자에게 요청하거나, 이 클러스터에 다른 채널을 설정하십시오.`,
      'threads-only': md`⚠️ ${t.channel(say.channel)} 채널에는 스레드 답글만 올릴 수 있어 ${t.code(cluster)} 클러스터의 새 카드와 알림, 경보를 올리지 못합니다. 제한을 해제하도록 채널 관리자에게 요청하거나, 이 클러스터에 다른 채널을 설정하십시오.`,
      'no-threads': md`⚠️ ${t.channel(say.channel)} 채널에는 스레드 답글을 올릴 수 없어 ${t.code(cluster)} 클러스터의 카드와 알림 아래에 기록, 보고, 반복 알림을 올리지 못합니다. 스레드를 허용하도록 채널 관리자에게 요청하십시오.`,
      'thread-locked': md`⚠️ ${t.channel(say.channel)} 채널에서 ${t.code(cluster)} 클러스터에 관한 봇 메시지의 스레드가 잠겨 있어 그 아래에 아무것도 올리지 못합니다. 잠금을 해제하도록 관리자에게 요청하십시오.`,
      'proxy-refused': md`⚠️ 봇과 Slack 사이의 프록시가 ${t.code(cluster)} 클러스터에 관해 ${t.channel(say.channel)} 채널에 올릴 메시지를 차단하고 있습니다. 봇 담당자에게 알려 주십시오. 프록시에서 slack.com과 files.slack.com으로 보내는 요청을 내용과 관계없이 허용해야 합니다.`,
      refused: md`⚠️ ${t.code(cluster)} 클러스터에 관한 메시지를 ${t.channel(say.channel)} 채널에 올리지 못했습니다${say.code === undefined ? '' : md`(${t.code(say.code)})`}. 채널에 표시된 내용이 최신이 아니거나 빠져 있을 수 있습니다. 봇 담당자에게 알려 주십시오. 자세한 내용은 봇의 로그에 있습니다.`,
    }[say.why];
    if (say.why === 'refused')
      return [what, md`클러스터는 계속 지켜보고 있으며, 상태는 ${t.command('')} 명령으로 볼 수 있습니다.`];
    return [
      what,
      md`올리지 못한 메시지는 하루 동안 보관하며, 해결되는 대로 올립니다. 이 안내는 한 번만 드리며, 다시 게시된 뒤에 같은 문제가 생기면 또 알려 드립니다. 클러스터는 계속 지켜보고 있으며, 상태는 ${t.command('')} 명령으로 볼 수 있습니다.`,
    ];
  },
  restoreRoom: ({ cluster, say }) => {
    const who = say.by ? md`${t.person(say.by.slackUser)} 님이` : md`봇이`;
    const run = t.code(say.runId);
    return {
      opened: md`🛟 *${who} ${cluster} 클러스터의 복원 작업방을 열었습니다.* ${say.zStream} 릴리스로 복원하며, 백업은 실행 ${run} 것입니다. 작업방은 클러스터 채널의 스레드이고, 그동안 클러스터를 일시 중지합니다.`,
      stopped: md`⏹️ *${who} ${cluster} 클러스터의 복원 작업방을 닫았습니다* (백업: 실행 ${run}). 한 일은 스레드에 있으며, 기록은 다음 명령으로 봅니다: ${t.command(`audit ${say.runId}`)}`,
      finished: md`🏁 *${cluster} 클러스터의 복원이 끝났습니다* (백업: 실행 ${run}). 모든 단계를 마쳤고, 봇이 직접 확인한 것도 모두 정상입니다. 복원했다고 아직 기록하지 않았다면 먼저 기록하십시오: ${t.command(restoredCommand(cluster, say.runId))} 그다음 새로 백업하십시오: ${t.command(`run ${cluster}`)}`,
    }[say.what];
  },
  configMistaken: ({ count }) =>
    md`⚠️ *봇 구성에 잘못된 곳이 ${t.number(count)}개 있어 새 구성을 적용하지 않았습니다.* 봇은 이전 구성으로 계속 동작하며, 고칠 때까지 어느 파일의 변경도 적용되지 않습니다. 지금 봇을 다시 시작하면 시작되지 않습니다.`,
  configFile: ({ file, line, text }) =>
    line === undefined
      ? md`• ${t.path(file)}: ${text}`
      : md`• ${t.path(file)} ${t.number(line)}번째 줄: ${text}`,
  configMore: (count) => md`이 밖에 ${t.number(count)}개가 더 있습니다. 봇의 로그에서 볼 수 있습니다.`,
  configNext: () =>
    md`*할 일:* 파일을 고치십시오. 봇이 스스로 다시 읽습니다. ${t.code('npm run check-config -- FILE')} 명령으로 미리 검사할 수 있습니다.`,
  configCorrect: () =>
    md`✅ *봇 구성의 잘못된 곳이 모두 고쳐졌습니다.* 파일의 내용이 적용되었거나, 진행 중인 작업이 끝나면 적용됩니다: ${t.command('doctor')}`,
  clusterLeft: ({ cluster }) =>
    md`⚠️ *이 봇은 ${cluster} 클러스터를 더는 백업하지 않습니다:* 봇 구성에서 이 클러스터가 빠졌습니다. 예약 백업, 알림, 점검은 끝났고, 백업과 기록은 그대로 남아 있습니다.`,
  clusterBack: () =>
    md`*실수라면:* 클러스터를 구성에 다시 넣으십시오. 봇이 스스로 다시 읽고 기존 기록을 이어서 사용합니다.`,
  youOwnClusters: () => md`이 봇이 백업하는 클러스터의 소유자이므로 알려 드립니다.`,
  credentialsEnd: ({ cluster, say: { endsAt, days } }) =>
    days === 0
      ? md`🔑 *${cluster} 클러스터에 접속하는 봇의 인증 정보가 만료되었습니다:* ${t.moment(endsAt)}. 봇이 더는 클러스터를 볼 수 없고, 백업도 할 수 없습니다.`
      : md`🔑 *${cluster} 클러스터에 접속하는 봇의 인증 정보가 곧 만료됩니다:* ${t.moment(endsAt)}. 그 뒤로는 봇이 클러스터를 볼 수 없고, 백업도 할 수 없습니다.`,
  credentialsRefused: ({ cluster, say }) =>
    md`🔑 *${cluster} 클러스터가 ${t.moment(say.since)}부터 봇의 인증 정보를 거부하고 있습니다(HTTP 401).* 서비스 어카운트나 토큰이 삭제되었을 수 있습니다. 지금은 백업할 수 없습니다.`,
  renewCredentials: ({ cluster }) =>
    md`*할 일:* 해당 클러스터의 관리자가 새 인증 정보를 만드십시오: ${t.code(`npm run enroll -- --context … --name ${cluster} --renew`)} 그다음 kubeconfig를 봇이 읽는 위치에 두면 다시 시작하지 않아도 적용됩니다. 적용 여부는 ${t.command(`doctor ${cluster}`)} 명령으로 볼 수 있습니다.`,
  youAreOwner: () => md`이 클러스터 백업의 소유자이므로 알려 드립니다.`,
});
