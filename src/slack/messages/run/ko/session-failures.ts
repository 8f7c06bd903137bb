import { rejectionCause } from '../../../../domain/cluster/pod-rejection.ts';
import { clusterFailures } from '../../kit/ko/cluster-failures.ts';
import { type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import { sessionFindings } from '../../preflight/ko/findings-session.ts';
import { asFailures, type FailureTexts, type RejectionTexts } from '../failure-text.ts';

export const noBackup = md`이번 실행으로 만들어진 백업은 없습니다.`;

/** By the kubelet's word for it. */
const rejected = (t: Tools): RejectionTexts => ({
  'no-room': (p) => ({
    means: md`노드에 pod를 하나 더 실행할 여유가 없습니다(${t.code(p.reason)}).`,
    next: md`노드의 pod를 다른 노드로 옮기십시오. ${look(p, t)}`,
  }),
  evicted: (p) => ({
    means: md`노드의 메모리, 디스크 또는 프로세스 ID가 부족하여 pod를 종료하고 있습니다.`,
    next: md`원인을 찾으십시오(DiskPressure, MemoryPressure, PIDPressure). ${look(p, t)}`,
  }),
  shutdown: (p) => ({
    means: md`노드가 종료되거나 재시작하는 중입니다.`,
    next: md`노드가 다시 Ready가 될 때까지 기다리십시오. ${look(p, t)}`,
  }),
  preempted: (p) => ({
    means: md`우선순위가 더 높은 pod를 실행하기 위해 노드가 이 pod를 종료했습니다.`,
    next: look(p, t),
  }),
  'node-mismatch': (p) => ({
    means: md`kubelet이 인식하는 노드의 레이블이나 포트가 pod의 조건과 맞지 않습니다. kubelet이 막 시작한 직후에 발생합니다.`,
    next: look(p, t),
  }),
  admission: (_p) => ({
    means: md`kubelet이 pod의 요구 사항을 확인하는 단계에서 거부했습니다.`,
    next: md`노드에서 kubelet 로그를 확인하십시오: ${t.code('journalctl -u kubelet')}.`,
  }),
});

function look({ node }: { readonly node: string }, t: Tools): Markup {
  return md`노드를 확인하십시오: ${t.code(`oc describe node ${node}`)}.`;
}

/** What the cluster and its nodes say when a session cannot be opened or used. */
export const sessionFailures = (t: Tools) =>
  ({
    ...asFailures(clusterFailures, ({ said, means, next }, detail) => ({
      failed: md`${said}. ${t.quote(detail)}`,
      means: md`${means} ${noBackup}`,
      next: md`${next} 그런 다음 다시 요청하십시오.`,
    })),
    'session-pod-refused': (p) => {
      const { found, next } = sessionFindings(t)['session-pod.refused'](p);
      return {
        failed: md`클러스터가 세션 pod를 거부했습니다. ${found}`,
        means: md`봇은 이 pod를 통해 노드에 접근합니다. ${noBackup}`,
        next: md`${next} 그런 다음 다시 요청하십시오.`,
      };
    },
    'session-registry': (p) => ({
      failed: md`${t.code(p.node)} 노드가 세션 이미지의 레지스트리에 연결하지 못했습니다(${t.path(p.image)}): ${p.detail}`,
      means: md`레지스트리 또는 노드에서 레지스트리로 가는 경로가 응답하지 않습니다. ${noBackup}`,
      next: md`레지스트리와 노드의 네트워크 및 프록시를 확인하십시오. 봇 구성에 이미지를 지정하지 않으면 노드에 이미 있는 etcd 이미지를 사용합니다.`,
    }),
    'session-pod-rejected': (p) => {
      const { means, next } = rejected(t)[rejectionCause(p.reason)](p);
      return {
        failed: md`${t.code(p.node)} 노드가 세션 pod를 거부하거나 종료했습니다(${t.code(p.reason)}): ${p.detail}`,
        means: md`${means} ${noBackup}`,
        next: md`${next} 그런 다음 다시 요청하거나 다른 컨트롤 플레인 노드로 요청하십시오.`,
      };
    },
    'session-container': (p) => ({
      failed: md`${t.code(p.node)} 노드가 세션 컨테이너를 시작하지 못했습니다(${t.code(p.reason)}): ${p.detail}`,
      means: md`노드의 컨테이너 런타임(CRI-O)이 과부하 상태이거나, 컨테이너에 필요한 것이 노드에 없습니다. ${noBackup}`,
      next: md`노드에서 ${t.code('journalctl -u crio -u kubelet')} 로그를 확인하거나 다른 컨트롤 플레인 노드로 다시 요청하십시오.`,
    }),
    'session-kubelet-silent': (p) => ({
      failed: md`${t.code(p.node)} 노드의 kubelet이 ${t.duration(p.afterMs)} 안에 세션 pod를 받아들이지 않았습니다.`,
      means: md`마지막 보고와 달리 노드가 NotReady 상태이거나 API에 연결하지 못하고 있습니다. ${noBackup}`,
      next: md`노드의 상태와 테인트를 확인하고(${t.code(`oc describe node ${p.node}`)}), 노드에서 ${t.code('systemctl status kubelet')} 출력을 확인하십시오. 다른 컨트롤 플레인 노드는 정상일 수 있습니다.`,
    }),
  }) satisfies Partial<FailureTexts>;
