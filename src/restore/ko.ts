import { code, codes, when } from './markdown.ts';
import type { RestoreWording } from './wording.ts';

const file = { snapshot: 'etcd 스냅샷', resources: '정적 pod 리소스' };

function who(custodians: readonly string[], destination: string): string {
  return custodians.length > 0
    ? `가져올 수 있는 사람: ${codes(custodians)}`
    : `가져올 수 있는 사람: ${code(destination)} 저장소의 인증 정보를 가진 사람`;
}

const notKnown = {
  absent: '식별 파일이 없습니다',
  different: '다른 위치의 식별 파일이 있습니다',
  'adopt-needed': '그곳의 내용이 기록과 일치하지 않습니다',
  unreadable: '식별 파일을 해석할 수 없습니다',
} as const;

export const ko: RestoreWording = {
  file,
  title: (cluster, zStream) => `${cluster} 클러스터의 etcd 복원 (${zStream})`,
  intro: (p) => [
    `백업 ${code(p.runId)} · ${p.takenAt}에 ${code(p.node)} 노드에서 만들었으며, 이 문서를 쓸 때 ${p.age} 지난 백업입니다. 이 문서의 절차에는 봇도, Slack도, 동작하는 클러스터도 필요하지 않습니다.`,
    ...(p.written === undefined
      ? []
      : [
          `작성 시각: ${p.written}. 이곳에 같은 문서가 여러 개 있으면(\`RESTORE.2.md\`) 번호가 가장 큰 것이 최신입니다.`,
        ]),
  ],
  age: (days, hours) => (days > 0 ? `${days}일 ${hours}시간` : `${hours}시간`),
  beforeTitle: '시작하기 전에',
  before: ({ manifest, chapter, compareFirst, quorumRestore }) => [
    `**정확히 ${manifest.release.zStream}** 버전만, 그리고 클러스터 ID가 ${code(manifest.cluster.id)} 값인 클러스터만 복원할 수 있습니다. 두 파일은 한 쌍이므로 다른 백업의 파일과 섞어 쓰지 마십시오.`,
    '**복원은 마지막 수단입니다.** 클러스터 전체가 과거로 돌아갑니다. `oc get nodes` 명령에 API가 응답하고 변경도 된다면 etcd 쿼럼이 살아 있는 것이므로 복원하지 마십시오.',
    ...(quorumRestore
      ? [
          '쿼럼만 잃었고 etcd 데이터가 남아 있는 컨트롤 플레인 노드가 하나라도 있으면, 먼저 사용 중인 릴리스 문서의 “Quorum restoration” 장을 읽으십시오. 백업 없이, 데이터를 잃지 않고 복구할 수 있습니다.',
        ]
      : []),
    '준비할 것: GNU coreutils가 있는 셸, 모든 컨트롤 플레인 노드에 `core` 사용자로 접속하는 SSH(API가 멈추므로 지금 미리 연결하십시오), 설치할 때 만들어진 것과 같은 인증서 기반 kubeconfig(암호 로그인은 마지막까지 되지 않습니다), 그리고 두 파일. 두 파일은 서로 다른 사람이 가지고 있을 수 있습니다.',
    `이 문서와 사용 중인 릴리스의 공식 문서가 다르면 공식 문서를 따르십시오: “${chapter.book}”의 “${chapter.title}” 장.`,
    ...(compareFirst
      ? [
          '**사용 중인 릴리스는 이 절차의 근거가 된 문서(4.4~4.22)보다 최신입니다. 노드에서 무엇이든 실행하기 전에 위의 장과 비교하십시오.**',
        ]
      : []),
  ],
  warningsTitle: '경고',
  warning: (warning) => {
    switch (warning.kind) {
      case 'signer-expired': {
        const list = warning.certificates
          .map(({ subject, notAfter }) => `${code(subject)} (${when(notAfter)} 만료)`)
          .join('; ');
        return warning.all
          ? `**백업 이후 ${code(warning.bundle)} 번들의 인증서가 모두 만료되었습니다:** ${list}. 복원한 뒤 새 인증서를 받을 때까지 노드를 신뢰할 수 없으므로 NotReady 노드와 승인 대기 중인 인증서 요청이 생깁니다. “Recovering from expired control plane certificates” 장을 준비해 두십시오.`
          : `백업 이후 ${code(warning.bundle)} 번들의 일부 인증서가 만료되었습니다. 같은 번들의 다른 인증서는 아직 유효합니다: ${list}. 복원한 뒤 승인 대기 중인 인증서 요청이 생길 수 있습니다.`;
      }
      case 'disproven':
        return '**복원 훈련에서 이 스냅샷이 제대로 복원되지 않았습니다.** 조건에 맞는 다른 백업이나 아직 동작하는 컨트롤 플레인 노드가 있으면 그것을 먼저 사용하십시오. 이 백업은 마지막 수단으로만 사용하십시오.';
      case 'date-ahead':
        return `**이 백업의 날짜(${when(warning.at)})가 이 문서를 쓴 시계보다 앞서 있습니다.** 두 시계 중 하나가 틀렸습니다. 이 백업을 사용하기 전에 etcd 리비전(항상 증가합니다)을 다른 백업과 비교하십시오.`;
      case 'place-not-known':
        return `**${code(warning.destination)} 저장 위치에 사본이 없을 수 있습니다.** ${notKnown[warning.state]}(처음 확인: ${when(warning.at)}). 먼저 올바른 위치를 마운트하거나 찾고, 그럴 수 없으면 다른 사본을 사용하십시오. 찾은 파일은 크기와 sha256을 비교하십시오.`;
      case 'signers-unknown':
        return `이 백업에 들어 있는 서명 인증서의 유효 기간이 기록되어 있지 않습니다${warning.bundles.length > 0 ? `(${codes(warning.bundles)})` : ''}. 복원한 뒤 승인 대기 중인 인증서 요청이 생길 수 있습니다.`;
      case 'z-stream-unknown':
        return `**클러스터가 어느 z-stream인지 알 수 없습니다.** 이 백업은 ${code(warning.zStream)} 버전만 복원합니다. 계속하기 전에 업데이트 기록이나 예전 \`oc get clusterversion\` 출력에서 확인하십시오.${warning.others.length > 0 ? ` 다음 버전의 백업도 있습니다: ${codes(warning.others)}` : ''}`;
      case 'z-stream-seen':
        return `봇이 마지막으로 확인한 ${when(warning.at)} 당시 클러스터의 버전은 ${code(warning.zStream)}입니다. 그 뒤에 업데이트되었다면 이 백업은 맞지 않습니다.`;
      case 'z-stream-differs':
        return `**이 백업은 ${code(warning.zStream)} 버전만 복원하지만, 봇이 마지막으로 확인한 ${when(warning.at)} 당시 클러스터의 버전은 ${code(warning.seen)}입니다.** ${code(warning.seen)} 버전의 노드에는 맞지 않습니다.`;
      case 'update-seen':
        return `**봇이 마지막으로 확인한 ${when(warning.at)} 당시 클러스터는 업데이트 중이었습니다: ${warning.from === undefined ? '' : `${code(warning.from)} → `}${code(warning.to)}.** 노드마다 버전이 다를 수 있으므로, 계속하기 전에 어느 버전인지 확인하십시오.`;
    }
  },
  filesTitle: '두 파일',
  fileLines: (p) => [`**${p.file}** ${code(p.name)}`, `${p.size}바이트, sha256 ${code(p.sha256)}`],
  copyLine: (p) => {
    const state =
      p.provenAt === undefined
        ? '**다시 읽어 검증한 적이 없으므로 복원된다는 보장이 없습니다**'
        : `${when(p.provenAt)}에 다시 읽어 온전함을 검증함`;
    const opens =
      p.recipients.length > 0
        ? `암호화됨, 복호화할 수 있는 사람(한 명이면 됨): ${codes(p.recipients)}`
        : '암호화되지 않음';
    const locked = p.lockedUntil === undefined ? '' : `. ${when(p.lockedUntil)}까지 잠김`;
    return `${code(p.destination)}: ${code(p.location)}, ${state}. ${who(p.custodians, p.destination)}. ${opens}${locked}`;
  },
  stepsTitle: '절차',
  steps: {
    room: () => ({
      title: '본인만 읽을 수 있는 디렉토리 만들기',
      text: [
        '두 파일을 함께 가진 사람은 클러스터 전체를 장악할 수 있습니다. 모든 작업을 이 디렉토리에서 하십시오. 마지막 단계에서 삭제합니다.',
      ],
    }),
    fetch: (p) => ({
      title: `${p.destination} 저장소에서 ${file[p.file]} 가져오기`,
      text: [
        who(p.custodians, p.destination),
        ...(p.also.length > 0
          ? [
              `검증된 다른 사본: ${p.also.map((each) => `${code(each.destination)} ${code(each.location)}`).join('; ')}`,
            ]
          : []),
        `원본이 ${code(p.onNode.node)} 노드에 남아 있을 수 있습니다: ${code(p.onNode.path)}`,
      ],
    }),
    decrypt: (p) => ({
      title: `${file[p.file]} 복호화`,
      text: [
        `다음 키 중 하나면 됩니다: ${p.recipients.map(({ name, publicKey }) => `${code(name)} (${code(publicKey)})`).join('; ')}. 먼저 개인 키 파일의 경로를 ${code('AGE_KEY_FILE')} 변수에 넣으십시오.`,
      ],
    }),
    digests: () => ({
      title: '두 파일 확인',
      text: ['두 줄 모두 `OK`가 나와야 합니다. 그렇지 않으면 진행하지 말고 해당 파일을 다시 가져오십시오.'],
    }),
    trailer: () => ({
      title: '스냅샷 자체의 체크섬 확인',
      text: ['etcd가 마지막 32바이트에 기록한 값입니다. `snapshot: whole` 결과가 나와야 합니다.'],
    }),
    archive: () => ({
      title: '아카이브를 끝까지 읽을 수 있는지 확인',
      text: ['`static pod resources: whole` 결과가 나와야 합니다.'],
    }),
    'recovery-host': (p) => ({
      title: '복구 호스트 선택',
      text: [
        `정상인 컨트롤 플레인 노드 하나에서 복원합니다. 아래에는 백업을 만든 노드(${code(p.node)})가 적혀 있으며 다른 노드도 됩니다. 아래 명령에는 노드 이름도 나오므로, 다른 노드를 고르면 두 이름을 서로 바꾸십시오.`,
        ...(p.arbiter
          ? [
              'arbiter 노드는 전체 컨트롤 플레인이 없으므로 고르지 마십시오. arbiter 노드의 etcd도 다른 노드처럼 중지해야 합니다.',
            ]
          : []),
      ],
    }),
    place: (p) => ({
      title: '복구 호스트의 한 디렉토리에 두 파일 넣기',
      text: [
        `${code(p.directory)} 디렉토리에는 이 두 파일만 있어야 합니다. 복원 스크립트는 어느 백업의 것이든 종류별로 가장 새로운 파일을 고릅니다. 마지막 명령은 이름 두 개를 보여 주고 \`OK\` 결과를 두 번 내야 합니다.`,
      ],
    }),
    'stop-others': (p) => ({
      title: '다른 컨트롤 플레인 노드에서 etcd와 API 서버 중지',
      text: [
        `대상: ${codes(p.nodes)}. 복구 호스트에서는 실행하지 않으며, 되살릴 수 없는 노드는 건너뜁니다. 이름을 찾을 수 없으면 주소를 쓰십시오. 각 명령은 컨테이너가 모두 멈출 때까지 몇 분 동안 기다린 다음에만 데이터를 옮깁니다. 오류로 끝나는 명령이 있으면 멈추고 그 노드를 확인하십시오.`,
        '릴리스에 따라 `kube-controller-manager-pod.yaml`, `kube-scheduler-pod.yaml`, `keepalived.yaml` 파일도 같은 방법으로 옮깁니다. 공식 문서의 장을 확인하십시오.',
      ],
    }),
    'disable-etcd': (p) => ({
      title: '모든 컨트롤 플레인 노드에서 etcd 중지',
      text: [
        `대상: ${codes(p.nodes)}. 복구 호스트도 포함하며, 되살릴 수 없는 노드는 건너뜁니다. 이름을 찾을 수 없으면 주소를 쓰십시오. 쿼럼을 이룰 수 있는 멤버가 남아 있으면 복원이 잘못됩니다.`,
      ],
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
    }),
    kubelets: () => ({
      title: '모든 컨트롤 플레인 노드에서 kubelet 다시 시작',
      text: ['복구 호스트부터 하십시오.'],
    }),
    requests: () => ({
      title: '대기 중인 인증서 요청 승인',
      text: [
        'API가 응답할 때까지 기다리십시오. 클러스터에 속한 노드의 요청만 하나씩 승인하십시오. 첫 승인 뒤에 새 요청이 생길 수 있습니다.',
      ],
    }),
    'guard-off': () => ({ title: 'API가 응답하면 쿼럼 보호(quorum guard) 끄기', text: [] }),
    stable: (p) => ({
      title: '클러스터가 안정될 때까지 기다리기',
      text: [
        '15분 이상 걸릴 수 있습니다.',
        `etcd pod가 다시 배포되지 않으면 강제로 배포하십시오: ${p.redeploy.map(code).join(' ')}`,
      ],
    }),
    'guard-on': () => ({ title: '쿼럼 보호(quorum guard) 다시 켜기', text: ['잊지 말고 실행하십시오.'] }),
    tidy: () => ({
      title: '클러스터가 다시 동작하면 두 파일 삭제',
      text: [
        '두 파일을 함께 가진 사람은 클러스터 전체를 장악할 수 있습니다. 삭제한 뒤에는 새로 백업하십시오. 복원된 상태는 과거의 것입니다.',
      ],
    }),
    chapter: (p) => {
      const name = `“${p.chapter.book}”의 “${p.chapter.title}”`;
      const because = {
        'by-hand': `남은 작업은 릴리스마다 다릅니다. 다른 컨트롤 플레인 노드 되살리기, 강제 재배포, 확인 작업이 남아 있습니다. 사용 중인 릴리스 문서에서 ${name} 장을 펴고, 멤버가 하나인 컨트롤 플레인이 시작되었는지 확인하는 단계부터 계속하십시오.`,
        fencing: `이 클러스터는 펜싱을 사용하는 두 개의 컨트롤 플레인 노드로 되어 있습니다. Pacemaker가 etcd를 관리하므로 복원 절차가 다릅니다. 한 노드에서만 복원하십시오. 다른 노드는 다시 시작할 때 그 노드에서 데이터를 받습니다. **이런 클러스터에서는 etcd Operator의 쿼럼 보호(quorum guard) 설정을 절대로 바꾸지 마십시오.** 사용 중인 릴리스 문서에서 ${name} 장과 펜싱을 사용하는 두 노드에 관한 설명(4.22부터 있음)을 따르십시오. 그 전 릴리스라면 노드를 건드리기 전에 기술 지원을 요청하십시오.`,
        unknown: `이 릴리스와 토폴로지의 절차는 여기에 없습니다. 사용 중인 릴리스 문서에서 ${name} 장을 따르십시오.`,
      };
      return { title: '사용 중인 릴리스의 문서 따르기', text: [because[p.because]] };
    },
  },
  factsTitle: '백업 당시의 클러스터',
  fact: {
    clusterId: '클러스터 ID',
    infrastructureName: '인프라 이름',
    apiUrl: 'API 주소',
    releaseImage: '릴리스 이미지',
    topology: '토폴로지',
    node: '백업을 만든 노드',
    members: 'etcd 멤버',
    revision: 'etcd 리비전',
    keys: '스크립트가 센 키 수',
    hash: '스냅샷 해시',
    drill: '복원 훈련',
    etcdctl: '노드의 etcdctl',
    staticPods: '정적 pod',
    encryption: 'etcd 암호화',
    proxy: '프록시 사용',
    signers: '서명 인증서 만료일',
    requester: '요청자',
    approvers: '승인자',
    emergency: '다른 사람의 승인 없는 긴급 실행',
    thread: '스레드',
  },
  notKnown: '알 수 없음',
  yesNo: (value) => (value ? '예' : '아니요'),
  drill: (drill) => {
    if (!drill) return '알려진 것 없음';
    const at = when(drill.at);
    if (drill.ok) {
      return `${at} 임시 etcd에 복원함: 리비전 ${code(String(drill.revision))}, 유효한 키 ${code(String(drill.keys))}개`;
    }
    const why = drill.why === null ? '' : `: ${code(drill.why)}`;
    if (drill.verdict === 'not-made') return `${at} 훈련하지 못함${why}. 스냅샷의 상태와는 관계가 없음`;
    return drill.disproven
      ? `**${at} 실패**${why}`
      : `${at} 실패${why}. 스냅샷 또는 훈련 환경의 문제일 수 있음`;
  },
  othersTitle: '다른 백업을 쓰지 않는 이유',
  other: (p) => {
    const name = `${code(p.runId)} · ${p.takenAt} · ${p.zStream}`;
    switch (p.because.kind) {
      case 'other-cluster':
        return `${name}: 다른 클러스터의 백업입니다. 클러스터 ID: ${code(p.because.clusterId)}`;
      case 'other-z-stream':
        return `${name}: ${p.because.zStream} 버전만 복원할 수 있습니다. 필요한 버전: ${p.because.wanted}`;
      case 'not-proven':
        return `${name}: 검증된 사본이 없습니다. 해당 파일: ${p.because.files.map((kind) => file[kind]).join(', ')}`;
      case 'disproven':
        return `${name}: 복원 훈련에서 스냅샷이 제대로 복원되지 않았습니다.`;
      case 'date-ahead':
        return `${name}: 아직 오지 않은 날짜가 기록되어 있습니다. 시계가 틀렸으므로 얼마나 최신인지는 etcd 리비전으로만 알 수 있습니다.`;
      case 'older':
        return `${name}: 복원할 수 있지만 더 오래되었습니다.`;
      case 'not-asked-for':
        return `${name}: 다른 백업을 지정했습니다.`;
    }
  },
  noneTitle: (cluster) => `${cluster} 클러스터에는 복원할 수 있는 백업이 없습니다`,
  none: (zStream, count) => [
    zStream === undefined
      ? '복원하려면 두 파일을 모두 다시 읽어 온전함을 검증한 백업이 필요하지만, 그런 백업이 없습니다.'
      : `복원하려면 z-stream이 정확히 ${code(zStream)} 값이고 두 파일을 모두 다시 읽어 온전함을 검증한 백업이 필요하지만, 그런 백업이 없습니다.`,
    count === 0
      ? '백업이 하나도 없습니다. 실행에서 나온 파일이 컨트롤 플레인 노드의 `/home/core/assets/backup` 아래에 남아 있을 수 있습니다.'
      : '지금 있는 백업은 다음과 같습니다.',
  ],
};
