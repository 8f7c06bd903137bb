import { md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { FindingTexts } from '../finding-text.ts';

const node = {
  looked: md`컨트롤 플레인 노드`,
  why: md`백업은 정상인 컨트롤 플레인 노드 하나에서만 실행합니다. 모든 노드에서 실행하지는 않습니다.`,
};
const proxy = {
  looked: md`클러스터 전체 프록시`,
  why: md`스크립트가 이미지를 가져올 때는 프록시가 필요하지만, etcd 통신은 프록시를 거치면 안 됩니다.`,
};
const offPeak = {
  looked: md`사용량이 적은 시간대`,
  why: md`백업은 노드의 디스크를 많이 사용하므로 클러스터가 느려질 수 있습니다.`,
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

/** The node on which it runs, and when; where its files go. */
export const nodeFindings = (t: Tools) =>
  ({
    'node.chosen': (p) => ({
      ...node,
      found:
        p.because === 'named'
          ? md`요청에서 지정한 ${t.code(p.node)} 노드를 사용할 수 있습니다.`
          : p.because === 'approved'
            ? md`이전 계획의 ${t.code(p.node)} 노드를 계속 사용할 수 있습니다.`
            : p.because === 'only'
              ? md`사용할 수 있는 노드는 ${t.code(p.node)} 하나입니다.`
              : p.because === 'other-failed'
                ? md`앞선 실행이 다른 노드에서 실패하여, 사용할 수 있는 ${t.code(p.node)} 노드를 골랐습니다.`
                : md`사용할 수 있는 첫 번째 노드인 ${t.code(p.node)} 노드를 골랐습니다.`,
    }),
    'node.cordoned': (p) => ({
      ...node,
      found: md`${t.code(p.node)} 노드의 스케줄링이 막혀 있습니다(cordon). 누군가 작업 중일 수 있습니다.`,
      next: md`곧 재부팅할 노드인지 확인하거나 ${t.code('node=…')} 옵션으로 다른 노드를 지정하십시오.`,
    }),
    'node.none-fit': (p) => ({
      ...node,
      found:
        p.rejected.length === 0
          ? md`클러스터에 컨트롤 플레인 노드가 보이지 않습니다.`
          : md`사용할 수 있는 컨트롤 플레인 노드가 없습니다: ${t.list(p.rejected.map((each) => md`${t.code(each.node)} – ${t.unfit(each.because)}`))}.`,
      next: md`컨트롤 플레인 노드 하나를 Ready 상태로 만들고 etcd pod가 실행되는지 확인한 뒤 다시 요청하십시오.`,
    }),
    'node.not-found': (p) => ({
      ...node,
      found: md`클러스터에 ${t.code(p.node)} 노드가 없습니다.`,
      next:
        p.known.length === 0
          ? md`노드를 지정하지 않으면 봇이 고릅니다.`
          : md`컨트롤 플레인 노드: ${t.names(p.known)}. 노드를 지정하지 않으면 봇이 고릅니다.`,
    }),
    'node.unfit': (p) => ({
      ...node,
      found: md`${t.code(p.node)} 노드는 사용할 수 없습니다: ${t.unfit(p.because)}.`,
      next:
        p.fit.length === 0
          ? md`사용할 수 있는 다른 노드도 없습니다. 노드 하나를 Ready 상태로 만든 뒤 다시 요청하십시오.`
          : md`${t.names(p.fit)} 중 하나를 지정하거나 노드를 지정하지 말고 다시 요청하십시오.`,
    }),
    'node.etcd-pod-unknown': (p) => ({
      ...node,
      found: md`${t.code(p.node)} 노드의 etcd pod가 준비되었는지 읽지 못했습니다: ${t.why(p.why)}.`,
      next: t.remedy(
        p.why,
        md`봇에 ${t.code('openshift-etcd')} 네임스페이스의 pod 조회 권한을 부여하십시오.`,
      ),
    }),
    'nodes.unreadable': (p) => ({
      ...node,
      found: md`노드를 읽지 못했습니다: ${t.why(p.why)}.`,
      next: t.remedy(p.why, md`봇에 노드 조회 권한을 부여하십시오.`),
    }),

    'proxy.none': () => ({ ...proxy, found: md`프록시를 사용하지 않습니다.` }),
    'proxy.exported': () => ({
      ...proxy,
      found: md`사용 중이며, 모든 프록시 설정을 스크립트에 전달합니다.`,
    }),
    'proxy.node-not-excluded': (p) => ({
      ...proxy,
      found: md`사용 중이며, noProxy 목록에 노드 주소 ${t.code(p.nodeIp)} 항목이 없습니다.`,
      next: md`백업을 실행할 때는 봇이 주소를 추가합니다. 근본적으로 해결하려면 클러스터 Proxy의 ${t.code('spec.noProxy')} 필드에 머신 네트워크를 추가하십시오.`,
    }),
    'proxy.unreadable': (p) => ({
      ...proxy,
      found: md`프록시 설정을 읽지 못했습니다: ${t.why(p.why)}.`,
      next: md`${t.remedy(p.why, md`봇에 ${t.code('proxies/cluster')} 읽기 권한을 부여하십시오.`)} 그때까지는 스크립트가 프록시 없이 실행됩니다.`,
    }),

    'off-peak.inside': (p) => ({
      ...offPeak,
      found: md`지금은 사용량이 적은 시간대입니다(${t.code(p.window)}, ${p.timeZone}).`,
    }),
    'off-peak.outside': (p) => ({
      ...offPeak,
      found: md`지금은 사용량이 적은 시간대가 아닙니다(${t.code(p.window)}, ${p.timeZone}).`,
      next: md`급하지 않다면 다음 시간대를 기다리십시오. 시작 시각: ${t.moment(p.nextStart)}`,
    }),
    'cluster.paused': (p) => ({
      looked: md`일시 중지`,
      found: md`클러스터가 일시 중지되어 있습니다. 종료 시각: ${t.moment(p.until)}, 요청: ${t.person(p.by)} 님, 사유: ${t.quote(p.reason)}.`,
      why: md`꺼 두었거나 다시 구축 중인 클러스터입니다. 지금 백업해도 되는지 확인하십시오. 그동안 예약 백업과 경보는 없지만 직접 요청한 백업은 평소와 같이 실행됩니다.`,
    }),
    'destination.not-known': (p) => ({
      looked: md`파일을 저장할 위치`,
      found: md`저장 위치 ${t.code(p.destination)} 항목이 등록된 곳을 가리키지 않습니다. ${t.terms.placeNotKnown[p.state]}.`,
      why:
        p.kind === 'directory'
          ? md`볼륨이 마운트되지 않은 빈 마운트 지점일 수 있습니다. 백업은 실행하지만, 해결될 때까지 그곳에 사본을 저장하지 않습니다.`
          : md`백업은 그대로 그곳에 저장합니다. 해결될 때까지 그곳의 오래된 백업은 삭제하지 않습니다.`,
      next: md`${p.kind === 'directory' ? md`올바른 볼륨을 마운트하십시오.` : md`봇 구성의 버킷과 접두사를 확인하십시오.`} 올바른 위치라면 ${p.state === 'unreadable' ? md`해석할 수 없는 식별 파일을 직접 다른 곳으로 옮긴 뒤 ` : ''}${t.command(`destination adopt ${p.destination}`)} 명령을 보내십시오.`,
    }),
    'off-peak.not-set': () => ({
      ...offPeak,
      found: md`이 클러스터에는 사용량이 적은 시간대가 설정되어 있지 않습니다.`,
    }),

    'disk.later': () => ({ ...disk, found: md`시작할 때 노드에서 확인합니다.` }),
    'disk.enough': (p) => ({
      ...disk,
      found: md`여유 공간 ${t.size(p.freeBytes)}, 데이터베이스 ${t.size(p.databaseBytes)}.`,
    }),
    'disk.too-small': (p) => ({
      ...disk,
      found: md`여유 공간이 부족합니다. 여유 공간: ${t.size(p.freeBytes)}, 데이터베이스: ${t.size(p.databaseBytes)}. 데이터베이스 크기의 두 배가 필요합니다.`,
      next: md`노드에서 공간을 확보하거나(대개 오래된 백업이 원인입니다) ${t.code('node=…')} 옵션으로 다른 노드를 지정하십시오.`,
    }),
    'clock.skewed': (p) => ({
      ...clock,
      found: md`${t.code(p.node)} 노드의 시계가 봇의 시계보다 ${t.duration(Math.abs(p.seconds) * 1000)} ${p.seconds < 0 ? '느립니다' : '빠릅니다'}.`,
      next: md`백업은 계속됩니다. 어느 시계가 틀렸는지 확인하고(노드에서 ${t.code('chronyc tracking')}) 시간 서버와 동기화하십시오.`,
    }),
    'script.later': (p) => ({
      ...script,
      found: md`시작할 때 노드에서 확인합니다(${t.path(p.path)}).`,
    }),
    'script.present': (p) => ({ ...script, found: md`노드에 있습니다: ${t.path(p.path)}.` }),
    'script.missing': (p) => ({
      ...script,
      found: md`백업 스크립트가 노드에 없습니다: ${t.path(p.path)}.`,
      next: md`노드가 OpenShift 4.4 이상인지, 파일이 손상되지 않았는지 확인하거나 다른 노드를 지정하십시오.`,
    }),
  }) satisfies Partial<FindingTexts>;
