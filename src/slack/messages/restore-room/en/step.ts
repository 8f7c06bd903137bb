import type { StepPlace } from '../../../../domain/restore/restore-steps.ts';
import type { RoomStep, StepEnd } from '../../../../domain/restore-room/room.ts';
import { join, type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';

type Who = NonNullable<RoomStep['holder']>;

/** One step of a restore room. */
export const step = (t: Tools) => ({
  title: ({ number, of, title }: { number: number; of: number; title: Markup }) =>
    md`*Step ${number} of ${of}: ${title}*`,
  /** `inDirectory`: in that of step 1, wherever the step itself acts. */
  where: (place: StepPlace, inDirectory: boolean) =>
    ({
      here: md`On your own machine; in the directory of step 1, once it is there.`,
      nodes: inDirectory
        ? md`Over SSH, from your own machine, in the directory of step 1.`
        : md`Over SSH, from your own machine.`,
      api: md`With ${t.code('oc')}, once the API answers.`,
      nowhere: undefined,
    })[place],
  /** Another shell than that of the step which sets it. */
  needsHost: (command: string) => md`In a shell that has not done it yet, first: ${t.path(command)}`,
  otherHost: (chosenIn: number) =>
    md`If another recovery host was chosen in step ${chosenIn}, use its address, and swap the two in the commands.`,
  inFile: (name: string) =>
    md`📎 The commands are too long for a message: the file ${t.code(name)} in this thread has them whole. RESTORE.md has them, too.`,
  expect: (text: Markup) => md`*You must see:* ${text}`,
  otherwise: (text: Markup) => md`*If not:* ${text}`,
  free: () => md`⏳ No person does it yet.`,
  held: ({ by, at }: Who) => md`▶️ ${t.person(by.slackUser)} does it, since ${t.clock(at)}.`,
  failed: ({ by, at }: Who, times: number) =>
    times === 1
      ? md`❌ *Failed*, said by ${t.person(by.slackUser)} at ${t.clock(at)}. The step stays open.`
      : md`❌ *Failed ${times} times*, said last by ${t.person(by.slackUser)} at ${t.clock(at)}. The step stays open.`,
  causes: (causes: readonly Markup[]) =>
    md`*Known causes:*\n${join(
      causes.map((cause) => md`• ${cause}`),
      '\n',
    )}`,
  wayBack: (text: Markup) => md`*Where the cluster is now:* ${text}`,
  ended: (end: StepEnd) =>
    end.kind === 'done'
      ? md`✅ *Done*, said by ${t.person(end.by.slackUser)} at ${t.clock(end.at)}. The bot has not checked it.`
      : md`⏭️ *Skipped* by ${t.person(end.by.slackUser)} at ${t.clock(end.at)}, because ${t.quote(end.reason)}`,
  roomOver: () =>
    md`⏹️ The room was closed before this step was settled. RESTORE.md has it under the same number.`,
  buttons: {
    take: 'I do this',
    takeOver: 'I take it over',
    done: 'Done',
    failed: 'Failed',
    skip: 'Skip, because …',
    meanwhile: 'I do another step meanwhile',
  },
  file: ({ number, of }: { number: number; of: number }) =>
    md`📎 The commands of step ${number} of ${of}, whole.`,
  fileMissing: ({ number, why }: { number: number; why: string }) =>
    md`⚠️ The commands of step ${number} are too long for a message, and could not be uploaded as a file: ${why}. RESTORE.md has them under the same number.`,
  form: {
    /** At most 24 units each. */
    title: 'Skip this step?',
    submit: 'Skip it',
    close: 'Go back',
    label: 'Why is it skipped?',
    hint: 'It goes on record with your name, and the thread shows it.',
    intro: (p: { number: number; cluster: string }) =>
      md`Step ${p.number} of the restore of ${t.code(p.cluster)} counts as settled then, and the next one appears. The bot does not know whether the restore works without it.`,
    reasonMissing: 'Say why, in a few words. Nothing was changed so far.',
    reasonTooLong: ({ length, max }: { length: number; max: number }) =>
      `The reason has ${length} characters; ${max} are possible. Shorten it.`,
    notRecorded: 'This could not be put on record, so nothing was changed. Try again in a minute.',
    notOpened: () => md`Slack did not open the form, so nothing was changed. Click the button once more.`,
  },
});
