import { join, lines, md } from '../markup.ts';
import type { ThreadWording } from '../thread-wording.ts';
import { terms } from './terms.ts';

export const thread: ThreadWording = {
  auditLine: (p, t) => {
    const reason = p.reason ? md`: ${t.quote(p.reason)}` : '';
    const rest = p.rest ? md` (${p.rest})` : '';
    return md`${t.clock(p.at)} · ${p.who} · ${p.what}${reason}${rest}`;
  },
  person: (p, t) => md`${t.person(p.slackUser)} (${t.code(p.clusterUser)})`,
  breakGlass: (p, t) => {
    const told =
      p.told.length === 0
        ? md`클러스터 정책에 소유자가 없어 아무에게도 알리지 않았습니다.`
        : md`즉시 알린 사람: ${t.people(p.told)}`;
    return md`${t.clock(p.at)} · 🚨 ${p.who} 님이 다른 사람의 승인 없이 시작했습니다: ${t.quote(p.why)}. ${told}`;
  },
  emergency: (why, t) => md`긴급: ${t.quote(why)}`,
  planVoid: (p, t) => {
    const what =
      p.changes.length === 0
        ? md`계획이 바뀌었습니다.`
        : md`계획이 바뀌었습니다: ${t.planChanges(p.changes)}.`;
    const head = md`${t.clock(p.at)} · ⚠️ ${what}`;
    return p.voided.length === 0
      ? md`${head} 카드에 새 계획이 있으며 승인이 필요합니다.`
      : md`${head} 이전에 받은 승인(${t.names(p.voided)})은 집계하지 않습니다. 카드에 새 계획이 있으며 다시 결정을 기다립니다.`;
  },
  handedOver: (p, t) => {
    const step = p.step === undefined ? '' : md`(단계: ${t.step(p.step)})`;
    return md`${t.clock(p.at)} · 봇이 종료됩니다${step}. 노드에서 실행 중인 작업은 계속되며, 봇이 다시 시작되면 이어받습니다.`;
  },
  resumed: (p, t) => {
    const head = md`${t.clock(p.at)} · 봇이 다시 시작되었습니다.`;
    if (p.step === undefined) return md`${head} 이 실행을 이어받습니다. 어떤 작업도 두 번 실행하지 않습니다.`;
    return p.scriptBegun
      ? md`${head} 다음 단계부터 이어받습니다: ${t.step(p.step)}. 백업 스크립트는 다시 시작하지 않습니다.`
      : md`${head} 중단된 단계: ${t.step(p.step)}. 백업 스크립트를 시작하기 전이므로 모두 다시 점검한 뒤 계속합니다. 어떤 작업도 두 번 실행하지 않습니다.`;
  },
  leftoverRemoved: (p, t) =>
    md`${t.clock(p.at)} · 백업을 만들지 못하고 끝난 실행 ${t.code(p.ofRun)} 건이 노드에 남긴 것을 봇이 삭제했습니다: ${t.path(p.path)}`,
  warning: (text) =>
    lines(
      md`⚠️ *${text.looked}:* ${text.found}`,
      md`중요한 이유: ${text.why}`,
      text.next ? md`조치: ${text.next}` : undefined,
    ),
  stepLine: (p, t) => md`${t.clock(p.at)} · ${terms.step[p.step]}${p.detail ? md`: ${p.detail}` : ''}`,
  detailsTitle: (cluster) => md`*${cluster} 클러스터 점검 결과*`,
  group: ({ outcome, count, canRun }) => {
    if (outcome === 'blocker') return md`⛔ *차단 항목 ${count}개* · 백업을 실행할 수 없습니다`;
    if (outcome === 'warning') {
      const title = md`⚠️ *경고 ${count}개*`;
      return canRun ? md`${title} · 백업은 실행할 수 있지만 먼저 읽어 주십시오` : title;
    }
    if (outcome === 'later') return md`🕓 *시작할 때 노드에서 점검 ${count}개*`;
    return md`✅ *점검 ${count}개 통과*`;
  },
  findingLong: (text) =>
    lines(
      md`• ${text.looked}: ${text.found}`,
      md`   중요한 이유: ${text.why}`,
      text.next ? md`   조치: ${text.next}` : undefined,
    ),
  findingShort: (text) => md`• ${text.looked}: ${text.found}`,
  moreFindings: (count) => md`… 외 ${count}개는 여기에 다 싣지 못했습니다. 다시 점검하면 볼 수 있습니다`,
  nothingChecked: () => md`아직 점검 결과가 없습니다.`,
  reportTitle: (cluster) => md`✅ *${cluster} 클러스터의 백업이 완료되었습니다*`,
  noReport: () => md`이 실행에는 보고할 백업이 없습니다.`,
  reportPlace: (p, t) => lines(md`*노드* ${t.code(p.node)}`, md`*디렉토리* ${t.path(p.directory)}`),
  reportFile: (p, t) =>
    lines(
      p.which === 'snapshot' ? md`*etcd 스냅샷*` : md`*정적 pod 리소스*`,
      t.path(p.path),
      md`${t.size(p.size)}`,
      md`sha256 ${t.code(p.sha256)}`,
    ),
  reportNumbers: (p, t) => {
    const parts = [
      p.revision === undefined ? undefined : md`etcd 리비전 ${String(p.revision)}`,
      p.keys === undefined ? undefined : md`키 ${t.number(p.keys)}개`,
      p.durationMs === undefined ? undefined : md`전체 ${t.duration(p.durationMs)}`,
      md`스크립트 ${t.duration(p.scriptMs)}`,
    ];
    return join(
      parts.filter((part) => part !== undefined),
      ' · ',
    );
  },
  reportProven: () =>
    md`노드에서 두 파일이 온전함을 검증했습니다. 스냅샷은 etcd가 기록한 체크섬과 일치하고, 정적 pod 리소스 파일은 끝까지 읽었습니다.`,
  adviceTitle: () => md`*백업에 의지하기 전에*`,
  adviceRestore: (p) =>
    md`• ${p.zStream} 클러스터만 복원할 수 있습니다. 정확히 동일한 z-stream과 이 실행에서 나온 두 파일이 모두 필요하며, 다른 실행의 파일과 섞어 쓸 수 없습니다.`,
  adviceCopy: (p, t) =>
    md`• 두 파일을 클러스터 외부로 복사하십시오. 클러스터가 손상되면 ${t.code(p.node)} 노드도 함께 잃을 수 있습니다. 위의 값도 파일과 함께 보관하십시오.`,
  adviceApart: (p) =>
    p.encryption === 'on'
      ? md`• 정적 pod 리소스는 스냅샷과 별도로, 다른 인증 정보로 접근하는 곳에 저장하십시오. 이 파일에는 스냅샷의 암호화 키와 etcd 키, cluster-admin 토큰이 들어 있습니다.`
      : md`• 정적 pod 리소스는 스냅샷과 별도로, 다른 인증 정보로 접근하는 곳에 저장하십시오. etcd 암호화를 사용하지 않아도 이 파일에는 etcd 키와 cluster-admin 토큰이 들어 있습니다.`,
  adviceEncryption: (p, t) => {
    if (p.encryption === 'on')
      return md`• etcd 암호화(${t.code(p.type)})는 값만 암호화합니다. 리소스 유형, 네임스페이스, 오브젝트 이름은 스냅샷에서 그대로 읽을 수 있습니다.`;
    if (p.encryption === 'off')
      return md`• etcd 암호화가 비활성화되어 있어 모든 Secret을 포함한 스냅샷의 전체 내용을 읽을 수 있습니다. root 암호처럼 다루십시오.`;
    return md`• etcd가 암호화되어 있는지 알 수 없습니다. 스냅샷에서 모든 Secret을 읽을 수 있다고 보고 다루십시오.`;
  },
  adviceDualReplica: () =>
    md`• 컨트롤 플레인 노드가 두 개이므로 복원 절차가 다릅니다. 사용 중인 릴리스의 문서에서 미리 확인하십시오.`,
  failureTitle: (p, t) => {
    const step = p.step ? md` · 단계: ${terms.step[p.step]}` : '';
    const at = p.at === undefined ? '' : md` (${t.clock(p.at)})`;
    return md`❌ *${p.cluster} 클러스터의 백업에 실패했습니다*${step}${at}`;
  },
  noFailure: () => md`이 실행에는 보고할 실패가 없습니다.`,
  means: (text) => md`*의미:* ${text}`,
  next: (text) => md`*다음 단계:* ${text}`,
  outputTitle: () => md`*마지막 출력:*`,
  left: (left, t) => {
    const pod = left.sessionPod ? thread.podLeft(left.sessionPod, t) : undefined;
    if (left.paths === undefined)
      return lines(md`*${left.node} 노드에 남은 것:* 확인하지 못했습니다. 노드에서 직접 확인하십시오.`, pod);
    if (left.paths.length === 0) return lines(md`*${left.node} 노드에 남은 것:* 파일 없음.`, pod);
    return lines(
      md`*${left.node} 노드에 남은 것* (복원에 사용하지 마십시오. 확인이 끝나면 삭제하십시오):`,
      t.paths(left.paths),
      pod,
    );
  },
  podLeft: (pod, t) =>
    md`세션 pod ${t.code(pod)} 삭제에 실패했습니다. 제한 시간이 지나면 스스로 끝나며, 직접 삭제해도 됩니다.`,
  nothingLeft: () => md`*노드에 남은 것:* 없음. 노드에서 작업하기 전에 끝났습니다.`,
  leftUnknown: (p, t) =>
    p
      ? md`*노드에 남은 것:* 알 수 없습니다. ${t.code(p.node)} 노드의 ${t.path(p.directory)} 디렉토리를 확인하고, 그곳의 파일은 복원에 사용하지 마십시오.`
      : md`*노드에 남은 것:* 알 수 없습니다.`,
  planChange: (p, t) =>
    md`• ${terms.planField[p.field]}: 승인할 때 ${t.planValue(p.field, p.approved)}, 지금 ${t.planValue(p.field, p.now)}`,
};
