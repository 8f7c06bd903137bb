import type { AnswersWording, UnreadableProfile } from '../answers-wording.ts';
import { lines, md } from '../markup.ts';
import { terms } from './terms.ts';

const standing: AnswersWording['standing'] = {
  guest: md`게스트는 백업을 요청하거나 결정할 수 없습니다. 이 워크스페이스의 정식 멤버에게 부탁하십시오.`,
  stranger: md`다른 워크스페이스의 사용자는 백업을 요청하거나 결정할 수 없습니다. 이 워크스페이스의 멤버에게 부탁하십시오.`,
  deactivated: md`비활성화된 Slack 계정으로는 백업을 요청하거나 결정할 수 없습니다. 이 워크스페이스의 멤버에게 부탁하십시오.`,
  bot: md`봇은 백업을 요청하거나 결정할 수 없습니다. 사람이 직접 해야 합니다.`,
};
const profileUnreadable = ({ reason, detail }: UnreadableProfile) => {
  switch (reason) {
    case 'unauthorized':
    case 'forbidden':
      return md`봇이 Slack에서 사용자 정보를 읽을 수 없어(${detail}) 아무것도 하지 않았습니다. 다시 시도해도 되지 않습니다. 봇 담당자에게 봇의 Slack 토큰과 권한을 확인해 달라고 요청하십시오.`;
    case 'absent':
      return md`Slack에서 이 워크스페이스의 계정을 찾지 못해(${detail}) 아무것도 하지 않았습니다. 이 워크스페이스의 멤버에게 부탁하십시오.`;
    default:
      return md`Slack에서 사용자 정보를 확인하지 못해(${detail}) 아무것도 하지 않았습니다. 잠시 후 다시 시도하십시오.`;
  }
};

export const answers: AnswersWording = {
  standing,
  notAllowed: {
    'unknown-person': (_answer, t) =>
      md`어느 클러스터 사용자이신지 봇이 알지 못합니다. 봇 구성의 ${t.code('people')} 항목에 추가해 달라고 관리자에게 요청하십시오.`,
    'refused-person': (answer) => standing[answer.standing],
    'profile-unreadable': profileUnreadable,
    'wrong-channel': (answer, t) =>
      md`이 채널에서는 ${t.code(answer.cluster)} 클러스터를 다룰 수 없습니다. ${t.list(answer.allowed.map((id) => t.channel(id)))} 채널에서 다시 요청하십시오.`,
  },
  cluster: {
    'cluster-missing': (answer, t) =>
      answer.known.length === 0
        ? md`구성된 클러스터가 없습니다. 봇 구성에 클러스터를 추가해 달라고 관리자에게 요청하십시오.`
        : md`어느 클러스터입니까? ${t.names(answer.known)} 중 하나를 지정하십시오. 예: ${t.command(`run ${answer.known[0]}`)}`,
    'unknown-cluster': (answer, t) =>
      answer.nearest === undefined
        ? md`${t.code(answer.name)} 클러스터가 없습니다. 구성된 클러스터: ${t.names(answer.known)}`
        : md`${t.code(answer.name)} 클러스터가 없습니다. ${t.code(answer.nearest)} 클러스터를 찾으십니까? 구성된 클러스터: ${t.names(answer.known)}`,
  },
  request: {
    recorded: (answer, t, links) => {
      const { id, cluster, emergency } = answer.run;
      const said = md`${t.code(cluster)} 클러스터의 백업 요청 ${t.code(id)} 건을 기록했습니다. 권한과 클러스터를 점검하고 있으며, 문제가 없으면 곧 ${t.channel(answer.cardChannel)} 채널에 ${links.card(md`카드`)} 표시됩니다.`;
      return emergency === undefined
        ? said
        : md`🚨 ${said} 그다음 승인 없이 시작하며 소유자에게 즉시 알립니다.`;
    },
    duplicate: () => md`이미 기록된 요청입니다. 두 번 처리하지 않았습니다.`,
    busy: (answer, t, links) =>
      md`${t.code(answer.run.cluster)} 클러스터의 백업이 이미 진행 중이며(실행 ${t.code(answer.run.id)}, ${terms.status[answer.run.status]}) 한 번에 하나만 할 수 있습니다. ${links.card(md`해당 카드`)} 에서 진행 상황을 보거나 끝난 뒤 다시 요청하십시오.`,
    'bad-node': (answer, t) =>
      md`${t.code(answer.node)} 값은 노드 이름이 될 수 없습니다. 노드 이름에는 소문자, 숫자, 점, 하이픈만 쓸 수 있습니다. 노드를 지정하지 않으면 봇이 고릅니다.`,
    'reason-too-long': (answer, t) =>
      md`사유가 ${t.number(answer.length)}자입니다. ${t.number(answer.max)}자까지 쓸 수 있습니다. 줄여서 다시 요청하십시오. 아무것도 하지 않았습니다.`,
    'no-emergency-right': (answer, t) => {
      const who =
        answer.people.length === 0
          ? md`클러스터 정책에 따라 아무도 할 수 없습니다`
          : md`클러스터 정책에 따라 ${t.people(answer.people)} 님만 할 수 있습니다`;
      return md`${t.code(answer.cluster)} 클러스터를 승인 없이 백업할 수 없습니다. ${who}. 아무것도 하지 않았습니다. 승인을 받는 방법으로 요청하십시오: ${t.command(`run ${answer.cluster} reason="…"`)}`;
    },
  },
  vote: {
    received: (answer, t) =>
      md`${t.code(answer.run.id)} 요청에 대한 결정을 기록했습니다. ${t.code(answer.run.cluster)} 클러스터의 권한을 확인하고 있으며 곧 결과를 알려 드립니다.`,
    duplicate: () => md`이미 기록된 결정입니다. 두 번 처리하지 않았습니다.`,
    'no-such-run': (answer, t) => answers.noSuchRun(answer, t),
    'not-waiting': (answer, t) =>
      md`늦었습니다. ${t.code(answer.run.id)} 요청은 더 이상 결정을 기다리지 않습니다(${terms.status[answer.run.status]}). 바뀐 것은 없습니다.`,
    expired: (answer, t) =>
      md`${t.code(answer.run.id)} 요청이 만료되어 아무것도 실행하지 않았습니다. 다시 요청하려면: ${t.command(`run ${answer.run.cluster}`)}`,
    'not-an-approver': (answer, t) =>
      md`${t.code(answer.run.cluster)} 클러스터의 승인자가 아닙니다. ${t.people(answer.approvers)} 중 한 분에게 부탁하십시오.`,
    'own-request': (answer, t) =>
      md`본인의 요청이므로 ${t.code(answer.run.id)} 건은 다른 사람이 결정해야 합니다. 요청을 취소하려면: ${t.command(`cancel ${answer.run.id}`)}`,
    'voted-already': (answer, t) =>
      md`${t.code(answer.run.id)} 요청은 이미 결정하셨고 한 사람의 결정은 한 번만 집계됩니다. 이제 다른 사람이 결정해야 합니다.`,
    'old-plan': (answer, t, links) =>
      md`집계하지 않았습니다. 보고 계신 카드가 올라온 뒤 ${t.code(answer.run.id)} 요청의 계획이 바뀌었습니다. ${links.card(md`카드`)} 내용을 다시 확인하고 결정하십시오.`,
    'not-this-card': (answer, t, links) =>
      md`아무것도 하지 않았습니다. 이 버튼은 ${t.code(answer.run.id)} 요청의 카드에 있는 것이 아닙니다. ${links.card(md`해당 카드`)} 또는 명령으로 결정하십시오: ${t.command(`approve ${answer.run.id}`)}`,
    'reason-too-long': (answer, t) =>
      md`사유가 ${t.number(answer.length)}자입니다. ${t.number(answer.max)}자까지 쓸 수 있습니다. 줄여서 다시 결정하십시오. 바뀐 것은 없습니다.`,
  },
  cancel: {
    cancelled: (answer, t) => md`${t.code(answer.run.id)} 요청을 취소했습니다. 아무것도 실행하지 않았습니다.`,
    duplicate: () => md`이미 기록되었습니다. 두 번 처리하지 않았습니다.`,
    'no-such-run': (answer, t) => answers.noSuchRun(answer, t),
    over: (answer, t) =>
      md`취소할 것이 없습니다. ${t.code(answer.run.id)} 실행은 이미 끝났습니다(${terms.status[answer.run.status]}).`,
    running: (answer, t) =>
      md`${t.code(answer.run.id)} 실행은 이미 노드에서 작업 중이라 안전하게 취소할 수 없습니다. 몇 분 안에 끝나므로 기다려 주십시오.`,
    'not-yours': (answer, t) =>
      answer.run.origin.kind === 'schedule'
        ? md`${t.code(answer.run.id)} 요청은 일정에 따른 것이므로 클러스터 소유자만 취소할 수 있습니다. 승인자는 반려할 수 있습니다: ${t.command(`reject ${answer.run.id}`)}`
        : md`${t.code(answer.run.id)} 요청은 요청자 ${t.person(answer.run.requester.slackUser)} 님만 취소할 수 있습니다. 승인자는 반려할 수 있습니다: ${t.command(`reject ${answer.run.id}`)}`,
  },
  audit: {
    whole: (p, t) =>
      md`✅ ${t.code(p.runId)} 실행의 기록은 온전합니다. ${t.number(p.lines)}줄이며, 각 줄에는 앞줄의 해시가 들어 있습니다. 마지막 해시는 ${t.code(p.lastHash)} 입니다. 파일은 봇과의 다이렉트 메시지에 있습니다.`,
    broken: (p, t) =>
      md`⛔ ${t.code(p.runId)} 실행의 기록이 작성된 뒤에 바뀌었습니다. ${t.number(p.line)}번째 줄이 해시와 맞지 않습니다. 그 앞의 줄과 Slack 스레드만 믿으십시오. 지금 봇의 데이터베이스 사본을 보관하고 보안 담당자에게 알리십시오. 파일은 봇과의 다이렉트 메시지에 있습니다.`,
    cutOff: (p, t) =>
      md`⛔ ${t.code(p.runId)} 실행의 기록에 끝이 없습니다. 줄이 잘려 나갔거나 실행 정보가 바뀌었습니다. Slack 스레드와 비교하십시오. 지금 봇의 데이터베이스 사본을 보관하고 보안 담당자에게 알리십시오. 파일은 봇과의 다이렉트 메시지에 있습니다.`,
    notDelivered: (p, t) =>
      md`${t.code(p.runId)} 실행의 기록을 파일로 보내지 못했습니다: ${p.why}. 기록 자체는 안전합니다. 앱에 없는 권한이 있는지는 ${t.command('doctor')} 명령으로 확인하십시오.`,
  },
  noSuchRun: ({ runId, nearest }, t) =>
    md`${t.code(runId)} 실행이 없습니다. ${nearest === undefined ? '' : md`${t.code(nearest)} 실행을 찾으십니까? `}${t.command('status')} 명령은 진행 중인 실행을, ${t.command('list')} 명령은 백업을 보여 줍니다.`,
  say: {
    'refused-person': (say) => standing[say.standing],
    'profile-unreadable': profileUnreadable,
    'not-cluster-admin': (say, t) =>
      md`클러스터 사용자 ${t.code(say.clusterUser)} 님은 ${t.code(say.cluster)} 클러스터의 cluster-admin이 아니므로 집계되지 않으며 아무것도 실행하지 않았습니다. cluster-admin에게 부탁하십시오.`,
    'rights-unreadable': (say, t) =>
      md`${t.code(say.cluster)} 클러스터의 권한을 확인하지 못했습니다: ${t.why(say.why)}. 아무것도 실행하지 않았습니다. 몇 분 뒤 다시 시도하십시오.`,
    'request-on-card': (say, t, links) =>
      md`${t.code(say.cluster)} 클러스터의 백업 요청 ${t.code(say.runId)} 건이 클러스터 채널의 ${links.card(md`카드`)} 에 올라갔습니다.`,
    'vote-counted': (say, t) => {
      if (say.decision === 'reject')
        return md`${t.code(say.runId)} 요청에 대한 반려가 집계되었습니다. 아무것도 실행하지 않았습니다.`;
      return say.missing > 0
        ? md`${t.code(say.runId)} 요청에 대한 승인이 집계되었습니다. 승인 ${say.missing}개가 더 필요합니다.`
        : md`${t.code(say.runId)} 요청에 대한 승인이 집계되었습니다. 지금 시작합니다.`;
    },
    'vote-too-late': (say, t) =>
      md`${t.code(say.runId)} 요청에 대한 결정이 늦었습니다(${terms.status[say.status]}). 바뀐 것은 없습니다.`,
    'vote-void': (say, t, links) => {
      const what =
        say.changes.length === 0
          ? md`${t.code(say.runId)} 요청을 승인하신 뒤에 계획이 바뀌었습니다.`
          : md`${t.code(say.runId)} 요청을 승인하신 뒤에 계획이 바뀌었습니다: ${t.planChanges(say.changes)}.`;
      return md`⚠️ ${what} 승인은 더 이상 집계하지 않으며 아무것도 실행하지 않았습니다. 새 계획이 있는 ${links.card(md`카드`)} 내용을 확인하고 다시 결정하십시오.`;
    },
    'blocked-now': (say, t, links) =>
      lines(
        md`⛔ 지금은 백업할 수 없어 ${t.code(say.runId)} 요청에 대한 승인을 집계하지 않았습니다. 아무것도 실행하지 않았으며 요청은 계속 승인을 기다립니다. 아래 문제가 해결되면 ${links.card(md`카드`)} 에서 다시 승인하십시오.`,
        ...t.reasons(say.findings),
      ),
    'emergency-started': (say, t, links) =>
      lines(
        md`🚨 *${say.cluster} 클러스터 긴급 백업*: ${t.person(say.by.slackUser)} 님(클러스터 사용자 ${t.code(say.by.clusterUser)})이 다른 사람의 승인 없이 실행 ${t.code(say.runId)} 건을 시작합니다. 사유: ${t.quote(say.emergency)}`,
        md`이 클러스터의 소유자이므로 알려 드립니다. 문제가 없으면 하실 일은 없습니다. 진행 상황은 클러스터 채널의 ${links.card(md`카드`)} 에 있습니다.`,
        md`문제가 있으면 바로 ${t.person(say.by.slackUser)} 님과 이야기하십시오. 노드에서 시작되기 전까지는 요청자나 승인자가 취소할 수 있습니다(${t.command(`cancel ${say.runId}`)}). 그 뒤에는 스스로 끝나며, 백업은 클러스터를 바꾸지 않습니다.`,
      ),
    'cannot-post': (say, t) => {
      const invite = t.code(`/invite @${say.botName}`);
      const what = {
        'not-in-channel': md`⚠️ 봇이 ${t.channel(say.channel)} 채널에 없어 ${t.code(say.runId)} 건의 카드와 진행 상황을 올리지 못합니다. 그 채널에서 ${invite} 명령을 보내십시오.`,
        'channel-not-found': md`⚠️ 봇에게는 ${t.code(say.channel)} (${t.channel(say.channel)}) 채널이 보이지 않아 ${t.code(say.runId)} 건의 카드와 진행 상황을 올리지 못합니다. 비공개 채널이면 그 채널에서 ${invite} 명령을 보내십시오. 아니면 설정의 채널 ID가 잘못된 것입니다.`,
        archived: md`⚠️ ${t.channel(say.channel)} 채널이 보관되어 ${t.code(say.runId)} 건의 카드와 진행 상황을 올리지 못합니다. 채널 보관을 해제하거나 이 클러스터에 다른 채널을 설정하십시오.`,
        'missing-scope': md`⚠️ Slack 앱에 ${say.scope === undefined ? md`필요한 권한(scope)이` : md`${t.code(say.scope)} 권한(scope)이`} 없어 ${t.code(say.runId)} 건의 카드와 진행 상황을 ${t.channel(say.channel)} 채널에 올리지 못합니다. manifest.yml의 권한으로 앱을 다시 설치하십시오.`,
      }[say.why];
      return lines(
        what,
        md`올리지 못한 내용은 ${t.moment(say.keptUntil)}까지 보관하며, 해결되는 대로 올립니다. 백업 자체는 이와 상관없이 진행됩니다. 상태는 ${t.command(`show ${say.runId}`)} 명령으로 볼 수 있고, 승인을 기다리는 동안에는 ${t.command(`approve ${say.runId}`)} 명령으로 승인할 수 있습니다.`,
      );
    },
  },
  problem: {
    'unknown-word': (problem, t) =>
      problem.nearest === undefined
        ? md`${t.code(problem.word)} 명령은 없습니다. ${t.command('help')} 명령으로 사용할 수 있는 명령을 볼 수 있습니다.`
        : md`${t.code(problem.word)} 명령은 없습니다. ${t.command(problem.nearest)} 명령을 찾으십니까?`,
    'unknown-option': (problem, t) =>
      problem.nearest === undefined
        ? md`${t.code(problem.command)} 명령에는 ${t.code(problem.option)} 옵션이 없습니다. 도움말: ${t.command(`help ${problem.command}`)}`
        : md`${t.code(problem.command)} 명령에는 ${t.code(problem.option)} 옵션이 없습니다. ${t.code(problem.nearest)} 옵션을 찾으십니까?`,
    missing: (problem, t) =>
      md`어느 실행입니까? 예: ${t.command(`${problem.command} r-…`)} 실행 ID는 카드에 있으며 ${t.command('status')} 명령으로도 볼 수 있습니다.`,
    'unclosed-quote': (_problem, t) =>
      md`따옴표가 닫히지 않았습니다. 닫아서 다시 보내십시오. 예: ${t.command('run reason="네트워크 변경 전"')}`,
    'too-long': (problem, t) =>
      md`명령이 ${t.number(problem.length)}자입니다. ${t.number(problem.max)}자까지 쓸 수 있습니다. 줄여서 다시 보내십시오. 아무것도 하지 않았습니다.`,
    'too-many-words': (problem, t) =>
      md`${t.code(problem.command)} 명령에서 ${t.code(problem.word)} 부분을 이해하지 못했습니다. 여러 단어로 된 사유는 따옴표로 묶으십시오: ${t.code('reason="…"')}`,
  },
  notRecorded: () =>
    md`기록하지 못해 아무것도 실행하지 않았습니다. 잠시 후 다시 시도하고, 계속되면 봇의 디스크나 데이터베이스에 쓸 수 없다고 봇 담당자에게 알려 주십시오.`,
  checkTitle: (p, t) => {
    const version = p.version === undefined ? '' : md` · ${p.version}`;
    const node = p.node === undefined ? '' : md` · 노드 ${t.code(p.node)}`;
    return md`*${p.cluster} 클러스터 점검*${version}${node}`;
  },
  checkVerdict: (p, t) => {
    if (p.counts.blockers > 0) return md`⛔ 지금은 백업할 수 없습니다. 클러스터는 바뀌지 않았습니다.`;
    return p.planned
      ? md`✅ 지금 백업할 수 있습니다: ${t.command(`run ${p.cluster}`)}`
      : md`⛔ 지금은 백업할 수 없습니다. 계획에 필요한 것을 다 읽지 못했습니다. 무엇을 읽지 못했는지는 경고에 있습니다. 클러스터는 바뀌지 않았습니다.`;
  },
  runsTitle: (p) => {
    const of = p.cluster === undefined ? '' : md`${p.cluster} 클러스터 `;
    return p.kind === 'status' ? md`*${of}실행 목록*` : md`*${of}백업 목록* (최신순)`;
  },
  noRuns: (p, t) => {
    const of = p.cluster === undefined ? '' : md`${t.code(p.cluster)} 클러스터에는 `;
    const run = t.command(p.cluster === undefined ? 'run' : `run ${p.cluster}`);
    return p.kind === 'status'
      ? md`${of}진행 중이거나 기록된 실행이 없습니다. 시작하려면: ${run}`
      : md`${of}아직 백업이 없습니다. 백업하려면: ${run}`;
  },
  runLine: (p, t) =>
    md`${t.code(p.id)} · ${p.cluster}${p.zStream ? md` · ${p.zStream}` : ''} · ${p.status} · ${t.time(p.at)} · 요청자 ${t.person(p.slackUser)}`,
  moreRuns: (count) => md`… 이전 실행 ${count}개 더 있음`,
  runTitle: (p, t) => md`*실행 ${t.code(p.id)}* · ${p.cluster} · ${p.status}`,
  runTimes: (p, t) =>
    lines(
      md`요청 시각 ${t.time(p.requestedAt)}`,
      p.startedAt === undefined ? undefined : md`시작 시각 ${t.time(p.startedAt)}`,
      p.finishedAt === undefined ? undefined : md`종료 시각 ${t.time(p.finishedAt)}`,
    ),
  runPlan: (plan, t) =>
    lines(
      md`*계획*`,
      md`클러스터 ID ${t.code(plan.clusterId)} · 인프라 ${t.code(plan.infrastructureName)} · API ${t.code(plan.apiUrl)}`,
      md`z-stream ${t.code(plan.zStream)} · 릴리스 이미지 ${t.path(plan.releaseImage)}`,
      md`토폴로지 ${t.code(plan.topology)} · 노드 ${t.code(plan.node)} (${t.code(plan.nodeIp)}) · etcd 멤버 ${t.names(plan.members)}`,
      md`디렉토리 ${t.path(plan.directory)}`,
    ),
  fleetEmpty: () =>
    md`구성된 클러스터가 없습니다. 봇 구성에 클러스터를 추가해 달라고 관리자에게 요청하십시오.`,
  askButton: '백업 요청…',
};
