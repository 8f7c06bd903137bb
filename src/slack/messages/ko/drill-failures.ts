import type { DrillPhase, StatusField } from '../../../domain/drill.ts';
import type { DrillFailureWording } from '../drill-why.ts';
import { md } from '../markup.ts';

const doing: Readonly<Record<DrillPhase, string>> = {
  fetching: '스냅샷을 가져오는',
  reading: '스냅샷을 읽는',
  status: '스냅샷 상태를 확인하는',
  restoring: '복원하는',
  starting: '복원한 데이터로 etcd를 시작하는',
  counting: '키를 읽는',
};

const fields: Readonly<Record<StatusField, string>> = {
  hash: '해시',
  revision: '리비전',
  totalKey: '키 개수',
  totalSize: '크기',
};

export const drillFailures: DrillFailureWording = {
  'not-fetched': (p, t) => md`저장소에서 스냅샷을 가져오지 못했습니다: ${t.quote(p.detail)}`,
  'not-run': (p, t) =>
    md`봇이 실행되는 곳에서 훈련할 수 없었으며, 스냅샷의 문제는 아닙니다: ${t.quote(p.detail)}`,
  'snapshot-unreadable': (p, t) => md`가져온 스냅샷을 읽지 못했습니다: ${t.quote(p.detail)}`,
  'snapshot-damaged': (p, t) =>
    md`가져온 스냅샷이 손상되었습니다. 파일 끝에 있는 etcd의 SHA-256 값이 맞지 않습니다(${t.size(p.size)})`,
  'no-room': (p, t) =>
    md`봇이 실행되는 곳에 복원할 공간이 없습니다. 임시 디렉토리에 ${t.shortSize(p.neededBytes)} 필요하지만 ${t.shortSize(p.freeBytes)} 남았습니다`,
  'status-failed': (p, t) => md`etcd 도구가 스냅샷을 읽지 못했습니다: ${t.quote(p.detail)}`,
  'status-differs': (p, t) => {
    const each = p.fields.map(
      (field) => md`${fields[field]} ${String(p.found[field])}(예상 ${String(p.expected[field])})`,
    );
    return md`가져온 스냅샷이 노드에서 보고한 것과 다릅니다: ${t.list(each)}`;
  },
  'restore-failed': (p, t) => md`etcd 도구가 스냅샷을 복원하지 못했습니다: ${t.quote(p.detail)}`,
  'etcd-not-started': (p, t) => md`복원한 데이터로 etcd를 시작하지 못했습니다: ${t.quote(p.detail)}`,
  'revision-differs': (p) =>
    md`복원한 etcd의 리비전은 ${String(p.found)}, 스냅샷의 리비전은 ${String(p.expected)}입니다`,
  'no-keys': () => md`복원한 etcd에 키가 없습니다`,
  'read-failed': (p, t) => md`복원한 etcd를 읽지 못했습니다: ${t.quote(p.detail)}`,
  deadline: (p, t) => md`${t.duration(p.deadlineMs)} 안에 끝나지 않아 ${doing[p.phase]} 중에 중단했습니다`,
  aborted: (p) => md`${doing[p.phase]} 중에 중지되었습니다`,
};
