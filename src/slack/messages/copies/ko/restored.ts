import { restoredCommand } from '../../../../domain/copies/restore-mark.ts';
import type { NamedBackup } from '../../../../workflow/access/restored-answer.ts';
import { join, lines, type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { restored as english } from '../en/restored.ts';

function others(breakGlass: readonly string[], t: Tools): Markup | '' {
  return breakGlass.length === 0
    ? ''
    : md` 긴급 실행 권한이 있는 ${t.people(breakGlass)} 님도 등록할 수 있습니다.`;
}

const backupLine = ({ runId, zStream, takenAt }: NamedBackup, t: Tools) =>
  md`• ${t.code(runId)} · ${t.time(takenAt)} · ${zStream}`;

export const restored = (t: Tools): ReturnType<typeof english> => ({
  backup: (backup) => backupLine(backup, t),
  more: (count) => md`… ${t.units.more(count)}`,
  confirm: {
    title: ({ cluster, from, at, changed }) =>
      lines(
        changed
          ? md`⚠️ *확인을 요청한 뒤 ${cluster} 클러스터의 백업이 바뀌었습니다. 아직 아무것도 기록하지 않았습니다.*`
          : md`🔀 *${cluster} 클러스터를 ${t.code(from.runId)} 백업으로 ${t.time(at)}에 복원했습니까?* 아직 아무것도 기록하지 않았습니다.`,
        md`${t.code(from.runId)} 백업은 ${t.time(from.takenAt)}에 만들었으며 ${from.zStream} 버전을 복원합니다.`,
      ),
    marked: (count) =>
      count === 0
        ? md`이 백업과 복원 사이에 만든 백업이 없으므로 표시할 백업도 없습니다.`
        : md`*표시할 백업 ${count}개* (이 백업과 복원 사이에 만든, 갈라진 이전 타임라인의 백업)`,
    back: (count) => md`*다시 클러스터의 타임라인에 속할 백업 ${count}개* (앞선 복원으로 갈라졌던 백업)`,
    staying: (count) => md`*그대로 둘 백업 ${count}개* (복원 뒤에 만든 백업)`,
    means: ({ cluster, from, marked }) => {
      const [newest] = marked;
      const other = newest && restoredCommand(cluster, from.runId, t.typed(newest.takenAt));
      return lines(
        md`표시한 백업은 더 이상 백업 상태, 알림, ${t.code('ready-to-update')} 판단에 포함하지 않습니다. 복원 계획에서도 실행 ID를 지정해야만 사용할 수 있으며, 30일 동안은 삭제하지 않습니다.`,
        other === undefined
          ? undefined
          : md`그중 가장 최근 백업을 복원 뒤에 만들었다면 확인하지 말고 복원한 시각을 지정하십시오: ${t.command(other)}`,
      );
    },
    button: '예, 복원했습니다',
  },
  declared: {
    title: ({ cluster, restore }) =>
      md`🔀 *기록했습니다: ${cluster} 클러스터를 ${t.code(restore.from)} 백업으로 ${t.time(restore.at)}에 복원함*`,
    marked: (count) =>
      count === 0
        ? md`그 사이에 만든 백업이 없어 아무것도 표시하지 않았습니다.`
        : md`*표시한 백업 ${count}개* (갈라진 이전 타임라인의 백업이며, 30일 동안은 삭제하지 않습니다)`,
    back: (count) => md`*다시 클러스터의 타임라인에 속하는 백업 ${count}개*`,
    next: ({ cluster }) =>
      md`*다음 조치:* 새로 백업하십시오: ${t.command(`run ${cluster}`)} · 사실이 아니면 ${t.command(`restored ${cluster} undo`)}`,
  },
  revoked: {
    title: ({ cluster, restore }) =>
      md`↩️ *취소했습니다: ${cluster} 클러스터를 ${t.code(restore.from)} 백업으로 ${t.time(restore.at)}에 복원했다는 기록*`,
    back: (count) =>
      count === 0
        ? md`이 기록으로 표시한 백업은 없었습니다.`
        : md`*다시 이전과 같이 인정하는 백업 ${count}개*`,
    marked: (count) => md`*앞선 복원으로 갈라진 타임라인의 백업 ${count}개*`,
  },
  undoButton: '기록 취소',
  undo: {
    title: '취소하시겠습니까?',
    text: '표시한 백업을 다시 인정합니다.',
    confirm: '취소',
    deny: '그대로 두기',
  },
  inChannel: ({ notice: { by, from, at, marked, revoked }, cluster, owners }) => {
    const whom = owners.length === 0 ? '' : md`${t.people(owners)} `;
    if (revoked)
      return lines(
        md`↩️ ${whom}*${t.person(by.slackUser)} 님이 ${cluster} 클러스터의 복원 기록을 취소했습니다*(${t.code(from)} 백업, ${t.time(at)}).`,
        marked.length === 0
          ? md`이 기록으로 표시한 백업은 없었습니다.`
          : md`백업 ${marked.length}개를 다시 이전과 같이 인정합니다: ${t.names(marked)}`,
      );
    return lines(
      md`🔀 ${whom}*${t.person(by.slackUser)} 님이 ${cluster} 클러스터를 복원했다고 기록했습니다*(${t.code(from)} 백업, ${t.time(at)}).`,
      marked.length === 0
        ? md`그 사이에 만든 백업은 없습니다.`
        : md`갈라진 이전 타임라인의 백업 ${marked.length}개는 더 이상 인정하지 않습니다: ${t.names(marked)}. 실행 ID를 지정해야만 복원할 수 있으며, 30일 동안은 삭제하지 않습니다.`,
      md`사실이 아니면 ${t.command(`restored ${cluster} undo`)}`,
    );
  },
  fell: ({ notice: { runId, revision, before, at, candidate }, cluster, owners }) => {
    const whom = owners.length === 0 ? '' : md`${t.people(owners)} `;
    const guess =
      candidate === undefined
        ? md`리비전으로 보면 기록에 있는 백업 중에는 복원에 쓰였을 만한 것이 없습니다.`
        : md`리비전으로 보면 복원에 쓰였을 수 있는 가장 최근 백업: ${t.code(candidate)}`;
    return [
      md`🔀 ${whom}*${cluster} 클러스터를 복원했습니까?* 새 백업 ${t.code(runId)} 건의 etcd 리비전이 바로 앞 백업 ${t.code(before.runId)} 건의 리비전보다 낮습니다(${t.number(before.revision)} → ${t.number(revision)}). 한 타임라인에서 etcd 리비전은 증가하기만 합니다.`,
      lines(
        md`복원했다면 어느 백업으로 언제(늦어도 ${t.time(at)}) 복원했는지 알려 주십시오: ${t.command(restoredCommand(cluster, candidate, t.typed(at)))}`,
        guess,
        md`그때까지 봇은 ${t.code(before.runId)} 건과 같이 이전 타임라인에서 만든 백업도 이 클러스터의 백업으로 인정합니다. 복원한 적이 없다면 etcd에 무슨 일이 있었는지 확인하십시오.`,
      ),
    ];
  },
  refused: {
    'declared-already': ({ cluster, restore }) =>
      md`✅ ${t.code(cluster)} 클러스터를 ${t.code(restore.from)} 백업으로 ${t.time(restore.at)}에 복원했다는 기록이 이미 있습니다(${t.person(restore.by.slackUser)} 님). 아무것도 바꾸지 않았습니다. 취소하려면 ${t.command(`restored ${cluster} undo`)}`,
    'not-restored': ({ cluster, revoked }) =>
      revoked?.revoked
        ? md`${t.code(cluster)} 클러스터를 ${t.code(revoked.from)} 백업으로 복원했다는 기록은 ${t.person(revoked.revoked.by.slackUser)} 님이 ${t.time(revoked.revoked.at)}에 이미 취소했습니다. 아무것도 바꾸지 않았습니다.`
        : md`${t.code(cluster)} 클러스터의 복원 기록이 없으므로 취소할 것이 없습니다.`,
    'from-missing': ({ cluster, backups, inForce }) =>
      lines(
        md`${t.code(cluster)} 클러스터를 어느 백업으로 복원했습니까? 실행을 지정하십시오. 예: ${t.command(restoredCommand(cluster, backups[0]?.runId))}`,
        backups.length === 0
          ? md`이 클러스터의 백업 기록이 없습니다.`
          : join([md`최근 백업:`, ...backups.map((each) => backupLine(each, t))], '\n'),
        inForce &&
          md`현재 기록: ${t.code(inForce.from)} 백업으로 ${t.time(inForce.at)}에 복원함. 취소하려면 ${t.command(`restored ${cluster} undo`)}`,
      ),
    'of-another-cluster': ({ cluster, runId, of }) =>
      md`${t.code(runId)} 실행은 ${t.code(cluster)} 클러스터가 아니라 ${t.code(of)} 클러스터의 백업입니다. 아무것도 바꾸지 않았습니다. ${t.code(cluster)} 클러스터의 백업: ${t.command(`list ${cluster}`)}`,
    'nothing-verified': ({ cluster, runId }) =>
      md`${t.code(runId)} 실행에는 검증된 백업이 없으므로, 기록상 이 실행으로는 클러스터를 복원할 수 없습니다. 아무것도 바꾸지 않았습니다. 백업 목록: ${t.command(`list ${cluster}`)}`,
    'at-unreadable': ({ cluster, typed }) =>
      md`시각을 읽을 수 없습니다: ${t.quote(typed)} 아무것도 바꾸지 않았습니다. 클러스터의 시계를 기준으로 지정하십시오. ${t.code('at=03:40')} 형식은 가장 최근의 그 시각을 뜻하며, 날짜까지 지정하려면 ${t.code('at="2026-12-01 03:40"')} 형식으로 쓰십시오. 시각이 없는 ${t.command(restoredCommand(cluster, undefined))} 명령은 지금을 뜻합니다.`,
    'at-ahead': ({ cluster, at }) =>
      md`아직 오지 않은 시각(${t.time(at)})에 ${t.code(cluster)} 클러스터를 복원했을 수 없습니다. 아무것도 바꾸지 않았습니다. 복원한 시각을 지정하거나 ${t.code('at=')} 옵션을 빼십시오. 빼면 지금을 뜻합니다.`,
    'at-before-backup': ({ runId, at, takenAt }) =>
      md`${t.code(runId)} 백업은 ${t.time(takenAt)}에야 완료되었으므로 ${t.time(at)}에 그 백업으로 복원했을 수 없습니다. 아무것도 바꾸지 않았습니다. 실행과 시각을 확인하십시오.`,
    'at-missing': ({ cluster, runId, doubt, after }) => {
      const why = {
        outage: md`클러스터가 한동안 응답하지 않았고, 다시 응답한 뒤에${doubt.kind === 'outage' ? md`(${t.time(doubt.at)})` : ''} ${t.code(doubt.runId)} 실행이 시작되었습니다`,
        room: md`복원 작업방에는 ${doubt.kind === 'room' ? t.time(doubt.at) : ''} 전에 복원했다고 기록되어 있고, 그 뒤에 ${t.code(doubt.runId)} 실행이 시작되었습니다`,
        'revision-fell': md`${t.code(doubt.runId)} 백업의 etcd 리비전이 바로 앞 백업보다 낮습니다`,
        running: md`${t.code(doubt.runId)} 실행이 진행 중입니다`,
      }[doubt.kind];
      const since = after.find((each) => each.runId === doubt.runId)?.takenAt;
      const at = t.typed('at' in doubt ? doubt.at : (since ?? t.now));
      return lines(
        md`${t.code(cluster)} 클러스터를 언제 복원했습니까? 복원 뒤에 만든 백업이 있을 수 있습니다. ${why}. 아무것도 바꾸지 않았습니다.`,
        join(
          [md`${t.code(runId)} 뒤에 만든 백업:`, ...after.slice(0, 8).map((each) => backupLine(each, t))],
          '\n',
        ),
        md`클러스터의 시계를 기준으로 지정하십시오. 예: ${t.command(restoredCommand(cluster, runId, at))} 그 전에 완료된 백업에 표시합니다. ${t.code('at=now')} 옵션을 지정하면 모두 표시합니다.`,
      );
    },
    'no-restore-right': ({ cluster, clusterUser, breakGlass }) =>
      md`${t.code(cluster)} 클러스터의 복원을 기록하려면 cluster-admin이어야 하는데, ${t.code(clusterUser)} 사용자는 cluster-admin이 아닙니다.${others(breakGlass, t)} 아무것도 바꾸지 않았습니다. 권한이 있는 분에게 요청하십시오.`,
    'restore-right-unreadable': ({ cluster, why, breakGlass }) =>
      md`${t.code(cluster)} 클러스터에서 cluster-admin인지 확인하지 못했습니다. ${t.why(why)}. 아무것도 바꾸지 않았습니다. ${
        breakGlass.length === 0
          ? md`API가 응답하면 다시 시도하십시오. 구성에 긴급 실행 권한이 있는 사람을 지정해 두면 그동안 기록할 수 있습니다.`
          : md`긴급 실행 권한이 있는 ${t.people(breakGlass)} 님은 클러스터가 응답하지 않아도 기록할 수 있습니다. 또는 API가 응답하면 다시 시도하십시오.`
      }`,
    duplicate: () => t.terms.onRecordAlready,
  },
});
