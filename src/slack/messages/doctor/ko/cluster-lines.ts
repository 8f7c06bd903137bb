import { md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { DoctorTexts } from '../doctor-text.ts';
import { cannotLook } from './slack-lines.ts';

const renew = (t: Tools, cluster: string) =>
  md`새 인증 정보를 만든 뒤(${t.code(`npm run enroll -- --context … --name ${cluster} --renew`)}) kubeconfig를 봇이 읽는 위치에 두십시오. 다시 시작하지 않아도 적용됩니다.`;

export const clusterLines = (t: Tools) =>
  ({
    'api.reachable': ({ cluster }) => ({ looked: md`${t.code(cluster)} API`, found: md`응답함` }),

    'api.unreachable': ({ cluster, why }) => ({
      looked: md`${t.code(cluster)} API`,
      found: md`${t.why(why)}. 권한, 세션 이미지, 시계는 확인하지 못했습니다.`,
      fix: md`봇에서 API 서버까지의 경로와, 봇 구성에서 클러스터의 ${t.code('connect')} 설정(주소, 인증서, 토큰)을 확인하십시오.`,
    }),

    'credentials.valid': ({ cluster, endsAt }) => ({
      looked: md`${t.code(cluster)} 인증 정보`,
      found: md`만료 시각: ${t.moment(endsAt)}`,
    }),

    'credentials.end-soon': ({ cluster, endsAt }) => ({
      looked: md`${t.code(cluster)} 인증 정보`,
      found: md`곧 만료됨: ${t.moment(endsAt)}. 그 뒤로는 봇이 이 클러스터에서 아무 일도 할 수 없습니다`,
      fix: renew(t, cluster),
    }),

    'credentials.ended': ({ cluster, endsAt }) => ({
      looked: md`${t.code(cluster)} 인증 정보`,
      found: md`만료됨: ${t.moment(endsAt)}`,
      fix: renew(t, cluster),
    }),

    'elsewhere.named': ({ cluster, by }) => ({
      looked: md`${t.code(cluster)} 백업`,
      found: md`이 봇의 백업 대상이 아님. 백업 담당: ${by}`,
    }),

    'elsewhere.unnamed': ({ cluster }) => ({
      looked: md`${t.code(cluster)} 백업`,
      found: md`컨트롤 플레인이 다른 클러스터에서 실행되어 이 봇으로는 백업할 수 없는데, 백업 담당이 지정되어 있지 않음`,
      fix: md`컨트롤 플레인을 호스팅하는 클러스터에서 누가 etcd를 백업하는지 확인하여, 봇 구성에서 이 클러스터의 ${t.code('backedUpBy')} 항목에 적으십시오.`,
    }),

    'elsewhere.own-control-plane': ({ cluster, by }) => ({
      looked: md`${t.code(cluster)} 백업`,
      found: md`이 봇의 백업 대상이 아님. 백업 담당: ${by}. 그 백업은 봇이 확인할 수 없음. 컨트롤 플레인이 이 클러스터에 있으므로 봇으로도 백업할 수 있음`,
      fix: md`이 봇으로 백업하려면 봇 구성에서 ${t.code('backedUpBy')} 항목을 빼십시오. 그렇지 않다면 조치할 것이 없습니다.`,
    }),

    'rights.complete': ({ cluster, count }) => ({
      looked: md`${t.code(cluster)} 권한`,
      found: md`${count}개 모두 부여됨`,
    }),

    'right.missing': ({ cluster, right, role, neededFor }) => ({
      looked: md`${t.code(cluster)} 권한`,
      found:
        neededFor === 'run'
          ? md`${t.code(right)} 권한이 없어 백업할 수 없습니다`
          : md`${t.code(right)} 권한이 없어 점검하지 못하는 것이 있습니다`,
      fix: md`클러스터 관리자가 ${t.code('deploy/overlays/managed')} 내용을 다시 적용해야 합니다. ${t.code(role)} 역할이 이 권한을 부여합니다.`,
    }),

    'rights.unreadable': ({ cluster, why }) => ({
      looked: md`${t.code(cluster)} 권한`,
      found: md`확인하지 못했습니다: ${t.why(why)}`,
      fix: cannotLook,
    }),

    'image.configured': ({ cluster, image }) => ({
      looked: md`${t.code(cluster)} 세션 이미지`,
      found: md`구성된 ${t.path(image)} (세션을 시작할 때 가져옴)`,
    }),

    'image.of-etcd-pods': ({ cluster, images }) => ({
      looked: md`${t.code(cluster)} 세션 이미지`,
      found: md`이미 노드에 있는 etcd pod의 이미지: ${t.list(images.slice(0, 2).map((each) => t.path(each)))}`,
    }),

    'image.none': ({ cluster }) => ({
      looked: md`${t.code(cluster)} 세션 이미지`,
      found: md`없습니다. etcd pod에서 찾지 못했고 구성된 것도 없습니다`,
      fix: md`봇 구성의 ${t.code('session.image')} 값을 지정하거나, ${t.code('openshift-etcd')} 네임스페이스에 etcd pod가 없는 이유를 확인하십시오.`,
    }),

    'image.unreadable': ({ cluster, why }) => ({
      looked: md`${t.code(cluster)} 세션 이미지`,
      found: md`etcd pod를 읽지 못했습니다: ${t.why(why)}`,
      fix: md`권한을 부여하거나(위 참조), 봇 구성의 ${t.code('session.image')} 값을 지정하십시오.`,
    }),

    'namespace.privileged': ({ cluster, namespace }) => ({
      looked: md`${t.code(cluster)} 세션 네임스페이스`,
      found: md`${t.code(namespace)} 네임스페이스는 privileged pod를 허용함`,
    }),

    'namespace.absent': ({ cluster, namespace }) => ({
      looked: md`${t.code(cluster)} 세션 네임스페이스`,
      found: md`${t.code(namespace)} 네임스페이스가 없습니다`,
      fix: md`클러스터 관리자가 ${t.code('deploy/overlays/managed')} 내용을 적용하거나, 봇 구성의 ${t.code('session.namespace')} 값을 고쳐야 합니다.`,
    }),

    'namespace.not-privileged': ({ cluster, namespace, level }) => ({
      looked: md`${t.code(cluster)} 세션 네임스페이스`,
      found: md`${t.code(namespace)} 네임스페이스가 privileged pod를 허용하지 않습니다(pod security: ${level ?? '레이블 없음'})`,
      fix: md`클러스터 관리자가 ${t.path(`oc label namespace ${namespace} pod-security.kubernetes.io/enforce=privileged --overwrite`)} 명령을 실행하거나 ${t.code('deploy/overlays/managed')} 내용을 다시 적용해야 합니다.`,
    }),

    'namespace.unreadable': ({ cluster, namespace, why }) => ({
      looked: md`${t.code(cluster)} 세션 네임스페이스`,
      found: md`${t.code(namespace)} 네임스페이스를 읽지 못했습니다: ${t.why(why)}`,
      fix: cannotLook,
    }),

    'clock.together': ({ cluster, seconds }) => ({
      looked: md`${t.code(cluster)} 시계와 비교`,
      found: seconds === 0 ? md`같음` : md`${seconds}초 차이`,
    }),

    'clock.apart': ({ cluster, seconds, bot }) => ({
      looked: md`${t.code(cluster)} 시계와 비교`,
      found: md`봇의 시계가 API 서버보다 ${seconds}초 ${bot === 'ahead' ? '빠릅니다' : '느립니다'}. 백업의 이름과 시각이 정확하다는 보장이 없습니다`,
      fix: md`봇이 실행되는 곳과 컨트롤 플레인 노드의 시간 동기화(chrony, NTP)를 확인하십시오.`,
    }),

    'clock.unreadable': ({ cluster }) => ({
      looked: md`${t.code(cluster)} 시계와 비교`,
      found: md`API 서버의 응답에 날짜가 없습니다`,
      fix: md`봇과 API 서버 사이에서 날짜가 빠집니다. 다른 영향은 없습니다.`,
    }),
  }) satisfies Partial<DoctorTexts>;
