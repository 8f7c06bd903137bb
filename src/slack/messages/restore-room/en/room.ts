import type { RoomEnd, RoomPaper, RoomStep } from '../../../../domain/restore-room/room.ts';
import { type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';

/** The first message of a restore room. */
export const room = (t: Tools) => ({
  title: ({ cluster, paper, by, at }: { cluster: string; paper: RoomPaper; by: string; at: number }) =>
    md`🛟 *Restore of ${cluster} to ${paper.zStream}*, from the backup of run ${t.code(paper.runId)}, taken ${t.time(paper.takenAt)}. Opened by ${t.person(by)} ${t.time(at)}.`,
  progress: (p: { settled: number; skipped: number; steps: number }) =>
    p.skipped === 0
      ? md`*Settled: ${p.settled} of ${p.steps} steps.*`
      : md`*Settled: ${p.settled} of ${p.steps} steps, ${p.skipped} of them skipped.*`,
  how: () => md`Each step has a message in this thread; the next one appears when the one before is settled.`,
  warnings: () => md`⚠️ *Warnings about this backup:*`,
  before: () => md`*Before you start:*`,
  rule: () =>
    md`*Several people:* who does a step clicks [I do this]; then only they say what became of it, until another person takes it over. [I do another step meanwhile] opens the next one that needs none of the open ones. “Done” is what a person says; what the bot saw itself is called that.`,
  notYetSeen: () => md`*Seen by the bot:* it has not looked yet whether the API answers.`,
  /** `untouched`: no step has changed the cluster yet, so that an API that answers speaks against a restore. */
  api: ({ answers, at, untouched }: { answers: boolean; at: number; untouched: boolean }) =>
    answers
      ? md`*Seen by the bot:* the API answers (since ${t.time(at)}).${untouched ? md` *If it takes changes, too, do not restore:* etcd has its quorum.` : ''}`
      : md`*Seen by the bot:* the API does not answer (since ${t.time(at)} at the latest).`,
  paper: ({ runId, chapter, writtenAt }: RoomPaper) => {
    const written = writtenAt === undefined ? '' : md`, as written beside the files ${t.time(writtenAt)}`;
    return md`*The steps* are those of RESTORE.md of ${t.code(runId)}${written}, after the chapter “${chapter.title}” in “${chapter.book}”. Their words and commands stay as they were when the room was opened.`;
  },
  withoutSlack: () =>
    md`*If Slack goes down, go on with RESTORE.md alone:* it has the same steps with the same numbers. Fetch it now. It lies here:`,
  papersHere: () => md`RESTORE.md lies here:`,
  reach: (where: string) => md`(how to reach it: ${t.code(where)})`,
  paused: (byRoom: boolean) =>
    byRoom
      ? md`Opening the room has paused the cluster: no reminder, no alarm and no scheduled backup comes in between. The pause has a message of its own, and ends with the room.`
      : md`The cluster was paused already, so no reminder, alarm or scheduled backup comes in between while that lasts.`,
  line: ({ number, step, title }: { number: number; step: RoomStep; title: Markup }) => {
    const { end, holder, failures } = step;
    const last = failures.at(-1);
    if (end?.kind === 'done')
      return md`✅ ${number}. ${title}: done, said by ${t.person(end.by.slackUser)} at ${t.clock(end.at)}`;
    if (end?.kind === 'skipped')
      return md`⏭️ ${number}. ${title}: skipped by ${t.person(end.by.slackUser)} at ${t.clock(end.at)}, because ${t.quote(end.reason)}`;
    const who = holder ? md`${t.person(holder.by.slackUser)} does it` : md`no person does it yet`;
    return last
      ? md`❌ ${number}. ${title}: failed, said by ${t.person(last.by.slackUser)} at ${t.clock(last.at)}; ${who}`
      : md`▶️ ${number}. ${title}: ${who}`;
  },
  more: (count: number) => md`… and ${count} more, in this thread.`,
  ended: ({ end, left }: { end: RoomEnd; left: number }) => {
    if (end.kind === 'finished')
      return md`🏁 *Finished ${t.time(end.at)}:* every step is settled, and all that the bot checks itself is well.`;
    const open =
      left === 0
        ? md`Every step was settled.`
        : left === 1
          ? md`One step was not settled.`
          : md`${left} steps were not settled.`;
    return md`⏹️ *Closed by ${t.person(end.by.slackUser)} ${t.time(end.at)}.* ${open} The cluster is as the last step left it; RESTORE.md has the others.`;
  },
  /** What comes after a restore. */
  after: ({ cluster, restored }: { cluster: string; restored: string }) =>
    md`*Next:* first tell the bot that this backup was restored: ${t.command(restored)}. Until then it counts backups that the cluster has left as its own. Then take a new backup (${t.command(`run ${cluster}`)}), because what was restored is old.`,
  stop: 'Close the room',
  stopConfirm: {
    title: 'Close the restore room?',
    text: 'The steps that are open stay as they are on the cluster, and can be followed in RESTORE.md. It goes on record with your name.',
    confirm: 'Close it',
    deny: 'Go on',
  },
  seen: ({ cluster, answers, at }: { cluster: string; answers: boolean; at: number }) =>
    answers
      ? md`👁️ *Seen by the bot at ${t.clock(at)}:* the API of ${cluster} answers.`
      : md`👁️ *Seen by the bot at ${t.clock(at)}:* the API of ${cluster} does not answer.`,
});
