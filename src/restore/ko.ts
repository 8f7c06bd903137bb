import type { ScriptEnd, WantedBefore } from '../domain/restore/before-moment.ts';
import type { Unfit } from '../domain/restore/restore-choice.ts';
import { hasQuorumRestore } from '../domain/restore/restore-procedure.ts';
import { momentText } from '../domain/text/moment.ts';
import { code, codes, when } from './markdown.ts';
import { chapterName, file, memberText, stepsKo, who } from './steps-ko.ts';
import type { RestoreWording } from './wording.ts';

const notKnown = {
  absent: '식별 파일이 없습니다',
  different: '다른 위치의 식별 파일이 있습니다',
  'adopt-needed': '그곳의 내용이 기록과 일치하지 않습니다',
  unreadable: '식별 파일을 해석할 수 없습니다',
} as const;

const noteText = {
  arbiter:
    '**아비터(arbiter) 노드가 있는 클러스터를 복원하는 방법은 문서에 없습니다.** 아래 절차는 노드가 여럿인 클러스터의 절차입니다. 아비터에도 쿼럼에 드는 etcd 멤버가 있으며, 아비터는 복구 호스트가 될 수 없습니다. 가능하면 먼저 기술 지원을 요청하십시오.',
  'single-node-by-hand':
    '4.17까지의 문서에는 단일 노드용 절차가 따로 없습니다. 아래 절차는 노드가 여럿인 클러스터의 절차에서 다른 노드에 관한 단계를 뺀 것입니다.',
  'pre-release': '정식 릴리스가 아닙니다. 아래 절차는 해당 릴리스 계열의 절차입니다.',
} as const;

const phaseName = {
  fetch: '가져오기',
  check: '확인',
  stop: '다른 노드 중지',
  restore: '복원',
  restart: 'kubelet 다시 시작',
  rejoin: '다른 노드 되살리기',
  redeploy: '정적 pod 다시 배포',
  verify: '검증',
  'clean-up': '정리',
} as const;

function clocks({ apartMs, measured }: ScriptEnd): string {
  const seconds = Math.ceil(apartMs / 1000);
  return measured
    ? `(노드와 봇의 시계 차이 ${seconds}초)`
    : `(노드와 봇의 시계 차이를 알 수 없어 ${seconds}초로 가정)`;
}

function momentNote({ note }: WantedBefore): string {
  if (note === 'skipped') return ' 지정한 시각은 시계가 건너뛴 시간이므로 시계가 바뀐 순간으로 계산했습니다.';
  return note === 'doubled' ? ' 지정한 시각은 두 번 있었으므로 첫 번째로 계산했습니다.' : '';
}

const nearestText: Readonly<Partial<Record<Unfit['kind'], string>>> = {
  'may-lack':
    '그 시각 뒤 가장 먼저 만든 백업이며, 삭제된 것이 없을 수 있습니다. ID를 지정하면 그래도 복원 계획을 만듭니다',
  abandoned: '클러스터 복원으로 갈라진 이전 타임라인의 백업입니다. ID를 지정하면 그래도 복원 계획을 만듭니다',
  disproven: '복원 훈련에서 제대로 복원되지 않았습니다. ID를 지정하면 그래도 복원 계획을 만듭니다',
  'not-proven': '두 파일이 온전한지 검증되지 않았습니다. 파일을 찾아 크기와 sha256을 비교하십시오',
  'other-z-stream': '다른 z-stream만 복원합니다. 노드가 그 버전이면 ID를 지정해 복원 계획을 만드십시오',
};

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
    `이 문서의 단계는 이 릴리스 계열 복원 절차의 제${p.edition.number}판(${p.edition.date} 기준)이며, 출처는 단계 아래에 있습니다. 봇 버전 ${code(p.bot)}에서 작성했습니다.`,
  ],
  age: (days, hours) => (days > 0 ? `${days}일 ${hours}시간` : `${hours}시간`),
  beforeTitle: '시작하기 전에',
  before: ({ manifest, chapter, compareFirst, quorumRestore, notes }) => [
    `**정확히 ${manifest.release.zStream}** 버전만, 그리고 ID가 ${code(manifest.cluster.id)} 값인 클러스터만 복원합니다. 두 파일은 한 쌍이므로 다른 백업의 파일과 섞지 마십시오.`,
    '**복원은 마지막 수단입니다.** 클러스터 전체를 과거로 되돌립니다. API가 `oc get nodes` 명령에 응답하고 변경도 받아들이면 etcd의 쿼럼은 유지되고 있으니 복원하지 마십시오. API가 응답하는 동안 무언가가 삭제되었다면 먼저 원래 있던 곳(Git, Helm, Operator, 애플리케이션 백업)에서 되살리십시오. 삭제된 것 때문에 클러스터 자체가 동작하지 않을 때만 복원합니다.',
    ...(quorumRestore
      ? [
          '멤버 셋 중 둘을 잃었고 나머지 하나에 etcd 데이터가 남아 있으면, 그 노드에서 `sudo -E /usr/local/bin/quorum-restore.sh` 명령을 먼저 쓰십시오. 백업이 필요 없습니다. 그 전에 다른 노드의 etcd를 중지하는 방법은 사용 중인 릴리스 문서의 “Quorum restoration” 장에 있습니다. learner가 아니고 raft 인덱스가 가장 높은 멤버를 고르십시오.',
        ]
      : []),
    '**정상 컨트롤 플레인 호스트가 하나는 필요합니다.** 컨트롤 플레인 노드가 하나도 남지 않았을 때는 이 절차로 클러스터를 되살릴 수 없습니다. 새로 설치하고 애플리케이션을 다시 배포하십시오. 그래도 스냅샷은 `etcdutl snapshot restore` 명령과 같은 릴리스의 etcd로 읽을 수 있습니다. Secret은 etcd가 암호화되지 않았던 경우에만 읽을 수 있습니다.',
    '필요한 것: GNU coreutils가 있는 셸, 암호화된 파일에는 `age`(1.0 이상), S3 사본에는 `aws`(AWS CLI 1 또는 2, 또는 다른 S3 클라이언트), 같은 릴리스의 `oc`, 모든 컨트롤 플레인 노드에 `core` 사용자로 접속하는 SSH, 설치 프로그램이 만든 것처럼 클라이언트 인증서가 든 kubeconfig(비밀번호 로그인은 끝까지 되지 않습니다) 또는 복구 호스트에서 root만 읽을 수 있는(`sudo -i`) 복구용 kubeconfig `/etc/kubernetes/static-pod-resources/kube-apiserver-certs/secrets/node-kubeconfigs/localhost-recovery.kubeconfig`, 그리고 두 파일(서로 다른 두 사람이 가지고 있을 수 있습니다).',
    '**실행 중인 것에 미치는 영향.** API가 아는 것은 모두 백업 시점으로 돌아가지만 그 밖의 것은 그대로입니다. 그래서 kubelet, 컨트롤러, Operator가 알고 있던 상태와 클러스터의 상태가 서로 맞지 않게 됩니다. 백업 뒤에 만든 워크로드는 삭제되고, 백업 뒤에 삭제한 워크로드는 다시 생기며, Operator가 멈추거나, 백업 뒤에 만든 머신이 다시 설치되거나 관리되지 않을 수 있습니다. 퍼시스턴트 볼륨의 내용은 백업에 없습니다. 이미 없거나, 다른 곳에 연결되었거나, 스토리지 인증 정보나 장치가 바뀐 볼륨을 쓰려는 pod가 생길 수 있고, 백업 뒤에 만든 볼륨은 더 이상 추적되지 않습니다. 컨트롤 플레인 머신 세트(4.12 이상)를 쓰면 잃어버린 컨트롤 플레인 머신은 해당 문제 해결 장의 “Recovering a degraded etcd Operator”를 따르라고 문서에 나와 있습니다.',
    ...notes.map((note) => noteText[note]),
    `이 절차와 사용 중인 릴리스의 문서가 다르면 릴리스의 문서가 맞습니다: ${chapterName(chapter)}`,
    ...(compareFirst
      ? [
          `**사용 중인 릴리스는 이 절차의 바탕이 된 문서(4.6~4.22)보다 최신입니다. 노드에서 무엇이든 실행하기 전에 그 장과 비교하십시오.**`,
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
      case 'ended-before':
        return `${momentText(warning.before.timeZone, warning.before.at)}(${when(new Date(warning.before.at).toISOString())})에 있던 것을 복원하려는 것입니다.${momentNote(warning.before)} 이 백업의 스크립트가 끝난 시각은 ${when(warning.ended)} 이전입니다${clocks(warning)}. 그 뒤 그 시각까지 바뀐 것은 이 백업에 없습니다.`;
      case 'abandoned':
        return `**이 백업은 클러스터 복원으로 갈라진 이전 타임라인의 것입니다.** 클러스터를 ${code(warning.restoredFrom)} 백업으로 복원하기(${when(warning.at)}) 전에 만들었습니다. 이 백업을 복원하면 그 복원으로 되돌린 내용이 돌아오고, 그 뒤에 기록된 내용은 모두 사라집니다.`;
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
    return `${code(p.destination)}: ${code(p.location)}${p.where === undefined ? '' : ` (접근 방법: ${code(p.where)})`}, ${state}. ${who(p.custodians, p.destination)}. ${opens}${locked}`;
  },
  stepsTitle: '절차',
  steps: stepsKo,
  expect: (text) => `**확인:** ${text}`,
  otherwise: (text) => `**그렇지 않으면:** ${text}`,
  sourcesTitle: '절차의 출처',
  sourceLine: (source, numbers) => `${numbers}단계: ${source}`,
  absentLine: (phase, because, source) =>
    `${phaseName[phase]}: ${because === 'not-needed' ? '필요한 단계 없음' : '찾은 단계 없음'} (${source})`,
  factsTitle: '백업 당시의 클러스터',
  fact: {
    clusterId: '클러스터 ID',
    infrastructureName: '인프라 이름',
    apiUrl: 'API 주소',
    releaseImage: '릴리스 이미지',
    topology: '토폴로지',
    node: '백업을 만든 노드',
    members: 'etcd 멤버',
    membersRead: '멤버 상태 조회 시각',
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
  member: memberText,
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
      case 'abandoned':
        return `${name}: 클러스터를 ${code(p.because.restoredFrom)} 백업으로 복원하면서 갈라진 이전 타임라인의 백업입니다. 실행 ID를 지정해야만 사용할 수 있습니다.`;
      case 'date-ahead':
        return `${name}: 아직 오지 않은 날짜가 기록되어 있습니다. 시계가 틀렸으므로 얼마나 최신인지는 etcd 리비전으로만 알 수 있습니다.`;
      case 'older':
        return `${name}: 복원할 수 있지만 더 오래되었습니다.`;
      case 'may-lack':
        return `${name}: 그 시각에 있던 것이 없을 수 있습니다. 백업 스크립트가 끝난 시각은 ${when(p.because.ended)} 이전입니다${clocks(p.because)}.`;
      case 'not-asked-for':
        return `${name}: 다른 백업을 지정했습니다.`;
    }
  },
  noneTitle: (cluster) => `${cluster} 클러스터에는 복원할 수 있는 백업이 없습니다`,
  none: ({ zStream, count, before, nearest }) => [
    `복원하려면 ${zStream === undefined ? '' : `z-stream이 정확히 ${code(zStream)} 값이고, `}${before === undefined ? '' : `${before} 이전에 백업 스크립트가 끝났고, `}두 파일을 모두 다시 읽어 온전함을 검증했으며, 복원 훈련에서 실패하지 않은 백업이 필요하지만, 그런 백업이 없습니다.`,
    ...(nearest === undefined
      ? []
      : [
          `조건에 가장 가까운 백업은 ${code(nearest.runId)}입니다: ${nearestText[nearest.because] ?? '아래를 보십시오'}.`,
        ]),
    ...(zStream === undefined || hasQuorumRestore(zStream)
      ? [
          '4.18부터는 etcd 데이터가 남은 멤버가 하나라도 있으면 잃어버린 쿼럼을 백업 없이 되살릴 수 있습니다. 사용 중인 릴리스 문서의 “Quorum restoration” 장을 참고하십시오.',
        ]
      : []),
    count === 0
      ? '백업이 하나도 없습니다. 실행에서 나온 파일이 컨트롤 플레인 노드의 `/home/core/assets/backup` 아래에 남아 있을 수 있습니다.'
      : '지금 있는 백업은 다음과 같습니다.',
  ],
};
