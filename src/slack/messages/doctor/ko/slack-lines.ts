import type { DoctorParams } from '../../../../domain/doctor/doctor.ts';
import { retentionStopped } from '../../copies/ko/retention.ts';
import { md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { DoctorTexts } from '../doctor-text.ts';

const unfit: Readonly<Record<DoctorParams['person.unfit']['because'], string>> = {
  absent: 'Slack에 없는 계정입니다',
  deactivated: '비활성화된 Slack 계정입니다',
  guest: 'Slack 게스트이며, 게스트는 결정할 수 없습니다',
  stranger: '다른 워크스페이스의 계정입니다',
  bot: '봇 계정입니다',
};

export const cannotLook = md`문제가 확인된 것은 아닙니다. 잠시 후 다시 확인하십시오.`;

const channelOf = (cluster: string | undefined, t: Tools) =>
  cluster === undefined ? md`주간 요약 채널` : md`${t.code(cluster)} 채널`;

const whatIsPosted = (cluster: string | undefined) => (cluster === undefined ? '요약을' : '카드를');

export const slackLines = (t: Tools) =>
  ({
    'scopes.complete': ({ count }) => ({
      looked: md`Slack 권한 범위(scope)`,
      found: md`${count}개 모두 부여됨`,
    }),

    'scopes.missing': ({ missing }) => ({
      looked: md`Slack 권한 범위(scope)`,
      found: md`부여되지 않음: ${t.names(missing)}`,
      fix: md`앱 설정의 “OAuth &amp; Permissions”에서 bot token scopes에 ${t.names(missing)} 항목을 추가하고 앱을 다시 설치하십시오. 토큰이 바뀌면 봇 구성에 새 토큰을 넣으십시오.`,
    }),

    'scopes.unreadable': ({ why }) => ({
      looked: md`Slack 권한 범위(scope)`,
      found: md`Slack에서 확인하지 못했습니다(${why.detail})`,
      fix: cannotLook,
    }),

    'channel.member': ({ cluster, channel }) => ({
      looked: channelOf(cluster, t),
      found: md`봇이 ${t.channel(channel)} 채널에 있음`,
    }),

    'channel.not-a-member': ({ cluster, channel, botName }) => ({
      looked: channelOf(cluster, t),
      found: md`봇이 ${t.channel(channel)} 채널에 없어 ${whatIsPosted(cluster)} 올릴 수 없습니다`,
      fix: md`${t.channel(channel)} 채널에서 입력하십시오: ${t.code(`/invite @${botName}`)}`,
    }),

    'channel.not-found': ({ cluster, channel, botName }) => ({
      looked: channelOf(cluster, t),
      found: md`봇이 볼 수 있는 ${t.code(channel)} 채널이 없습니다. 없는 채널이거나, 봇이 들어 있지 않은 비공개 채널입니다`,
      fix: md`비공개 채널이면 그 채널에서 ${t.code(`/invite @${botName}`)} 명령을 입력하고, 아니면 봇 구성에서 ${t.code('channel')} 값을 고치십시오.`,
    }),

    'channel.archived': ({ cluster, channel }) => ({
      looked: channelOf(cluster, t),
      found: md`${t.channel(channel)} 채널이 보관 처리되어 ${whatIsPosted(cluster)} 올릴 수 없습니다`,
      fix: md`보관을 해제하거나, 봇 구성에서 ${t.code('channel')} 값을 다른 채널로 바꾸십시오.`,
    }),

    'channel.unreadable': ({ cluster, channel, why }) => ({
      looked: channelOf(cluster, t),
      found: md`${t.channel(channel)} 채널의 상태를 Slack에서 확인하지 못했습니다(${why.detail})`,
      fix: md`권한 범위가 없으면 추가하고(위 참조), 아니면 잠시 후 다시 확인하십시오.`,
    }),

    'channel.no-commands': ({ cluster, channel, because }) => ({
      looked: md`${t.code(cluster)} 클러스터의 명령 채널`,
      found:
        because === 'archived'
          ? md`${t.channel(channel)} 채널이 보관 처리되어 그곳에서는 아무것도 요청할 수 없습니다`
          : md`봇이 볼 수 있는 ${t.code(channel)} 채널이 없습니다. 없는 채널이거나, 봇이 들어 있지 않은 비공개 채널입니다`,
      fix: md`더 이상 쓰지 않는 채널이면 봇 구성에서 클러스터의 ${t.code('allowedChannels')} 항목에서 빼십시오.`,
    }),

    'owners.none': ({ clusters }) => ({
      looked: md`소유자`,
      found: md`소유자가 없는 클러스터: ${t.names(clusters)}. 예약 백업이나 복원 훈련이 실패하거나 저장 위치가 등록된 위치가 아닐 때 알림을 받는 사람이 없습니다`,
      fix: md`봇 구성에서 클러스터 또는 ${t.code('defaults')} 아래의 ${t.code('owners')} 항목에 사람을 지정하십시오.`,
    }),

    'files.on-node-only': ({ clusters }) => ({
      looked: md`클러스터 외부 사본`,
      found: md`사본이 없는 클러스터: ${t.names(clusters)}. 백업이 컨트롤 플레인 노드에만 남으므로 클러스터와 함께 잃을 수 있습니다`,
      fix: md`${t.code('destinations')} 항목을 구성하고 클러스터의 ${t.code('copies')} 항목에 지정하십시오.`,
    }),

    'retention.stopped': ({ cluster, runId, stop }) => ({
      looked: md`${t.code(cluster)} 클러스터의 오래된 백업 삭제`,
      found: md`실행 ${t.code(runId)} 이후 멈춤(${t.time(stop.at)}부터)`,
      fix: retentionStopped(t)({ cluster, stop }),
    }),

    'people.mapped': ({ count }) => ({
      looked: md`사람`,
      found: md`${count}명이 클러스터 사용자와 연결됨`,
    }),

    'people.members': ({ count }) => ({ looked: md`승인자`, found: md`${count}명이 Slack 멤버로 확인됨` }),

    'person.unfit': ({ slackUser, because }) => ({
      looked: md`승인자 ${t.person(slackUser)} (${t.code(slackUser)})`,
      found: md`${unfit[because]}`,
      fix: md`봇 구성에서 이 멤버 ID를 모두 바꾸십시오.`,
    }),

    'approver.not-mapped': ({ cluster, slackUser }) => ({
      looked: md`${t.code(cluster)} 승인자 ${t.person(slackUser)}`,
      found: md`${t.code('people')} 목록에 없어 승인이 무효가 됩니다`,
      fix: md`봇 구성의 ${t.code('people')} 목록에 ${t.code(slackUser)} 멤버와 클러스터 사용자를 추가하십시오.`,
    }),

    'people.unreadable': ({ count, why }) => ({
      looked: md`승인자`,
      found: md`계정 ${count}개를 Slack에서 확인하지 못했습니다(${why.detail})`,
      fix: cannotLook,
    }),

    'people.not-asked': ({ count }) => ({
      looked: md`승인자`,
      found: md`계정 ${count}개는 확인하지 않았습니다. Slack에 물을 수 있는 횟수에 제한이 있습니다`,
      fix: md`클러스터 하나를 지정하면 그 승인자만 확인합니다.`,
    }),
  }) satisfies Partial<DoctorTexts>;
