import { join, lines, type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { thread as english } from '../en/thread.ts';

export const thread = (t: Tools): ReturnType<typeof english> => ({
  auditLine: (p) => {
    const reason = p.reason ? md`: ${t.quote(p.reason)}` : '';
    const rest = p.rest ? md` (${p.rest})` : '';
    return md`${t.clock(p.at)} · ${p.who} · ${p.what}${reason}${rest}`;
  },
  person: (p) => md`${t.person(p.slackUser)} (${t.code(p.clusterUser)})`,
  breakGlass: (p) => {
    const owners =
      p.owners.length === 0
        ? md`클러스터 정책에 소유자가 없어 아무에게도 알리지 않았습니다.`
        : md`소유자에게 다이렉트 메시지를 보냅니다(${t.people(p.owners)}). 전달 결과는 이 스레드에 이어서 남깁니다.`;
    return md`${t.clock(p.at)} · 🚨 ${p.who} 님이 다른 사람의 승인 없이 시작했습니다: ${t.quote(p.why)}. ${owners}`;
  },
  ownersNotified: (p) => {
    const notified =
      p.notified.length === 0
        ? md`아직 어느 소유자에게도 알리지 못했습니다.`
        : md`알림을 받은 소유자: ${t.people(p.notified)}.`;
    const line = md`${t.clock(p.at)} · ${notified}`;
    return p.missed.length === 0
      ? line
      : md`${line} ⚠️ 알림을 받지 못한 소유자: ${t.people(p.missed)}. Slack이 봇의 다이렉트 메시지를 받아 주지 않았습니다. 직접 알려 주십시오.`;
  },
  voteRefused: (p) => {
    const did = p.decision === 'approve' ? md`승인했으나` : md`반려했으나`;
    const detail = p.detail ? md` (${t.code(p.detail)})` : '';
    return md`${t.clock(p.at)} · 🚫 ${p.who} 님이 ${did} ${p.why}${detail}`;
  },
  drilled: (p) => {
    const why = p.why === undefined ? '' : md`: ${t.quote(p.why)}`;
    const what =
      p.outcome === 'ok'
        ? md`스냅샷을 임시 etcd에 복원했습니다`
        : p.outcome === 'not-made'
          ? md`스냅샷의 복원 훈련을 하지 못했습니다`
          : p.outcome === 'does-not-restore'
            ? md`복원 훈련 결과 스냅샷이 복원되지 않았습니다`
            : md`복원 훈련을 했지만 결과를 판단할 수 없습니다`;
    return md`${t.clock(p.at)} · ${p.who} ${what}${why}`;
  },
  emergency: (why) => md`긴급: ${t.quote(why)}`,
  planVoid: (p) => {
    const what =
      p.changes.length === 0
        ? md`계획이 바뀌었습니다.`
        : md`계획이 바뀌었습니다: ${t.planChanges(p.changes)}.`;
    const head = md`${t.clock(p.at)} · ⚠️ ${what}`;
    return p.voided.length === 0
      ? md`${head} 카드에 새 계획이 있으며 승인이 필요합니다.`
      : md`${head} 이전에 받은 승인(${t.names(p.voided)})은 무효입니다. 카드에 새 계획이 있으며 다시 결정을 기다립니다.`;
  },
  handedOver: (p) => {
    const step = p.step === undefined ? '' : md`(단계: ${t.step(p.step)})`;
    return md`${t.clock(p.at)} · 봇이 종료됩니다${step}. 노드에서 실행 중인 작업은 계속되며, 봇이 다시 시작되면 이어받습니다.`;
  },
  resumed: (p) => {
    const head = md`${t.clock(p.at)} · 봇이 다시 시작되었습니다.`;
    if (p.step === undefined) return md`${head} 이 실행을 이어받습니다. 어떤 작업도 두 번 실행하지 않습니다.`;
    return p.scriptBegun
      ? md`${head} 다음 단계부터 이어받습니다: ${t.step(p.step)}. 백업 스크립트는 다시 시작하지 않습니다.`
      : md`${head} 중단된 단계: ${t.step(p.step)}. 백업 스크립트를 시작하기 전이므로 모두 다시 점검한 뒤 계속합니다. 어떤 작업도 두 번 실행하지 않습니다.`;
  },
  leftoverRemoved: (p) =>
    md`${t.clock(p.at)} · 백업을 만들지 못하고 끝난 실행 ${t.code(p.ofRun)} 건이 노드에 남긴 것을 봇이 삭제했습니다: ${t.path(p.path)}`,
  stepLine: (p) => md`${t.clock(p.at)} · ${t.terms.step[p.step]}${p.detail ? md`: ${p.detail}` : ''}`,
  detailsTitle: (cluster) => md`*${cluster} 클러스터 점검 결과*`,
  reportTitle: (cluster) => md`✅ *${cluster} 클러스터의 백업이 완료되었습니다*`,
  reportPlace: (p) => lines(md`*노드* ${t.code(p.node)}`, md`*디렉토리* ${t.path(p.directory)}`),
  reportFile: (p) =>
    lines(
      p.which === 'snapshot' ? md`*etcd 스냅샷*` : md`*정적 pod 리소스*`,
      t.path(p.path),
      md`${t.size(p.size)}`,
      md`sha256 ${t.code(p.sha256)}`,
    ),
  reportNumbers: (p) => {
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
  reportNoStatus: () =>
    md`이 릴리스의 스크립트는 스냅샷 상태를 출력하지 않으므로 etcd 리비전, 키 수, 해시는 기록에 없습니다. 두 파일의 검증에는 영향이 없습니다.`,
  reportProven: () =>
    md`노드에서 확인됨: 스냅샷은 etcd가 기록한 체크섬과 일치하고, 정적 pod 리소스 파일은 끝까지 읽었습니다.`,
  adviceTitle: () => md`*이 백업을 사용하기 전에*`,
  adviceRestore: (p) =>
    md`• ${p.zStream} 클러스터만 복원할 수 있습니다. 정확히 동일한 z-stream과 이 실행에서 나온 두 파일이 모두 필요하며, 다른 실행의 파일과 섞어 쓸 수 없습니다.`,
  adviceCopy: (p) =>
    md`• 두 파일을 클러스터 외부로 복사하십시오. 클러스터가 손상되면 ${t.code(p.node)} 노드도 함께 잃을 수 있습니다. 그때는 이 스레드의 값이 필요하므로 위의 값도 파일과 함께 보관하십시오.`,
  adviceApart: (p) =>
    p.encryption === 'on'
      ? md`• 정적 pod 리소스는 스냅샷과 별도로, 다른 인증 정보로 접근하는 곳에 저장하십시오. 이 파일에는 스냅샷의 암호화 키와 etcd 키, cluster-admin 토큰이 들어 있습니다.`
      : md`• 정적 pod 리소스는 스냅샷과 별도로, 다른 인증 정보로 접근하는 곳에 저장하십시오. etcd 암호화를 사용하지 않아도 이 파일에는 etcd 키와 cluster-admin 토큰이 들어 있습니다.`,
  adviceEncryption: (p) => {
    if (p.encryption === 'on')
      return md`• etcd 암호화(${t.code(p.type)})는 값만 암호화합니다. 리소스 유형, 네임스페이스, 오브젝트 이름은 스냅샷에서 그대로 읽을 수 있습니다.`;
    if (p.encryption === 'off')
      return md`• etcd 암호화가 비활성화되어 있어 모든 Secret을 포함한 스냅샷의 전체 내용을 읽을 수 있습니다. root 암호처럼 다루십시오.`;
    return md`• etcd가 암호화되어 있는지 알 수 없습니다. 스냅샷에서 모든 Secret을 읽을 수 있다고 가정하고 다루십시오.`;
  },
  adviceDualReplica: () =>
    md`• 컨트롤 플레인 노드가 두 개이므로 복원 절차가 다릅니다. 사용 중인 릴리스의 문서에서 미리 확인하십시오.`,
  failureTitle: (p) => {
    const step = p.step ? md` · 단계: ${t.terms.step[p.step]}` : '';
    const at = p.at === undefined ? '' : md` (${t.clock(p.at)})`;
    return md`❌ *${p.cluster} 클러스터의 백업에 실패했습니다*${step}${at}`;
  },
  noFailure: () => md`이 실행에는 보고할 실패가 없습니다.`,
  means: (text) => md`*의미:* ${text}`,
  next: (text) => md`*다음 단계:* ${text}`,
  outputTitle: () => md`*마지막 출력:*`,
  left: (left): Markup => {
    const pod = left.sessionPod ? thread(t).podLeft(left.sessionPod) : undefined;
    if (left.paths === undefined)
      return lines(md`*${left.node} 노드에 남은 것:* 확인하지 못했습니다. 노드에서 직접 확인하십시오.`, pod);
    if (left.paths.length === 0) return lines(md`*${left.node} 노드에 남은 것:* 파일 없음.`, pod);
    return lines(
      md`*${left.node} 노드에 남은 것* (복원에 사용하지 마십시오. 확인이 끝나면 삭제하십시오):`,
      t.paths(left.paths),
      pod,
    );
  },
  podLeft: (pod) =>
    md`세션 pod ${t.code(pod)} 삭제에 실패했거나, 삭제되었는지 클러스터에서 확인하지 못했습니다. 남아 있더라도 제한 시간이 지나면 자동으로 종료되며, 직접 삭제해도 됩니다.`,
  cleanUpDue: () => md`남은 것을 삭제하려고 봇이 계속 시도하며, 결과는 이 스레드에 알립니다.`,
  cleanedUp: (p) => {
    const what = [
      ...(p.pod ? [md`세션 pod`] : []),
      ...(p.directory === undefined ? [] : [md`디렉토리 ${t.path(p.directory)}`]),
    ];
    return what.length === 0
      ? md`${t.clock(p.at)} · 클러스터가 다시 응답합니다. 확인 결과, 이 실행이 노드에 남긴 것이 없습니다.`
      : md`${t.clock(p.at)} · 클러스터가 다시 응답합니다. 봇이 다음을 삭제했습니다: ${join(what, ', ')}. 이 실행이 노드에 남긴 것이 없습니다.`;
  },
  cleanedUpButFiles: (p) =>
    md`${t.clock(p.at)} · 클러스터가 다시 응답합니다. 이 실행의 세션 pod는 남아 있지 않습니다. 파일은 ${t.path(p.directory)} 디렉토리에 남아 있으며 검증되지 않았으므로 복원에 사용하지 마십시오.`,
  cleanUpGivenUp: (p) =>
    md`${t.clock(p.at)} · 이 실행이 노드에 남긴 것을 삭제하려는 시도를 중단합니다: ${p.why}${p.pod ? md` 세션 pod는 제한 시간이 지날 때까지 남아 있을 수 있습니다.` : ''}`,
  awaitsPod: (p) =>
    md`${t.clock(p.at)} · 이미 끝난 실행 ${t.code(p.ofRun)} 건의 세션 pod ${t.code(p.pod)} 삭제가 끝나기를 최대 ${t.duration(p.forMs)} 기다립니다.`,
  drillWaits: (p) =>
    md`${t.clock(p.at)} · 복원 훈련은 ${t.code(p.ofRun)} 실행(${p.cluster})의 훈련이 끝난 뒤에 합니다. 봇은 한 번에 하나만 훈련합니다. 이 실행은 훈련을 기다리지 않고 끝나며, 훈련 결과는 이 스레드에 표시됩니다.`,
  nothingLeft: () => md`*노드에 남은 것:* 없음. 노드에서 작업하기 전에 끝났습니다.`,
  leftUnknown: (p) =>
    p
      ? md`*노드에 남은 것:* 알 수 없습니다. ${t.code(p.node)} 노드의 ${t.path(p.directory)} 디렉토리를 확인하고, 그곳의 파일은 복원에 사용하지 마십시오.`
      : md`*노드에 남은 것:* 알 수 없습니다.`,
  planChange: (p) =>
    md`• ${t.terms.planField[p.field]}: 승인할 때 ${t.planValue(p.field, p.approved)}, 지금 ${t.planValue(p.field, p.now)}`,
});
