import { md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import { findingText } from '../../preflight/findings.ts';
import type { FailureStage, FailureTexts } from '../failure-text.ts';
import { noBackup, sessionFailures } from './session-failures.ts';

const nothingHappened = md`백업을 시작하지 않았습니다.`;
const unsure = md`백업이 어디까지 진행되었는지 확실하지 않으므로 백업으로 인정하지 않습니다. 이번 실행으로 만들어진 백업은 없습니다.`;
const doNotUse = md`디렉토리에 남은 파일을 복원에 사용하지 마십시오.`;

/** What a run that lost its way means, by how far it had come. */
const lost = ({ begun }: FailureStage) => (begun ? unsure : nothingHappened);

const role = { requester: md`요청자`, approver: md`승인자` };

const account = {
  guest: md`게스트 계정으로 바뀌었습니다`,
  stranger: md`다른 워크스페이스의 계정입니다`,
  deactivated: md`비활성화되었습니다`,
  bot: md`봇 계정입니다`,
};

export const failures = (t: Tools): FailureTexts => ({
  ...sessionFailures(t),
  'preflight-blocked': (p) => ({
    failed: md`백업 직전 점검에서 차단 항목이 발견되었습니다. ${t.sentences(p.findings.map((each) => findingText(each, t).found))}`,
    means: md`승인한 뒤에 상태가 바뀌었을 수 있고, 노드에서만 확인할 수 있는 항목도 있습니다. ${nothingHappened}`,
    next: md`${t.sentences(p.findings.map((each) => findingText(each, t).next ?? md`위 내용을 해결하십시오.`))} 그런 다음 다시 요청하십시오.`,
  }),
  'plan-changed': (p) => ({
    failed: md`클러스터가 승인할 때와 달라졌습니다(${t.list(p.changes.map((each) => t.planField(each.field)))}).`,
    means: md`승인은 그때 보여 드린 계획에만 유효합니다. ${nothingHappened}`,
    next: md`다시 요청하고 새 계획으로 승인을 받으십시오.`,
  }),
  'requester-not-cluster-admin': (p) => ({
    failed: md`시작할 때 확인하니 요청자의 클러스터 사용자 ${t.code(p.clusterUser)} 님이 더 이상 cluster-admin이 아닙니다.`,
    means: md`권한은 실행 직전에 다시 확인합니다. ${nothingHappened}`,
    next: md`cluster-admin에게 백업 요청을 부탁하십시오.`,
  }),
  'approver-not-cluster-admin': (p) => ({
    failed: md`시작할 때 확인하니 승인자의 클러스터 사용자 ${t.code(p.clusterUser)} 님이 더 이상 cluster-admin이 아닙니다.`,
    means: md`권한은 실행 직전에 다시 확인합니다. ${nothingHappened}`,
    next: md`다시 요청하고 cluster-admin의 승인을 받으십시오.`,
  }),
  'account-refused': (p) => ({
    failed: md`${role[p.role]} ${t.person(p.slackUser)} 님의 Slack 계정은 ${account[p.standing]}.`,
    means: md`백업을 요청하거나 승인하는 사람은 시작할 때에도 이 워크스페이스의 멤버여야 합니다. ${nothingHappened}`,
    next: md`멤버 계정으로 다시 요청하고 승인을 받으십시오.`,
  }),
  'account-unreadable': (p) => ({
    failed: md`${t.person(p.slackUser)} 님이 아직 이 워크스페이스의 멤버인지 Slack에서 확인하지 못했습니다: ${p.detail}`,
    means: md`확인되지 않으면 etcd에 접근할 수 없습니다. ${nothingHappened}`,
    next: md`Slack이 응답하는지 확인한 뒤 다시 요청하십시오. ${t.command('doctor')} 명령으로 앱의 권한이 부족한지 확인할 수 있습니다.`,
  }),
  'person-unmapped': (p) => ({
    failed: md`봇 구성에서 ${role[p.role]} ${t.person(p.slackUser)} 님과 클러스터 사용자 ${t.code(p.clusterUser)} 계정의 연결이 더 이상 없습니다.`,
    means: md`연결은 실행 직전에 다시 확인합니다. ${nothingHappened}`,
    next: md`봇 구성에서 cluster-admin 사용자에 연결된 사람이 다시 요청하고 승인하십시오.`,
  }),
  'break-glass-withdrawn': (p) => ({
    failed: md`${t.person(p.slackUser)} 님은 더 이상 긴급 백업을 혼자 실행할 수 있는 사람이 아닙니다.`,
    means: md`정책은 실행 직전에 다시 확인합니다. ${nothingHappened}`,
    next: md`${t.code('emergency=')} 없이 백업을 요청하고 승인을 받으십시오.`,
  }),
  'rights-unreadable': (p) => ({
    failed: md`${t.code(p.clusterUser)} 님이 cluster-admin인지 확인하지 못했습니다: ${p.detail}`,
    means: md`권한이 확인되지 않으면 백업하지 않습니다. ${nothingHappened}`,
    next: p.reason
      ? md`${t.remedy({ reason: p.reason, detail: p.detail }, md`봇에 SubjectAccessReview 생성 권한을 부여하십시오.`)} 그런 다음 다시 요청하십시오.`
      : md`클러스터가 응답하는지 ${t.code('oc whoami')} 명령으로 확인한 뒤 다시 요청하십시오.`,
  }),

  'session-taken': (p, stage) => ({
    failed: md`이 클러스터에 이미 다른 세션이 있습니다: ${t.code(p.namespace)} 네임스페이스의 ${t.code(p.pod)} pod(실행 ${t.code(p.byRun)})`,
    means: md`누군가(다른 곳에 설치된 이 봇일 수도 있습니다) 지금 백업하고 있습니다. ${lost(stage)}`,
    next: md`끝날 때까지 기다리십시오. 작업하는 사람이 없다면 pod를 삭제하고 다시 요청하십시오: ${t.code(`oc delete pod ${p.pod} -n ${p.namespace}`)}`,
  }),
  'session-forbidden': (p) => ({
    failed: md`봇에 노드 세션을 열거나 사용할 권한이 없습니다: ${p.detail}`,
    means: noBackup,
    next: md`봇 배포 매니페스트의 역할을 적용하도록 관리자에게 요청하십시오. ${t.command('check')} 명령이 부족한 권한을 알려 줍니다.`,
  }),
  'session-pod-security': (p) => ({
    failed: md`클러스터가 ${t.code(p.namespace)} 네임스페이스에서 세션 pod를 거부합니다: ${p.detail}`,
    means: md`네임스페이스가 특권 pod를 허용하지 않는데, 노드에 접근하려면 특권 pod가 필요합니다. ${noBackup}`,
    next: md`배포 매니페스트와 같이 네임스페이스에 레이블을 지정하십시오: ${t.code('pod-security.kubernetes.io/enforce=privileged')}`,
  }),
  'session-image': (p) => ({
    failed: md`${t.code(p.node)} 노드가 세션 이미지를 가져오지 못했습니다(${t.path(p.image)}): ${p.detail}`,
    means: noBackup,
    next: md`봇 구성에서 이미지를 지우면 노드에 이미 있는 etcd 이미지를 사용합니다. 또는 노드가 가져올 수 있는 이미지를 지정하십시오.`,
  }),
  'session-not-started': (p) => ({
    failed: md`${t.code(p.node)} 노드에서 ${t.duration(p.afterMs)} 안에 세션을 열지 못했습니다: ${p.detail}`,
    means: md`노드가 과부하 상태이거나 완전히 Ready가 아닐 수 있습니다. ${noBackup}`,
    next: md`${t.code(`oc describe node ${p.node}`)} 명령으로 노드를 확인하거나 다른 노드로 다시 요청하십시오.`,
  }),
  'session-pod-stuck': (p, stage) => ({
    failed: md`실행 ${t.code(p.ofRun)} 건의 세션 pod ${t.code(p.pod)} 삭제를 요청했지만 ${t.duration(p.afterMs)} 뒤에도 남아 있습니다.`,
    means: md`${t.code(p.node)} 노드의 kubelet이 pod를 종료하지 않습니다. 노드가 과부하 상태이거나 중지되었을 수 있습니다. ${lost(stage)}`,
    next: md`${t.code(`oc describe node ${p.node}`)} 명령으로 노드를 확인하고, pod가 사라지면 다시 요청하십시오. 노드를 되살릴 수 없을 때만 강제로 삭제하십시오: ${t.code(`oc delete pod ${p.pod} -n ${p.namespace} --grace-period=0 --force`)}`,
  }),
  'session-lost': (p, stage) => ({
    failed: md`노드 세션이 끊어졌습니다: ${p.detail}`,
    means: lost(stage),
    next: md`아래에서 노드에 남은 것을 확인하고 다시 요청하십시오.`,
  }),
  'api-unreachable': (p) => ({
    failed: md`클러스터에 연결할 수 없습니다: ${p.detail}`,
    means: md`${noBackup} 클러스터 자체의 문제일 수도, 연결 경로의 문제일 수도 있습니다.`,
    next: md`클러스터 API가 응답하는지 확인한 뒤 다시 요청하십시오.`,
  }),
  'api-unauthorized': (p) => ({
    failed: md`클러스터가 봇의 인증 정보를 받아들이지 않습니다: ${p.detail}`,
    means: md`인증 정보가 만료되었거나 교체되었습니다. ${noBackup}`,
    next: md`관리자에게 봇의 인증 정보를 갱신하도록 요청한 뒤 다시 요청하십시오.`,
  }),
  'command-failed': (p) => ({
    failed: md`노드에서 명령이 실패했습니다${p.exitCode === undefined ? '' : md`(종료 코드 ${p.exitCode})`}: ${t.code(p.command)} ${p.detail}`,
    means: md`실행을 그 단계에서 멈췄습니다. ${noBackup}`,
    next: md`아래 마지막 출력을 확인하십시오. 원인을 해결한 뒤 다시 요청하십시오.`,
  }),
  'command-deadline': (p, { podLeft }) => ({
    failed: podLeft
      ? md`노드에서 명령이 ${t.duration(p.deadlineMs)} 안에 끝나지 않았으며 아직 실행 중일 수 있습니다: ${t.code(p.command)}`
      : md`노드에서 명령이 ${t.duration(p.deadlineMs)} 안에 끝나지 않아 중단했습니다: ${t.code(p.command)}`,
    means: md`노드나 연결 경로가 매우 느립니다. ${noBackup}`,
    next: md`노드의 부하를 확인한 뒤 다시 요청하십시오. 다른 노드를 지정할 수도 있습니다.`,
  }),
  'client-missing': (p) => ({
    failed: md`봇이 노드에 접근할 때 사용하는 프로그램이 없습니다: ${t.path(p.path)}`,
    means: md`봇이 제대로 설치되지 않았습니다. ${noBackup}`,
    next: md`이 경로에 oc 또는 kubectl을 설치하거나 구성의 경로를 고치도록 관리자에게 요청하십시오.`,
  }),

  'script-not-started': (p) => ({
    failed: md`백업 스크립트를 시작하지 못했습니다: ${p.detail}`,
    means: md`스크립트가 시작되기 전에 세션 연결이 매번 끊어졌습니다. ${nothingHappened}`,
    next: md`클러스터의 API와 노드의 kubelet이 응답하는지 확인한 뒤 다시 요청하십시오.`,
  }),
  'cluster-silent': (p) => ({
    failed: md`백업 스크립트를 실행하는 동안 클러스터 API가 ${t.duration(p.silentMs)} 동안 응답하지 않았습니다: ${p.detail}`,
    means: md`클러스터의 API와 etcd가 응답하지 않습니다. etcd가 과반수를 잃었을 수 있습니다. ${
      p.stopped
        ? md`세션이 종료되어 스크립트도 실행되고 있지 않습니다.`
        : md`스크립트가 끝났는지 알 수 없으며, 노드가 세션을 종료하는 ${t.moment(p.endsAt)}까지 실행 중일 수 있습니다.`
    } ${noBackup}`,
    next: md`먼저 컨트롤 플레인을 확인하십시오. API에 연결할 수 없으면 SSH로 컨트롤 플레인 노드에 접속해 etcd를 확인하십시오. 클러스터가 응답하면 다시 요청하십시오.`,
  }),

  'script-usage': () => ({
    failed: md`백업 스크립트가 호출 방법을 인식하지 못했습니다.`,
    means: md`이 릴리스의 스크립트는 봇이 아는 것과 다릅니다. ${noBackup}`,
    next: md`사용 중인 릴리스의 문서에 따라 직접 백업하고, 봇 담당자에게 알려 주십시오.`,
  }),
  'script-missing': (p) => ({
    failed: md`노드에 백업 스크립트가 없습니다: ${t.path(p.path)}`,
    means: nothingHappened,
    next: md`다른 컨트롤 플레인 노드로 다시 요청하십시오. 모든 노드에 없다면 클러스터의 머신 구성을 복구해야 합니다.`,
  }),
  'script-manifests-missing': (p) => ({
    failed: md`스크립트가 노드에서 ${t.code(p.pod)} 정적 pod의 매니페스트를 찾지 못했습니다.`,
    means: md`이 노드에는 컨트롤 플레인 구성 요소가 모두 있지 않습니다. ${noBackup}`,
    next: md`다른 컨트롤 플레인 노드로 다시 요청하고, 이 노드를 점검하십시오.`,
  }),
  'script-resources-missing': (p) => ({
    failed: md`스크립트가 노드에서 ${t.code(p.pod)} 정적 pod의 리소스를 찾지 못했습니다.`,
    means: md`pod 매니페스트에 적힌 리비전의 파일이 /etc/kubernetes/static-pod-resources 아래에 없습니다. ${noBackup}`,
    next: md`다른 컨트롤 플레인 노드로 다시 요청하고, 이 노드의 롤아웃을 점검하십시오: ${t.code('oc get pods -A -l app=installer')}`,
  }),
  'script-kubeconfig-missing': (_p) => ({
    failed: md`스크립트가 Operator 상태를 조회할 때 쓰는 유효한 kubeconfig를 노드에서 찾지 못했습니다.`,
    means: md`이 노드의 ${t.path('/etc/kubernetes/static-pod-resources/kube-apiserver-certs')} 아래에 인증 정보가 없습니다. ${noBackup}`,
    next: md`다른 컨트롤 플레인 노드로 다시 요청하고, 이 노드를 점검하십시오: ${t.code('oc get clusteroperator kube-apiserver')}`,
  }),
  'script-files-changed': () => ({
    failed: md`스크립트가 정적 pod의 파일을 묶는 동안 파일이 변경되었습니다.`,
    means: md`이 노드에 새 리비전이 배포되고 있었으므로 아카이브에 이전 파일과 새 파일이 섞였을 수 있습니다. ${noBackup}`,
    next: md`Operator가 안정될 때까지(보통 5~20분) 기다린 뒤 다시 요청하십시오.`,
  }),
  'script-operator-unknown': (p) => ({
    failed: md`스크립트가 ${t.code(p.operator)} Operator의 상태를 확인하지 못했습니다.`,
    means: md`상태를 알 수 없으면 백업하지 않고 중단합니다. ${noBackup}`,
    next: md`${t.code(`oc get clusteroperator ${p.operator}`)} 명령으로 API가 응답하는지 확인한 뒤 다시 요청하십시오. --force는 사용하지 마십시오.`,
  }),
  'script-operator-progressing': (p) => ({
    failed: md`백업 직전에 ${t.code(p.operator)} Operator가 변경을 배포하기 시작했습니다.`,
    means: md`지금 만든 파일은 서로 맞지 않을 수 있어 스크립트가 중단했습니다. ${noBackup}`,
    next: md`Operator가 안정될 때까지(보통 5~20분) 기다린 뒤 다시 요청하십시오.`,
  }),
  'script-dependencies-missing': () => ({
    failed: md`스크립트에 필요한 파일이 노드에 없습니다.`,
    means: md`이 노드에서 컨트롤 플레인 파일의 일부가 빠져 있습니다. ${noBackup}`,
    next: md`다른 컨트롤 플레인 노드로 다시 요청하고, 이 노드를 점검하십시오.`,
  }),
  'script-certificate-missing': (p) => ({
    failed: md`스크립트에 필요한 인증서가 노드에 없습니다: ${t.code(p.certificate)}`,
    means: md`인증서가 없으면 노드가 etcd와 통신할 수 없습니다. ${noBackup}`,
    next: md`다른 컨트롤 플레인 노드로 다시 요청하고, 이 노드를 점검하십시오.`,
  }),
  'script-integrity': () => ({
    failed: md`etcd 스냅샷이 스크립트의 자체 검사를 통과하지 못했습니다.`,
    means: md`스냅샷이 손상되었습니다. 이 노드의 디스크나 etcd 멤버에 문제가 있을 수 있습니다. ${noBackup}`,
    next: md`곧바로 다른 컨트롤 플레인 노드로 다시 요청하고, 이 노드의 디스크를 점검하십시오.`,
  }),
  'script-image-pull': () => ({
    failed: md`스크립트가 etcd 도구가 들어 있는 이미지를 가져오지 못했습니다.`,
    means: md`노드가 이미지 레지스트리에 연결하지 못합니다(네트워크, 프록시 또는 풀 시크릿). ${noBackup}`,
    next: md`노드의 레지스트리 연결과 클러스터의 프록시 설정을 확인한 뒤 다시 요청하십시오.`,
  }),
  'script-disk-full': () => ({
    failed: md`노드의 디스크가 가득 찼습니다.`,
    means: md`${noBackup} 디스크가 가득 차면 이 노드의 etcd도 위험합니다.`,
    next: md`즉시 노드에서 공간을 확보한 뒤(대개 오래된 백업이 원인입니다) 다시 요청하십시오.`,
  }),
  'script-deadline': (p, { podLeft }) => ({
    failed: podLeft
      ? md`스크립트가 ${t.duration(p.deadlineMs)} 안에 끝나지 않았으며, 세션을 종료하지 못해 아직 실행 중일 수 있습니다.`
      : md`스크립트가 ${t.duration(p.deadlineMs)} 안에 끝나지 않아 중단했습니다.`,
    means: md`노드의 etcd가 응답하지 않거나 프록시가 통신을 막을 때 발생합니다. ${noBackup}`,
    next: md`${t.code('oc get pods -n openshift-etcd')} 명령으로 이 노드의 etcd를 확인한 뒤 다시 요청하십시오. 다른 노드를 지정할 수도 있습니다.`,
  }),
  'script-killed': (p, { clean }) => ({
    failed: md`스크립트가 외부에서 강제로 종료되었습니다(종료 코드 ${p.exitCode}).`,
    means: md`세션이 끝났거나, 노드가 재부팅되었거나, 메모리가 부족했습니다. ${clean ? noBackup : md`${noBackup} ${doNotUse}`}`,
    next: md`노드를 확인한 뒤 다시 요청하십시오.`,
  }),
  'script-failed': (p) => ({
    failed: md`백업 스크립트가 봇이 알지 못하는 이유로 실패했습니다(종료 코드 ${p.exitCode}).`,
    means: noBackup,
    next: md`아래 마지막 출력을 확인하십시오. 원인을 해결한 뒤 다시 요청하십시오.`,
  }),
  'script-unfinished': (_p, { clean }) => ({
    failed: md`스크립트가 오류 없이 끝났지만 완료 메시지를 출력하지 않았습니다.`,
    means: md`완료 메시지가 없으면 파일이 온전하다고 할 수 없습니다. ${clean ? noBackup : md`${noBackup} ${doNotUse}`}`,
    next: md`아래 마지막 출력을 확인한 뒤 다시 요청하십시오.`,
  }),

  'files-missing': (p) => ({
    failed: md`스크립트는 완료했다고 했지만 두 파일이 모두 있지는 않습니다. 있는 파일: ${p.found.length === 0 ? '없음' : t.names(p.found)}.`,
    means: md`복원에는 한 번의 실행에서 나온 두 파일이 모두 필요합니다. ${noBackup}`,
    next: md`다시 요청하십시오. 반복되면 노드의 디스크를 점검하십시오.`,
  }),
  'files-dirty': (p, { clean }) => ({
    failed: md`파일에 일관성이 없을 수 있다는 표시가 있습니다: ${t.names(p.found)}.`,
    means: md`이 표시는 스크립트의 검사를 건너뛰는 --force 옵션 때문에 생깁니다. 봇은 이 옵션을 사용하지 않습니다. ${clean ? noBackup : doNotUse}`,
    next: md`이 노드에서 백업하는 다른 사람이 있는지 확인한 뒤 다시 요청하십시오.`,
  }),
  'snapshot-size': (p) => ({
    failed: md`etcd 스냅샷의 크기가 맞지 않습니다. 실제: ${t.size(p.size)}, 예상: ${t.size(p.expected)}.`,
    means: md`파일이 잘렸거나 바뀌어 복원할 수 없습니다. ${noBackup}`,
    next: md`다시 요청하십시오. 반복되면 다른 노드를 사용하고 이 노드의 디스크를 점검하십시오.`,
  }),
  'snapshot-trailer': (p) => ({
    failed: md`etcd 스냅샷(${t.size(p.size)})이 etcd가 파일 끝에 기록한 체크섬과 일치하지 않습니다.`,
    means: md`내용이 손상되어 복원할 수 없습니다. ${noBackup}`,
    next: md`다시 요청하십시오. 반복되면 다른 노드를 사용하고 이 노드의 디스크를 점검하십시오.`,
  }),
  'snapshot-format': (p) => ({
    failed: md`스냅샷 파일이 etcd 데이터베이스가 아닙니다(시작 값 ${t.code(p.magic)}).`,
    means: md`복원할 수 없습니다. ${noBackup}`,
    next: md`다른 노드로 다시 요청하고, 이 노드를 점검하십시오.`,
  }),
  'resources-unreadable': (p) => ({
    failed: md`정적 pod 리소스 파일을 끝까지 읽을 수 없습니다(종료 코드 ${p.exitCode}).`,
    means: md`복원에는 이 파일도 스냅샷만큼 필요합니다. ${noBackup}`,
    next: md`다시 요청하십시오. 반복되면 다른 노드를 사용하고 이 노드의 디스크를 점검하십시오.`,
  }),
  'resources-incomplete': (p) => ({
    failed: md`정적 pod 리소스 파일에 빠진 것이 있습니다: ${t.names(p.missing)}.`,
    means: md`복원에는 컨트롤 플레인의 네 부분이 모두 필요합니다. ${noBackup}`,
    next: md`다른 컨트롤 플레인 노드로 다시 요청하고, 이 노드를 점검하십시오.`,
  }),

  interrupted: (p, { begun, clean }) => ({
    failed: md`실행 도중(단계: ${t.step(p.step)}) 봇이 중단되어 결과를 확인하지 못했습니다.`,
    means: !begun
      ? nothingHappened
      : clean
        ? md`스크립트가 남긴 파일이 온전한지 확인할 수 없어 봇이 삭제했습니다. ${noBackup}`
        : md`노드에 파일이 있을 수 있지만 온전한지 확인되지 않았습니다. ${doNotUse}`,
    next: md`다시 요청하십시오. 새로 실행하면 새 디렉토리를 사용합니다.`,
  }),
  internal: (p) => ({
    failed: md`봇 자체에 오류가 발생했습니다: ${p.detail}`,
    means: md`${noBackup} 사용자나 클러스터의 문제가 아닙니다.`,
    next: md`다시 요청하십시오. 반복되면 실행 ID를 봇 담당자에게 알려 주십시오.`,
  }),
});
