import type { RestoreRoom } from '../../../../domain/restore-room/room.ts';
import { md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { answers as english } from '../en/answers.ts';
import { planCommand } from '../plan-command.ts';

export const answers = (t: Tools): ReturnType<typeof english> => {
  const stepOf = ({ room, step }: { room: RestoreRoom; step: number }) => room.steps[step - 1];
  return {
    'room-opened': ({ room, channel }, links) =>
      md`🛟 ${t.code(room.cluster)} 클러스터의 복원 작업방을 열었습니다: ${room.steps.length}단계, ${t.channel(channel)} 채널의 ${links.card(md`스레드`)}. Slack을 쓸 수 없게 되면 RESTORE.md 파일만으로 충분합니다. 지금 받으려면: ${t.command(`restore-plan ${room.paper.runId}`)}`,
    'room-open-already': ({ room, channel }, links) =>
      md`${t.code(room.cluster)} 클러스터에는 이미 열린 복원 작업방이 있습니다. ${t.person(room.openedBy.slackUser)} 님이 ${t.time(room.openedAt)} 열었고, ${t.channel(channel)} 채널의 ${links.card(md`스레드`)}에 있습니다. 클러스터마다 하나만 열 수 있습니다. 닫으려면: ${t.command(`restore-plan ${room.cluster} stop`)}`,
    'no-plan': ({ cluster, ...asked }) => {
      const narrowed = asked.zStream !== undefined || asked.before !== undefined || asked.what !== cluster;
      const fitting = narrowed ? md`조건에 맞고 복원할 수 있는` : md`복원할 수 있는`;
      return md`${t.code(cluster)} 클러스터에는 ${fitting} 백업이 없어 작업방을 열지 않았습니다. 백업마다 그 이유와 가장 가까운 백업을 보려면: ${t.command(planCommand(asked, t))}`;
    },
    'room-stopped': ({ room }) =>
      md`⏹️ ${t.code(room.cluster)} 클러스터의 복원 작업방을 닫았습니다. 클러스터는 마지막 단계를 마친 상태 그대로입니다.`,
    'no-open-room': ({ cluster }) =>
      md`${t.code(cluster)} 클러스터에는 열린 복원 작업방이 없어 아무것도 바꾸지 않았습니다. 열려면: ${t.command(`restore-plan ${cluster} start`)}`,
    'on-record': () => md`기록했습니다.`,
    'no-such-room': () => md`기록에 없는 복원 작업방입니다. 아무것도 바꾸지 않았습니다.`,
    'reason-missing': () => md`단계를 건너뛰는 이유를 짧게 적어 주십시오. 아무것도 바꾸지 않았습니다.`,
    'reason-too-long': (answer) =>
      md`사유가 ${t.number(answer.length)}자입니다. ${t.number(answer.max)}자까지 쓸 수 있습니다. 줄여 주십시오. 아무것도 바꾸지 않았습니다.`,
    'room-over': ({ room }) =>
      md`이미 끝난 복원 작업방이어서 아무것도 바꾸지 않았습니다. 새로 열려면: ${t.command(`restore-plan ${room.cluster} start`)}`,
    'no-such-step': () => md`열려 있지 않은 단계여서 아무것도 바꾸지 않았습니다.`,
    'step-settled': (answer) => {
      const end = stepOf(answer)?.end;
      if (!end) return md`이미 마친 단계입니다. 아무것도 바꾸지 않았습니다.`;
      return end.kind === 'done'
        ? md`${answer.step}단계는 ${t.person(end.by.slackUser)} 님이 ${t.clock(end.at)}에 이미 완료했다고 보고했습니다. 아무것도 바꾸지 않았습니다.`
        : md`${answer.step}단계는 ${t.person(end.by.slackUser)} 님이 ${t.clock(end.at)}에 건너뛰었습니다. 아무것도 바꾸지 않았습니다.`;
    },
    'step-held': (answer) => {
      const holder = stepOf(answer)?.holder;
      const who = holder
        ? md`${answer.step}단계는 ${t.person(holder.by.slackUser)} 님이 ${t.clock(holder.at)}부터 하고 있어`
        : md`${answer.step}단계는 다른 사람이 하고 있어`;
      return md`${who} 그 사람만 결과를 보고할 수 있습니다. 아무것도 바꾸지 않았습니다. 그 사람이 할 수 없으면 먼저 [제가 넘겨받습니다] 버튼을 누르십시오.`;
    },
    'step-yours': ({ step }) => md`${step}단계는 이미 맡고 있습니다. 아무것도 바꾸지 않았습니다.`,
    'nothing-meanwhile': () =>
      md`다른 단계는 모두 열린 단계를 기다려야 하므로 그동안 할 일이 없습니다. 아무것도 바꾸지 않았습니다.`,
    duplicate: () => t.terms.onRecordAlready,
  };
};
