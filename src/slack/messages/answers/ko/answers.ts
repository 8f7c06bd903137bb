import type { BackupRun } from '../../../../domain/run/run.ts';
import { copies } from '../../copies/ko/copies.ts';
import { retentionStopped } from '../../copies/ko/retention.ts';
import { profileUnreadable, refusedAccount } from '../../kit/ko/refusals.ts';
import { lines, type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import { reasonLines } from '../../preflight/findings.ts';
import { commandsOnEndedRuns } from '../commands-on-ended-runs.ts';
import type { answers as english } from '../en/answers.ts';

/** Those who may cancel, as `cancel` itself decides it; rejecting is possible only while the run waits for approval. */
function mayNotCancel({ id, origin, requester, plan, emergency, status }: BackupRun, t: Tools): Markup {
  const who = [
    origin.kind === 'schedule' ? md`클러스터 소유자` : md`요청자 ${t.person(requester.slackUser)} 님`,
    ...(emergency === undefined ? [] : [md`정책에 지정된 긴급 실행 담당자`]),
    ...(plan && plan.approvers.length > 0 ? [md`승인자 ${t.people(plan.approvers)}`] : []),
  ];
  const reject =
    status === 'waiting' ? md` 승인 권한이 있는 사람은 반려할 수 있습니다: ${t.command(`reject ${id}`)}` : '';
  return md`${t.code(id)} 건을 취소할 권한이 없습니다. 취소할 수 있는 사람: ${t.list(who)}.${reject}`;
}

export const answers = (t: Tools): ReturnType<typeof english> => ({
  request: {
    recorded: (answer, links) => {
      const { id, cluster, emergency } = answer.run;
      const said = md`${t.code(cluster)} 클러스터의 백업 요청 ${t.code(id)} 건을 기록했습니다. 권한과 클러스터를 점검하고 있으며, 점검에서 문제가 없으면 곧 ${t.channel(answer.cardChannel)} 채널에 ${links.card(md`카드`)}가 표시됩니다.`;
      return emergency === undefined
        ? said
        : md`🚨 ${said} 그런 다음 승인 없이 시작하고 소유자에게 즉시 알립니다.`;
    },
    duplicate: () => md`이미 기록된 요청입니다. 두 번 처리하지 않았습니다.`,
    busy: (answer, links) =>
      md`${t.code(answer.run.cluster)} 클러스터의 백업이 이미 진행 중이며(실행 ${t.code(answer.run.id)}, ${t.terms.status[answer.run.status]}) 한 번에 하나만 할 수 있습니다. ${links.card(md`해당 카드`)}에서 진행 상황을 보거나 끝난 뒤 다시 요청하십시오.`,
    'bad-node': (answer) =>
      md`${t.code(answer.node)} 값은 노드 이름이 될 수 없습니다. 노드 이름에는 소문자, 숫자, 점, 하이픈만 쓸 수 있습니다. 노드를 지정하지 않으면 봇이 고릅니다.`,
    'reason-too-long': (answer) =>
      md`사유가 ${t.number(answer.length)}자입니다. ${t.number(answer.max)}자까지 쓸 수 있습니다. 줄여서 다시 요청하십시오. 아무것도 하지 않았습니다.`,
    'no-emergency-right': (answer) => {
      const who =
        answer.people.length === 0
          ? md`클러스터 정책에 따라 아무도 할 수 없습니다`
          : md`클러스터 정책에 따라 ${t.people(answer.people)} 님만 할 수 있습니다`;
      return md`${t.code(answer.cluster)} 클러스터를 승인 없이 백업할 수 없습니다. ${who}. 아무것도 하지 않았습니다. 승인을 받는 방법으로 요청하십시오: ${t.command(`run ${answer.cluster} reason="…"`)}`;
    },
  },
  vote: {
    received: (answer) =>
      md`${t.code(answer.run.id)} 요청에 대한 결정을 기록했습니다. ${t.code(answer.run.cluster)} 클러스터의 권한을 확인하고 있으며 곧 결과를 알려 드립니다.`,
    duplicate: () => md`이미 기록된 결정입니다. 두 번 처리하지 않았습니다.`,
    'not-waiting': (answer) =>
      md`늦었습니다. ${t.code(answer.run.id)} 요청은 더 이상 결정을 기다리지 않습니다(${t.terms.status[answer.run.status]}). 바뀐 것은 없습니다.`,
    expired: (answer) =>
      md`${t.code(answer.run.id)} 요청이 만료되어 아무것도 실행하지 않았습니다. 다시 요청하려면: ${t.command(`run ${answer.run.cluster}`)}`,
    'not-an-approver': (answer) =>
      md`${t.code(answer.run.cluster)} 클러스터의 승인자가 아닙니다. ${t.people(answer.approvers)} 중 한 분에게 부탁하십시오.`,
    'own-request': (answer) =>
      md`본인의 요청이므로 ${t.code(answer.run.id)} 건은 다른 사람이 결정해야 합니다. 요청을 취소하려면: ${t.command(`cancel ${answer.run.id}`)}`,
    'voted-already': (answer) =>
      md`${t.code(answer.run.id)} 요청은 이미 결정하셨고 한 사람의 결정은 한 번만 집계됩니다. 이제 다른 사람이 결정해야 합니다.`,
    'old-plan': (answer, links) =>
      md`이 결정은 무효입니다. 보고 계신 카드가 올라온 뒤 ${t.code(answer.run.id)} 요청의 계획이 바뀌었습니다. ${links.card(md`카드`)} 내용을 다시 확인하고 결정하십시오.`,
    'not-this-card': (answer, links) =>
      md`아무것도 하지 않았습니다. 이 버튼은 ${t.code(answer.run.id)} 요청의 현재 카드에 있는 것이 아닙니다. ${links.card(md`해당 카드`)} 또는 명령으로 결정하십시오: ${t.command(`approve ${answer.run.id}`)}`,
    'reason-too-long': (answer) =>
      md`사유가 ${t.number(answer.length)}자입니다. ${t.number(answer.max)}자까지 쓸 수 있습니다. 줄여서 다시 결정하십시오. 바뀐 것은 없습니다.`,
  },
  cancel: {
    cancelled: (answer) => md`${t.code(answer.run.id)} 요청을 취소했습니다. 아무것도 실행하지 않았습니다.`,
    duplicate: () => t.terms.onRecordAlready,
    over: (answer) =>
      md`취소할 것이 없습니다. ${t.code(answer.run.id)} 실행은 이미 끝났습니다(${t.terms.status[answer.run.status]}).`,
    running: (answer) =>
      md`${t.code(answer.run.id)} 실행은 이미 노드에서 작업 중이라 안전하게 취소할 수 없습니다. 몇 분 안에 끝나므로 기다려 주십시오.`,
    'not-yours': (answer) => mayNotCancel(answer.run, t),
  },
  audit: {
    whole: (p) =>
      md`✅ ${t.code(p.runId)} 실행의 기록은 온전합니다. ${t.number(p.lines)}줄이며, 각 줄에는 앞줄의 해시가 들어 있습니다. 마지막 해시: ${t.code(p.lastHash)}. 파일은 봇과의 다이렉트 메시지에 있습니다.`,
    broken: (p) =>
      md`⛔ ${t.code(p.runId)} 실행의 기록이 작성된 뒤에 바뀌었습니다. ${t.number(p.line)}번째 줄이 해시와 맞지 않습니다. 그 앞의 줄과 Slack 스레드만 신뢰할 수 있습니다. 지금 봇의 데이터베이스 사본을 보관하고 보안 담당자에게 알리십시오. 파일은 봇과의 다이렉트 메시지에 있습니다.`,
    cutOff: (p) =>
      md`⛔ ${t.code(p.runId)} 실행의 기록이 실행의 결과와 맞지 않습니다. 마지막 줄이 삭제되었거나 실행 정보가 바뀌었습니다. Slack 스레드와 비교하십시오. 지금 봇의 데이터베이스 사본을 보관하고 보안 담당자에게 알리십시오. 파일은 봇과의 다이렉트 메시지에 있습니다.`,
    notDelivered: (p) =>
      md`${t.code(p.runId)} 실행의 기록을 파일로 보내지 못했습니다: ${p.why}. 기록 자체는 안전합니다. 앱에 없는 권한이 있는지는 ${t.command('doctor')} 명령으로 확인하십시오.`,
  },
  say: {
    'refused-person': (say) => refusedAccount[say.standing],
    'profile-unreadable': profileUnreadable,
    'not-cluster-admin': (say) =>
      md`클러스터 사용자 ${t.code(say.clusterUser)} 님은 ${t.code(say.cluster)} 클러스터의 cluster-admin이 아니므로 무효이며, 아무것도 실행하지 않았습니다. cluster-admin에게 부탁하십시오.`,
    'rights-unreadable': (say) =>
      md`${t.code(say.cluster)} 클러스터의 권한을 확인하지 못했습니다: ${t.why(say.why)}. 아무것도 실행하지 않았습니다. ${t.remedy(say.why, md`봇에 SubjectAccessReview 생성 권한을 부여한 뒤 다시 시도하십시오.`)}`,
    'request-on-card': (say, links) =>
      md`${t.code(say.cluster)} 클러스터의 백업 요청 ${t.code(say.runId)} 건이 클러스터 채널의 ${links.card(md`카드`)}에 올라갔습니다.`,
    'vote-counted': (say) => {
      if (say.decision === 'reject')
        return md`${t.code(say.runId)} 요청에 대한 반려가 집계되었습니다. 아무것도 실행하지 않았습니다.`;
      return say.missing > 0
        ? md`${t.code(say.runId)} 요청에 대한 승인이 집계되었습니다. 승인 ${say.missing}개가 더 필요합니다.`
        : md`${t.code(say.runId)} 요청에 대한 승인이 집계되었습니다. 지금 시작합니다.`;
    },
    'vote-too-late': (say) =>
      md`${t.code(say.runId)} 요청에 대한 결정이 늦었습니다(${t.terms.status[say.status]}). 바뀐 것은 없습니다.`,
    'vote-void': (say, links) => {
      const what =
        say.changes.length === 0
          ? md`${t.code(say.runId)} 요청을 승인하신 뒤에 계획이 바뀌었습니다.`
          : md`${t.code(say.runId)} 요청을 승인하신 뒤에 계획이 바뀌었습니다: ${t.planChanges(say.changes)}.`;
      return md`⚠️ ${what} 승인이 무효가 되었으며 아무것도 실행하지 않았습니다. 새 계획이 있는 ${links.card(md`카드`)} 내용을 확인하고 다시 결정하십시오.`;
    },
    'blocked-now': (say, links) =>
      lines(
        md`⛔ 지금은 백업할 수 없어 ${t.code(say.runId)} 요청에 대한 승인이 무효입니다. 아무것도 실행하지 않았으며 요청은 계속 승인을 기다립니다. 아래 문제가 해결되면 ${links.card(md`카드`)}에서 다시 승인하십시오.`,
        ...reasonLines(say.findings, t),
      ),
    'emergency-started': (say, links) =>
      lines(
        md`🚨 *${say.cluster} 클러스터 긴급 백업*: ${t.person(say.by.slackUser)} 님(클러스터 사용자 ${t.code(say.by.clusterUser)})이 다른 사람의 승인 없이 실행 ${t.code(say.runId)} 건을 시작합니다. 사유: ${t.quote(say.emergency)}`,
        md`이 클러스터의 소유자이므로 알려 드립니다. 문제가 없으면 하실 일은 없습니다. 진행 상황은 클러스터 채널의 ${links.card(md`카드`)}에 있습니다.`,
        md`문제가 있으면 바로 ${t.person(say.by.slackUser)} 님과 이야기하십시오. 노드에서 시작되기 전까지는 요청자, 소유자 또는 정책에 지정된 승인자가 취소할 수 있습니다(${t.command(`cancel ${say.runId}`)}). 그 뒤에는 취소할 수 없고 끝까지 실행되지만, 백업은 클러스터를 바꾸지 않습니다.`,
      ),
    'drill-failed': (say, links) =>
      lines(
        copies(t).drill(say.drill),
        md`*${say.cluster}* 클러스터의 ${t.code(say.runId)} 실행(${links.card(md`카드`)})에서 만든 백업에 관한 내용입니다.`,
        md`이 클러스터의 소유자에게 보내는 메시지입니다. 새로 백업하려면 ${t.command(`run ${say.cluster}`)} 명령을, 같은 훈련을 다시 하려면 ${t.command(`drill ${say.runId}`)} 명령을 사용하십시오.`,
      ),
    'retention-stopped': (say) => md`${t.code(say.runId)}: ${retentionStopped(t)(say)}`,
    'cannot-post': (say) => {
      const invite = t.code(`/invite @${say.botName}`);
      const what = {
        'not-in-channel': md`⚠️ 봇이 ${t.channel(say.channel)} 채널에 없어 ${t.code(say.runId)} 건의 카드와 진행 상황을 올리지 못합니다. 그 채널에서 ${invite} 명령을 보내십시오.`,
        'channel-not-found': md`⚠️ 봇에게는 ${t.code(say.channel)} (${t.channel(say.channel)}) 채널이 보이지 않아 ${t.code(say.runId)} 건의 카드와 진행 상황을 올리지 못합니다. 비공개 채널이면 그 채널에서 ${invite} 명령을 보내십시오. 아니면 봇 구성의 채널 ID가 잘못된 것입니다.`,
        archived: md`⚠️ ${t.channel(say.channel)} 채널이 보관되어 ${t.code(say.runId)} 건의 카드와 진행 상황을 올리지 못합니다. 채널 보관을 해제하거나 이 클러스터에 다른 채널을 지정하십시오.`,
        'missing-scope': md`⚠️ Slack 앱에 ${say.scope === undefined ? md`필요한 권한(scope)이` : md`${t.code(say.scope)} 권한(scope)이`} 없어 ${t.code(say.runId)} 건의 카드와 진행 상황을 ${t.channel(say.channel)} 채널에 올리지 못합니다. manifest.yml의 권한으로 앱을 다시 설치하십시오.`,
        'posting-limited': md`⚠️ 관리자가 ${t.channel(say.channel)} 채널에 글을 올릴 수 있는 사람을 제한하여 ${t.code(say.runId)} 건에 관한 내용을 올리지 못합니다. ${t.code(`@${say.botName}`)} 앱의 게시를 허용하도록 관리자에게 요청하거나, 이 클러스터에 다른 채널을 설정하십시오.`,
        'threads-only': md`⚠️ ${t.channel(say.channel)} 채널에는 스레드 답글만 올릴 수 있어 ${t.code(say.runId)} 건의 카드를 올리지 못합니다. 제한을 해제하도록 채널 관리자에게 요청하거나, 이 클러스터에 다른 채널을 설정하십시오.`,
        'no-threads': md`⚠️ ${t.channel(say.channel)} 채널에는 스레드 답글을 올릴 수 없어 ${t.code(say.runId)} 건의 기록과 보고를 카드 아래에 올리지 못합니다. 스레드를 허용하도록 채널 관리자에게 요청하십시오. 카드 자체는 계속 갱신됩니다.`,
        'thread-locked': md`⚠️ ${t.channel(say.channel)} 채널에 있는 ${t.code(say.runId)} 건 카드의 스레드가 잠겨 있어 기록과 보고를 올리지 못합니다. 잠금을 해제하도록 관리자에게 요청하십시오. 카드 자체는 계속 갱신됩니다.`,
        'proxy-refused': md`⚠️ 봇과 Slack 사이의 프록시가 ${t.code(say.runId)} 건에 관해 ${t.channel(say.channel)} 채널에 올릴 메시지를 차단하고 있습니다. 봇 담당자에게 알려 주십시오. 프록시에서 slack.com과 files.slack.com으로 보내는 요청을 내용과 관계없이 허용해야 합니다.`,
        refused: md`⚠️ ${t.code(say.runId)} 건에 관한 메시지를 ${t.channel(say.channel)} 채널에 올리지 못했습니다${say.code === undefined ? '' : md`(${t.code(say.code)})`}. 채널에 표시된 내용이 최신이 아니거나 빠져 있을 수 있습니다. 봇 담당자에게 알려 주십시오. 자세한 내용은 봇의 로그에 있습니다.`,
      }[say.why];
      const state = md`백업 자체는 이와 상관없이 진행됩니다. 상태는 ${t.command(`show ${say.runId}`)} 명령으로 볼 수`;
      if (say.why === 'refused') return lines(what, md`${state} 있습니다.`);
      return lines(
        what,
        md`올리지 못한 내용은 ${t.moment(say.keptUntil)}까지 보관하며, 해결되는 대로 올립니다. ${state} 있고, 승인을 기다리는 동안에는 ${t.command(`approve ${say.runId}`)} 명령으로 승인할 수 있습니다.`,
      );
    },
  },
  problem: {
    'unknown-word': (problem) =>
      problem.nearest === undefined
        ? md`${t.code(problem.word)} 명령은 없습니다. ${t.command('help')} 명령으로 사용할 수 있는 명령을 볼 수 있습니다.`
        : md`${t.code(problem.word)} 명령은 없습니다. ${t.command(problem.nearest)} 명령을 찾으십니까?`,
    'unknown-option': (problem) =>
      problem.nearest === undefined
        ? md`${t.code(problem.command)} 명령에는 ${t.code(problem.option)} 옵션이 없습니다. 도움말: ${t.command(`help ${problem.command}`)}`
        : md`${t.code(problem.command)} 명령에는 ${t.code(problem.option)} 옵션이 없습니다. ${t.code(problem.nearest)} 옵션을 찾으십니까?`,
    missing: (problem) =>
      problem.what === 'destination'
        ? md`어느 저장 위치입니까? 이름을 지정하십시오. 예: ${t.command('destination adopt nas-1')} 전체 목록: ${t.command('destination')}`
        : md`어느 실행입니까? 예: ${t.command(`${problem.command} r-…`)} 실행 ID는 카드에 있으며 ${t.command(commandsOnEndedRuns.has(problem.command) ? 'list' : 'status')} 명령으로도 볼 수 있습니다.`,
    'unclosed-quote': (_problem) =>
      md`따옴표가 닫히지 않았습니다. 닫아서 다시 보내십시오. 예: ${t.command('run reason="네트워크 변경 전"')}`,
    'too-long': (problem) =>
      md`명령이 ${t.number(problem.length)}자입니다. ${t.number(problem.max)}자까지 쓸 수 있습니다. 줄여서 다시 보내십시오. 아무것도 하지 않았습니다.`,
    'too-many-words': (problem) =>
      md`${t.code(problem.command)} 명령에서 ${t.code(problem.word)} 부분을 이해하지 못했습니다. 여러 단어로 된 사유는 따옴표로 묶으십시오: ${t.code('reason="…"')}`,
  },
  notRecorded: () =>
    md`기록하지 못해 아무것도 실행하지 않았습니다. 잠시 후 다시 시도하고, 계속되면 봇의 디스크나 데이터베이스에 쓸 수 없다고 봇 담당자에게 알려 주십시오.`,
  sentAgain: () =>
    md`이 답변이 전달되었는지 Slack에서 확인되지 않아 다시 보냈습니다. 같은 답변이 두 번 보일 수 있지만, 두 번 처리된 작업은 없습니다.`,
  runsTitle: (p) => {
    const of = p.cluster === undefined ? '' : md`${p.cluster} 클러스터 `;
    return p.kind === 'status' ? md`*${of}실행 목록*` : md`*${of}백업 목록* (최신순)`;
  },
  noRuns: (p) => {
    const of = p.cluster === undefined ? '' : md`${t.code(p.cluster)} 클러스터에는 `;
    const run = t.command(p.cluster === undefined ? 'run' : `run ${p.cluster}`);
    if (p.kind === 'status' && p.cluster === undefined)
      return md`진행 중인 실행이 없습니다. 시작하려면: ${run} · 끝난 실행: ${t.command('status CLUSTER')}, ${t.command('list')}`;
    return p.kind === 'status'
      ? md`${of}기록된 실행이 없습니다. 시작하려면: ${run}`
      : md`${of}아직 백업이 없습니다. 백업하려면: ${run}`;
  },
  moreRuns: (count) => md`… 이전 실행 ${count}개 더 있음`,
});
