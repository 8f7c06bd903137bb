import { md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { room as english } from '../en/room.ts';

export const room = (t: Tools): ReturnType<typeof english> => ({
  title: ({ cluster, paper, by, at }) =>
    md`🛟 *${cluster} 클러스터를 ${paper.zStream} 릴리스로 복원합니다.* 백업: 실행 ${t.code(paper.runId)} (${t.time(paper.takenAt)}). ${t.person(by)} 님이 ${t.time(at)} 복원 작업방을 열었습니다.`,
  progress: (p) =>
    p.skipped === 0
      ? md`*${p.steps}단계 중 ${p.settled}단계를 마쳤습니다.*`
      : md`*${p.steps}단계 중 ${p.settled}단계를 마쳤고, 그중 ${p.skipped}단계는 건너뛰었습니다.*`,
  how: () => md`단계마다 이 스레드에 메시지가 하나씩 있고, 앞 단계를 마치면 다음 단계가 나타납니다.`,
  warnings: () => md`⚠️ *이 백업에 대한 경고:*`,
  before: () => md`*시작하기 전에:*`,
  rule: () =>
    md`*여러 사람이 함께할 때:* 단계를 맡은 사람은 [제가 합니다] 버튼을 누릅니다. 그러면 다른 사람이 넘겨받기 전까지 그 사람만 결과를 보고할 수 있습니다. [그동안 다른 단계를 합니다] 버튼은 열린 단계를 기다리지 않아도 되는 다음 단계를 엽니다. “완료”는 사람이 보고한 것이며, 봇이 직접 확인한 것은 따로 표시합니다.`,
  notYetSeen: () => md`*봇이 확인한 것:* API가 응답하는지 아직 확인하지 않았습니다.`,
  api: ({ answers, at, untouched }) =>
    answers
      ? md`*봇이 확인한 것:* API가 응답합니다 (${t.time(at)} 이후).${untouched ? md` *변경도 된다면 복원하지 마십시오.* etcd의 쿼럼이 유지되고 있습니다.` : ''}`
      : md`*봇이 확인한 것:* API가 응답하지 않습니다 (늦어도 ${t.time(at)} 이후).`,
  paper: ({ runId, chapter, writtenAt }) => {
    const written = writtenAt === undefined ? '' : md` (백업 파일 옆에 쓴 시각: ${t.time(writtenAt)})`;
    return md`*단계의 출처:* ${t.code(runId)} 실행의 RESTORE.md 파일${written}, “${chapter.book}” 문서의 “${chapter.title}” 장. 단계의 내용과 명령은 작업방을 열 때 그대로입니다.`;
  },
  withoutSlack: () =>
    md`*Slack을 쓸 수 없게 되면 RESTORE.md 파일만으로 계속하십시오.* 같은 단계가 같은 번호로 들어 있습니다. 지금 받아 두십시오. 위치:`,
  papersHere: () => md`RESTORE.md 파일의 위치:`,
  reach: (where) => md`(접근 방법: ${t.code(where)})`,
  paused: (byRoom) =>
    byRoom
      ? md`작업방을 열면서 클러스터를 일시 중지했습니다. 그동안 알림과 경보, 예약 백업이 끼어들지 않습니다. 일시 중지 메시지는 따로 있으며, 작업방이 끝나면 일시 중지도 끝납니다.`
      : md`클러스터가 이미 일시 중지되어 있어, 그동안 알림과 경보, 예약 백업이 끼어들지 않습니다.`,
  line: ({ number, step, title }) => {
    const { end, holder, failures } = step;
    const last = failures.at(-1);
    if (end?.kind === 'done')
      return md`✅ ${number}. ${title}: 완료 (${t.person(end.by.slackUser)} 님이 ${t.clock(end.at)}에 보고)`;
    if (end?.kind === 'skipped')
      return md`⏭️ ${number}. ${title}: ${t.person(end.by.slackUser)} 님이 ${t.clock(end.at)}에 건너뜀, 이유: ${t.quote(end.reason)}`;
    const who = holder ? md`(담당: ${t.person(holder.by.slackUser)} 님)` : md`(담당자 없음)`;
    return last
      ? md`❌ ${number}. ${title}: 실패 (${t.person(last.by.slackUser)} 님이 ${t.clock(last.at)}에 보고) ${who}`
      : md`▶️ ${number}. ${title} ${who}`;
  },
  more: (count) => md`… 외 ${count}단계는 이 스레드에 있습니다.`,
  ended: ({ end, left }) => {
    if (end.kind === 'finished')
      return md`🏁 *${t.time(end.at)} 끝났습니다.* 모든 단계를 마쳤고, 봇이 직접 확인한 것도 모두 정상입니다.`;
    const open = left === 0 ? md`모든 단계를 마쳤습니다.` : md`${left}단계가 남아 있었습니다.`;
    return md`⏹️ *${t.person(end.by.slackUser)} 님이 ${t.time(end.at)} 작업방을 닫았습니다.* ${open} 클러스터는 마지막 단계를 마친 상태 그대로이며, 나머지 단계는 RESTORE.md 파일에 있습니다.`;
  },
  after: ({ cluster, restored }) =>
    md`*다음 할 일:* 먼저 이 백업으로 복원했다고 봇에 알리십시오: ${t.command(restored)} 그 전까지 봇은 갈라진 이전 타임라인의 백업도 유효한 것으로 봅니다. 그다음 새로 백업하십시오: ${t.command(`run ${cluster}`)} 복원한 내용은 예전 것이기 때문입니다.`,
  stop: '작업방 닫기',
  stopConfirm: {
    title: '복원 작업방을 닫을까요?',
    text: '열린 단계는 클러스터에 지금 상태로 남으며, RESTORE.md 파일을 보고 계속할 수 있습니다. 이름과 함께 기록됩니다.',
    confirm: '닫기',
    deny: '계속하기',
  },
  seen: ({ cluster, answers, at }) =>
    answers
      ? md`👁️ *봇이 ${t.clock(at)} 확인:* ${cluster} 클러스터의 API가 응답합니다.`
      : md`👁️ *봇이 ${t.clock(at)} 확인:* ${cluster} 클러스터의 API가 응답하지 않습니다.`,
});
