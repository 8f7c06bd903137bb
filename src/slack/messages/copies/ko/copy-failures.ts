import { saidAndNext } from '../../kit/cluster-failure-text.ts';
import { clusterFailures } from '../../kit/ko/cluster-failures.ts';
import { md } from '../../kit/markup.ts';
import type { CopyFailureKind, CopyFailureText } from '../en/copy-failures.ts';

const again = md`반복되면 봇과 파일 사이의 네트워크와 노드를 확인하십시오.`;
const newBackup = md`새로 백업하고 노드의 디스크를 확인하십시오.`;

export const copyFailures: Readonly<Record<CopyFailureKind | 'unnamed', CopyFailureText>> = {
  ...saidAndNext(clusterFailures),
  exists: {
    said: md`같은 이름의 파일이 이미 있으며, 봇은 덮어쓰지 않습니다`,
    next: md`그곳에 무엇이 있는지 확인하고, 필요한 백업이 아니면 삭제하십시오.`,
  },
  'not-found': {
    said: md`사본이 더 이상 없습니다`,
    next: md`누가 또는 무엇이 삭제했는지 확인하십시오. 원본이 노드에 있으면 직접 복사하고, 없으면 새로 백업하십시오.`,
  },
  full: {
    said: md`저장소가 가득 찼습니다`,
    next: md`공간을 확보하거나 보존 정책으로 오래된 백업을 삭제하십시오.`,
  },
  'read-only': {
    said: md`저장소에 쓸 수 없습니다`,
    next: md`봇이 쓸 수 있게 하십시오.`,
  },
  denied: {
    said: md`저장소가 봇의 인증 정보를 거부합니다`,
    next: md`봇 구성에서 이 저장소의 인증 정보와 권한을 확인하십시오.`,
  },
  'not-configured': {
    said: md`봇 구성에 이 이름의 저장소가 더 이상 없습니다`,
    next: md`저장소를 봇 구성에 다시 넣으십시오. 이전 백업이 그곳에 있습니다.`,
  },
  'not-known-place': {
    said: md`연결된 곳이 이 저장소의 확인된 위치가 아닙니다`,
    next: md`올바른 볼륨을 마운트하거나 버킷과 접두사를 확인하십시오. 올바른 위치라면 destination adopt 명령으로 등록하십시오.`,
  },
  unreachable: {
    said: md`저장소에 연결할 수 없습니다`,
    next: md`주소와, 저장소와 봇 사이의 네트워크 및 마운트를 확인하십시오.`,
  },
  timeout: {
    said: md`저장소가 제시간에 응답하지 않았습니다`,
    next: md`저장소가 과부하 상태이거나 너무 멀리 있는지 확인하십시오. 디렉터리라면 마운트가 멈춰 있을 수 있으니 마운트와 파일 서버를 확인하십시오.`,
  },
  'clock-skew': {
    said: md`봇과 저장소의 시계가 너무 많이 다릅니다`,
    next: md`양쪽의 시각을 맞추십시오(NTP).`,
  },
  'lock-missing': {
    said: md`요청한 잠금이 저장소에서 적용되지 않아 사본을 다시 삭제했습니다`,
    next: md`그 버킷의 오브젝트 잠금을 활성화하거나 봇 구성에서 잠금을 빼십시오.`,
  },
  'encryption-missing': {
    said: md`요청한 암호화가 저장소에서 적용되지 않아 사본을 다시 삭제했습니다`,
    next: md`서버 측 암호화를 활성화하거나 봇 구성에서 빼십시오.`,
  },
  torn: { said: md`스트림이 일찍 끝나 일부 바이트가 오지 않았습니다`, next: again },
  other: {
    said: md`저장소가 오류를 보고했습니다`,
    next: md`자세한 내용을 읽고 저장소를 확인하십시오.`,
  },
  size: { said: md`받은 파일의 크기가 노드의 파일과 다릅니다`, next: again },
  sha256: {
    said: md`보낸 것과 다른 바이트가 있습니다`,
    next: md`그 사본을 사용하지 마십시오. 반복되면 경로에 있는 디스크나 메모리의 고장을 확인하십시오.`,
  },
  trailer: { said: md`스냅샷이 etcd가 기록한 체크섬과 일치하지 않습니다`, next: newBackup },
  format: { said: md`읽은 파일이 etcd 데이터베이스가 아닙니다`, next: newBackup },
  archive: { said: md`정적 pod 리소스 파일을 끝까지 읽지 못했습니다`, next: newBackup },
  'hostile-member': {
    said: md`디렉토리 밖에 풀리는 이름이 아카이브에 들어 있습니다`,
    next: md`어디에도 풀지 마십시오. 누군가 그 노드의 파일을 바꾸었을 수 있으니 보안 담당자에게 알리십시오.`,
  },
  incomplete: {
    said: md`복원에 필요한 파일이 아카이브에 없습니다`,
    next: md`다른 컨트롤 플레인 노드에서 새로 백업하십시오.`,
  },
  'session-lost': {
    said: md`노드 세션이 끊어졌습니다`,
    next: md`노드가 Ready 상태인지, 누군가 세션 pod를 삭제했는지 확인하십시오.`,
  },
  'session-taken': {
    said: md`이 클러스터에 다른 세션이 있었습니다`,
    next: md`다른 백업이 끝날 때까지 기다리십시오.`,
  },
  'session-not-started': {
    said: md`노드 세션을 열지 못했습니다`,
    next: md`노드가 Ready 상태인지 확인하십시오.`,
  },
  'session-pod-stuck': {
    said: md`이전 세션의 pod가 사라지지 않습니다`,
    next: md`해당 노드가 Ready인지 확인하십시오.`,
  },
  'session-forbidden': {
    said: md`봇에 노드 세션을 열 권한이 없습니다`,
    next: md`봇 배포 매니페스트의 역할을 적용해 달라고 관리자에게 요청하십시오.`,
  },
  'session-pod-security': {
    said: md`클러스터가 세션 pod를 거부합니다`,
    next: md`세션 네임스페이스에 배포 매니페스트와 같은 레이블을 지정하십시오.`,
  },
  'session-pod-refused': {
    said: md`클러스터가 세션 pod를 거부합니다`,
    next: md`클러스터를 점검(check)하면 어떤 규칙이 거부하는지 알 수 있습니다.`,
  },
  'session-registry': {
    said: md`노드가 세션 이미지의 레지스트리에 연결하지 못했습니다`,
    next: md`레지스트리를 확인하거나 봇 구성에서 이미지를 빼십시오.`,
  },
  'session-pod-rejected': {
    said: md`노드가 세션 pod를 거부하거나 종료했습니다`,
    next: md`노드가 Ready 상태이고 pod를 실행할 여유가 있는지 확인하십시오.`,
  },
  'session-container': {
    said: md`노드가 세션 컨테이너를 시작하지 못했습니다`,
    next: md`노드의 CRI-O와 kubelet을 확인하십시오.`,
  },
  'session-kubelet-silent': {
    said: md`노드의 kubelet이 세션 pod를 받아들이지 않았습니다`,
    next: md`노드가 Ready 상태인지 확인하십시오.`,
  },
  'session-image': {
    said: md`노드가 세션 이미지를 가져오지 못했습니다`,
    next: md`봇 구성에서 이미지를 빼거나 노드가 가져올 수 있는 이미지를 지정하십시오.`,
  },
  'api-unreachable': {
    said: md`클러스터 API에 연결할 수 없었습니다`,
    next: md`클러스터가 응답하는지 확인하십시오. 노드의 파일은 SSH로도 가져올 수 있습니다.`,
  },
  'api-unauthorized': {
    said: md`클러스터가 봇의 인증 정보를 받아들이지 않습니다`,
    next: md`이 클러스터에서 쓰는 봇의 토큰을 갱신하십시오.`,
  },
  'command-failed': { said: md`노드에서 파일을 읽지 못했습니다`, next: again },
  'command-deadline': {
    said: md`노드에서 파일을 읽는 데 너무 오래 걸리거나 멈추었습니다`,
    next: again,
  },
  'client-missing': {
    said: md`봇에 oc 또는 kubectl이 없습니다`,
    next: md`봇이 실행되는 곳에 설치하거나 봇 구성에 경로를 지정하십시오.`,
  },
  unnamed: {
    said: md`복사하지 못했습니다`,
    next: md`자세한 내용을 읽어 보고, 알 수 없으면 봇 담당자에게 보여 주십시오.`,
  },
};
