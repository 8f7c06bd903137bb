import type { CardWording } from '../card-wording.ts';
import { join, type Markup, md } from '../markup.ts';
import { refusalOf } from '../vote-refusal.ts';
import { terms } from './terms.ts';

export const card: CardWording = {
  title: (p) => {
    const what =
      p.status === 'succeeded'
        ? md`${p.cluster} 클러스터의 etcd 백업`
        : md`${p.cluster} 클러스터 etcd 백업 요청`;
    return p.zStream ? md`*${what}* · ${p.zStream}` : md`*${what}*`;
  },
  requestedBy: (p, t) => {
    const who = p.scheduled ? md`일정에 따른 요청` : md`요청자 ${t.person(p.slackUser)}`;
    return p.reason ? md`${who}: ${t.quote(p.reason)}` : who;
  },
  emergency: (p, t) => {
    const who = md`🚨 *긴급 실행* · 요청자 ${t.person(p.slackUser)}`;
    return p.alone
      ? md`${who} · 다른 사람의 승인을 받지 않음: ${t.quote(p.why)}`
      : md`${who}: ${t.quote(p.why)}`;
  },
  planChanged: ({ changes, emergency }, t) => {
    const what =
      changes.length === 0
        ? md`⚠️ *계획이 바뀌었습니다.*`
        : md`⚠️ *계획이 바뀌었습니다:* ${t.planChanges(changes)}.`;
    return emergency
      ? md`${what} 새 계획은 승인이 필요하며, 긴급 실행이므로 요청자도 승인할 수 있습니다.`
      : md`${what} 이전에 받은 승인은 집계하지 않습니다.`;
  },
  checking: (nodeWanted, t) =>
    nodeWanted
      ? md`🔎 요청자의 권한과 클러스터를 점검하고 있습니다(지정한 노드 ${t.code(nodeWanted)})… 몇 초 걸립니다.`
      : md`🔎 요청자의 권한과 클러스터를 점검하고 있습니다… 몇 초 걸립니다.`,
  planNode: (plan, t) => md`노드 ${t.code(plan.node)}`,
  offPeak: (inside) => md`사용량이 적은 시간대: ${inside ? '예' : '아니요'}`,
  proxy: (inUse) => (inUse ? md`프록시: 사용 중, 내보냄` : md`프록시: 없음`),
  encryption: (type) => md`암호화: ${isOff(type) ? '비활성화' : type}`,
  directory: (plan, t) => md`저장 위치: 해당 노드의 ${t.path(plan.directory)}`,
  counts: (p) =>
    sentence([
      p.blockers > 0 ? md`⛔ 차단 항목 ${p.blockers}개` : undefined,
      md`✅ 점검 ${p.passed}개 통과`,
      p.warnings > 0 ? md`⚠️ 경고 ${p.warnings}개` : undefined,
      p.later > 0 ? md`🕓 시작할 때 노드에서 점검 ${p.later}개` : undefined,
    ]),
  needs: (p, t) => {
    const needs =
      p.approvers.length === 0
        ? md`cluster-admin ${p.needed}명의 승인 필요`
        : md`${t.people(p.approvers)} 중 ${p.needed}명의 승인 필요`;
    if (p.scheduled) return needs;
    return p.selfApproval ? md`${needs}(요청자 본인도 가능)` : md`${needs}(요청자 제외)`;
  },
  expires: (at, t) => md`만료 ${t.moment(at)}`,
  vote: (vote, t) => {
    const who = t.person(vote.person.slackUser);
    if (vote.standing === 'pending')
      return md`🔎 ${who} 님이 결정했습니다. 클러스터 권한을 확인하고 있습니다`;
    if (vote.standing === 'refused')
      return md`🚫 ${who} 님이 결정했지만 ${card.voteRefused[refusalOf(vote)]}`;
    const why = vote.reason ? md`: ${t.quote(vote.reason)}` : '';
    return vote.decision === 'approve' ? md`👍 ${who} 님이 승인${why}` : md`👎 ${who} 님이 반려${why}`;
  },
  voteRefused: {
    'not-cluster-admin': md`cluster-admin이 아니므로 집계하지 않습니다`,
    'refused-person': md`결정할 수 없는 계정(게스트, 봇, 다른 워크스페이스 또는 비활성화된 계정)이므로 집계하지 않습니다`,
    'profile-unreadable': md`Slack에서 사용자 정보를 확인하지 못해 집계하지 않습니다. 다시 결정할 수 있습니다`,
    'rights-unreadable': md`클러스터 권한을 확인하지 못해 집계하지 않습니다. 다시 결정할 수 있습니다`,
    'blocked-now': md`점검 결과 지금은 백업할 수 없어 집계하지 않습니다. 나중에 다시 승인할 수 있습니다`,
    other: md`집계하지 않습니다`,
  },
  byText: (runId, t) => md`명령으로 승인: ${t.command(`approve ${runId}`)}`,
  approved: (p) => {
    if (p.bySchedule) return md`👍 *설정에서 승인됨*(이 일정의 모든 실행) · 지금 시작합니다`;
    return p.alone ? md`🚨 *긴급 실행이라 승인 불필요* · 지금 시작합니다` : md`👍 *승인됨* · 지금 시작합니다`;
  },
  running: (p, t) => {
    const step = p.step ? terms.step[p.step] : md`시작하는 중`;
    return p.since === undefined
      ? md`⏳ *실행 중*: ${step}`
      : md`⏳ *실행 중* (${t.clock(p.since)}부터): ${step}`;
  },
  succeeded: (p, t) => {
    const how =
      p.durationMs === undefined ? md`✅ *백업 완료*` : md`✅ *백업 완료* · ${t.duration(p.durationMs)} 소요`;
    return p.approvers.length === 0 ? how : md`${how} · 승인자 ${t.people(p.approvers)}`;
  },
  result: (p, t) => {
    const revision = p.revision === undefined ? '' : md` · 리비전 ${String(p.revision)}`;
    return md`etcd 스냅샷 ${t.shortSize(p.snapshotBytes)} ${t.code(`sha256:${p.snapshotSha}`)}${revision} · 정적 pod 리소스 ${t.shortSize(p.resourcesBytes)} ${t.code(`sha256:${p.resourcesSha}`)} · 온전함을 검증함`;
  },
  where: (p, t) => md`두 파일의 위치: ${t.code(p.node)} 노드의 ${t.path(p.directory)}`,
  restoresOnly: (zStream) => md`${zStream} 클러스터만 복원할 수 있습니다`,
  copyOff: () =>
    md`⚠️ 두 파일을 클러스터 외부의 서로 다른 두 곳에 복사하십시오. 클러스터가 손상되면 노드도 함께 잃을 수 있습니다.`,
  failed: () => md`❌ *백업 실패*`,
  blocked: () => md`⛔ *사전 점검에서 중단됨*`,
  tryAgainAt: (at, t) => md`${t.moment(at)} 이후에 다시 시도하십시오.`,
  tryAgain: (cluster, t) => md`해결한 뒤: ${t.command(`run ${cluster}`)}`,
  refused: () => md`🚫 *거부됨* · 요청자에게 이 클러스터를 백업할 권한이 없습니다`,
  ended: (p, t) => {
    const by = p.by === undefined ? '' : md` · ${t.person(p.by)}`;
    const at = p.at === undefined ? '' : md` · ${t.time(p.at)}`;
    const why = p.reason ? md`: ${t.quote(p.reason)}` : '';
    return md`${p.how === 'rejected' ? md`🚫 *반려됨*` : md`⚪ *취소됨*`}${by}${at}${why}`;
  },
  expired: (at, t) =>
    at === undefined
      ? md`⌛ *만료됨* · 제시간에 충분한 승인을 받지 못했습니다`
      : md`⌛ *만료됨* · ${t.time(at)} 까지 충분한 승인을 받지 못했습니다`,
  nothingWasRun: () => md`아무것도 실행하지 않았습니다.`,
  inThread: () => md`자세한 내용은 스레드에 있습니다.`,
  moreInThread: (count) => md`… 외 ${count}개는 스레드에 있습니다`,
  footer: (p, t) => md`실행 ID ${t.code(p.runId)}`,
  buttons: { approve: '승인', reject: '반려', cancel: '요청 취소' },
  confirm: (p) => ({
    title: `${p.cluster} 클러스터를 백업할까요?`,
    text: `${p.node} 노드에서 root 권한으로 ${p.cluster} 클러스터의 etcd를 백업합니다. 승인자로 기록됩니다.`,
    confirm: '승인',
    deny: '아직 아님',
  }),
  summary: (p) => {
    const said = md`${p.cluster} 클러스터 etcd 백업: ${p.status}`;
    return p.emergency ? md`🚨 긴급 · ${said}` : said;
  },
};

function isOff(type: string): boolean {
  return type === '' || type === 'identity';
}

function sentence(parts: readonly (Markup | undefined)[]): Markup {
  return join(
    parts.filter((part) => part !== undefined),
    ' · ',
  );
}
