import type { WantedBefore } from '../../../../domain/restore/before-moment.ts';
import type { Unfit } from '../../../../domain/restore/restore-choice.ts';
import { verdictOf } from '../../../../domain/run/drill-outcome.ts';
import { join, lines, type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { DrillTurn, copyAnswers as english } from '../en/copy-answers.ts';

function underWay({ holder }: DrillTurn, t: Tools): Markup {
  return holder
    ? md`${t.code(holder.runId)} 실행(${holder.cluster})의 훈련이 진행 중입니다(${t.clock(holder.since)} 시작).`
    : md`조금 전까지 다른 훈련이 진행 중이었습니다.`;
}

function momentNote({ note }: WantedBefore): Markup | string {
  if (note === 'skipped')
    return md` 지정한 시각은 시계가 건너뛴 시간이므로 시계가 바뀐 순간으로 계산했습니다.`;
  return note === 'doubled' ? md` 지정한 시각은 두 번 있었으므로 첫 번째로 계산했습니다.` : '';
}

function nearestWhy(runId: string, t: Tools): Readonly<Partial<Record<Unfit['kind'], Markup>>> {
  return {
    'may-lack': md`그 시각 뒤 가장 먼저 만든 백업이며, 삭제된 것이 없을 수 있습니다. 그래도 필요하면 ID를 지정하십시오: ${t.command(`restore-plan ${runId}`)}`,
    abandoned: md`클러스터 복원으로 갈라진 이전 타임라인의 백업입니다. 그래도 필요하면 ID를 지정하십시오: ${t.command(`restore-plan ${runId}`)}`,
    disproven: md`복원 훈련에서 제대로 복원되지 않았습니다. 그래도 필요하면 ID를 지정하십시오: ${t.command(`restore-plan ${runId}`)}`,
    'not-proven': md`두 파일이 모두 온전한지 검증되지 않았습니다. 다시 읽어 확인하려면: ${t.command(`verify ${runId}`)}`,
    'other-z-stream': md`다른 z-stream만 복원합니다. 노드가 그 버전이면 ID를 지정하십시오: ${t.command(`restore-plan ${runId}`)}`,
  };
}

export const copyAnswers = (t: Tools): ReturnType<typeof english> => ({
  meanwhile: {
    verify: (runId) =>
      md`🔎 ${t.code(runId)} 실행의 사본을 저장소에서 다시 읽고 있습니다. 파일이 클수록 오래 걸립니다. 결과는 여기에, 오래 걸리면 다이렉트 메시지로 알려 드립니다.`,
    drill: (runId) =>
      md`🔎 ${t.code(runId)} 실행의 스냅샷을 임시 etcd에 복원하고 있습니다. 몇 분 걸립니다. 결과는 여기에, 오래 걸리면 다이렉트 메시지로 알려 드립니다.`,
  },
  restarting: (command) =>
    md`봇을 다시 시작하고 있어 끝내지 못했습니다. 백업과 사본은 그대로입니다. 잠시 후 다시 요청하십시오: ${t.command(command)}`,
  verified: (p) => {
    if (p.whole && p.unread > 0) {
      const which = p.unread === p.count ? '사본을 하나도' : '사본 가운데 일부를';
      return md`⚠️ 봇이 저장소에 접근하지 못해 ${t.code(p.runId)} 실행(${p.cluster})의 ${which} 방금 읽지 못했습니다. 잘못된 것이 발견되지는 않았으며, 이전의 검증 결과는 그대로 유효합니다. 문제를 해결한 뒤 다시 요청하십시오: ${t.command(`verify ${p.runId}`)}`;
    }
    return p.whole
      ? md`✅ ${t.code(p.runId)} 실행(${p.cluster})의 사본 ${p.count}개를 방금 다시 읽었으며, 모든 바이트가 저장한 그대로입니다.`
      : md`⛔ ${t.code(p.runId)} 실행(${p.cluster})의 사본 가운데 검증되지 않은 것이 있습니다. 해결하기 전에는 이 백업으로 복원된다는 보장이 없습니다.`;
  },
  drilled: ({ runId, cluster, drill }) => {
    switch (verdictOf(drill)) {
      case 'restores':
        return md`${t.code(runId)} 실행(${cluster})의 스냅샷은 복원할 수 있습니다. 복원한 etcd에서 키를 읽었고 모두 다시 삭제했습니다. 정적 pod 리소스와 노드는 이 훈련으로 확인하지 않습니다.`;
      case 'does-not-restore':
        return md`${t.code(runId)} 실행(${cluster})의 결과를 백업으로 인정하지 않습니다. 지금 새로 백업하십시오: ${t.command(`run ${cluster}`)}`;
      case 'not-made':
        return md`문제를 해결한 뒤 다시 시도하십시오: ${t.command(`drill ${runId}`)} 그때까지 ${t.code(runId)} 실행(${cluster})의 결과를 이전과 같이 백업으로 인정합니다.`;
      default:
        return md`믿고 쓸 수 있는 백업을 하나 더 만드십시오: ${t.command(`run ${cluster}`)} 그런 다음 이 백업으로 다시 시도하십시오: ${t.command(`drill ${runId}`)}`;
    }
  },
  noEtcdTools: (problems) =>
    lines(
      md`봇이 실행되는 곳에 사용할 수 있는 etcd 프로그램이 없어 복원해 볼 수 없습니다. 클러스터의 etcd 버전에 맞는 ${t.code('etcd')}, ${t.code('etcdctl')}, ${t.code('etcdutl')} 프로그램을 설치하고 그 디렉토리를 ${t.code('drillTools')} 항목에 지정해 달라고 봇 담당자에게 요청하십시오. ${t.command('verify RUN')} 명령은 이 프로그램 없이도 쓸 수 있습니다.`,
      ...problems.map(({ detail }) => md`• ${t.quote(detail)}`),
    ),
  drillUnderWay: (p) =>
    md`🕓 ${t.code(p.runId)} 실행의 복원 훈련이 이미 진행 중입니다(${t.clock(p.since)} 시작). 결과는 실행의 카드에 표시되며, 같은 훈련을 두 번 하지 않습니다.`,
  drillWaits: (p) =>
    md`🕓 ${underWay(p, t)} 봇은 한 번에 하나만 훈련하므로 ${t.code(p.runId)} 실행의 복원 훈련은 차례를 기다립니다. 한 시간 안에 차례가 오면 훈련을 시작합니다. 결과는 여기에, 오래 걸리면 다이렉트 메시지로 알려 드립니다.`,
  drillWaitsAlready: (p) =>
    md`🕓 ${t.code(p.runId)} 실행의 복원 훈련은 이미 차례를 기다리고 있습니다. ${underWay(p, t)} 봇은 한 번에 하나만 훈련합니다. 결과는 실행의 스레드에 표시되며, 같은 훈련을 두 번 하지 않습니다.`,
  drillWaitTimedOut: (p) =>
    md`⚠️ ${t.code(p.runId)} 실행의 복원 훈련을 하지 못했습니다. 한 시간을 기다렸으나 차례가 오지 않았습니다. ${underWay(p, t)} 봇은 한 번에 하나만 훈련합니다. 이 백업에 문제가 있다는 뜻은 아닙니다. 나중에 다시 시도하십시오: ${t.command(`drill ${p.runId}`)}`,
  encrypted: (p) => {
    const who = p.recipients.length === 0 ? md`다른 사람` : t.names(p.recipients);
    return md`${t.code(p.runId)} 실행의 스냅샷은 암호화되어 있고(수신자: ${who}) 봇에는 여는 키가 없습니다. 수신자가 직접 훈련할 수 있습니다. 가져와서 복호화하는 방법은 RESTORE.md 파일에 있습니다: ${t.command(`restore-plan ${p.runId}`)}`;
  },
  noCopies: (p) => {
    const place =
      p.place === undefined
        ? md`파일은 노드에만 있을 수 있습니다.`
        : md`파일은 ${t.code(p.place.node)} 노드의 ${t.path(p.place.directory)} 디렉토리에만 있을 수 있습니다.`;
    return md`${t.code(p.runId)} 실행의 파일은 클러스터 외부로 복사되지 않았습니다. ${place} 서로 다른 두 곳에 직접 복사하고, 이 클러스터의 저장 위치를 봇 구성에 지정하십시오.`;
  },
  noBackup: (p) =>
    md`${t.code(p.runId)} 실행에는 백업이 없습니다(${t.terms.status[p.status]}). 백업 목록은 ${t.command('list')} 명령으로 볼 수 있습니다.`,
  planTitle: (p) =>
    md`*${p.cluster} 클러스터 복원 계획* · ${t.code(p.runId)} · ${p.zStream} 전용 · 백업 시각 ${t.time(p.takenAt)}, ${t.ago(p.takenAt)}`,
  planFile: (p) =>
    lines(
      md`• ${t.terms.file[p.file]} → ${t.code(p.destination)}${p.encrypted ? md` (암호화됨)` : ''}, ${t.time(p.provenAt)}에 다시 읽어 검증함`,
      ...(p.where === undefined ? [] : [md`접근 방법: ${t.quote(p.where)}`]),
      t.path(p.location),
    ),
  mayLack: (p) =>
    md`• ${t.code(p.runId)} 백업에는 없을 수 있습니다(스크립트가 끝난 시각: ${t.time(p.ended)} 이전).`,
  seenOn: (p) => md`봇이 마지막으로 확인한 ${t.time(p.at)} 당시 클러스터의 버전은 ${p.zStream}입니다.`,
  neverSeen: () => md`봇은 클러스터의 릴리스를 확인한 적이 없습니다.`,
  silentSince: (at) => md`${t.time(at)}부터 봇에 응답하지 않습니다.`,
  membersKnown: (p) => {
    const silent = p.silent.length === 0 ? md`모두 응답` : md`응답 없음: ${t.names(p.silent)}`;
    const who = p.answered.length === 0 ? md`없음` : t.names(p.answered);
    return md`${t.time(p.at)}에 백업하기 전 응답한 etcd 멤버: ${who} (${silent})`;
  },
  membersNotKnown: () => md`응답하는 etcd 멤버는 확인된 적이 없습니다.`,
  noSuchMoment: (p) =>
    p.ahead === undefined
      ? md`${t.code(`before=${p.typed}`)} 값을 해석할 수 없습니다. 클러스터 시간대의 시각을 쓰면 이미 지난 가장 최근의 그 시각을 뜻합니다: ${t.code('before=14:05')} 날짜와 함께 쓸 수도 있습니다: ${t.code('before="2026-11-23 14:05"')}`
      : md`${t.code(`before=${p.typed}`)} 값은 ${t.time(p.ahead)}이며 아직 오지 않은 시각입니다. 무언가를 잃어버린 시각을 지정하십시오: ${t.command(`restore-plan ${p.cluster} before="2026-11-23 14:05"`)}`,
  nearest: (p) => {
    const why = nearestWhy(p.runId, t)[p.because];
    return md`조건에 가장 가까운 백업: ${t.code(p.runId)}${why === undefined ? '' : md`. ${why}`}`;
  },
  planNone: (p) => {
    const wanted =
      p.zStream === undefined
        ? md`두 파일을 모두 다시 읽어 검증했고 복원 훈련에서 실패하지 않은 백업`
        : md`z-stream이 정확히 ${p.zStream} 값이고, 두 파일을 모두 다시 읽어 검증했으며, 복원 훈련에서 실패하지 않은 백업`;
    const before = p.before === undefined ? '' : md` (백업 스크립트가 ${t.time(p.before)} 이전에 끝난 것)`;
    const there =
      p.count === 0 ? md`백업이 하나도 없습니다.` : md`백업 ${p.count}개 중 해당하는 것이 없습니다.`;
    return md`⛔ *${p.cluster} 클러스터에는 복원할 수 있는 백업이 없습니다.* 필요한 것: ${wanted}${before}. ${there}${
      p.seenAt === undefined
        ? ''
        : md` 봇이 마지막으로 확인한 ${t.time(p.seenAt)} 당시 클러스터의 버전이 이 z-stream입니다. 다른 버전이라면 지정해서 다시 물어보십시오: ${t.code('z-stream=…')}`
    }`;
  },
  others: (counts) => {
    const parts = [
      counts['other-cluster'] && md`다른 클러스터 ${counts['other-cluster']}개`,
      counts['other-z-stream'] && md`다른 z-stream ${counts['other-z-stream']}개`,
      counts['not-proven'] && md`두 파일 모두의 검증된 사본이 없음 ${counts['not-proven']}개`,
      counts.disproven && md`복원 훈련에서 실패 ${counts.disproven}개`,
      counts.abandoned && md`클러스터 복원으로 갈라진 이전 타임라인 ${counts.abandoned}개`,
      counts['date-ahead'] && md`아직 오지 않은 날짜로 기록됨 ${counts['date-ahead']}개`,
      counts['may-lack'] &&
        md`그 시각에 있던 것이 없을 수 있음 ${counts['may-lack']}개(스크립트가 그 시각 뒤에, 또는 너무 가까운 때에 끝남)`,
      counts.older && md`더 오래됨 ${counts.older}개`,
      counts['not-asked-for'] && md`지정하지 않음 ${counts['not-asked-for']}개`,
    ].filter((part) => typeof part === 'object');
    return md`고르지 않은 백업: ${join(parts, ' · ')}`;
  },
  warning: (warning) => {
    switch (warning.kind) {
      case 'signer-expired':
        return warning.all
          ? md`⚠️ 백업한 뒤 ${t.code(warning.bundle)} 인증서가 모두 만료되었습니다. 복원한 뒤 노드가 NotReady 상태가 되고 인증서 요청이 대기할 수 있습니다.`
          : md`⚠️ 백업한 뒤 ${t.code(warning.bundle)} 인증서 ${warning.certificates.length}개가 만료되었습니다. 복원한 뒤 인증서 요청이 대기할 수 있습니다.`;
      case 'disproven':
        return md`⚠️ *복원 훈련에서 이 스냅샷이 제대로 복원되지 않았습니다.* 조건에 맞는 다른 백업이나 아직 동작하는 컨트롤 플레인 노드가 있으면 그것을 먼저 사용하십시오. 이 백업은 마지막 수단으로만 사용하십시오.`;
      case 'ended-before':
        return md`🕓 ${t.time(warning.before.at)}에 있던 것을 복원하려는 것입니다.${momentNote(warning.before)} 이 백업의 스크립트가 끝난 시각은 ${t.time(Date.parse(warning.ended))} 이전입니다(${warning.measured ? md`노드와 봇의 시계 차이 ${Math.ceil(warning.apartMs / 1000)}초` : md`노드와 봇의 시계 차이를 알 수 없어 ${Math.ceil(warning.apartMs / 1000)}초로 가정`}). 그 뒤 그 시각까지 바뀐 것은 이 백업에 없습니다.`;
      case 'abandoned':
        return md`⚠️ *이 백업은 클러스터 복원으로 갈라진 이전 타임라인의 것입니다.* 클러스터를 ${t.code(warning.restoredFrom)} 백업으로 복원하기(${t.time(Date.parse(warning.at))}) 전에 만들었습니다. 이 백업을 복원하면 그 복원으로 되돌린 내용이 돌아오고, 그 뒤에 기록된 내용은 모두 사라집니다.`;
      case 'date-ahead':
        return md`⚠️ *이 백업의 날짜(${t.time(Date.parse(warning.at))})가 봇의 시계보다 앞서 있습니다.* 시계 중 하나가 틀렸습니다. 이 백업을 사용하기 전에 etcd 리비전을 다른 백업과 비교하십시오.`;
      case 'place-not-known':
        return md`⚠️ *${t.code(warning.destination)} 저장 위치에 사본이 없을 수 있습니다.* ${t.terms.placeNotKnown[warning.state]}(처음 확인: ${t.time(Date.parse(warning.at))}). 먼저 올바른 위치를 마운트하거나 구성하고, 그럴 수 없으면 다른 사본을 사용하십시오. ${t.command('destination')} 명령으로 다시 확인할 수 있습니다.`;
      case 'signers-unknown':
        return md`⚠️ 이 백업의 서명 인증서가 언제까지 유효한지 기록되지 않았습니다. 복원한 뒤 인증서 요청이 대기할 수 있습니다.`;
      case 'z-stream-unknown': {
        const others =
          warning.others.length === 0 ? '' : md` 다른 z-stream 백업도 있습니다: ${t.names(warning.others)}.`;
        return md`⚠️ 클러스터의 z-stream을 알 수 없습니다. 이 백업은 ${warning.zStream} 버전에만 맞습니다.${others} 버전을 확인한 뒤 지정하여 다시 요청하십시오: ${t.code('z-stream=…')}`;
      }
      case 'z-stream-seen':
        return md`ℹ️ 봇이 마지막으로 확인한 ${t.time(Date.parse(warning.at))} 당시 클러스터의 버전은 ${warning.zStream}입니다. 그 뒤에 업데이트되었다면 버전을 지정하여 다시 요청하십시오: ${t.code('z-stream=…')}`;
      case 'z-stream-differs':
        return md`⚠️ *이 백업은 ${warning.zStream} 버전만 복원하지만, 봇이 마지막으로 확인한 클러스터의 버전은 ${warning.seen}입니다*(${t.time(Date.parse(warning.at))}). ${warning.seen} 버전의 노드에는 맞지 않습니다.`;
      case 'update-seen': {
        const from = warning.from === undefined ? '' : md`${warning.from} → `;
        return md`⚠️ *봇이 마지막으로 확인했을 때 클러스터는 업데이트 중이었습니다*(${t.time(Date.parse(warning.at))}): ${from}${warning.to}. 노드가 어느 버전인지 확인한 뒤 지정하여 다시 요청하십시오: ${t.code('z-stream=…')}`;
      }
    }
  },
  lastResort: () =>
    md`복원하면 클러스터 전체가 과거로 돌아갑니다. API가 응답하고 변경도 된다면 복원하지 마십시오.`,
  quorumRestore: () =>
    md`4.18부터는 데이터가 남은 etcd 멤버가 하나라도 있으면 잃어버린 쿼럼을 백업 없이 되살릴 수 있습니다. 사용 중인 릴리스 문서의 “Quorum restoration” 장을 참고하십시오.`,
  stepByStep: (runId) =>
    md`🛟 스레드에서 한 단계씩, 여럿이 함께 진행하려면: ${t.command(`restore-plan ${runId} start`)}`,
  inDirectMessages: (reach) =>
    ({
      'to-the-end': md`📎 모든 단계와 명령이 담긴 RESTORE.md 파일은 봇과의 다이렉트 메시지에 있습니다.`,
      files: md`📎 RESTORE.md 파일은 봇과의 다이렉트 메시지에 있습니다. 두 파일을 가져와 확인하는 명령이 들어 있습니다. 클러스터 자체의 복원 방법은 사용 중인 릴리스의 문서에만 있으며, 해당하는 장의 이름이 적혀 있습니다.`,
      none: md`📎 백업마다 복원할 수 없는 이유를 적은 RESTORE.md 파일은 봇과의 다이렉트 메시지에 있습니다. 복원 단계는 들어 있지 않습니다.`,
    })[reach],
  notDelivered: (why, reach) =>
    reach === 'none'
      ? md`⚠️ 백업마다 복원할 수 없는 이유를 적은 파일을 보내지 못했습니다: ${why}.`
      : md`⚠️ RESTORE.md 파일을 보내지 못했습니다: ${why}. 저장에 성공한 저장소의 사본 옆에도 있고, Slack에 올라갔다면 백업한 실행의 스레드에도 있습니다.`,
});
