import { lines, md } from '../kit/markup.ts';
import type { Tools } from '../kit/tools.ts';
import type { backupForm as backupFormEn, dismissForm as dismissFormEn } from './en.ts';

export const backupForm = (t: Tools): ReturnType<typeof backupFormEn> => ({
  title: 'etcd 백업',
  submit: '요청',
  close: '닫기',
  labels: {
    cluster: '클러스터',
    node: '컨트롤 플레인 노드',
    reason: '사유',
    emergency: '긴급: 승인 없이 실행',
  },
  hints: {
    node: '이 노드에서 스냅샷과 정적 pod 리소스를 만들어 보관합니다.',
    reason: '승인자가 카드에서 읽으며 감사 기록에 남습니다.',
    emergency:
      '비워 두면 다른 사람의 승인을 받습니다. 기다릴 수 없는 이유를 적으면 승인 없이 시작하고, 클러스터 소유자에게 바로 알리며, 긴급 실행이라는 표시가 영구히 남습니다.',
  },
  placeholder: '클러스터를 선택하십시오',
  loading: () =>
    md`잠시만 기다려 주십시오… 30초 안에 바뀌지 않으면 이 창을 닫고 ${t.command('run CLUSTER')} 명령을 입력하십시오. 아직 아무것도 요청하지 않았습니다.`,
  chooseFirst: () => md`클러스터를 선택하면 노드를 확인합니다.`,
  unlisted: (count) =>
    md`이름이 너무 길어 목록에 없는 클러스터가 ${count}개 있습니다. 명령으로 지정하십시오: ${t.command('run CLUSTER')}`,
  reading: (cluster) =>
    md`${t.code(cluster)} 클러스터의 노드를 확인하고 있습니다… 기다리지 않아도 됩니다. 노드를 지정하지 않으면 봇이 선택합니다.`,
  proposed: (p) =>
    p.because === 'only'
      ? md`제안: 사용할 수 있는 유일한 노드인 ${t.code(p.node)}`
      : md`제안: 사용할 수 있는 첫 번째 노드인 ${t.code(p.node)}. 항상 동일한 노드를 고르기 위해서입니다.`,
  noneFit: () =>
    md`⛔ 지금은 봇이 선택할 수 있는 컨트롤 플레인 노드가 없습니다. 그래도 요청할 수 있으며, 요청하면 클러스터를 다시 확인합니다.`,
  unfit: (nodes) =>
    md`사용할 수 없는 노드: ${t.list(nodes.map((each) => md`${t.code(each.node)}(${t.unfit(each.because)})`))}`,
  namedNotFit: (node) => md`⚠️ 지정하신 ${t.code(node)} 노드는 사용할 수 있는 노드에 없습니다.`,
  nameByText: (p) =>
    md`목록에 없는 노드: ${t.names(p.nodes)}. 명령으로 지정하십시오: ${t.command(`run ${p.cluster} node=…`)}`,
  blocked: (p) =>
    lines(md`⛔ 지금 상태로는 ${t.code(p.cluster)} 클러스터를 백업할 수 없습니다.`, ...p.reasons),
  nodesUnreadable: (p) =>
    md`⚠️ ${t.code(p.cluster)} 클러스터의 노드를 읽지 못했습니다: ${t.why(p.why)}. 그래도 요청할 수 있습니다. 요청하면 클러스터를 다시 확인하며, 노드를 지정하지 않으면 봇이 선택합니다.`,
  botChooses: '봇이 선택',
  botWouldChoose: (node) => `봇이 선택(현재 ${node})`,
  cordonedNode: (node) => `${node}(cordon)`,
  problem: {
    busy: (p) =>
      `${p.run.cluster} 클러스터는 이미 백업 중이며(실행 ${p.run.id}) 한 번에 하나만 할 수 있습니다. 끝난 뒤 다시 요청하십시오.`,
    'bad-node': (p) =>
      `${p.node} 값은 노드 이름이 될 수 없습니다. 이름에는 소문자, 숫자, 점, 하이픈만 쓸 수 있습니다. 비워 두면 봇이 선택합니다.`,
    'reason-too-long': (p) => `${p.length}자입니다. ${p.max}자까지 쓸 수 있습니다.`,
    'no-emergency-right': (p) =>
      `${p.cluster} 클러스터를 승인 없이 백업할 수 없습니다. 비워 두면 승인을 받는 방법으로 요청합니다.`,
    'cluster-missing': () => '클러스터를 선택하십시오.',
    'unknown-cluster': (p) => `${p.name} 클러스터는 이제 구성에 없습니다. 다른 클러스터를 선택하십시오.`,
    'wrong-channel': (p) =>
      `이 채널에서는 ${p.cluster} 클러스터를 사용할 수 없습니다. 클러스터의 채널에서 요청하십시오.`,
    'being-removed': (p) =>
      `${p.cluster} 클러스터는 봇 구성에서 제거되는 중이므로 새 작업을 시작할 수 없습니다.`,
    'not-permitted': (p) =>
      `클러스터 사용자 ${p.clusterUser} 님은 ${p.cluster} 클러스터에서 이 작업을 할 수 없습니다.`,
    'permission-unreadable': (p) => `${p.cluster} 클러스터에서 이 작업을 할 수 있는지 확인하지 못했습니다.`,
    'unknown-person': () =>
      '어느 클러스터 사용자인지 봇이 알지 못합니다. 봇 구성에 추가해 달라고 관리자에게 요청하십시오.',
    'refused-person': () =>
      '게스트, 봇, 다른 워크스페이스의 사용자는 백업을 요청할 수 없습니다. 이 워크스페이스의 멤버에게 부탁하십시오.',
    'profile-unreadable': ({ reason }) =>
      reason === 'unauthorized' || reason === 'forbidden'
        ? '봇이 Slack에서 누구인지 읽을 수 없어 아무것도 하지 않았습니다. 봇 담당자에게 봇의 Slack 토큰과 권한을 확인해 달라고 요청하십시오.'
        : 'Slack에서 누구인지 확인하지 못해 아무것도 하지 않았습니다. 잠시 후 다시 시도하십시오.',
    'not-recorded': () =>
      '기록하지 못해 아무것도 실행하지 않았습니다. 잠시 후 다시 시도하고, 계속되면 봇 담당자에게 알려 주십시오.',
    'nodes-of-another-cluster': (p) =>
      `이 창의 노드는 ${p.cluster} 클러스터가 아니라 ${p.shown} 클러스터의 노드입니다. 클러스터를 다시 선택하십시오.`,
  },
});

export const dismissForm = (t: Tools): ReturnType<typeof dismissFormEn> => ({
  title: '백업이 필요 없습니까?',
  submit: '필요 없음',
  close: '돌아가기',
  label: '백업이 필요 없는 이유',
  hint: '이름과 함께 기록되고 채널에도 표시됩니다.',
  intro: (cluster) =>
    md`${t.code(cluster)} 클러스터의 알림을 끝내고 더 이상 반복하지 않습니다. 누군가 백업하기 전까지는 클러스터를 지금 상태로 복원할 백업이 없습니다.`,
  reasonMissing: '이유를 짧게라도 적어 주십시오. 아직 아무것도 바뀌지 않았습니다.',
  reasonTooLong: ({ length, max }) => `사유가 ${length}자입니다. ${max}자까지 쓸 수 있습니다. 줄여 주십시오.`,
  notRecorded: '기록하지 못해 아무것도 바꾸지 않았습니다. 잠시 후 다시 시도하십시오.',
  notOpened: () => md`Slack에서 입력 창을 열지 못해 아무것도 바꾸지 않았습니다. 버튼을 다시 눌러 주십시오.`,
});
