import type { UpdateAlarm } from '../../domain/cluster-watch.ts';
import { actionIds } from './action-ids.ts';
import type { Move } from './alarm-wording.ts';
import { button, type Message, message } from './blocks.ts';
import { type Voice, voiceFor } from './language.ts';
import { lines, link, type Markup } from './markup.ts';
import type { WatchContext } from './reminder.ts';
import type { Context } from './tools.ts';
import { fitsButton, watchButtonValue } from './watch-button.ts';

export type AlarmContext = WatchContext & { readonly onCall: string | undefined };

/** The one message of an alarm, as the alarm is now. The button stands as long as a backup may still run. */
export function alarmMessage(alarm: UpdateAlarm, context: AlarmContext): Message {
  const voice = voiceFor(context);
  const { words, tools } = voice;
  const { cluster } = context;
  const move = moveOf(alarm, cluster);
  const ended = endText(alarm, move, context, voice);
  if (ended) return message({ sections: [ended] });
  const onCall = context.onCall === undefined ? undefined : tools.group(context.onCall);
  const { phase, id } = alarm;
  const live = phase === 'requested' && fitsButton({ cluster, id });
  return message({
    sections: [
      lines(
        words.alarm.title[phase](move, onCall),
        words.alarm.backup({ from: move.from, takenAt: alarm.backupTakenAt }, tools),
      ),
      ...(alarm.failing ? [words.alarm.failing(move, tools)] : []),
      words.alarm.next[phase](move, tools),
    ],
    buttons: live
      ? [
          button({
            id: actionIds.alarmBackUp,
            label: words.alarm.backUp,
            value: watchButtonValue({ cluster, id }),
            style: 'primary',
          }),
        ]
      : [],
  });
}

/** Why the backup is asked for, in the language of the cluster's channel: plain text for the record. */
export function alarmReason(alarm: UpdateAlarm, cluster: string, context: Context): string {
  return voiceFor(context).words.alarm.requestReason(moveOf(alarm, cluster));
}

/** For a click that came when no backup may run any more. */
export function alarmTooLate(
  answer: { readonly outcome: 'alarm-over' | 'alarm-begun'; readonly cluster: string },
  context: Context,
): Message {
  const { words, tools } = voiceFor(context);
  return message({ sections: [words.alarm.tooLate[answer.outcome](answer.cluster, tools)] });
}

function moveOf({ from, to }: UpdateAlarm, cluster: string): Move {
  return { cluster, from: from.version, to: to.version };
}

function endText(
  { end }: UpdateAlarm,
  move: Move,
  context: WatchContext,
  { words, tools }: Voice,
): Markup | undefined {
  if (end === undefined) return undefined;
  // The kind selects the function that takes this very end; TypeScript cannot follow one union through the table.
  const say = words.alarm.ended[end.kind] as (
    p: { move: Move; end: typeof end },
    t: typeof tools,
    links: { card: (label: Markup) => Markup },
  ) => Markup;
  return say({ move, end }, tools, { card: (label) => link(context.cardLink, label) });
}
