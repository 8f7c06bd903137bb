import type { RestoreRoom } from '../../../../domain/restore-room/room.ts';
import type { RoomAnswer } from '../../../../workflow/restore-room/room-answer.ts';
import { md } from '../../kit/markup.ts';
import type { Refused, Says } from '../../kit/texts-by.ts';
import type { Tools } from '../../kit/tools.ts';
import { planCommand } from '../plan-command.ts';

/** What is said to the person alone who typed or clicked. */
export const answers = (t: Tools) => {
  const stepOf = ({ room, step }: { room: RestoreRoom; step: number }) => room.steps[step - 1];
  return {
    'room-opened': ({ room, channel }, links) =>
      md`🛟 The restore room of ${t.code(room.cluster)} is open: ${room.steps.length} steps, in ${links.card(md`a thread`)} in ${t.channel(channel)}. If Slack goes down, RESTORE.md alone suffices: ${t.command(`restore-plan ${room.paper.runId}`)} sends it to you now.`,
    'room-open-already': ({ room, channel }, links) =>
      md`${t.code(room.cluster)} has an open restore room already, opened by ${t.person(room.openedBy.slackUser)} ${t.time(room.openedAt)}: ${links.card(md`its thread`)} is in ${t.channel(channel)}. A cluster has one at most; ${t.command(`restore-plan ${room.cluster} stop`)} closes it.`,
    'no-plan': ({ cluster, ...asked }) => {
      const narrowed = asked.zStream !== undefined || asked.before !== undefined || asked.what !== cluster;
      const fitting = narrowed ? md` that fits what you asked for` : '';
      return md`No backup of ${t.code(cluster)}${fitting} can be restored, so no room was opened. ${t.command(planCommand(asked, t))} says of each backup why, and which one comes nearest.`;
    },
    'room-stopped': ({ room }) =>
      md`⏹️ The restore room of ${t.code(room.cluster)} is closed. The cluster is as the last step left it.`,
    'no-open-room': ({ cluster }) =>
      md`${t.code(cluster)} has no open restore room, so nothing was changed. ${t.command(`restore-plan ${cluster} start`)} opens one.`,
    'on-record': () => md`On record.`,
    'no-such-room': () => md`There is no such restore room on record. Nothing was changed.`,
    'reason-missing': () => md`Say why the step is skipped, in a few words. Nothing was changed.`,
    'reason-too-long': (answer) =>
      md`The reason has ${t.number(answer.length)} characters; ${t.number(answer.max)} are possible. Shorten it; nothing was changed.`,
    'room-over': ({ room }) =>
      md`This restore room is over, so nothing was changed. ${t.command(`restore-plan ${room.cluster} start`)} opens another one.`,
    'no-such-step': () => md`This step is not open, so nothing was changed.`,
    'step-settled': (answer) => {
      const end = stepOf(answer)?.end;
      if (!end) return md`This step is settled already. Nothing was changed.`;
      return end.kind === 'done'
        ? md`Step ${answer.step} is done already, as ${t.person(end.by.slackUser)} said at ${t.clock(end.at)}. Nothing was changed.`
        : md`${t.person(end.by.slackUser)} has skipped step ${answer.step} at ${t.clock(end.at)}. Nothing was changed.`;
    },
    'step-held': (answer) => {
      const holder = stepOf(answer)?.holder;
      const who = holder
        ? md`${t.person(holder.by.slackUser)} does step ${answer.step}, since ${t.clock(holder.at)}`
        : md`Another person does step ${answer.step}`;
      return md`${who}, and only they say what became of it. Nothing was changed. If they cannot, click [I take it over] first.`;
    },
    'step-yours': ({ step }) => md`You do step ${step} already. Nothing was changed.`,
    'nothing-meanwhile': () =>
      md`Every other step needs one that is open, so there is nothing to do meanwhile. Nothing was changed.`,
    duplicate: () => t.terms.onRecordAlready,
  } satisfies Says<RoomAnswer, Refused['outcome']>;
};
