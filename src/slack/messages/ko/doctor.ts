import type { DoctorParams } from '../../../domain/doctor.ts';
import type { DoctorWording } from '../doctor-wording.ts';
import { md } from '../markup.ts';

const unfit: Readonly<Record<DoctorParams['person.unfit']['because'], string>> = {
  absent: 'Slack에 없는 계정입니다',
  deactivated: '비활성화된 Slack 계정입니다',
  guest: 'Slack 게스트이며, 게스트는 결정할 수 없습니다',
  stranger: '다른 워크스페이스의 계정입니다',
  bot: '봇 계정입니다',
};

const cannotLook = md`문제가 확인된 것은 아닙니다. 잠시 후 다시 확인하십시오.`;

export const doctor: DoctorWording = {
  title: (cluster) =>
    cluster === undefined ? md`*봇에 필요한 것 점검*` : md`*봇에 필요한 것 점검: ${cluster}*`,
  verdict: ({ bad, unknown, good }) => {
    if (bad > 0) return md`❌ 고쳐야 할 것 ${bad}개, 정상 ${good}개`;
    return unknown > 0 ? md`❔ 확인하지 못한 것 ${unknown}개, 정상 ${good}개` : md`✅ 모두 정상입니다.`;
  },
  more: (count) => md`… 외 ${count}줄. 클러스터 하나를 지정하면 줄어듭니다.`,
  mend: (text) => md`→ ${text}`,
  lines: {
    'scopes.complete': ({ count }) => ({
      looked: md`Slack 권한 범위(scope)`,
      found: md`${count}개 모두 부여됨`,
    }),
    'scopes.missing': ({ missing }, t) => ({
      looked: md`Slack 권한 범위(scope)`,
      found: md`부여되지 않음: ${t.names(missing)}`,
      mend: md`앱 설정의 “OAuth &amp; Permissions”에서 bot token scopes에 ${t.names(missing)} 항목을 추가하고 앱을 다시 설치하십시오. 토큰이 바뀌면 봇 구성에 새 토큰을 넣으십시오.`,
    }),
    'scopes.unreadable': ({ why }) => ({
      looked: md`Slack 권한 범위(scope)`,
      found: md`Slack에서 확인하지 못했습니다(${why.detail})`,
      mend: cannotLook,
    }),
    'channel.member': ({ cluster, channel }, t) => ({
      looked: md`${t.code(cluster)} 채널`,
      found: md`봇이 ${t.channel(channel)} 채널에 있음`,
    }),
    'channel.not-a-member': ({ cluster, channel, botName }, t) => ({
      looked: md`${t.code(cluster)} 채널`,
      found: md`봇이 ${t.channel(channel)} 채널에 없어 카드를 올릴 수 없습니다`,
      mend: md`${t.channel(channel)} 채널에서 입력하십시오: ${t.code(`/invite @${botName}`)}`,
    }),
    'channel.not-found': ({ cluster, channel, botName }, t) => ({
      looked: md`${t.code(cluster)} 채널`,
      found: md`봇이 볼 수 있는 ${t.code(channel)} 채널이 없습니다. 없는 채널이거나, 봇이 들어 있지 않은 비공개 채널입니다`,
      mend: md`비공개 채널이면 그 채널에서 ${t.code(`/invite @${botName}`)} 명령을 입력하고, 아니면 봇 구성에서 클러스터의 ${t.code('channel')} 값을 고치십시오.`,
    }),
    'channel.archived': ({ cluster, channel }, t) => ({
      looked: md`${t.code(cluster)} 채널`,
      found: md`${t.channel(channel)} 채널이 보관 처리되어 카드를 올릴 수 없습니다`,
      mend: md`보관을 해제하거나, 봇 구성에서 클러스터의 ${t.code('channel')} 값을 다른 채널로 바꾸십시오.`,
    }),
    'channel.unreadable': ({ cluster, channel, why }, t) => ({
      looked: md`${t.code(cluster)} 채널`,
      found: md`${t.channel(channel)} 채널의 상태를 Slack에서 확인하지 못했습니다(${why.detail})`,
      mend: md`권한 범위가 없으면 추가하고(위 참조), 아니면 잠시 후 다시 확인하십시오.`,
    }),
    'people.mapped': ({ count }) => ({
      looked: md`사람`,
      found: md`${count}명이 클러스터 사용자와 연결됨`,
    }),
    'people.members': ({ count }) => ({ looked: md`승인자`, found: md`${count}명이 Slack 멤버로 확인됨` }),
    'person.unfit': ({ slackUser, because }, t) => ({
      looked: md`승인자 ${t.person(slackUser)} (${t.code(slackUser)})`,
      found: md`${unfit[because]}`,
      mend: md`봇 구성에서 이 멤버 ID를 모두 바꾸십시오.`,
    }),
    'approver.not-mapped': ({ cluster, slackUser }, t) => ({
      looked: md`${t.code(cluster)} 승인자 ${t.person(slackUser)}`,
      found: md`${t.code('people')} 목록에 없어 승인이 집계되지 않습니다`,
      mend: md`봇 구성의 ${t.code('people')} 목록에 ${t.code(slackUser)} 멤버와 클러스터 사용자를 추가하십시오.`,
    }),
    'people.unreadable': ({ count, why }) => ({
      looked: md`승인자`,
      found: md`계정 ${count}개를 Slack에서 확인하지 못했습니다(${why.detail})`,
      mend: cannotLook,
    }),
    'people.not-asked': ({ count }) => ({
      looked: md`승인자`,
      found: md`계정 ${count}개는 확인하지 않았습니다. Slack에 물을 수 있는 횟수에 제한이 있습니다`,
      mend: md`클러스터 하나를 지정하면 그 승인자만 확인합니다.`,
    }),
    'client.usable': ({ path, version }, t) => ({
      looked: md`클라이언트 ${t.path(path)}`,
      found: md`동작함, 버전 ${t.code(version)}`,
    }),
    'client.absent': ({ path }, t) => ({
      looked: md`클라이언트 ${t.path(path)}`,
      found: md`봇이 실행할 수 있는 프로그램이 없어 노드에서 아무것도 할 수 없습니다`,
      mend: md`봇이 실행되는 곳에 oc 또는 kubectl을 설치하거나, 봇 구성의 ${t.code('client.path')} 값을 고치십시오.`,
    }),
    'client.unusable': ({ path, why }, t) => ({
      looked: md`클라이언트 ${t.path(path)}`,
      found: md`버전을 확인하지 못했습니다(${why.detail})`,
      mend: md`봇이 실행되는 곳에서 ${t.code(`${path} version --client -o json`)} 명령을 실행해 보고, ${t.code('client.path')} 값에 동작하는 oc 또는 kubectl을 지정하십시오.`,
    }),
    'records.writable': () => ({ looked: md`기록`, found: md`쓸 수 있음` }),
    'records.unwritable': ({ detail }, t) => ({
      looked: md`기록`,
      found: md`쓸 수 없어(${detail}) 요청도 결정도 할 수 없습니다`,
      mend: md`${t.code('records.file')} 파일이 있는 디스크가 가득 찼는지, 읽기 전용인지, 없어졌는지 확인하십시오.`,
    }),
    'destination.works': ({ destination, place }, t) => ({
      looked: md`저장 위치 ${t.code(destination)}`,
      found: md`${t.path(place)}에 파일을 저장할 수 있음`,
    }),
    'destination.broken': ({ destination, place, detail }, t) => ({
      looked: md`저장 위치 ${t.code(destination)}`,
      found: md`${t.path(place)}에 파일을 저장할 수 없습니다: ${detail}`,
      mend: md`저장 위치를 복구하거나, 봇 구성의 ${t.code('destinations')}에서 ${t.code(destination)} 설정을 고치십시오. 그때까지 복사는 실패하며 다시 시도됩니다.`,
    }),
    'api.reachable': ({ cluster }, t) => ({ looked: md`${t.code(cluster)} API`, found: md`응답함` }),
    'api.unreachable': ({ cluster, why }, t) => ({
      looked: md`${t.code(cluster)} API`,
      found: md`${t.why(why)}. 권한, 세션 이미지, 시계는 확인하지 못했습니다.`,
      mend: md`봇에서 API 서버까지의 경로와, 봇 구성에서 클러스터의 ${t.code('connect')} 설정(주소, 인증서, 토큰)을 확인하십시오.`,
    }),
    'rights.complete': ({ cluster, count }, t) => ({
      looked: md`${t.code(cluster)} 권한`,
      found: md`${count}개 모두 부여됨`,
    }),
    'right.missing': ({ cluster, right, role, neededFor }, t) => ({
      looked: md`${t.code(cluster)} 권한`,
      found:
        neededFor === 'run'
          ? md`${t.code(right)} 권한이 없어 백업할 수 없습니다`
          : md`${t.code(right)} 권한이 없어 점검하지 못하는 것이 있습니다`,
      mend: md`클러스터 관리자가 ${t.code('deploy/')} 내용을 다시 적용해야 합니다. ${t.code(role)} 역할이 이 권한을 부여합니다.`,
    }),
    'rights.unreadable': ({ cluster, why }, t) => ({
      looked: md`${t.code(cluster)} 권한`,
      found: md`확인하지 못했습니다: ${t.why(why)}`,
      mend: cannotLook,
    }),
    'image.configured': ({ cluster, image }, t) => ({
      looked: md`${t.code(cluster)} 세션 이미지`,
      found: md`구성된 ${t.path(image)} (세션을 시작할 때 가져옴)`,
    }),
    'image.of-etcd-pods': ({ cluster, images }, t) => ({
      looked: md`${t.code(cluster)} 세션 이미지`,
      found: md`이미 노드에 있는 etcd pod의 이미지: ${t.list(images.slice(0, 2).map((each) => t.path(each)))}`,
    }),
    'image.none': ({ cluster }, t) => ({
      looked: md`${t.code(cluster)} 세션 이미지`,
      found: md`없습니다. etcd pod에서 찾지 못했고 구성된 것도 없습니다`,
      mend: md`봇 구성의 ${t.code('session.image')} 값을 지정하거나, ${t.code('openshift-etcd')} 네임스페이스에 etcd pod가 없는 이유를 확인하십시오.`,
    }),
    'image.unreadable': ({ cluster, why }, t) => ({
      looked: md`${t.code(cluster)} 세션 이미지`,
      found: md`etcd pod를 읽지 못했습니다: ${t.why(why)}`,
      mend: md`권한을 부여하거나(위 참조), 봇 구성의 ${t.code('session.image')} 값을 지정하십시오.`,
    }),
    'namespace.privileged': ({ cluster, namespace }, t) => ({
      looked: md`${t.code(cluster)} 세션 네임스페이스`,
      found: md`${t.code(namespace)} 네임스페이스는 privileged pod를 허용함`,
    }),
    'namespace.absent': ({ cluster, namespace }, t) => ({
      looked: md`${t.code(cluster)} 세션 네임스페이스`,
      found: md`${t.code(namespace)} 네임스페이스가 없습니다`,
      mend: md`클러스터 관리자가 ${t.code('deploy/')} 내용을 적용하거나, 봇 구성의 ${t.code('session.namespace')} 값을 고쳐야 합니다.`,
    }),
    'namespace.not-privileged': ({ cluster, namespace, level }, t) => ({
      looked: md`${t.code(cluster)} 세션 네임스페이스`,
      found: md`${t.code(namespace)} 네임스페이스가 privileged pod를 허용하지 않습니다(pod security: ${level ?? '레이블 없음'})`,
      mend: md`클러스터 관리자가 ${t.path(`oc label namespace ${namespace} pod-security.kubernetes.io/enforce=privileged --overwrite`)} 명령을 실행하거나 ${t.code('deploy/')} 내용을 다시 적용해야 합니다.`,
    }),
    'namespace.unreadable': ({ cluster, namespace, why }, t) => ({
      looked: md`${t.code(cluster)} 세션 네임스페이스`,
      found: md`${t.code(namespace)} 네임스페이스를 읽지 못했습니다: ${t.why(why)}`,
      mend: cannotLook,
    }),
    'clock.together': ({ cluster, seconds }, t) => ({
      looked: md`${t.code(cluster)} 시계와 비교`,
      found: seconds === 0 ? md`같음` : md`${seconds}초 차이`,
    }),
    'clock.apart': ({ cluster, seconds, bot }, t) => ({
      looked: md`${t.code(cluster)} 시계와 비교`,
      found: md`봇의 시계가 API 서버보다 ${seconds}초 ${bot === 'ahead' ? '빠릅니다' : '느립니다'}. 백업의 이름과 시각을 믿을 수 없게 됩니다`,
      mend: md`봇이 실행되는 곳과 컨트롤 플레인 노드의 시간 동기화(chrony, NTP)를 확인하십시오.`,
    }),
    'clock.unreadable': ({ cluster }, t) => ({
      looked: md`${t.code(cluster)} 시계와 비교`,
      found: md`API 서버의 응답에 날짜가 없습니다`,
      mend: md`봇과 API 서버 사이에서 날짜가 빠집니다. 다른 영향은 없습니다.`,
    }),
  },
};
