import type { ClusterFailureTexts } from '../cluster-failure-text.ts';
import { code, md } from '../markup.ts';

const approve = md`${code('oc get csr')} 명령으로 Pending 상태인 요청을 확인하고, 요청자가 알고 있는 노드이면 승인하십시오: ${code('oc adm certificate approve NAME')}`;

/** `said` is a sentence of its own, without its full stop. */
export const clusterFailures: ClusterFailureTexts = {
  'api-connection-lost': {
    said: md`클러스터 API와의 연결이 끊어졌습니다`,
    means: md`API 서버가 재시작 또는 교체 중이었거나 로드 밸런서가 연결을 닫았습니다. 시간이 지나면 해소됩니다.`,
    next: md`${code('oc get clusteroperator kube-apiserver')} 명령으로 API 서버가 배포 중인지 확인하고, 배포가 끝날 때까지 기다리십시오.`,
  },
  'api-name-unresolved': {
    said: md`DNS에서 클러스터 API의 이름을 찾지 못했습니다`,
    means: md`봇이 사용하는 DNS 서버가 응답하지 않거나 이 이름을 모릅니다.`,
    next: md`봇이 실행되는 곳에서 이름을 조회하고(${code('getent hosts API-NAME')}), 봇의 kubeconfig에 있는 주소와 비교하십시오.`,
  },
  'api-certificate': {
    said: md`클러스터 API의 인증서를 신뢰할 수 없습니다`,
    means: md`인증서가 만료되었거나 아직 유효하지 않거나, 봇의 kubeconfig에 있는 CA와 다른 CA가 발급했거나, 중간 프록시가 자체 인증서를 제시합니다.`,
    next: md`봇이 실행되는 곳의 시각을 확인한 뒤 인증서를 확인하십시오(${code('openssl s_client -connect API-NAME:6443')}). 클러스터의 CA가 교체되었다면 봇의 kubeconfig에 새 CA를 넣으십시오.`,
  },
  'api-overloaded': {
    said: md`클러스터 API가 요청이 너무 많아 받지 않았습니다(HTTP 429)`,
    means: md`클러스터에서 API 요청이 폭주하고 있거나 API 서버가 막 시작했습니다.`,
    next: md`몇 분 기다리십시오. 계속되면 요청을 많이 보내는 쪽을 확인하십시오: ${code('oc get --raw /debug/api_priority_and_fairness/dump_priority_levels')}`,
  },
  'api-not-ready': {
    said: md`클러스터 API 서버가 실행 중이지만 요청을 처리하지 못했습니다`,
    means: md`API 서버가 시작하는 중이거나, 의존하는 구성 요소(etcd, 집계 API)가 응답하지 않습니다.`,
    next: md`컨트롤 플레인을 확인하십시오: ${code('oc get clusteroperators kube-apiserver openshift-apiserver etcd')}`,
  },
  'etcd-slow': {
    said: md`클러스터의 etcd가 API 서버에 제때 응답하지 않았습니다`,
    means: md`etcd가 새 리더를 선출하는 중이거나, 과반수를 잃었거나, 디스크가 너무 느립니다.`,
    next: md`etcd를 확인하십시오: ${code('oc get pods -n openshift-etcd -o wide')}. 모든 pod가 Ready이면 디스크 지연 시간을 확인하십시오.`,
  },
  'etcd-no-space': {
    said: md`클러스터의 etcd가 공간을 모두 사용하여 쓰기를 받지 않습니다(NOSPACE 알람)`,
    means: md`해결할 때까지 클러스터는 읽기만 가능하므로 세션 pod도 만들 수 없습니다.`,
    next: md`멤버를 조각 모음(defrag)한 뒤 etcd pod에서 ${code('etcdctl alarm disarm')} 명령으로 알람을 해제하십시오. 그 전에 컨트롤 플레인 노드에 SSH로 접속해 직접 백업할 수 있습니다: ${code('sudo /usr/local/bin/cluster-backup.sh /home/core/assets/backup')}`,
  },
  'proxy-refused': {
    said: md`클러스터 API로 가는 프록시가 봇의 요청을 거부했습니다`,
    means: md`프록시가 다른 인증 정보를 요구하거나 이 주소를 허용하지 않습니다.`,
    next: md`봇이 사용하는 프록시의 사용자, 비밀번호, 허용 주소를 확인하거나 API의 이름을 ${code('NO_PROXY')} 설정에 추가하십시오.`,
  },
  'gateway-failed': {
    said: md`클러스터 API 앞의 프록시 또는 로드 밸런서가 API 대신 오류로 응답했습니다`,
    means: md`프록시 또는 로드 밸런서가 지금 API 서버에 연결하지 못합니다.`,
    next: md`프록시 또는 로드 밸런서와 그 뒤의 API 서버를 확인하십시오: ${code('oc get pods -n openshift-kube-apiserver -o wide')}`,
  },
  'client-configuration': {
    said: md`oc 또는 kubectl이 봇의 kubeconfig를 사용할 수 없습니다`,
    means: md`kubeconfig가 불완전하거나, 주소가 잘못되었거나, 인증 정보를 제공하는 프로그램이 실패했습니다.`,
    next: md`봇이 실행되는 곳에서 ${code('oc --kubeconfig FILE whoami')} 명령을 실행해 보고 파일을 고치십시오.`,
  },
  'exec-upgrade-refused': {
    said: md`봇과 클러스터 API 사이에서 명령 실행 연결이 차단됩니다`,
    means: md`노드에서 명령을 실행하려면 연결을 WebSocket 또는 SPDY로 업그레이드해야 합니다. 다른 요청은 되지만, 중간의 프록시 또는 로드 밸런서가 업그레이드를 전달하지 않습니다.`,
    next: md`프록시 또는 로드 밸런서가 ${code('Connection: Upgrade')} 헤더를 전달하게 하거나 API의 이름을 ${code('NO_PROXY')} 설정에 추가하십시오.`,
  },
  'exec-runtime-failed': {
    said: md`노드의 컨테이너 런타임이 명령을 실행하지 못했습니다`,
    means: md`노드의 CRI-O가 재시작 중이었거나, 과부하 상태이거나, 정상이 아닙니다.`,
    next: md`노드에서 확인하십시오: ${code('systemctl status crio kubelet')}. 다른 컨트롤 플레인 노드는 정상일 수 있습니다.`,
  },
  'kubelet-unreachable': {
    said: md`API 서버가 노드의 kubelet(포트 10250)에 연결하지 못했습니다`,
    means: md`kubelet이 재시작 중이었거나, 노드가 중지되었거나, 방화벽이 컨트롤 플레인 노드 사이의 10250 포트를 막고 있습니다.`,
    next: md`${code('oc get nodes')} 명령으로 노드를 확인하십시오. Ready이면 컨트롤 플레인 노드 사이의 네트워크를, 아니면 그 노드에서 ${code('systemctl status kubelet')} 출력을 확인하십시오.`,
  },
  'kubelet-tunnel-down': {
    said: md`API 서버에서 노드로 가는 터널이 없습니다(연결된 konnectivity 에이전트 없음)`,
    means: md`이 클러스터의 API 서버는 konnectivity 에이전트를 거쳐 노드에 연결하는데, 연결된 에이전트가 없습니다.`,
    next: md`에이전트와 그 로그를 확인하십시오: ${code('oc get pods -A | grep konnectivity')}`,
  },
  'kubelet-certificate-pending': {
    said: md`노드의 kubelet에 서버 인증서가 없습니다. 인증서 요청(CSR)이 승인을 기다리고 있습니다`,
    means: md`노드가 Ready이더라도 승인될 때까지는 이 노드의 pod에서 명령을 실행하거나 로그를 볼 수 없습니다.`,
    next: approve,
  },
  'kubelet-certificate': {
    said: md`API 서버가 노드 kubelet의 인증서를 신뢰하지 않습니다`,
    means: md`인증서가 만료되었거나, 노드의 시각이 잘못되었거나, API 서버가 모르는 CA가 발급했습니다.`,
    next: md`노드의 시각을 확인하십시오(${code('timedatectl')}). ${approve}`,
  },
  'kubelet-refuses': {
    said: md`노드의 kubelet이 API 서버를 거부합니다`,
    means: md`kubelet이 API 서버의 클라이언트 인증서나 권한을 받아들이지 않습니다. 인증서가 만료되거나 교체된 뒤에 발생합니다.`,
    next: md`${code('oc get clusteroperator kube-apiserver')} 출력과 노드의 ${code('journalctl -u kubelet')} 로그를 확인하십시오. ${approve}`,
  },
  'webhook-unanswered': {
    said: md`승인(admission) 웹훅이 API 서버에 응답하지 않았습니다`,
    means: md`API 서버는 pod를 만들기 전에 이 웹훅의 응답을 받아야 하는데, 웹훅의 pod가 중지되었거나 느립니다.`,
    next: md`위 내용에 웹훅의 이름이 있습니다. 웹훅의 pod를 확인하십시오. 실행 위치는 ${code('oc get validatingwebhookconfigurations,mutatingwebhookconfigurations')} 명령으로 알 수 있습니다.`,
  },
};
