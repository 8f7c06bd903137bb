import { md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { summary as english } from '../en/summary.ts';

export const summary = (t: Tools): ReturnType<typeof english> => ({
  title: (p) => md`*클러스터 ${p.clusters}개의 주간 백업 요약* (${t.time(p.until)} 기준)`,
  needy: (count) => md`*조치가 필요한 클러스터 ${count}개* (급한 순서)`,
  nothingNeedy: (paused) =>
    paused
      ? md`✅ 일시 중지되지 않은 클러스터는 모두 최신 백업이 있고, 해결되지 않은 실패나 복원 훈련도 없습니다.`
      : md`✅ 백업이 없거나 오래된 클러스터가 없고, 해결되지 않은 실패나 복원 훈련도 없습니다.`,
  onNodeOnly: (clusters) =>
    md`⚠️ 백업이 컨트롤 플레인 노드에만 있어 클러스터와 함께 잃을 수 있는 클러스터: ${t.names(clusters)}. 클러스터 외부에 복사하거나 저장소를 설정하십시오.`,
  moreNeedy: (count) => md`… 외 ${count}개. ${t.command('')} 명령이 모두 보여 줍니다.`,
  elsewhere: (p) =>
    md`➖ 이 봇의 백업 대상이 아니어서 집계하지 않은 클러스터: ${t.list(
      p.map(({ cluster, by }) =>
        by === undefined ? md`${t.code(cluster)}(백업 담당 미지정)` : md`${t.code(cluster)}(${by})`,
      ),
    )}`,
  week: (p) =>
    md`최근 7일: 검증된 백업 ${p.backups}건, ${p.disproven === 0 ? '' : md`복원되지 않는 것으로 밝혀진 백업 ${p.disproven}건, `}${p.unverified === 0 ? '' : md`두 파일 모두의 검증된 사본이 없는 백업 ${p.unverified}건, `}${p.failures === 0 ? '실패한 시도 없음' : `실패한 시도 ${p.failures}건(재시도 포함)`}.`,
  failing: (p) =>
    md`❌ 실패: ${t.list(p.map(({ cluster, failures }) => md`${t.code(cluster)} ${failures}건`))}. 각 실행의 카드에 조치 방법이 있습니다.`,
  drills: (p) =>
    p.failed.length === 0
      ? md`복원 훈련: 클러스터 ${p.clusters}개 모두 복원되었습니다.`
      : md`❌ 복원 훈련: 클러스터 ${p.clusters}개 중 ${t.names(p.failed)} 실패. 그 백업으로 복원된다는 보장이 없으니 새로 백업하십시오.`,
  noDrills: () =>
    md`복원 훈련: 최근 7일 동안 없었습니다. 한 번도 복원해 보지 않은 백업은 복원된다는 보장이 없습니다.`,
  hint: () =>
    md`${t.command('run CLUSTER')} 명령으로 백업하고, ${t.command('')} 명령으로 모든 클러스터의 현재 상태를 봅니다.`,
  picture: (p) =>
    p.notDrawn.length === 0
      ? md`백업으로 복원할 수 있는 클러스터와, 최근 90일 동안 각 백업의 스냅샷 크기와 걸린 시간입니다.`
      : md`백업으로 복원할 수 있는 클러스터와, 최근 90일 동안 각 백업의 스냅샷 크기와 걸린 시간입니다. 조치가 필요한 클러스터와 스냅샷이 큰 클러스터 ${p.drawn}개를 그렸습니다. 그리지 않은 클러스터: ${t.names(p.notDrawn)}`,
  pictureMissing: (why) =>
    md`백업 상태와 크기, 시간을 보여 주는 그림을 첨부하지 못했습니다(${why}). 요약의 다른 내용은 모두 있으며, 백업에는 영향이 없습니다.`,
  noPicture: () => md`최근 90일 동안 백업이 없어 그림도 없습니다.`,
  inPicture: {
    title: '최근 90일 동안의 etcd 백업',
    subtitle: (p) =>
      p.drawn === p.clusters
        ? `${p.date} · 클러스터 ${p.drawn}개`
        : `${p.date} · 클러스터 ${p.clusters}개 중 ${p.drawn}개: 조치가 필요한 클러스터, 그다음 큰 순서`,
    coverage: '백업으로 복원할 수 있는 클러스터 (● 백업, × 실패)',
    needsAttention: '조치 필요',
    state: {
      covered: '백업됨',
      stale: '백업이 오래됨',
      uncovered: '현재 버전의 백업 없음',
      updating: '업데이트 중',
      unknown: '알 수 없음',
      elsewhere: '이 봇의 대상 아님',
      paused: '일시 중지',
    },
    size: '스냅샷 크기',
    duration: '백업에 걸린 시간',
    seconds: '초',
    minutes: '분',
    hours: '시간',
    gap: '',
    day: '%-m월 %-d일',
    logarithmic: '로그 눈금',
  },
  pictureAlt: (clusters) =>
    `최근 90일 동안의 그래프 세 개. 클러스터별 백업과 실패 시점 및 현재 상태, 스냅샷 크기, 백업에 걸린 시간. 클러스터: ${clusters.join(', ')}`,
});
