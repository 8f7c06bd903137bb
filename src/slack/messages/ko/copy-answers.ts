import type { CopyAnswersWording } from '../copies-wording.ts';
import { join, lines, md } from '../markup.ts';
import { terms } from './terms.ts';

const file = { snapshot: 'etcd 스냅샷', resources: '정적 pod 리소스' } as const;

export const copyAnswers: CopyAnswersWording = {
  meanwhile: {
    verify: (runId, t) =>
      md`🔎 ${t.code(runId)} 실행의 사본을 저장소에서 다시 읽고 있습니다. 파일 크기만큼 시간이 걸립니다. 결과는 여기에, 오래 걸리면 다이렉트 메시지로 알려 드립니다.`,
    drill: (runId, t) =>
      md`🔎 ${t.code(runId)} 실행의 스냅샷을 임시 etcd에 복원하고 있습니다. 몇 분 걸립니다. 결과는 여기에, 오래 걸리면 다이렉트 메시지로 알려 드립니다.`,
  },
  restarting: (command, t) =>
    md`봇을 다시 시작하고 있어 끝내지 못했습니다. 백업과 사본은 그대로입니다. 잠시 후 다시 요청하십시오: ${t.command(command)}`,
  verified: (p, t) => {
    if (p.whole && p.unread > 0) {
      const which = p.unread === p.count ? '사본을 하나도' : '사본 가운데 일부를';
      return md`⚠️ 봇이 저장소에 접근하지 못해 ${t.code(p.runId)} 실행(${p.cluster})의 ${which} 방금 읽지 못했습니다. 잘못된 것이 발견되지는 않았으며, 이전의 검증 결과는 그대로 유효합니다. 문제를 해결한 뒤 다시 요청하십시오: ${t.command(`verify ${p.runId}`)}`;
    }
    return p.whole
      ? md`✅ ${t.code(p.runId)} 실행(${p.cluster})의 사본 ${p.count}개를 방금 다시 읽었으며, 모든 바이트가 저장한 그대로입니다.`
      : md`⛔ ${t.code(p.runId)} 실행(${p.cluster})의 사본 가운데 방금 검증하지 못한 것이 있습니다. 해결하기 전에는 이 백업을 믿고 쓰지 마십시오.`;
  },
  drilled: ({ runId, cluster, drill }, t) =>
    drill.ok
      ? md`${t.code(runId)} 실행(${cluster})의 스냅샷은 복원할 수 있습니다. 복원한 etcd에서 키를 읽었고 모두 다시 삭제했습니다. 정적 pod 리소스와 노드는 이 훈련으로 확인하지 않습니다.`
      : lines(
          md`복원 훈련에 성공하기 전에는 ${t.code(runId)} 실행(${cluster})의 백업을 믿고 쓰지 마십시오.`,
          md`한 번 더 시도하십시오: ${t.command(`drill ${runId}`)} 다시 실패하면 새로 백업하십시오: ${t.command(`run ${cluster}`)}`,
        ),
  noEtcdTools: (t) =>
    md`봇이 실행되는 곳에 ${t.code('etcdutl')} 또는 ${t.code('etcdctl')} 도구가 없어 복원해 볼 수 없습니다. etcd와 도구를 설치해 달라고 봇 담당자에게 요청한 뒤 다시 시도하십시오. ${t.command('verify RUN')} 명령은 도구 없이도 쓸 수 있습니다.`,
  encrypted: (p, t) => {
    const who = p.recipients.length === 0 ? md`다른 사람` : t.names(p.recipients);
    return md`${t.code(p.runId)} 실행의 스냅샷은 암호화되어 있고(수신자: ${who}) 봇에는 여는 키가 없습니다. 수신자가 직접 훈련할 수 있습니다. 가져와서 복호화하는 방법은 RESTORE.md 파일에 있습니다: ${t.command(`restore-plan ${p.runId}`)}`;
  },
  noCopies: (p, t) => {
    const place =
      p.place === undefined
        ? md`파일은 노드에만 있을 수 있습니다.`
        : md`파일은 ${t.code(p.place.node)} 노드의 ${t.path(p.place.directory)} 디렉토리에만 있을 수 있습니다.`;
    return md`${t.code(p.runId)} 실행의 파일은 클러스터 외부로 복사되지 않았습니다. ${place} 서로 다른 두 곳에 직접 복사하고, 이 클러스터의 저장 위치를 봇 구성에 지정하십시오.`;
  },
  noBackup: (p, t) =>
    md`${t.code(p.runId)} 실행에는 백업이 없습니다(${terms.status[p.status]}). 백업 목록은 ${t.command('list')} 명령으로 볼 수 있습니다.`,
  planTitle: (p, t) =>
    md`*${p.cluster} 클러스터 복원 계획* · ${t.code(p.runId)} · ${p.zStream} 전용 · 백업 시각 ${t.time(p.takenAt)}, ${t.ago(p.takenAt)}`,
  planFile: (p, t) =>
    lines(
      md`• ${file[p.file]} → ${t.code(p.destination)}${p.encrypted ? md` (암호화됨)` : ''}`,
      t.path(p.location),
    ),
  planNone: (p) => {
    const wanted =
      p.zStream === undefined
        ? md`두 파일을 모두 다시 읽어 검증한 백업`
        : md`z-stream이 정확히 ${p.zStream} 값이고 두 파일을 모두 다시 읽어 검증한 백업`;
    const there =
      p.count === 0 ? md`백업이 하나도 없습니다.` : md`백업 ${p.count}개 중 해당하는 것이 없습니다.`;
    return md`⛔ *${p.cluster} 클러스터에는 복원할 수 있는 백업이 없습니다.* 필요한 것: ${wanted}. ${there}`;
  },
  others: (counts) => {
    const parts = [
      counts['other-cluster'] && md`다른 클러스터 ${counts['other-cluster']}개`,
      counts['other-z-stream'] && md`다른 z-stream ${counts['other-z-stream']}개`,
      counts['not-proven'] && md`검증되지 않음 ${counts['not-proven']}개`,
      counts.disproven && md`복원 훈련에서 실패 ${counts.disproven}개`,
      counts.older && md`더 오래됨 ${counts.older}개`,
      counts['not-asked-for'] && md`지정하지 않음 ${counts['not-asked-for']}개`,
    ].filter((part) => typeof part === 'object');
    return md`고르지 않은 백업: ${join(parts, ' · ')}`;
  },
  warning: (warning, t) => {
    switch (warning.kind) {
      case 'signer-expired':
        return warning.all
          ? md`⚠️ 백업한 뒤 ${t.code(warning.bundle)} 인증서가 모두 만료되었습니다. 복원한 뒤 노드가 NotReady 상태가 되고 인증서 요청이 대기할 수 있습니다.`
          : md`⚠️ 백업한 뒤 ${t.code(warning.bundle)} 인증서 ${warning.certificates.length}개가 만료되었습니다. 복원한 뒤 인증서 요청이 대기할 수 있습니다.`;
      case 'disproven':
        return md`⚠️ *복원 훈련에서 이 스냅샷이 제대로 복원되지 않았습니다.* 조건에 맞는 다른 백업이나 아직 동작하는 컨트롤 플레인 노드가 있으면 그쪽이 낫습니다. 이 백업은 마지막 수단으로만 사용하십시오.`;
      case 'signers-unknown':
        return md`⚠️ 이 백업의 서명 인증서가 언제까지 유효한지 기록되지 않았습니다. 복원한 뒤 인증서 요청이 대기할 수 있습니다.`;
      case 'z-stream-unknown': {
        const others =
          warning.others.length === 0 ? '' : md` 다른 z-stream 백업도 있습니다: ${t.names(warning.others)}.`;
        return md`⚠️ 클러스터의 z-stream을 지정하지 않았습니다. 이 백업은 ${warning.zStream} 버전에만 맞습니다.${others} 버전을 확인한 뒤 지정해서 다시 물어보십시오: ${t.code('z-stream=…')}`;
      }
    }
  },
  lastResort: () =>
    md`복원하면 클러스터 전체가 과거로 돌아갑니다. API가 응답하고 변경을 받아들이는 동안에는 복원하지 마십시오.`,
  inDirectMessages: () => md`📎 모든 단계와 명령이 담긴 RESTORE.md 파일은 봇과의 다이렉트 메시지에 있습니다.`,
  notDelivered: (why) =>
    md`⚠️ RESTORE.md 파일을 보내지 못했습니다: ${why}. 이 파일은 저장소의 각 사본 옆과 백업한 실행의 스레드에도 있습니다.`,
};
