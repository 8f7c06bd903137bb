import type { DrillPhase, StatusField } from '../../../../domain/drill/drill.ts';
import { md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { DrillFailureTexts, DrillReasonTexts } from '../drill-why.ts';

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

export const drillFailures = (t: Tools): DrillFailureTexts => ({
  'not-fetched': (p) => md`저장소에서 스냅샷을 가져오지 못했습니다: ${t.quote(p.detail)}`,
  'not-known-place': (p) =>
    md`저장 위치 ${t.code(p.destination)} 항목이 등록된 곳을 가리키지 않아 스냅샷을 가져오지 않았습니다(${t.quote(p.detail)}). 사본의 문제는 아닙니다. 올바른 볼륨을 마운트하거나 버킷과 접두사를 확인한 뒤 다시 훈련하십시오. 올바른 위치라면 먼저 ${t.command(`destination adopt ${p.destination}`)} 명령을 보내십시오`,
  'not-run': (p) =>
    md`봇이 실행되는 곳에서 훈련할 수 없었으며, 스냅샷의 문제는 아닙니다: ${t.quote(p.detail)}`,
  'process-ended': () =>
    md`훈련하는 도중에 봇 프로세스가 종료되었습니다. 메모리가 부족해서 종료되었다면 먼저 봇의 메모리 제한을 늘리십시오`,
  'no-tools': (p) =>
    p.minor === undefined
      ? md`봇이 실행되는 곳에 사용할 수 있는 etcd 프로그램이 없습니다`
      : md`봇이 실행되는 곳에 사용할 수 있는 etcd 프로그램이 없습니다. 이 스냅샷에는 etcd ${t.code(p.minor)} 프로그램이 필요합니다`,
  'other-byte-order': () =>
    md`스냅샷은 온전하지만, 봇이 실행되는 시스템과 바이트 순서가 다른 시스템에서 만든 것입니다(IBM Z, 즉 s390x만 순서가 다릅니다). 훈련하려면 스냅샷과 같은 종류의 시스템이 필요합니다`,
  'snapshot-unreadable': (p) => md`가져온 스냅샷을 읽지 못했습니다: ${t.quote(p.detail)}`,
  'snapshot-damaged': (p) =>
    md`가져온 스냅샷이 손상되었습니다. SHA-256 값이 맞지 않습니다(${t.size(p.size)})`,
  'no-room': (p) =>
    md`봇이 실행되는 곳에 복원할 공간이 없습니다. 임시 디렉토리에 ${t.shortSize(p.neededBytes)} 필요하지만 ${t.shortSize(p.freeBytes)} 남았습니다`,
  'status-failed': (p) => md`etcd 도구가 스냅샷을 읽지 못했습니다: ${t.quote(p.detail)}`,
  'status-differs': (p) => {
    const each = p.fields.map(
      (field) => md`${fields[field]} ${String(p.found[field])}(예상 ${String(p.expected[field])})`,
    );
    return md`가져온 스냅샷이 노드에서 보고한 것과 다릅니다: ${t.list(each)}`;
  },
  'restore-failed': (p) => md`etcd 도구가 스냅샷을 복원하지 못했습니다: ${t.quote(p.detail)}`,
  'etcd-not-started': (p) => md`복원한 데이터로 etcd를 시작하지 못했습니다: ${t.quote(p.detail)}`,
  'etcd-ended': (p) =>
    md`복원한 데이터로 etcd가 시작되었지만 키를 읽는 도중에 종료되었습니다: ${t.quote(p.detail)}`,
  'revision-differs': (p) =>
    md`복원한 etcd의 리비전은 ${String(p.found)}, 스냅샷의 리비전은 ${String(p.expected)}입니다`,
  'no-keys': () => md`복원한 etcd에 키가 없습니다`,
  'read-failed': (p) => md`복원한 etcd를 읽지 못했습니다: ${t.quote(p.detail)}`,
  deadline: (p) => md`${t.duration(p.deadlineMs)} 안에 끝나지 않아 ${doing[p.phase]} 중에 중단했습니다`,
  aborted: (p) => md`${doing[p.phase]} 중에 중지되었습니다`,
});

export const drillReasons: DrillReasonTexts = {
  damaged: undefined,
  content: undefined,
  place: undefined,
  'page-error': ({ tools }) =>
    md`etcd ${tools} 프로그램으로 두 번 실패했으며, 오류 메시지가 손상된 페이지를 가리킵니다.`,
  'control-restored': ({ tools, control }) =>
    md`두 번 실패했지만, 같은 프로그램(etcd ${tools})으로 ${control} 백업은 복원되었습니다.`,
  'control-failed': ({ tools, control }) =>
    md`이전에 복원된 ${control} 백업도 지금은 실패합니다. 프로그램(etcd ${tools}) 또는 봇이 실행되는 시스템의 문제입니다.`,
  'no-control': () => md`두 번 실패했지만, 비교할 수 있도록 이전에 복원된 백업이 없습니다.`,
  'other-minor': ({ tools, needs }) =>
    md`etcd ${tools} 프로그램을 사용했습니다. 스냅샷의 문제인지는 etcd ${needs} 프로그램으로만 알 수 있습니다.`,
  unclear: () => md`이것만으로는 스냅샷의 문제인지 알 수 없습니다.`,
};
