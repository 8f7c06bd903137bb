import type { ProvenBackup } from '../../../../domain/run/proven-backup.ts';
import { md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import { coverage } from '../../watch/ko/coverage.ts';
import type { board as english } from '../en/board.ts';

const place = (backup: ProvenBackup) =>
  backup.place === 'off-cluster' ? md`클러스터 외부` : md`노드에만 있음`;

const row = (t: Tools): ReturnType<typeof english>['row'] => ({
  head: (p) => md`${p.state} · *${p.cluster}*${p.version === undefined ? '' : md` · ${p.version}`}`,
  newest: (backup) =>
    md`검증된 최신 백업: ${backup.zStream} · ${t.ago(backup.takenAt)} · ${place(backup)} · ${t.code(backup.runId)}`,
  restoring: (backup) =>
    md`현재 상태를 복원하는 백업: ${backup.zStream} · ${t.ago(backup.takenAt)} · ${place(backup)} · ${t.code(backup.runId)}`,
  noBackup: () => md`검증된 최신 백업: 아직 없음`,
  newestShort: (backup) => md`최신 ${backup.zStream}, ${t.ago(backup.takenAt)}, ${place(backup)}`,
  noBackupShort: () => md`검증된 백업 없음`,
  next: (at) => (at === undefined ? md`다음 백업: 예정 없음` : md`다음 백업: ${t.moment(at)}`),
  retry: (p) => md`🔁 다음 백업: 예약 백업 재시도 ${p.number}/${p.of}, ${t.moment(p.at)}`,
  failure: (p) => md`❌ 최근 실패: ${t.ago(p.at)} (${t.code(p.id)})`,
  failureShort: (p) => md`❌ ${t.ago(p.at)} 실패`,
  drill: (p) => {
    if (p === undefined) return md`복원 훈련: 아직 없음`;
    const how = p.ok ? md`✅ ${t.ago(p.at)}` : md`❌ ${t.ago(p.at)} 실패`;
    return md`복원 훈련: ${how} (${t.code(p.runId)})`;
  },
  reminder: (p) => {
    const repeated = p.repeats === 0 ? '' : md`, ${p.repeats}번 반복`;
    const next = p.nextRepeatAt === undefined ? '' : md`, 다음 알림 ${t.moment(p.nextRepeatAt)}`;
    return md`🔔 채널에 처리되지 않은 알림이 있습니다: ${t.ago(p.openedAt)} 게시${repeated}${next}`;
  },
  reminderShort: () => md`🔔 알림 미처리`,
  active: (p) => md`현재: ${t.terms.status[p.status]} (${t.code(p.id)})`,
});

export const board = (t: Tools): ReturnType<typeof english> => ({
  fleetEmpty: () =>
    md`구성된 클러스터가 없습니다. 봇 구성에 클러스터를 추가해 달라고 관리자에게 요청하십시오.`,
  askButton: '백업 요청…',
  title: (count) => md`*클러스터 ${count}개* (조치가 필요한 순서)`,
  count: (p) => md`${coverage(t).state[p.state]}: ${p.count}`,
  shown: (p) => {
    const which = p.from === p.to ? md`${p.of}개 중 ${p.from}번째` : md`${p.of}개 중 ${p.from}–${p.to}번째`;
    return p.pages === 1 ? which : md`${which} · ${p.pages}쪽 중 ${p.page}쪽`;
  },
  noneShown: () => md`지금 이 상태인 클러스터가 없습니다. 위에서 다른 상태나 전체 클러스터를 선택하십시오.`,
  drawnAt: (at) => md`${t.moment(at)} 기준입니다. [새로 고침]을 누르면 다시 보여 줍니다.`,
  unreadable: () =>
    md`현황판을 표시하지 못했습니다. 봇의 기록 저장소가 응답하지 않습니다. 잠시 후 이 탭을 다시 열어 보고, 계속되면 봇 담당자에게 알리십시오.`,
  buttons: {
    refresh: '새로 고침',
    earlier: '◀ 이전 쪽',
    later: '다음 쪽 ▶',
    backUp: '백업 요청…',
    check: '점검',
    details: '자세히',
  },
  filter: {
    placeholder: '클러스터 선택',
    all: (count) => `전체 클러스터 (${count})`,
    state: {
      covered: (count) => `✅ 백업됨 (${count})`,
      stale: (count) => `🟡 백업이 오래됨 (${count})`,
      uncovered: (count) => `🔴 현재 버전의 백업 없음 (${count})`,
      updating: (count) => `🔄 업데이트 중 (${count})`,
      unknown: (count) => `❔ 알 수 없음 (${count})`,
      elsewhere: (count) => `➖ 이 봇의 백업 대상 아님 (${count})`,
    },
  },
  row: row(t),
  moreInHome: (count) =>
    md`… 덜 급한 클러스터 ${count}개는 여기에 표시하지 않았습니다. 봇의 홈 탭에서 전체 클러스터를 보고 버튼으로 바로 처리할 수 있습니다.`,
  retryNote: (p) =>
    md`🔁 ${t.code(p.cluster)} 클러스터의 예약 백업이 아직 성공하지 못했습니다. 다음 재시도(${p.number}/${p.of}): ${t.moment(p.at)}`,
  hint: () =>
    md`백업은 표시된 z-stream과 정확히 동일한 클러스터만 복원합니다. 봇의 홈 탭에서 클러스터별로 더 자세히 볼 수 있습니다. ${t.command('check CLUSTER')} 명령은 백업할 수 있는지 점검하고, ${t.command('help')} 명령은 전체 도움말을 보여 줍니다.`,
  window: {
    checkTitle: '점검',
    detailsTitle: '백업 내역',
    close: '닫기',
    loading: (cluster) =>
      md`${t.code(cluster)} 클러스터를 확인하고 있습니다… 30초 안에 바뀌지 않으면 이 창을 닫고 다시 시도하십시오. 변경되는 것은 없습니다.`,
    failed: () =>
      md`조회하지 못했습니다. 잠시 후 다시 시도하고, 계속되면 봇 담당자에게 알리십시오. 변경된 것은 없습니다.`,
    runsTitle: (count) => md`*실행 ${count}건* (최신순)`,
    noRuns: (cluster) => md`${t.code(cluster)} 클러스터의 실행 기록이 아직 없습니다.`,
    moreRuns: (count) => md`… 외 이전 실행 ${count}건`,
    showHint: () => md`${t.command('show r-…')} 명령으로 실행 하나를 자세히 볼 수 있습니다.`,
  },
});
