import { md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { FindingTexts } from '../finding-text.ts';

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
export const controlPlaneFindings = (t: Tools) =>
  ({
    'operators.settled': (p) => ({
      ...operators,
      found: md`변경을 배포하는 중인 Operator가 없습니다: ${t.names(p.names)}.`,
    }),
    'operator.progressing': (p) => ({
      ...operators,
      found: md`${t.code(p.name)} Operator가 변경을 배포하는 중입니다${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
      next: md`끝날 때까지(보통 5~20분) 기다린 뒤 다시 요청하십시오.`,
    }),
    'operator.degraded': (p) => ({
      looked: operators.looked,
      why: md`컨트롤 플레인에 문제가 있을 수 있습니다. 백업 스크립트는 그래도 실행됩니다.`,
      found: md`${t.code(p.name)} Operator가 Degraded 상태라고 합니다${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
      next: md`이 항목은 백업을 막지 않습니다. ${t.code(`oc describe clusteroperator ${p.name}`)} 명령으로 Operator를 확인하십시오.`,
    }),
    'operator.progress-unknown': (p) => ({
      ...operators,
      found: md`${t.code(p.name)} Operator가 변경을 배포하지 않는 상태라고 확인되지 않습니다(${t.code('Progressing')} 상태: ${p.status === 'absent' ? '없음' : md`${t.code(p.status)}`}). 백업 스크립트는 이 값이 ${t.code('False')} 상태일 때만 실행됩니다.`,
      next: md`${t.code(`oc describe clusteroperator ${p.name}`)} 명령으로 Operator를 확인하고, ${t.code('Progressing: False')} 상태가 된 뒤 다시 요청하십시오.`,
    }),
    'operator.condition-unknown': (p) => ({
      ...operators,
      found: md`${t.code(p.name)} Operator의 ${t.code(p.condition)} 상태를 알 수 없습니다.`,
      next: md`백업은 할 수 있습니다. 이후 ${t.code(`oc describe clusteroperator ${p.name}`)} 명령으로 Operator를 확인하십시오.`,
    }),
    'operators.unreadable': (p) => ({
      ...operators,
      found: md`Operator 상태를 읽지 못했습니다: ${t.why(p.why)}.`,
      next: t.remedy(p.why, md`봇에 ${t.code('clusteroperators')} 읽기 권한을 부여하십시오.`),
    }),

    'etcd.available': (p) => ({
      ...etcd,
      found: md`모든 멤버가 정상입니다${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
    }),
    'etcd.no-quorum': (p) => ({
      ...etcd,
      found: md`etcd 멤버의 과반수가 정상이라고 확인되지 않습니다${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
      next: md`먼저 etcd를 복구하십시오. 과반수를 되살릴 수 없다면 ${t.command('restore-plan')} 명령으로 현재 z-stream에 맞는 백업을 확인하십시오.`,
    }),
    'etcd.member-down': (p) => ({
      ...etcd,
      found: md`중단된 etcd 멤버가 있지만 과반수는 정상입니다${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
      next: md`해당 멤버를 교체하거나 복구하기 전에 백업하십시오.`,
    }),
    'etcd.pods-not-ready': (p) => ({
      ...etcd,
      found: md`etcd pod ${t.number(p.members)}개 중 ${t.number(p.ready)}개가 Ready 상태입니다${p.names.length > 0 ? md`(Ready가 아닌 pod: ${t.names(p.names)})` : ''}. 스냅샷을 만들기에는 충분합니다.`,
      next: md`지금 백업한 다음 ${t.code('oc get pods -n openshift-etcd')} 명령으로 pod를 확인하십시오.`,
    }),
    'etcd.degraded': (p) => ({
      ...etcd,
      found: md`etcd가 Degraded 상태라고 합니다${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
      next: md`변경 작업을 하기 전에 백업하고 ${t.code('oc describe etcd cluster')} 명령으로 원인을 확인하십시오.`,
    }),
    'etcd.members-not-asked': (p) => ({
      ...etcd,
      found: md`etcd Operator가 지금 멤버 상태를 조회하지 못합니다: ${t.quote(p.message)}. 마지막 보고는 오래된 것일 수 있으나, etcd pod ${t.number(p.members)}개 중 ${t.number(p.ready)}개가 Ready 상태이므로 스냅샷을 만들 수 있습니다.`,
      next: md`지금 백업한 다음 ${t.code('oc get pods -n openshift-etcd')}, ${t.code('oc describe etcd cluster')} 명령으로 원인을 확인하십시오.`,
    }),
    'etcd.quorum-unknown': (p) => ({
      ...etcd,
      found: md`etcd Operator가 멤버 상태를 조회하지 못합니다: ${t.quote(p.message)}. 멤버가 정상이라는 보고는 오래된 것일 수 있고 etcd pod도 읽지 못했으므로, 과반수가 정상인지 알 수 없습니다.`,
      next: md`${t.code('oc get pods -n openshift-etcd')} 명령으로 멤버를 확인하십시오. 과반수가 Ready 상태이면 봇에 ${t.code('openshift-etcd')} 네임스페이스의 pod 조회 권한을 부여하고 다시 요청하십시오.`,
    }),
    'etcd.unreadable': (p) => ({
      ...etcd,
      found: md`etcd 상태를 읽지 못했습니다: ${t.why(p.why)}.`,
      next: t.remedy(p.why, md`봇에 ${t.code('etcds/cluster')} 읽기 권한을 부여하십시오.`),
    }),

    'encryption.settled': (p) => ({
      ...encryption,
      found: md`암호화가 활성화되어 있으며(${t.code(p.type)}) 진행 중인 전환이 없습니다.`,
    }),
    'encryption.off': () => ({
      ...encryption,
      found: md`암호화가 비활성화되어 있어 스냅샷에서 모든 Secret을 읽을 수 있습니다.`,
    }),
    'encryption.migrating': (p) => ({
      ...encryption,
      found: md`${t.code(p.component)} 구성 요소의 암호화를 전환하는 중입니다(${t.code(p.reason)}).`,
      next: md`전환이 끝날 때까지(보통 20분 이상) 기다린 뒤 다시 요청하십시오.`,
    }),
    'encryption.rewriting': (p) => ({
      ...encryption,
      found: md`${t.code(p.component)} 구성 요소에 저장된 값을 다른 키로 다시 쓰는 중입니다(${t.code('EncryptionMigrationControllerProgressing')})${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
      next: md`모두 다시 쓸 때까지(보통 20분 이상) 기다린 뒤 다시 요청하십시오.`,
    }),
    'encryption.mismatch': (p) => ({
      ...encryption,
      found: md`클러스터의 암호화 설정 값(${t.code(p.type)})과 달리 ${t.code(p.component)} 구성 요소는 ${t.code(p.reason)} 상태를 보고합니다. 전환이 곧 시작되거나 보고가 늦어진 것입니다.`,
      next: md`${t.code(p.component)} 구성 요소가 ${t.code(p.type === 'identity' ? 'DecryptionCompleted' : 'EncryptionCompleted')} 상태를 보고할 때까지 기다린 뒤 다시 요청하십시오. 한 시간이 지나도 바뀌지 않으면 ${t.code('oc get clusteroperators')} 명령으로 Operator를 확인하십시오.`,
    }),
    'encryption.unreadable': (p) => ({
      ...encryption,
      found: md`암호화 상태를 읽지 못했습니다(${t.code(p.what)}): ${t.why(p.why)}.`,
      next: md`지금 암호화를 전환하는 사람이 없는지 확인하십시오. ${t.remedy(p.why, md`봇에 읽기 권한을 부여하십시오.`)}`,
    }),

    'pools.updated': () => ({ ...pools, found: md`모든 풀이 최신 상태입니다.` }),
    'pools.updating': (p) => ({ ...pools, found: md`아직 업데이트 중입니다: ${t.names(p.names)}.` }),
    'pools.unreadable': (p) => ({
      ...pools,
      found: md`노드 풀을 읽지 못했습니다: ${t.why(p.why)}.`,
      next: t.remedy(p.why, md`봇에 ${t.code('machineconfigpools')} 조회 권한을 부여하십시오.`),
    }),

    'rights.complete': (p) => ({
      ...rights,
      found: md`필요한 권한 ${t.number(p.count)}개가 모두 있습니다.`,
    }),
    'right.missing': (p) => ({
      ...rights,
      found: md`봇에 ${t.code(p.right)} 권한이 없습니다.`,
      next: md`봇 배포 매니페스트의 ${t.code(p.role)} 역할을 적용하도록 관리자에게 요청하십시오.`,
    }),
    'rights.unreadable': (p) => ({
      ...rights,
      found: md`봇이 자신의 권한을 확인하지 못했습니다: ${t.why(p.why)}.`,
      next: t.remedy(p.why, md`클러스터에 있는 봇의 역할을 배포 매니페스트와 비교하십시오.`),
    }),

    'requester.cluster-admin': (p) => ({
      ...requester,
      found: md`클러스터 사용자 ${t.code(p.clusterUser)} 님은 cluster-admin입니다.`,
    }),
    'requester.not-cluster-admin': (p) => ({
      ...requester,
      found: md`클러스터 사용자 ${t.code(p.clusterUser)} 님은 cluster-admin이 아닙니다.`,
      next: md`cluster-admin에게 백업 요청을 부탁하거나 역할을 부여받으십시오.`,
    }),
    'requester.unreadable': (p) => ({
      ...requester,
      found: md`클러스터 사용자 ${t.code(p.clusterUser)} 님이 cluster-admin인지 확인하지 못했습니다: ${t.why(p.why)}.`,
      next: t.remedy(
        p.why,
        md`다시 요청하십시오. 계속되면 봇에 SubjectAccessReview 생성 권한을 부여하십시오.`,
      ),
    }),
  }) satisfies Partial<FindingTexts>;
