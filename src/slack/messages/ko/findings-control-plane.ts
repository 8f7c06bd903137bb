import { md } from '../markup.ts';
import type { FindingsWording } from '../wording.ts';

const operators = {
  looked: md`컨트롤 플레인 Operator`,
  why: md`이 중 하나라도 변경을 배포하는 중이면 백업 스크립트가 실행을 거부합니다.`,
};
const etcd = {
  looked: md`etcd 상태`,
  why: md`멤버의 과반수가 정상이어야 etcd 스냅샷을 만들 수 있습니다. 과반수만 정상이면 백업할 수 있고, 멤버에 문제가 있을 때일수록 백업이 필요합니다.`,
};
const encryption = {
  looked: md`etcd 암호화`,
  why: md`암호화를 전환하는 동안에는 값이 이전 키와 새 키로 섞여 있어 백업을 읽지 못할 수 있습니다.`,
};
const pools = {
  looked: md`노드 풀(MachineConfigPool)`,
  why: md`업데이트 중인 노드는 재부팅될 수 있습니다. 백업의 z-stream에는 영향이 없습니다.`,
};
const rights = {
  looked: md`봇의 권한`,
  why: md`권한이 부족하면 실행이 도중에 멈추거나 확인하지 못하는 항목이 생깁니다.`,
};
const requester = {
  looked: md`요청자의 권한`,
  why: md`백업 파일에는 클러스터의 모든 비밀 정보가 들어 있으므로 cluster-admin만 etcd를 백업할 수 있습니다.`,
};

/** How the control plane is, and who may do what there. */
export const controlPlaneFindings = {
  'operators.settled': (p, t) => ({
    ...operators,
    found: md`변경을 배포하는 중인 Operator가 없습니다: ${t.names(p.names)}.`,
  }),
  'operator.progressing': (p, t) => ({
    ...operators,
    found: md`${t.code(p.name)} Operator가 변경을 배포하는 중입니다${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
    next: md`끝날 때까지(보통 5~20분) 기다린 뒤 다시 요청하십시오.`,
  }),
  'operator.degraded': (p, t) => ({
    looked: operators.looked,
    why: md`컨트롤 플레인에 문제가 있을 수 있습니다. 백업 스크립트는 그래도 실행됩니다.`,
    found: md`${t.code(p.name)} Operator가 Degraded 상태라고 합니다${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
    next: md`백업은 할 수 있습니다. 이후 ${t.code(`oc describe clusteroperator ${p.name}`)} 명령으로 Operator를 확인하십시오.`,
  }),
  'operator.condition-unknown': (p, t) => ({
    ...operators,
    found: md`${t.code(p.name)} Operator의 ${t.code(p.condition)} 상태를 알 수 없습니다.`,
    next: md`스크립트가 한 번 더 확인하고 필요하면 스스로 중단합니다.`,
  }),
  'operators.unreadable': (p, t) => ({
    ...operators,
    found: md`Operator 상태를 읽지 못했습니다: ${t.why(p.why)}.`,
    next: md`봇에 ${t.code('clusteroperators')} 읽기 권한을 부여하십시오.`,
  }),

  'etcd.available': (p, t) => ({
    ...etcd,
    found: md`모든 멤버가 정상입니다${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
  }),
  'etcd.no-quorum': (p, t) => ({
    ...etcd,
    found: md`etcd 멤버의 과반수가 정상이라고 확인되지 않습니다${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
    next: md`먼저 etcd를 복구하십시오. 과반수를 되살릴 수 없다면 가장 최근 백업으로 복원하십시오.`,
  }),
  'etcd.member-down': (p, t) => ({
    ...etcd,
    found: md`etcd 멤버 하나가 중단되었지만 과반수는 정상입니다${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
    next: md`지금 백업한 다음 해당 멤버를 교체하거나 복구하십시오.`,
  }),
  'etcd.degraded': (p, t) => ({
    ...etcd,
    found: md`etcd가 Degraded 상태라고 합니다${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
    next: md`지금 백업한 다음 ${t.code('oc describe etcd cluster')} 명령으로 원인을 확인하십시오.`,
  }),
  'etcd.unreadable': (p, t) => ({
    ...etcd,
    found: md`etcd 상태를 읽지 못했습니다: ${t.why(p.why)}.`,
    next: md`봇에 ${t.code('etcds/cluster')} 읽기 권한을 부여하십시오.`,
  }),

  'encryption.settled': (p, t) => ({
    ...encryption,
    found: md`암호화가 활성화되어 있으며(${t.code(p.type)}) 진행 중인 전환이 없습니다.`,
  }),
  'encryption.off': () => ({
    ...encryption,
    found: md`암호화가 비활성화되어 있어 스냅샷에서 모든 Secret을 읽을 수 있습니다.`,
  }),
  'encryption.migrating': (p, t) => ({
    ...encryption,
    found: md`${t.code(p.component)} 구성 요소의 암호화를 전환하는 중입니다(${t.code(p.reason)}).`,
    next: md`전환이 끝날 때까지(보통 20분 이상) 기다린 뒤 다시 요청하십시오.`,
  }),
  'encryption.unreadable': (p, t) => ({
    ...encryption,
    found: md`${t.code(p.what)} 에서 암호화 상태를 읽지 못했습니다: ${t.why(p.why)}.`,
    next: md`지금 암호화를 전환하는 사람이 없는지 확인하고, 봇에 읽기 권한을 부여하십시오.`,
  }),

  'pools.updated': () => ({ ...pools, found: md`모든 풀이 최신 상태입니다.` }),
  'pools.updating': (p, t) => ({ ...pools, found: md`아직 업데이트 중입니다: ${t.names(p.names)}.` }),
  'pools.unreadable': (p, t) => ({
    ...pools,
    found: md`노드 풀을 읽지 못했습니다: ${t.why(p.why)}.`,
    next: md`봇에 ${t.code('machineconfigpools')} 조회 권한을 부여하십시오.`,
  }),

  'rights.complete': (p, t) => ({
    ...rights,
    found: md`필요한 권한 ${t.number(p.count)}개가 모두 있습니다.`,
  }),
  'right.missing': (p, t) => ({
    ...rights,
    found: md`봇에 ${t.code(p.right)} 권한이 없습니다.`,
    next: md`봇 배포 매니페스트의 ${t.code(p.role)} 역할을 적용하도록 관리자에게 요청하십시오.`,
  }),
  'rights.unreadable': (p, t) => ({
    ...rights,
    found: md`봇이 자신의 권한을 확인하지 못했습니다: ${t.why(p.why)}.`,
    next: md`클러스터에 있는 봇의 역할을 배포 매니페스트와 비교하십시오.`,
  }),

  'requester.cluster-admin': (p, t) => ({
    ...requester,
    found: md`클러스터 사용자 ${t.code(p.clusterUser)} 님은 cluster-admin입니다.`,
  }),
  'requester.not-cluster-admin': (p, t) => ({
    ...requester,
    found: md`클러스터 사용자 ${t.code(p.clusterUser)} 님은 cluster-admin이 아닙니다.`,
    next: md`cluster-admin에게 백업 요청을 부탁하거나 역할을 부여받으십시오.`,
  }),
  'requester.unreadable': (p, t) => ({
    ...requester,
    found: md`클러스터 사용자 ${t.code(p.clusterUser)} 님이 cluster-admin인지 확인하지 못했습니다: ${t.why(p.why)}.`,
    next: md`다시 요청하십시오. 계속되면 봇에 SubjectAccessReview 생성 권한을 부여하십시오.`,
  }),
} satisfies Partial<FindingsWording>;
