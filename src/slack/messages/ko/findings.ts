import { md } from '../markup.ts';
import type { FindingsWording } from '../wording.ts';

const topology = {
  looked: md`컨트롤 플레인 토폴로지`,
  why: md`컨트롤 플레인이 자체 노드에 있어야 백업 스크립트가 etcd에 접근할 수 있습니다.`,
};
const version = {
  looked: md`클러스터 버전`,
  why: md`복원에는 정확히 동일한 z-stream에서 가져온 백업이 필요합니다. 업데이트 중에는 어느 z-stream이라고도 할 수 없습니다.`,
};
const certificates = {
  looked: md`첫 번째 인증서 교체`,
  why: md`설치 후 24시간 내에 발생하는 첫 번째 인증서 교체 전에 백업하면 만료된 인증서가 백업에 포함됩니다.`,
};
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
const node = {
  looked: md`컨트롤 플레인 노드`,
  why: md`백업은 정상인 컨트롤 플레인 노드 하나에서만 실행합니다. 각 노드마다 실행하지 않습니다.`,
};
const proxy = {
  looked: md`클러스터 전체 프록시`,
  why: md`스크립트가 이미지를 가져올 때는 프록시가 필요하지만, etcd 통신은 프록시를 거치면 안 됩니다.`,
};
const offPeak = {
  looked: md`사용량이 적은 시간대`,
  why: md`백업은 노드의 디스크를 많이 사용하므로 클러스터가 느려질 수 있습니다.`,
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
const disk = {
  looked: md`노드의 디스크 공간`,
  why: md`컨트롤 플레인 노드의 디스크가 가득 차면 etcd까지 멈출 수 있으므로 데이터베이스 크기의 두 배가 비어 있어야 합니다.`,
};
const clock = {
  looked: md`노드의 시계`,
  why: md`파일 이름은 노드의 시계를, 기록은 봇의 시계를 따르므로 최신 백업을 찾을 때 다른 백업을 고를 수 있습니다.`,
};
const script = {
  looked: md`노드의 백업 스크립트`,
  why: md`백업은 모든 컨트롤 플레인 노드에 들어 있는 OpenShift 스크립트로 수행합니다.`,
};

export const findings: FindingsWording = {
  'topology.runs': (p, t) => ({ ...topology, found: md`토폴로지는 ${t.code(p.topology)} 입니다.` }),
  'topology.hosted': () => ({
    ...topology,
    found: md`컨트롤 플레인이 다른 클러스터에서 호스팅되므로 etcd가 이 클러스터의 노드에 없습니다.`,
    next: md`컨트롤 플레인을 호스팅하는 클러스터에서 etcd를 백업하십시오.`,
  }),
  'topology.dual-replica': () => ({
    ...topology,
    found: md`컨트롤 플레인 노드가 두 개입니다(DualReplica).`,
    next: md`백업은 평소와 같지만 복원 절차가 다릅니다. 사용 중인 릴리스의 문서에서 미리 확인해 두십시오.`,
  }),
  'topology.unknown-kind': (p, t) => ({
    ...topology,
    found: md`토폴로지가 ${t.code(p.topology)} 인데, 봇이 알지 못하는 값입니다.`,
    next: md`이 토폴로지에도 etcd 백업 절차가 적용되는지 사용 중인 릴리스의 문서에서 확인하십시오.`,
  }),
  'topology.unreadable': (p, t) => ({
    ...topology,
    found: md`토폴로지를 읽지 못했습니다: ${t.why(p.why)}.`,
    next: md`봇에 ${t.code('infrastructures/cluster')} 읽기 권한을 부여하십시오.`,
  }),

  'version.microshift': () => ({
    ...version,
    found: md`MicroShift입니다. ClusterVersion이 없고 백업 방법도 다릅니다.`,
    next: md`MicroShift의 백업 절차를 따르십시오.`,
  }),
  'version.settled': (p, t) => ({
    ...version,
    found: md`${t.code(p.version)} 버전이며 진행 중인 업데이트가 없습니다.`,
  }),
  'version.not-a-z-stream': (p, t) => ({
    ...version,
    found: md`${t.code(p.version)} 버전은 정식 z-stream 릴리스가 아닙니다.`,
    next: md`복원에는 정확히 이 빌드가 필요합니다. 릴리스 이미지를 백업과 함께 보관하십시오.`,
  }),
  'version.updating': (p, t) => ({
    ...version,
    found: md`${t.code(p.from)} 버전에서 ${t.code(p.to)} 버전으로 업데이트하는 중입니다${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
    next: md`업데이트가 끝난 뒤 다시 요청하십시오.`,
  }),
  'version.update-requested': (p, t) => ({
    ...version,
    found: md`${t.code(p.version)} 버전으로 업데이트하도록 요청되어 곧 시작됩니다.`,
    next: md`업데이트가 끝난 뒤 다시 요청하십시오.`,
  }),
  'version.failing': (p, t) => ({
    ...version,
    found: md`${t.code(p.version)} 버전이며 업데이트가 실패하고 있다고 합니다${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
    next: md`먼저 업데이트 문제를 해결하십시오. ${t.code('oc adm upgrade')} 명령으로 원인을 볼 수 있습니다.`,
  }),
  'version.unreadable': (p, t) => ({
    ...version,
    found: md`클러스터 버전을 읽지 못했습니다: ${t.why(p.why)}.`,
    next: md`봇에 ${t.code('clusterversions/version')} 읽기 권한을 부여하십시오.`,
  }),

  'certificates.rotated': (p, t) => ({
    ...certificates,
    found: md`완료되었습니다. 클러스터는 ${t.time(p.installedAt)}에 설치되었고 첫 인증서가 교체되었습니다.`,
  }),
  'certificates.too-young': (p, t) => ({
    ...certificates,
    found: md`클러스터가 ${t.time(p.installedAt)}에 설치되어 아직 24시간이 지나지 않았습니다.`,
    next: md`${t.moment(p.retryAt)} 이후에 다시 요청하십시오.`,
  }),
  'certificates.installer-signer-in-use': (p, t) => ({
    ...certificates,
    found: md`설치 프로그램의 단기 인증서가 ${t.code(p.bundle)} 에서 아직 사용되고 있습니다.`,
    next: md`${t.moment(p.retryAt)} 이후에 다시 요청하십시오.`,
  }),
  'certificates.age-only': (p, t) => ({
    ...certificates,
    found: md`클러스터가 ${t.time(p.installedAt)}에 설치되어 24시간이 지났습니다. ${t.code(p.bundle)} 인증서는 읽지 못했습니다: ${t.why(p.why)}.`,
    next: md`설치 시각으로 보면 교체가 끝난 것으로 보입니다. 확실히 하려면 봇에 ${t.code('openshift-config-managed')} 네임스페이스의 이 ConfigMap 읽기 권한을 부여하십시오.`,
  }),
  'certificates.install-time-unknown': () => ({
    ...certificates,
    found: md`클러스터가 언제 설치되었는지 알 수 없습니다.`,
    next: md`이 백업에 의지하기 전에 설치 후 24시간이 지났는지 확인하십시오.`,
  }),

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

  'node.chosen': (p, t) => ({
    ...node,
    found:
      p.because === 'named'
        ? md`지정하신 ${t.code(p.node)} 노드를 사용할 수 있습니다.`
        : p.because === 'only'
          ? md`사용할 수 있는 노드는 ${t.code(p.node)} 하나입니다.`
          : md`사용할 수 있는 첫 번째 노드인 ${t.code(p.node)} 노드를 골랐습니다.`,
  }),
  'node.cordoned': (p, t) => ({
    ...node,
    found: md`${t.code(p.node)} 노드의 스케줄링이 막혀 있습니다(cordon). 누군가 작업 중일 수 있습니다.`,
    next: md`곧 재부팅할 노드인지 확인하거나 ${t.code('node=…')} 옵션으로 다른 노드를 지정하십시오.`,
  }),
  'node.none-fit': (p, t) => ({
    ...node,
    found:
      p.rejected.length === 0
        ? md`클러스터에 컨트롤 플레인 노드가 보이지 않습니다.`
        : md`사용할 수 있는 컨트롤 플레인 노드가 없습니다: ${t.list(p.rejected.map((each) => md`${t.code(each.node)} – ${t.unfit(each.because)}`))}.`,
    next: md`컨트롤 플레인 노드 하나를 Ready 상태로 만들고 etcd pod가 실행되는지 확인한 뒤 다시 요청하십시오.`,
  }),
  'node.not-found': (p, t) => ({
    ...node,
    found: md`클러스터에 ${t.code(p.node)} 노드가 없습니다.`,
    next:
      p.known.length === 0
        ? md`노드를 지정하지 않으면 봇이 고릅니다.`
        : md`컨트롤 플레인 노드는 ${t.names(p.known)} 입니다. 노드를 지정하지 않으면 봇이 고릅니다.`,
  }),
  'node.unfit': (p, t) => ({
    ...node,
    found: md`${t.code(p.node)} 노드는 사용할 수 없습니다: ${t.unfit(p.because)}.`,
    next:
      p.fit.length === 0
        ? md`사용할 수 있는 다른 노드도 없습니다. 노드 하나를 Ready 상태로 만든 뒤 다시 요청하십시오.`
        : md`${t.names(p.fit)} 중 하나를 지정하거나 노드를 지정하지 말고 다시 요청하십시오.`,
  }),
  'node.etcd-pod-unknown': (p, t) => ({
    ...node,
    found: md`${t.code(p.node)} 노드의 etcd pod가 준비되었는지 읽지 못했습니다: ${t.why(p.why)}.`,
    next: md`봇에 ${t.code('openshift-etcd')} 네임스페이스의 pod 조회 권한을 부여하십시오.`,
  }),
  'nodes.unreadable': (p, t) => ({
    ...node,
    found: md`노드를 읽지 못했습니다: ${t.why(p.why)}.`,
    next: md`봇에 노드 조회 권한을 부여하십시오.`,
  }),

  'proxy.none': () => ({ ...proxy, found: md`프록시를 사용하지 않습니다.` }),
  'proxy.exported': () => ({
    ...proxy,
    found: md`사용 중이며, 모든 프록시 설정을 스크립트에 내보냅니다.`,
  }),
  'proxy.node-not-excluded': (p, t) => ({
    ...proxy,
    found: md`사용 중이며, noProxy 목록에 노드 주소 ${t.code(p.nodeIp)} 항목이 없습니다.`,
    next: md`이번 실행에서는 봇이 주소를 추가합니다. 근본적으로 해결하려면 클러스터 Proxy의 ${t.code('spec.noProxy')} 필드에 머신 네트워크를 추가하십시오.`,
  }),
  'proxy.unreadable': (p, t) => ({
    ...proxy,
    found: md`프록시 설정을 읽지 못했습니다: ${t.why(p.why)}.`,
    next: md`봇에 ${t.code('proxies/cluster')} 읽기 권한을 부여하십시오. 그렇지 않으면 스크립트가 프록시 없이 실행됩니다.`,
  }),

  'off-peak.inside': (p, t) => ({
    ...offPeak,
    found: md`지금은 사용량이 적은 시간대입니다(${t.code(p.window)}, ${p.timeZone}).`,
  }),
  'off-peak.outside': (p, t) => ({
    ...offPeak,
    found: md`지금은 사용량이 적은 시간대가 아닙니다(${t.code(p.window)}, ${p.timeZone}).`,
    next: md`급하지 않다면 다음 시간대를 기다리십시오. 시작 시각: ${t.moment(p.nextStart)}`,
  }),
  'off-peak.not-set': () => ({
    ...offPeak,
    found: md`이 클러스터에는 사용량이 적은 시간대가 설정되어 있지 않습니다.`,
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

  'disk.later': () => ({ ...disk, found: md`시작할 때 노드에서 확인합니다.` }),
  'disk.enough': (p, t) => ({
    ...disk,
    found: md`여유 공간 ${t.size(p.freeBytes)}, 데이터베이스 ${t.size(p.databaseBytes)}.`,
  }),
  'disk.too-small': (p, t) => ({
    ...disk,
    found: md`여유 공간이 ${t.size(p.freeBytes)} 뿐입니다. 데이터베이스는 ${t.size(p.databaseBytes)} 이며 그 두 배가 필요합니다.`,
    next: md`노드에서 공간을 확보하거나(대개 오래된 백업이 원인입니다) ${t.code('node=…')} 옵션으로 다른 노드를 지정하십시오.`,
  }),
  'clock.skewed': (p, t) => ({
    ...clock,
    found: md`${t.code(p.node)} 노드의 시계가 봇의 시계보다 ${t.duration(Math.abs(p.seconds) * 1000)} ${p.seconds < 0 ? '느립니다' : '빠릅니다'}.`,
    next: md`백업은 계속됩니다. 어느 시계가 틀렸는지 확인하고(노드에서 ${t.code('chronyc tracking')}) 시간 서버와 동기화하십시오.`,
  }),
  'script.later': (p, t) => ({
    ...script,
    found: md`시작할 때 노드에서 확인합니다(${t.path(p.path)}).`,
  }),
  'script.present': (p, t) => ({ ...script, found: md`노드에 있습니다: ${t.path(p.path)}.` }),
  'script.missing': (p, t) => ({
    ...script,
    found: md`노드에 없습니다: ${t.path(p.path)}.`,
    next: md`노드가 OpenShift 4.4 이상인지, 파일이 손상되지 않았는지 확인하거나 다른 노드를 지정하십시오.`,
  }),
};
