import { lines, type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { card as english } from '../en/card.ts';
import { refusalOf, type VoteRefusal } from '../vote-refusal.ts';

const voteRefused: Readonly<Record<VoteRefusal, Markup>> = {
  'not-cluster-admin': md`cluster-admin이 아니므로 무효입니다`,
  'refused-person': md`결정할 수 없는 계정(게스트, 봇, 다른 워크스페이스 또는 비활성화된 계정)이므로 무효입니다`,
  'profile-unreadable': md`Slack에서 사용자 정보를 확인하지 못해 무효입니다. 다시 결정할 수 있습니다`,
  'rights-unreadable': md`클러스터 권한을 확인하지 못해 무효입니다. 다시 결정할 수 있습니다`,
  'blocked-now': md`점검 결과 지금은 백업할 수 없어 승인이 무효입니다. 나중에 다시 승인할 수 있습니다`,
  other: md`무효입니다`,
};

export const card = (t: Tools): ReturnType<typeof english> => ({
  title: (p) => {
    const what =
      p.status === 'succeeded'
        ? md`${p.cluster} 클러스터의 etcd 백업`
        : md`${p.cluster} 클러스터 etcd 백업 요청`;
    return p.zStream ? md`*${what}* · ${p.zStream}` : md`*${what}*`;
  },
  requestedBy: (p) => {
    const who = p.scheduled ? md`일정에 따른 요청` : md`요청자 ${t.person(p.slackUser)}`;
    return p.reason ? md`${who}: ${t.quote(p.reason)}` : who;
  },
  retry: (p) => {
    const how = p.how === 'failed' ? md`실패했습니다` : md`차단되었습니다`;
    const elsewhere =
      p.avoid.length === 0
        ? undefined
        : md`사용할 수 있는 다른 노드가 있으면 ${t.names(p.avoid)} 대신 그 노드를 사용합니다. 앞선 실행이 거기에서 실패했습니다.`;
    const head = md`🔁 *재시도 ${p.number}/${p.of}* (${t.time(p.slot)} 예약 백업): 앞선 실행 ${t.code(p.after)} 건이 ${how}. ${p.because}`;
    return lines(head, elsewhere);
  },
  emergency: (p) => {
    const who = md`🚨 *긴급 실행* · 요청자 ${t.person(p.slackUser)}`;
    return p.alone
      ? md`${who} · 다른 사람의 승인을 받지 않음: ${t.quote(p.why)}`
      : md`${who}: ${t.quote(p.why)}`;
  },
  planChanged: ({ changes, emergency }) => {
    const what =
      changes.length === 0
        ? md`⚠️ *계획이 바뀌었습니다.*`
        : md`⚠️ *계획이 바뀌었습니다:* ${t.planChanges(changes)}.`;
    return emergency
      ? md`${what} 새 계획은 승인이 필요하며, 긴급 실행이므로 요청자도 승인할 수 있습니다.`
      : md`${what} 이전에 받은 승인은 무효입니다.`;
  },
  checking: (nodeWanted) =>
    nodeWanted
      ? md`🔎 요청자의 권한과 클러스터를 점검하고 있습니다(지정한 노드 ${t.code(nodeWanted)})… 몇 초 걸립니다.`
      : md`🔎 요청자의 권한과 클러스터를 점검하고 있습니다… 몇 초 걸립니다.`,
  asks: (plan) =>
    md`*승인하시겠습니까?* ${t.code(plan.node)} 노드에서 root 권한으로 실행되며, 약 1분간 디스크 부하가 있습니다.`,
  planNode: (plan) => md`노드 ${t.code(plan.node)}`,
  offPeak: (inside) => md`사용량이 적은 시간대: ${inside ? '예' : '아니요'}`,
  proxy: (inUse) => (inUse ? md`프록시: 사용 중(스크립트에 전달)` : md`프록시: 없음`),
  encryption: (type) => md`암호화: ${isOff(type) ? '비활성화' : type}`,
  directory: (plan) => md`저장 위치: 해당 노드의 ${t.path(plan.directory)}`,
  needs: (p) => {
    const needs =
      p.approvers.length === 0
        ? md`cluster-admin ${p.needed}명의 승인 필요`
        : md`${t.people(p.approvers)} 중 ${p.needed}명의 승인 필요`;
    if (p.scheduled) return needs;
    return p.selfApproval ? md`${needs}(요청자 본인도 가능)` : md`${needs}(요청자 제외)`;
  },
  expires: (at) => md`만료 ${t.moment(at)}`,
  vote: (vote) => {
    const who = t.person(vote.person.slackUser);
    if (vote.status === 'pending') return md`🔎 ${who} 님이 결정했습니다. 클러스터 권한을 확인하고 있습니다`;
    if (vote.status === 'refused') return md`🚫 ${who} 님이 결정했지만 ${voteRefused[refusalOf(vote)]}`;
    const why = vote.reason ? md`: ${t.quote(vote.reason)}` : '';
    return vote.decision === 'approve' ? md`👍 ${who} 님이 승인${why}` : md`👎 ${who} 님이 반려${why}`;
  },
  voteRefused,
  byText: (runId) => md`명령으로 승인: ${t.command(`approve ${runId}`)}`,
  approved: (p) => {
    if (p.bySchedule) return md`👍 *봇 구성에 따라 승인됨* (이 일정의 모든 실행) · 지금 시작합니다`;
    return p.alone ? md`🚨 *긴급 실행이라 승인 불필요* · 지금 시작합니다` : md`👍 *승인됨* · 지금 시작합니다`;
  },
  running: (p) => {
    const step = p.step ? t.terms.step[p.step] : md`시작하는 중`;
    return p.since === undefined
      ? md`⏳ *실행 중*: ${step}`
      : md`⏳ *실행 중* (${t.clock(p.since)}부터): ${step}`;
  },
  succeeded: (p) => {
    const how =
      p.durationMs === undefined ? md`✅ *백업 완료*` : md`✅ *백업 완료* · ${t.duration(p.durationMs)} 소요`;
    return p.approvers.length === 0 ? how : md`${how} · 승인자 ${t.people(p.approvers)}`;
  },
  result: (p) => {
    const revision = p.revision === undefined ? '' : md` · 리비전 ${String(p.revision)}`;
    const whole = p.whole ? md` · 노드에서 확인됨` : '';
    return md`etcd 스냅샷 ${t.shortSize(p.snapshotBytes)} ${t.code(`sha256:${p.snapshotSha}`)}${revision} · 정적 pod 리소스 ${t.shortSize(p.resourcesBytes)} ${t.code(`sha256:${p.resourcesSha}`)}${whole}`;
  },
  where: (p) => md`두 파일의 위치: ${t.code(p.node)} 노드의 ${t.path(p.directory)}`,
  restoresOnly: (zStream) => md`${zStream} 클러스터만 복원할 수 있습니다`,
  copyOff: () =>
    md`⚠️ 두 파일을 클러스터 외부의 서로 다른 두 곳에 복사하십시오. 클러스터가 손상되면 노드도 함께 잃을 수 있습니다.`,
  failed: () => md`❌ *백업 실패*`,
  blocked: () => md`⛔ *사전 점검에서 중단됨*`,
  tryAgainAt: (at) => md`${t.moment(at)} 이후에 다시 시도하십시오.`,
  requestAgain: (cluster) => md`다시 요청하려면: ${t.command(`run ${cluster}`)}`,
  tryAgain: (cluster) => md`해결한 뒤: ${t.command(`run ${cluster}`)}`,
  refused: () => md`🚫 *거부됨* · 요청자에게 이 클러스터를 백업할 권한이 없습니다`,
  ended: (p) => {
    const by = p.by === undefined ? '' : md` · ${t.person(p.by)}`;
    const at = p.at === undefined ? '' : md` · ${t.time(p.at)}`;
    const why = p.reason ? md`: ${t.quote(p.reason)}` : '';
    return md`${p.how === 'rejected' ? md`🚫 *반려됨*` : md`⚪ *취소됨*`}${by}${at}${why}`;
  },
  expired: (at) =>
    at === undefined
      ? md`⌛ *만료됨* · 제시간에 충분한 승인을 받지 못했습니다`
      : md`⌛ *만료됨* · ${t.time(at)}까지 충분한 승인을 받지 못했습니다`,
  nothingWasRun: () => md`아무것도 실행하지 않았습니다.`,
  moved: (p, links) =>
    md`Slack에서 이 카드를 더 이상 수정할 수 없어, 이 카드의 ${t.code(p.runId)} 상태는 최신이 아닙니다. 이후의 진행 상황, 로그, 보고서는 ${t.channel(p.channel)} 채널의 ${links.card(md`새 카드`)}에서 확인하십시오.`,
  inThread: () => md`자세한 내용은 스레드에 있습니다.`,
  moreInThread: (count) => md`… 외 ${count}개는 스레드에 있습니다`,
  footer: (p) => md`실행 ID ${t.code(p.runId)}`,
  buttons: { approve: '승인', reject: '반려', cancel: '요청 취소' },
  confirm: (p) => ({
    title: `${p.cluster} 클러스터를 백업할까요?`,
    text: `${p.node} 노드에서 root 권한으로 ${p.cluster} 클러스터의 etcd를 백업합니다. 승인자로 기록됩니다.`,
    confirm: '승인',
    deny: '나중에',
  }),
  summary: (p) => {
    const said = md`${p.cluster} 클러스터 etcd 백업: ${p.status}`;
    return p.emergency ? md`🚨 긴급 · ${said}` : said;
  },
});

function isOff(type: string): boolean {
  return type === '' || type === 'identity';
}
