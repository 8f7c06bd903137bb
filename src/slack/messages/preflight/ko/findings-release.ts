import { md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { FindingTexts } from '../finding-text.ts';

const topology = {
  looked: md`컨트롤 플레인 토폴로지`,
  why: md`컨트롤 플레인이 자체 노드에 있어야 백업 스크립트가 etcd에 접근할 수 있습니다.`,
};
const version = {
  looked: md`클러스터 버전`,
  why: md`복원에는 정확히 동일한 z-stream에서 가져온 백업이 필요합니다. 업데이트 중에는 z-stream이 하나로 정해지지 않습니다.`,
};
const certificates = {
  looked: md`첫 번째 인증서 교체`,
  why: md`설치 후 24시간 내에 발생하는 첫 번째 인증서 교체 전에 백업하면 만료된 인증서가 백업에 포함됩니다.`,
};
const previewApi = {
  looked: md`클러스터 자체 백업 API(기술 프리뷰)`,
  why: md`이 API의 “완료” 표시는 복원된다는 보장이 아니며, 클러스터를 잃으면 파일도 함께 잃습니다.`,
};

/** What the cluster is: its topology, release and certificates. */
export const releaseFindings = (t: Tools) =>
  ({
    'topology.runs': (p) => ({ ...topology, found: md`${t.code(p.topology)} 토폴로지입니다.` }),
    'topology.hosted': (p) => ({
      ...topology,
      found: md`컨트롤 플레인이 다른 클러스터에서 호스팅되므로 etcd가 이 클러스터의 노드에 없습니다.`,
      next:
        p.by === undefined
          ? md`컨트롤 플레인을 호스팅하는 클러스터에서 etcd를 백업하고, 누가 백업하는지 봇 구성의 ${t.code('backedUpBy')} 항목에 적도록 하십시오.`
          : md`백업 담당: ${p.by}. 그쪽에 문의하십시오.`,
    }),
    'topology.backed-up-elsewhere': (p) => ({
      ...topology,
      found: md`봇 구성에 이 클러스터의 백업 담당이 따로 지정되어 있습니다: ${p.by}. 컨트롤 플레인이 이 클러스터에 있으므로 이 봇으로도 백업할 수 있습니다.`,
      next: md`이 클러스터에는 백업 알림도 경보도 없습니다. 의도한 것이 아니라면 ${t.code('backedUpBy')} 항목을 빼도록 하십시오.`,
    }),
    'topology.dual-replica': () => ({
      ...topology,
      found: md`컨트롤 플레인 노드가 두 개입니다(DualReplica).`,
      next: md`백업은 평소와 같지만 복원 절차가 다릅니다. 사용 중인 릴리스의 문서에서 미리 확인해 두십시오.`,
    }),
    'topology.unknown-kind': (p) => ({
      ...topology,
      found: md`봇이 알지 못하는 토폴로지입니다: ${t.code(p.topology)}.`,
      next: md`이 토폴로지에도 etcd 백업 절차가 적용되는지 사용 중인 릴리스의 문서에서 확인하십시오.`,
    }),
    'topology.unreadable': (p) => ({
      ...topology,
      found: md`토폴로지를 읽지 못했습니다: ${t.why(p.why)}.`,
      next: t.remedy(p.why, md`봇에 ${t.code('infrastructures/cluster')} 읽기 권한을 부여하십시오.`),
    }),

    'version.microshift': () => ({
      ...version,
      found: md`MicroShift입니다. ClusterVersion이 없고 백업 방법도 다릅니다.`,
      next: md`MicroShift의 백업 절차를 따르십시오.`,
    }),
    'version.settled': (p) => ({
      ...version,
      found: md`${t.code(p.version)} 버전이며 진행 중인 업데이트가 없습니다.`,
    }),
    'version.not-a-z-stream': (p) => ({
      ...version,
      found: md`${t.code(p.version)} 버전은 정식 z-stream 릴리스가 아닙니다.`,
      next: md`복원에는 정확히 이 빌드가 필요합니다. 릴리스 이미지를 백업과 함께 보관하십시오.`,
    }),
    'version.updating': (p) => ({
      ...version,
      found: md`${p.from ? md`${t.code(p.from)} 버전에서 ` : ''}${t.code(p.to)} 버전으로 업데이트하는 중입니다${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
      next: md`업데이트가 끝난 뒤 다시 요청하십시오.`,
    }),
    'version.update-to-come': (p) => ({
      ...version,
      found: md`현재 ${t.code(p.version)} 버전이며, ${t.code(p.to)} 버전으로의 업데이트가 요청되어 언제든 시작될 수 있습니다.`,
      next: md`${t.code('oc adm upgrade --clear')} 명령으로 요청을 취소하고 백업한 뒤 업데이트를 다시 요청하십시오. 이미 시작되었다면 끝날 때까지 기다리십시오.`,
    }),
    'version.update-refused': (p) => ({
      ...version,
      found: md`현재 ${t.code(p.version)} 버전입니다. ${t.code(p.to)} 버전으로의 업데이트가 요청되었으나 클러스터가 받아들이지 않았습니다: ${t.quote(p.message)}.`,
      next: md`지금 백업하십시오. 거부된 원인이 해소되면 업데이트가 저절로 시작될 수 있으며, 그 뒤에는 백업할 수 없습니다. 원인은 ${t.code('oc adm upgrade')} 명령으로 볼 수 있습니다.`,
    }),
    'version.spec-unseen': (p) => ({
      ...version,
      found: md`현재 ${t.code(p.version)} 버전입니다. ClusterVersion이 변경되었으나 버전 Operator가 아직 확인하지 않았습니다. 다른 릴리스는 요청되지 않았습니다.`,
      next: md`백업은 할 수 있습니다. 이 상태가 계속되면 ${t.code('oc get pods -n openshift-cluster-version')} 명령으로 버전 Operator를 확인하십시오.`,
    }),
    'version.operators-unwell': (p) => ({
      looked: version.looked,
      why: md`Operator 하나에만 문제가 있어도 클러스터는 ${t.code('Failing')} 상태를 보고하며, 업데이트가 끝난 뒤에도 그렇습니다. 백업에는 지장이 없습니다.`,
      found: md`현재 ${t.code(p.version)} 버전이며 진행 중인 업데이트가 없습니다. 클러스터가 ${t.code('Failing')} 상태를 보고합니다${p.message ? md`: ${t.quote(p.message)}` : ''}.${p.names.length > 0 ? md` 문제가 있는 Operator: ${t.names(p.names)}.` : ''}`,
      next: md`백업은 할 수 있습니다. 이후 ${t.code('oc get clusteroperators')} 명령으로 Operator를 확인하십시오.`,
    }),
    'version.progress-unknown': (p) => ({
      ...version,
      found: md`업데이트 이력으로는 ${t.code(p.version)} 버전이지만, 업데이트가 진행 중인지는 알 수 없습니다(${t.code('Progressing')} 상태 확인 불가).`,
      next: md`${t.code('oc adm upgrade')} 명령으로 진행 중인 업데이트가 없는지 확인하십시오.`,
    }),
    'version.update-requested': (p) => ({
      ...version,
      found: md`${t.code(p.version)} 버전으로 업데이트하도록 요청되어 곧 시작됩니다.`,
      next: md`업데이트가 끝난 뒤 다시 요청하십시오.`,
    }),
    'version.failing': (p) => ({
      ...version,
      found: md`${t.code(p.version)} 버전이며 업데이트가 실패하고 있다고 합니다${p.message ? md`: ${t.quote(p.message)}` : ''}.`,
      next: md`먼저 업데이트 문제를 해결하십시오. ${t.code('oc adm upgrade')} 명령으로 원인을 볼 수 있습니다.`,
    }),
    'version.unreadable': (p) => ({
      ...version,
      found: md`클러스터 버전을 읽지 못했습니다: ${t.why(p.why)}.`,
      next: t.remedy(p.why, md`봇에 ${t.code('clusterversions/version')} 읽기 권한을 부여하십시오.`),
    }),

    'certificates.rotated': (p) => ({
      ...certificates,
      found: md`완료되었습니다. 클러스터는 ${t.time(p.installedAt)}에 설치되었고 첫 인증서가 교체되었습니다.`,
    }),
    'certificates.too-young': (p) => ({
      ...certificates,
      found: md`클러스터가 ${t.time(p.installedAt)}에 설치되어 아직 24시간이 지나지 않았습니다.`,
      next: md`${t.moment(p.retryAt)} 이후에 다시 요청하십시오.`,
    }),
    'certificates.installer-signer-in-use': (p) => ({
      ...certificates,
      found: md`설치 프로그램의 단기 인증서가 ${t.code(p.bundle)} 번들에서 아직 사용되고 있습니다.`,
      next: md`${t.moment(p.retryAt)} 이후에 다시 요청하십시오.`,
    }),
    'certificates.age-only': (p) => ({
      ...certificates,
      found: md`클러스터가 ${t.time(p.installedAt)}에 설치되어 24시간이 지났습니다. ${t.code(p.bundle)} 인증서는 읽지 못했습니다: ${t.why(p.why)}.`,
      next: md`설치 시각으로 보면 교체가 끝난 것으로 보입니다. 확실히 하려면: ${t.remedy(p.why, md`봇에 ${t.code('openshift-config-managed')} 네임스페이스의 이 ConfigMap 읽기 권한을 부여하십시오.`)}`,
    }),
    'certificates.install-time-unknown': () => ({
      ...certificates,
      found: md`클러스터가 언제 설치되었는지 알 수 없습니다.`,
      next: md`이 백업을 사용하기 전에 설치 후 24시간이 지났는지 확인하십시오.`,
    }),

    'backup-api.preview-in-use': (p) => ({
      ...previewApi,
      found: md`클러스터가 자체 프리뷰 API로도 백업을 만들고 있습니다: ${t.names(p.names)}${p.more ? ` 외 ${p.more}개` : ''}. 실패해도 성공으로 보고될 수 있고 파일이 클러스터 자신의 볼륨에 있으므로, 봇은 이를 백업으로 인정하지 않습니다.`,
      next: md`복구할 때 이 백업에 의존하지 마십시오. 봇이 검증한 백업은 ${t.code('/etcd-backup list')} 명령으로 볼 수 있습니다.`,
    }),
  }) satisfies Partial<FindingTexts>;
