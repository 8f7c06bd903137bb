import type { PodRefusal } from '../../../../domain/cluster/facts.ts';
import { type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { FindingTexts } from '../finding-text.ts';

const sessionPod = {
  looked: md`세션 pod`,
  why: md`봇은 특권 pod를 통해 노드에 접근합니다. 클러스터가 이 pod를 허용하지 않으면 백업을 시작할 수 없습니다.`,
};

interface Refused {
  readonly found: Markup;
  readonly next: Markup;
}

function refused(because: PodRefusal, namespace: string, t: Tools): Refused {
  const ns = t.code(namespace);
  switch (because) {
    case 'pod-security':
      return {
        found: md`Pod Security가 ${ns} 네임스페이스에서 특권 pod를 허용하지 않습니다`,
        next: md`배포 매니페스트와 같이 네임스페이스에 레이블을 지정하십시오: ${t.code('pod-security.kubernetes.io/enforce=privileged')}`,
      };
    case 'security-context':
      return {
        found: md`봇이 ${ns} 네임스페이스에서 ${t.code('privileged')} SCC를 사용할 수 없습니다`,
        next: md`봇 배포 매니페스트의 ${t.code('etcd-backup-scc-privileged')} 역할을 적용하도록 관리자에게 요청하십시오.`,
      };
    case 'webhook':
      return {
        found: md`클러스터의 승인(admission) 웹훅 또는 정책이 pod를 거부합니다`,
        next: md`${ns} 네임스페이스를 예외로 두도록 해당 정책의 담당자에게 요청하십시오.`,
      };
    case 'quota':
      return {
        found: md`${ns} 네임스페이스의 ResourceQuota가 pod를 허용하지 않습니다`,
        next: md`이 네임스페이스에는 봇의 세션 pod만 있으므로 ResourceQuota를 제거하십시오: ${t.code(`oc get resourcequota -n ${namespace}`)}`,
      };
    case 'limits':
      return {
        found: md`${ns} 네임스페이스의 LimitRange가 pod를 허용하지 않습니다`,
        next: md`이 네임스페이스에는 봇의 세션 pod만 있으므로 LimitRange를 제거하십시오: ${t.code(`oc get limitrange -n ${namespace}`)}`,
      };
    case 'priority-class':
      return {
        found: md`pod의 PriorityClass가 이 클러스터에 없습니다`,
        next: md`${t.code('openshift-user-critical')} PriorityClass는 OpenShift에 기본으로 포함됩니다. 삭제된 경위를 확인하고 복원하십시오: ${t.code('oc get priorityclass')}`,
      };
    case 'namespace-absent':
      return {
        found: md`${ns} 네임스페이스가 없습니다`,
        next: md`이 클러스터에 봇 배포 매니페스트를 적용하거나 설정의 세션 네임스페이스를 수정하십시오.`,
      };
    case 'namespace-ending':
      return {
        found: md`${ns} 네임스페이스가 삭제되는 중입니다`,
        next: md`삭제가 끝날 때까지 기다린 뒤 봇 배포 매니페스트를 다시 적용하십시오.`,
      };
    case 'service-account':
      return {
        found: md`${ns} 네임스페이스에 ${t.code('default')} 서비스 계정이 없습니다`,
        next: md`보통 클러스터가 몇 초 안에 다시 만듭니다. 그렇지 않으면 확인하십시오: ${t.code(`oc get serviceaccount -n ${namespace}`)}`,
      };
    case 'right':
      return {
        found: md`봇이 ${ns} 네임스페이스에서 pod를 생성할 수 없습니다`,
        next: md`봇 배포 매니페스트의 ${t.code('etcd-backup-sessions')} 역할을 적용하도록 관리자에게 요청하십시오.`,
      };
    case 'other':
      return {
        found: md`API 서버가 pod를 거부합니다`,
        next: md`${ns} 네임스페이스에서 pod를 거부하는 구성 요소가 무엇인지 관리자에게 문의하십시오.`,
      };
  }
}

/** Whether a run could begin: what the API server says to a dry run of the session pod. */
export const sessionFindings = (t: Tools) =>
  ({
    'session-pod.admitted': () => ({
      ...sessionPod,
      found: md`API 서버가 허용합니다(dry run으로 확인했으며 생성된 것은 없습니다).`,
    }),
    'session-pod.refused': (p) => {
      const { found, next } = refused(p.because, p.namespace, t);
      return { ...sessionPod, found: md`${found}: ${t.quote(p.detail)}`, next };
    },
    'session-pod.no-dry-run': (p) => ({
      ...sessionPod,
      found: md`클러스터의 웹훅이 dry run을 지원하지 않아 pod가 허용되는지 미리 확인할 수 없습니다: ${t.quote(p.detail)}`,
      next: md`결과는 실행을 시작할 때 알 수 있습니다. 미리 확인하려면 부작용이 없는 웹훅인 경우 ${t.code('sideEffects: None')} 값을 설정하십시오.`,
    }),
    'session-pod.unreadable': (p) => ({
      ...sessionPod,
      found: md`클러스터가 pod를 허용하는지 확인하지 못했습니다: ${t.why(p.why)}.`,
      next: md`${t.remedy(p.why, md`봇에 세션 네임스페이스의 pod 생성 권한을 부여하십시오.`)} 응답하지 않는 웹훅이 원인일 수도 있습니다.`,
    }),
  }) satisfies Partial<FindingTexts>;
