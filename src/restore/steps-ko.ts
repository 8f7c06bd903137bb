import type { ManifestMember, ManifestMembers, Place } from '../domain/copies/manifest-document.ts';
import { restoredCommand } from '../domain/copies/restore-mark.ts';
import { authorityVariable, placeVariable } from '../domain/restore/file-commands.ts';
import type { Chapter } from '../domain/restore/restore-procedure.ts';
import { code, codes, when } from './markdown.ts';
import type { StepWording } from './wording.ts';

export const file = { snapshot: 'etcd 스냅샷', resources: '정적 pod 리소스' };

export function who(custodians: readonly string[], destination: string): string {
  return custodians.length > 0
    ? `가져올 수 있는 사람: ${codes(custodians)}`
    : `가져올 수 있는 사람: ${code(destination)} 저장소의 인증 정보를 가진 사람`;
}

const ovnOnly =
  "OVN-Kubernetes를 쓰는 클러스터에서만 하십시오. 네트워크 플러그인은 `oc get network.config cluster -o jsonpath='{.status.networkType}'` 명령으로 확인합니다. 다른 플러그인이면 이 단계를 건너뜁니다.";
const printedHost = {
  'highest-raft-index': (node: string) =>
    `아래에는 백업 전에 raft 인덱스가 가장 높았던 ${node} 노드가 적혀 있습니다.`,
  'node-of-the-backup': (node: string) =>
    `아래에는 백업을 만든 ${node} 노드가 적혀 있습니다. raft 인덱스가 가장 높은 멤버는 확인하지 못했습니다.`,
} as const;

/** `“Backup and restore”의 “Restoring to …” (https://…)` */
export function chapterName({ title, book, address }: Chapter): string {
  return `“${book}”의 “${title}”${address === undefined ? '' : ` (${address})`}`;
}

function reached(each: { destination: string; location: string; where?: string | undefined }): string {
  const how = each.where === undefined ? '' : ` (접근 방법: ${code(each.where)})`;
  return `${code(each.destination)} ${code(each.location)}${how}`;
}

function placeLines(place: Place, destination: string): readonly string[] {
  const how = place.where === undefined ? [] : [`접근 방법: ${code(place.where)}`];
  if (place.kind === 'directory') {
    const path = code(place.path);
    return place.where === undefined
      ? [
          `${path} 경로는 봇이 사용하는 디렉토리이며, 봇이 pod에서 실행되면 그 pod 안의 경로입니다. 사람이 접근하는 방법은 기록되어 있지 않습니다. 다른 곳에서는 실제로 사용하는 경로로 바꾸십시오.`,
        ]
      : [
          ...how,
          `봇은 그 디렉토리를 ${path} 경로로 사용합니다. 먼저 실제로 접근하는 경로를 ${code(placeVariable(destination))} 변수에 넣으십시오.`,
        ];
  }
  if (place.authorities === undefined) return how;
  const known = place.authorities.map(
    ({ subject, fingerprint }) => `${code(subject)} (SHA-256 ${code(fingerprint)})`,
  );
  return [
    ...how,
    `엔드포인트의 인증서를 시스템이 기본으로 신뢰하지 않는 인증 기관이 발급했습니다: ${known.join('; ')}. 그 인증 기관의 PEM 파일 경로를 ${code(authorityVariable(destination))} 변수에 넣으십시오. 파일은 엔드포인트를 운영하는 사람과 봇의 설정(${code(destination)} 저장소의 ${code('s3.ca')})에 있습니다. ${code('openssl x509 -noout -subject -fingerprint -sha256 -in FILE')} 명령으로 확인하십시오.`,
  ];
}

function byName(some: boolean): string {
  return some ? ' 이름을 찾을 수 없으면 주소를 쓰십시오.' : '';
}

function memberLines(members: ManifestMembers | undefined): readonly string[] {
  if (!members || members.readAt === null) return [];
  const lines = members.list.map((each) => `- ${memberText(each, true)}`).join('\n');
  return [`etcd가 ${when(members.readAt)}에 알린 멤버 상태:`, lines];
}

export function memberText(member: ManifestMember, asked: boolean): string {
  const { node, address, raftIndex, learner, leader, arbiter } = member;
  const where = [
    node === null ? '알 수 없는 노드' : code(node),
    ...(address === null ? [] : [code(address)]),
  ];
  const said =
    raftIndex === null
      ? asked && address !== null
        ? ['응답 없음']
        : []
      : [
          `raft 인덱스 ${raftIndex}`,
          ...(learner === true ? ['learner'] : []),
          ...(leader === true ? ['리더'] : []),
        ];
  return [...where, ...said, ...(arbiter === true ? ['아비터 노드'] : [])].join(', ');
}

const otherNode = '여기서 멈추고 해당 노드에서 아직 실행 중인 것을 확인한 뒤 같은 명령을 다시 실행하십시오.';

/** `expect`: 보여야 하는 결과, `otherwise`: 그렇지 않을 때 할 일. */
export const stepsKo: StepWording = {
  room: () => ({
    title: '본인만 읽을 수 있는 디렉토리 만들기',
    text: [
      '두 파일을 함께 가진 사람은 클러스터 전체를 장악할 수 있습니다. 모든 작업을 이 디렉토리에서, 같은 셸에서 하십시오. 디렉토리는 마지막 단계에서 삭제합니다.',
      '다른 셸에서는 먼저 이 디렉토리로 가서 `export`로 시작하는 줄을 다시 실행하십시오.',
    ],
    expect: '출력이 없고, 프롬프트가 새 디렉토리에 있습니다.',
    otherwise: '두 파일이 들어갈 공간이 있고 쓸 수 있는 디스크를 고르십시오.',
  }),
  fetch: (p) => ({
    title: `${p.destination} 저장소에서 ${file[p.file]} 가져오기`,
    text: [
      who(p.custodians, p.destination),
      ...placeLines(p.place, p.destination),
      ...(p.also.length > 0 ? [`검증된 다른 사본: ${p.also.map((each) => reached(each)).join('; ')}`] : []),
      `원본이 ${code(p.onNode.node)} 노드에 남아 있을 수 있습니다: ${code(p.onNode.path)}`,
    ],
    expect: '마지막 줄이 `OK`로 끝납니다.',
    otherwise: '다시 가져오거나 다른 사본을 쓰십시오. `OK`가 나오지 않는 파일은 이 백업이 아닙니다.',
  }),
  decrypt: (p) => ({
    title: `${file[p.file]} 복호화`,
    text: [
      `다음 키 중 하나면 됩니다: ${p.recipients.map(({ name, publicKey }) => `${code(name)} (${code(publicKey)})`).join('; ')}. 먼저 개인 키 파일의 경로를 ${code('AGE_KEY_FILE')} 변수에 넣으십시오.`,
    ],
    expect: '출력이 없고, 이름에 `.age`가 없는 새 파일이 생깁니다.',
    otherwise: '`no identity matched`는 다른 키라는 뜻입니다. 위에 적힌 키를 쓰십시오.',
  }),
  digests: () => ({
    title: '두 파일 확인',
    text: [],
    expect: '두 줄 모두 `OK`로 끝납니다.',
    otherwise: '진행하지 말고 해당 파일을 다시 가져오십시오.',
  }),
  trailer: () => ({
    title: '스냅샷 자체의 체크섬 확인',
    text: ['etcd가 마지막 32바이트에 기록한 값입니다.'],
    expect: '`snapshot: whole`',
    otherwise: '이 파일로 복원하지 마십시오. 다른 사본이나 다른 백업을 쓰십시오.',
  }),
  archive: () => ({
    title: '아카이브를 끝까지 읽을 수 있는지 확인',
    text: [],
    expect: '`static pod resources: whole`',
    otherwise: '이 파일로 복원하지 마십시오. 다른 사본이나 다른 백업을 쓰십시오.',
  }),
  'recovery-host': (p) => ({
    title: p.only ? '노드 지정' : '복구 호스트 선택',
    text: [
      ...(p.only
        ? [
            `이 클러스터의 컨트롤 플레인 노드는 ${code(p.host.name)} 하나이며, 모두 이 노드에서 복원합니다. 주소가 바뀌었다면 새 주소를 쓰십시오.`,
          ]
        : [
            '모든 것을 복원할 정상 컨트롤 플레인 노드 하나를 정합니다. etcd 멤버가 learner가 아니고 raft 인덱스가 가장 높은 노드를 고르십시오.',
            `${printedHost[p.host.because](code(p.host.name))} 그 노드가 정상이 아니면 그다음 노드를 쓰십시오. 이후 단계의 명령에는 그 노드가 다른 노드로 나오므로, 명령마다 둘을 서로 바꾸십시오.`,
            ...memberLines(p.members),
          ]),
      ...(p.arbiter
        ? [
            '아비터(arbiter) 노드는 쓸 수 없습니다. 완전한 컨트롤 플레인이 없기 때문입니다. 그 노드의 etcd도 다른 노드처럼 중지해야 합니다.',
          ]
        : []),
      p.only
        ? '지금 그 노드에 SSH 세션을 열어 두십시오. 나중에는 API가 응답하지 않아 `oc debug`를 쓸 수 없습니다.'
        : '지금 모든 컨트롤 플레인 노드에 SSH 세션을 열어 두십시오. 나중에는 API가 응답하지 않아 `oc debug`를 쓸 수 없습니다.',
    ],
    expect: '출력이 없습니다.',
    otherwise:
      '정상 컨트롤 플레인 노드가 하나도 없으면 이 절차를 쓸 수 없습니다. “시작하기 전에”의 “컨트롤 플레인 노드가 하나도 남지 않았을 때”를 읽으십시오.',
  }),
  place: (p) => ({
    title: '복구 호스트의 한 디렉토리에 두 파일 넣기',
    text: [
      `${code(p.directory)} 디렉토리에는 이 두 파일만 있어야 합니다. 복원 스크립트는 어느 백업의 것이든 종류별로 가장 최신 파일을 씁니다.`,
    ],
    expect: '마지막 명령이 이름 두 개를 보여 주고 `OK`를 두 번 출력합니다.',
    otherwise: '그 디렉토리의 다른 파일을 지우거나, 해당 파일을 다시 복사하십시오.',
  }),
  obstacles: (p) => ({
    title: '복원 스크립트를 멈추게 하는 것 확인',
    text: [
      p.revision
        ? '스크립트는 `/var/lib/etcd`의 `member`와 `revision.json`을 옮기고, 다른 것이 남아 있으면 멈춥니다(`folder /var/lib/etcd is not empty`).'
        : '스크립트는 `/var/lib/etcd`의 `member`를 옮깁니다.',
      '이전 복원이 `/var/lib/etcd-backup`에 남긴 것은 스크립트가 지웁니다. 그 복원 이전의 데이터입니다.',
      '`required dependencies not found`는 이 노드에서 etcd가 정적 pod로 실행된 적이 없다는 뜻입니다. 다른 노드를 고르십시오.',
    ],
    expect: `${code('/var/lib/etcd:')} 아래에 ${p.revision ? '`member`, `revision.json`' : '`member`'} 외에 다른 것이 없습니다.`,
    otherwise:
      '다른 파일은 밖으로 옮기고(`sudo mv FILE /home/core/`), `/var/lib/etcd-backup`의 데이터가 아직 필요할 수 있으면 다른 곳에 복사하십시오.',
  }),
  'stop-others': (p) => ({
    title: '다른 노드의 etcd와 컨트롤 플레인 중지',
    text: [
      `복구 호스트를 제외한 ${codes(p.nodes)} 노드에서 하십시오. 되살릴 수 없는 노드는 건너뜁니다.${byName(p.byName)} 각 명령은 ${codes(p.pods)} 매니페스트를 하나씩 옮기고, 각각의 컨테이너가 사라질 때까지 기다린 다음에야 데이터를 옮깁니다. 컨트롤 플레인 네임스페이스의 컨테이너만 기다리며, 5분 뒤에도 실행 중인 것이 있으면 그 이름을 알려 줍니다.`,
      '적힌 것과 다른 복구 호스트를 골랐다면 먼저 명령에서 둘을 서로 바꾸십시오. 이 명령을 복구 호스트에서 실행하면 안 됩니다.',
    ],
    expect: '각 명령의 마지막 줄에 `/var/lib/etcd/`를 `/tmp/`로 옮겼다고 나옵니다.',
    otherwise: `${otherNode} \`cannot stat '/var/lib/etcd/'\`가 나오면 데이터를 이미 옮긴 것이므로(\`sudo ls /tmp/etcd\` 출력에 \`member\`가 있음) 계속하십시오.`,
  }),
  keepalived: (p) => ({
    title: 'API 주소를 복구 호스트로 옮기기',
    text: [
      `keepalived를 쓰는 클러스터(온프레미스 설치)에서만 필요합니다. ${codes(p.nodes)} 노드에서 keepalived를 중지하고 각 노드의 주소를 보여 줍니다. 아직 API 또는 인그레스 주소를 가진 노드에서는 그 주소를 제거하십시오: ${code('sudo ip address del ADDRESS dev DEVICE')}`,
      'API 주소는 RESTORE.md 끝의 “API 주소” 항목에 적힌 호스트 이름의 주소이고(`getent hosts NAME`), 인그레스 주소는 이 클러스터의 라우트 호스트 이름의 주소입니다.',
    ],
    expect: 'keepalived를 쓰는 경우 마지막 명령이 복구 호스트의 API 주소를 보여 줍니다.',
    otherwise: '주소가 남아 있는 노드에서 이 단계를 반복하십시오. keepalived가 없으면 할 일이 없습니다.',
  }),
  'disable-etcd': (p) => ({
    title: p.nodes.length === 1 ? 'etcd 중지' : '모든 컨트롤 플레인 노드에서 etcd 중지',
    text: [
      p.nodes.length === 1
        ? `${code(p.nodes[0] ?? '')} 노드에서 하십시오.`
        : `복구 호스트를 포함한 ${codes(p.nodes)} 노드에서 하십시오. 되살릴 수 없는 노드는 건너뜁니다.${byName(p.byName)} 쿼럼을 이룰 수 있는 멤버가 남아 있으면 복원이 잘못됩니다.`,
    ],
    expect: '각 명령이 오류 없이 끝납니다.',
    otherwise:
      p.nodes.length === 1
        ? '그 노드에서 아직 실행 중인 것을 확인한 뒤(`sudo pcs status`) 같은 명령을 다시 실행하십시오.'
        : `${otherNode} 멤버 셋 중 둘, 넷이나 다섯 중 셋이 중지되어야 합니다.`,
  }),
  restore: (p) => ({
    title: '복구 호스트에서 복원',
    text: [
      '여기부터는 되돌릴 수 없습니다.',
      ...{
        none: [],
        file: [
          '클러스터가 프록시를 사용했고, 스크립트가 이미지를 가져올 때 필요할 수 있습니다. systemd가 노드의 `/etc/mco/proxy.env` 파일에서 값을 읽습니다. 이 파일을 셸로 읽지 마십시오(`source`, `.`). 파일에 든 비밀번호가 명령으로 실행되거나 다른 값으로 바뀔 수 있습니다.',
        ],
        typed: [
          '클러스터가 프록시를 사용했고, 스크립트가 이미지를 가져올 때 필요할 수 있습니다. 이 릴리스에는 `/etc/mco/proxy.env` 파일이 없으므로 아래 명령이 세 값을 묻고 입력한 그대로 사용합니다. 값은 대개 노드에서 `systemctl show kubelet crio -p Environment` 명령으로, 또는 예전에 저장한 `oc get proxy cluster -o yaml` 출력에서 확인할 수 있습니다.',
        ],
      }[p.proxy],
    ],
    expect: {
      four: 'etcd, kube-apiserver, kube-controller-manager, kube-scheduler가 중지되었다가 다시 시작됩니다(`starting kube-apiserver-pod.yaml` 등). 종료 코드는 0입니다.',
      etcd: '`starting restore-etcd static pod`가 출력되고 종료 코드는 0입니다. etcd만 교체되고 다른 정적 pod는 그대로입니다.',
      pacemaker:
        'Pacemaker가 etcd가 시작되었다고 알리고(`pcs status`) 종료 코드는 0입니다. 스냅샷만 사용합니다.',
    }[p.pods],
    otherwise:
      '마지막 줄을 읽으십시오. `does not exist`: 디렉토리나 그 안의 파일이 “두 파일 넣기” 단계와 다릅니다. `not empty`: “복원 스크립트를 멈추게 하는 것 확인” 단계로 돌아가십시오. 고친 뒤 같은 명령을 다시 실행하십시오.',
  }),
  'kubelet-certificates': () => ({
    title: 'NotReady 노드의 kubelet 인증서 제거',
    text: [
      `복구 호스트에서 root로(\`sudo -i\`) ${code('export KUBECONFIG=/etc/kubernetes/static-pod-resources/kube-apiserver-certs/secrets/node-kubeconfigs/localhost-recovery.kubeconfig')} 명령에 이어 ${code('oc get nodes')} 명령을 실행하십시오. NotReady인 노드마다, 다른 단계를 실행한 셸에서 먼저 ${code('export NOT_READY_NODE=ADDRESS')} 명령으로 그 주소를 넣고 아래 명령을 실행합니다. 모두 Ready이면 이 단계를 건너뜁니다.`,
    ],
    expect: 'NotReady 노드마다 삭제된 `.pem` 파일의 이름이 나옵니다.',
    otherwise:
      '출력이 없으면 그런 파일이 없는 노드이므로 계속하십시오. `Could not resolve hostname`이 나오면 이 셸에 `NOT_READY_NODE` 변수가 없습니다. kubelet은 이 단계 다음에 다시 시작합니다.',
  }),
  kubelets: (p) => ({
    title: p.only ? 'kubelet 다시 시작' : '모든 컨트롤 플레인 노드에서 kubelet 다시 시작',
    text: p.only ? [] : ['복구 호스트부터 하십시오.'],
    expect: '출력이 없습니다.',
    otherwise: '해당 노드에서 `sudo systemctl status kubelet` 명령으로 확인하십시오.',
  }),
  requests: (p) => ({
    title: '대기 중인 인증서 요청 승인',
    text: [
      'API가 응답할 때까지 기다리십시오. 클러스터에 속한 노드의 요청만 하나씩 승인하십시오. node-bootstrapper가 낸 `kubernetes.io/kube-apiserver-client-kubelet` 요청과, Machine API 없이 설치한 경우 `kubernetes.io/kubelet-serving` 요청입니다. 첫 승인 뒤에 새 요청이 생길 수 있습니다.',
      ...(p.only
        ? ['단일 노드에는 대개 대기 중인 요청이 없습니다.']
        : ['워커 노드가 없으면 대개 대기 중인 요청이 없습니다.']),
    ],
    expect: '`oc get csr` 출력에 이 클러스터 노드의 `Pending` 요청이 없습니다.',
    otherwise:
      '이 클러스터의 노드가 아닌 요청은 승인하지 마십시오. API가 응답하지 않으면 복구 호스트에서 복구용 kubeconfig를 쓰십시오.',
  }),
  'single-member': (p) => ({
    title: 'etcd 멤버가 하나만 실행되는지 확인',
    text: [],
    expect: p.only
      ? '`Running` 상태의 pod가 정확히 하나 있습니다.'
      : '복구 호스트에 `Running` 상태의 pod가 정확히 하나 있습니다.',
    otherwise: p.only
      ? '몇 분 기다리십시오. 시작되지 않는 컨테이너는 노드에서 `sudo crictl ps -a` 명령으로 확인합니다.'
      : '몇 분 기다리십시오. 둘 이상이면 “etcd 중지” 단계에서 빠뜨린 노드가 있으니 지금 중지하십시오.',
  }),
  'delete-nodes': (p) => ({
    title: '다른 컨트롤 플레인 노드의 노드 오브젝트 삭제',
    text: [
      `OVN-Kubernetes를 쓰는 클러스터에서만 ${codes(p.nodes)} 노드에 대해 하십시오. 네트워크가 돌아올 때까지 삭제된 상태여야 합니다. 그렇지 않으면 네트워크 컨트롤 플레인이 다시 배포되지 않습니다. 복구 호스트의 것은 절대로 삭제하지 마십시오. 적힌 것과 다른 복구 호스트를 골랐다면 먼저 명령에서 둘을 서로 바꾸십시오.`,
    ],
    expect: '각 노드가 삭제되었다고 나옵니다.',
    otherwise: '`NotFound`는 이미 삭제되었다는 뜻이므로 괜찮습니다.',
  }),
  webhooks: () => ({
    title: 'pod를 거부하는 웹훅 확인',
    text: [
      '`failurePolicy: Fail`인 웹훅은 해당 서비스가 실행되지 않으면 새 pod를 거부합니다. 그런 웹훅을 각각 저장한(`oc get KIND NAME -o yaml > NAME.yaml`) 뒤 삭제하거나 `failurePolicy: Ignore`로 바꾸십시오. 마지막에 되돌립니다.',
    ],
    expect: '`failurePolicy: Fail`인 웹훅을 알고, 바꾼 웹훅의 사본이 있습니다.',
    otherwise: '다음 단계에서 pod가 생성되지 않으면 `oc get events -A` 출력에 웹훅 이름이 나옵니다.',
  }),
  'ovn-wait': () => ({
    title: '네트워크 Operator가 다른 노드를 놓을 때까지 기다리기',
    text: [
      ovnOnly,
      '적어도 5~10분 걸립니다. 명령은 네트워크 Operator의 설정에 다른 노드의 주소가 없어질 때까지 기다리며, 20분이 지나면 그만둡니다.',
    ],
    expect: '`no address of the other nodes is left`',
    otherwise:
      'API가 응답하는지, 노드 오브젝트가 여전히 삭제되어 있는지 확인하고(`oc get nodes`) 다시 실행하십시오.',
  }),
  'ovn-master': () => ({
    title: 'OVN-Kubernetes 새로 시작',
    text: [ovnOnly, '컨트롤 플레인 노드에서 데이터베이스를 지우고 pod를 다시 만듭니다.'],
    expect: '몇 분 뒤 모든 `ovnkube-master`, `ovnkube-node` pod가 `Running`입니다.',
    otherwise:
      '`Terminating`에 머무는 pod가 있으면 그 노드의 노드 오브젝트를 삭제하고, 앞 단계와 같이 kubelet 인증서를 지우고, kubelet을 다시 시작하고, 요청을 승인하십시오.',
  }),
  'ovn-control-plane': () => ({
    title: 'OVN-Kubernetes 컨트롤 플레인 새로 시작',
    text: [ovnOnly],
    expect: 'pod가 다시 `Running`입니다.',
    otherwise: '웹훅 단계와 `oc -n openshift-ovn-kubernetes get events` 출력을 확인하십시오.',
  }),
  'ovn-nodes': (p) => ({
    title: '노드마다 OVN-Kubernetes 새로 시작',
    text: [
      ovnOnly,
      p.only
        ? '워커 노드가 있으면 이어서 하나씩 같은 방법으로 하십시오. 한 노드의 `ovnkube-node` pod를 확인한 뒤 다음 노드로 넘어갑니다.'
        : '복구 호스트, 실행 중인 다른 컨트롤 플레인 노드, 나머지 모든 노드의 순서로 같은 방법으로 하십시오. 한 노드의 `ovnkube-node` pod를 확인한 뒤 다음 노드로 넘어갑니다. 모든 줄을 한꺼번에 실행하지 마십시오.',
    ],
    expect: '몇 분 뒤 각 노드의 `ovnkube-node` pod가 `Running`입니다.',
    otherwise:
      '`Terminating`에 머무는 pod가 있으면 `oc delete node NODE` 명령을 실행하고, 그 노드에서 `sudo mv /var/lib/kubelet/pki/* /tmp`, `sudo systemctl restart kubelet.service` 명령을 실행한 뒤 요청을 승인하고 `oc get nodes` 출력을 확인하십시오.',
  }),
  machines: (p) => ({
    title: '다른 컨트롤 플레인 머신 다시 만들기',
    text: [
      `${codes(p.nodes)} 노드의 머신을 하나씩 다시 만드십시오. 복구 호스트는 절대로 다시 만들지 않습니다. 컨트롤 플레인 머신 세트가 있는 클러스터는 문서의 “Recovering a degraded etcd Operator”를 따릅니다.`,
      'Machine API를 쓰는 경우: `oc delete`, `oc apply` 전에 `new-master-machine.yaml`에서 `status`, `spec.providerID`, 어노테이션, `metadata.generation`, `metadata.resourceVersion`, `metadata.selfLink`, `metadata.uid`를 지우고 새 이름을 붙이십시오.',
      '베어메탈에 직접 설치한 경우: 처음과 같은 방법으로 노드를 설치하십시오. 설치 프로그램이 프로비저닝한 베어메탈에서는 컨트롤 플레인 머신을 다시 만들지 않습니다. “Replacing a bare-metal control plane node”를 참고하십시오.',
    ],
    expect: '새 머신이 `Provisioning`에서 `Running`이 되고 노드가 `Ready`입니다.',
    otherwise: '새 노드의 대기 중인 인증서 요청을 승인하십시오.',
  }),
  'fencing-peer': (p) => ({
    title: '다른 노드 합류',
    text: [
      `${codes(p.nodes)} 노드가 돌아오면 하십시오. 그 노드는 복원된 노드에서 데이터를 받습니다. 이런 클러스터에서는 etcd Operator의 쿼럼 보호(quorum guard) 설정을 절대로 바꾸지 마십시오.`,
    ],
    expect: '`pcs status` 출력에서 두 노드 모두 etcd가 시작됨으로 나옵니다.',
    otherwise: '복원된 노드에서 `sudo pcs resource cleanup etcd; sudo pcs status` 명령을 실행하십시오.',
  }),
  login: () => ({
    title: '클러스터 관리자로 로그인',
    text: [],
    expect: '`Login successful.`',
    otherwise: '로그인은 몇 분 더 걸릴 수 있습니다. 설치 프로그램이 만든 kubeconfig를 쓰십시오.',
  }),
  'guard-off': () => ({
    title: 'API가 응답하면 쿼럼 보호(quorum guard) 끄기',
    text: [],
    expect: '`etcd.operator.openshift.io/cluster patched`',
    otherwise: 'API가 응답할 때까지 기다리십시오. 필요하면 복구 호스트에서 복구용 kubeconfig를 쓰십시오.',
  }),
  redeploy: () => ({
    title: 'etcd 다시 배포',
    text: [],
    expect: '`etcd.operator.openshift.io/cluster patched`',
    otherwise: 'API가 응답할 때까지 기다렸다가 다시 실행하십시오.',
  }),
  'guard-on': () => ({
    title: '쿼럼 보호(quorum guard) 다시 켜기',
    text: ['잊지 말고 실행하십시오.'],
    expect:
      '`patched`가 출력되고, `oc get etcd/cluster -o yaml` 출력에 `unsupportedConfigOverrides`가 없습니다.',
    otherwise: '없어질 때까지 다시 실행하십시오.',
  }),
  'etcd-rollout': () => ({
    title: 'etcd 배포 기다리기',
    text: ['명령을 반복하십시오. 노드마다 몇 분씩 걸립니다.'],
    expect: '`AllNodesAtLatestRevision`',
    otherwise:
      '리비전이 둘 나오면 배포가 진행 중이니 기다리십시오. 실패한 pod는 `oc -n openshift-etcd get pods` 출력에서 확인합니다.',
  }),
  rollouts: () => ({
    title: '나머지 정적 pod 셋을 차례로 다시 배포',
    text: [
      '모든 줄을 한꺼번에 실행하지 마십시오. patch 명령마다 그 아래 명령을 반복하고, 끝난 뒤에 다음으로 넘어가십시오.',
    ],
    expect:
      'kubeapiserver, kubecontrollermanager, kubescheduler의 순서로 각각 `AllNodesAtLatestRevision`이 나옵니다.',
    otherwise: '리비전이 둘 나오면 배포가 진행 중이니 기다리십시오.',
  }),
  'webhooks-back': () => ({
    title: '웹훅 되돌리기',
    text: [
      '삭제하거나 바꾼 웹훅마다 `oc apply -f NAME.yaml` 명령을 실행하십시오. 바꾼 것이 없으면 건너뜁니다.',
    ],
    expect: '저장했을 때와 같은 목록과 같은 `failurePolicy`가 나옵니다.',
    otherwise:
      '`conflict`가 나오면 파일에서 `metadata.resourceVersion`, `metadata.uid`를 지우고 다시 적용하십시오.',
  }),
  'keepalived-back': (p) => ({
    title: 'keepalived 되돌리기',
    text: [
      `${codes(p.nodes)} 노드 중 옮겼던 곳에 되돌립니다. 그렇지 않으면 네트워크 Operator가 Progressing에 머뭅니다.`,
    ],
    expect: '복사한 파일의 이름이 나오거나, keepalived가 없던 노드에서는 출력이 없습니다.',
    otherwise: '파일은 그 노드의 `/home/core/keepalived.yaml`에 있습니다.',
  }),
  members: (p) => ({
    title: 'etcd 멤버 확인',
    text: [],
    expect:
      p.count === 1
        ? '`Running` 상태의 pod 하나, 모든 컨테이너가 준비됨.'
        : `\`Running\` 상태의 pod ${p.count}개, 모든 컨테이너가 준비됨.`,
    otherwise:
      p.count === 1
        ? '몇 분 기다리십시오. pod가 무엇을 기다리는지는 `oc -n openshift-etcd describe pods` 출력에 나옵니다.'
        : '모자라면 잃어버린 노드를 먼저 교체해야 합니다. 사용 중인 릴리스 문서의 “Replacing an unhealthy etcd member” 장을 참고하십시오.',
  }),
  stable: (p) => ({
    title: '클러스터가 안정될 때까지 기다리기',
    text: ['15분 이상 걸릴 수 있습니다.'],
    expect: '`All clusteroperators are stable`',
    otherwise: `etcd pod가 다시 배포되지 않으면 강제로 배포하십시오: ${p.redeploy.map(code).join(' ')}`,
  }),
  'restart-nodes': (p) => ({
    title: '모든 노드 다시 시작',
    text: [
      p.only
        ? '컨트롤 플레인 노드를 다시 시작하고 Ready가 될 때까지 기다립니다. 워커 노드가 있으면 그다음에 몇 개씩 다시 시작합니다.'
        : '모든 줄을 한꺼번에 실행하지 마십시오. 컨트롤 플레인 노드를 하나씩 다시 시작하고, 매번 Ready가 되고 `oc -n openshift-etcd get pods -l k8s-app=etcd` 출력의 멤버가 모두 `Running`이 될 때까지 기다립니다. 그다음 모든 워커 노드를 몇 개씩 다시 시작합니다.',
    ],
    expect: '`oc get nodes` 출력에서 모든 노드가 Ready입니다.',
    otherwise:
      '그 노드의 대기 중인 인증서 요청을 승인하십시오. `oc login`은 시간이 더 걸릴 수 있으니 설치 프로그램이 만든 kubeconfig와 `oc whoami`를 쓰십시오.',
  }),
  'restart-pods': () => ({
    title: 'Kubernetes API의 상태를 보관하는 pod 다시 시작',
    text: [
      '라우터, Operator, 서드파티 구성 요소가 여기에 속합니다. 복원 전의 상태를 아직 가지고 있을 수 있습니다.',
    ],
    expect: '`oc get clusteroperators` 출력에서 모두 Available이고 Degraded가 없습니다.',
    otherwise: '돌아오지 않는 pod는 `oc get pods -A` 출력에서 확인합니다.',
  }),
  chapter: (p) => {
    const name = chapterName(p.chapter);
    const because = {
      fencing: `이 클러스터는 펜싱을 사용하는 두 개의 컨트롤 플레인 노드로 되어 있으며 Pacemaker가 etcd를 관리합니다. 4.22 이전 릴리스에는 백업에서 복원하는 절차가 문서에 없고, 노드의 스크립트는 Pacemaker의 etcd를 중지하지 않습니다. \`cluster-restore.sh\`를 실행하지 마십시오. 문서에는 컨트롤 플레인 노드 하나를 교체하는 절차만 있습니다. 노드를 건드리기 전에 기술 지원을 요청하십시오. **이런 클러스터에서는 etcd Operator의 쿼럼 보호(quorum guard) 설정을 절대로 바꾸지 마십시오.**`,
      unknown: `이 릴리스와 토폴로지의 절차는 여기에 없습니다. 사용 중인 릴리스 문서의 장을 따르십시오: ${name}`,
    };
    return { title: '사용 중인 릴리스의 문서 따르기', text: [because[p.because]] };
  },
  tidy: (p) => ({
    title: '클러스터가 다시 동작하면 두 파일 삭제',
    text: [
      '두 파일을 함께 가진 사람은 클러스터 전체를 장악할 수 있습니다. 삭제한 뒤에는 새로 백업하십시오. 복원된 상태는 과거의 것입니다.',
      `봇이 실행 중이면 그 전에 Slack에서 복원했다고 알리십시오: ${code(`/etcd-backup ${restoredCommand(p.cluster, p.runId)}`)} 그때까지 봇은 복원으로 갈라진 이전 타임라인의 백업도 인정합니다.`,
    ],
    expect: '출력이 없습니다.',
    otherwise: '본인 디스크와 복구 호스트에서 직접 지우십시오.',
  }),
};
