import { releaseText } from '../../../domain/cluster/release-text.ts';
import type { UpdateAlarm } from '../../../domain/watch/cluster-watch.ts';
import { actionIds } from '../kit/action-ids.ts';
import { button, type Message, message } from '../kit/blocks.ts';
import { toolsFor } from '../kit/make-tools.ts';
import { lines, type Markup } from '../kit/markup.ts';
import { oneSection } from '../kit/refusal.ts';
import { linksTo, sayBy } from '../kit/texts-by.ts';
import type { Context, Tools } from '../kit/tools.ts';
import { fitsButton, watchButtonValue } from '../kit/watch-button.ts';
import type { Move } from './en/alarm.ts';
import type { WatchContext } from './reminder.ts';
import { alarmWords } from './words.ts';

export type AlarmContext = WatchContext & { readonly onCall: string | undefined };

/**
 * The one message of an alarm, as the alarm is now. An update that may begin at any moment stops every run (`versionFindings`), and
 * so does one that has begun: the button is shown only while the cluster refuses the update.
 */
export function alarmMessage(alarm: UpdateAlarm, context: AlarmContext): Message {
  const t = toolsFor(context);
  const say = alarmWords(t);
  const { cluster } = context;
  const move = moveOf(alarm, cluster);
  const ended = endText(alarm, move, context, t);
  if (ended) return message({ sections: [ended] });
  const onCall = context.onCall === undefined ? undefined : t.group(context.onCall);
  const { phase, id, refusal } = alarm;
  const refused = phase === 'requested' && refusal !== undefined;
  const live = refused && fitsButton({ cluster, id });
  const title = say.title[refused ? 'refused' : phase](move, onCall);
  const next = refused ? say.refused({ ...move, refusal }) : say.next[phase](move);
  const failing = alarm.failing ? [say.failing(move)] : [];
  return message({
    sections: [lines(title, say.backup({ from: move.from, takenAt: alarm.backupTakenAt })), ...failing, next],
    text: [title, ...failing, next],
    rest: t.rest(`ready-to-update ${cluster}`),
    buttons: live
      ? [
          button({
            id: actionIds.alarmBackUp,
            label: say.backUp,
            value: watchButtonValue({ cluster, id }),
            style: 'primary',
          }),
        ]
      : [],
  });
}

/** Why the backup is asked for, in the language of the cluster's channel: plain text for the record. */
export function alarmReason(alarm: UpdateAlarm, cluster: string, context: Context): string {
  return alarmWords(toolsFor(context)).requestReason(moveOf(alarm, cluster));
}

/** For a click that came when no backup may run any more. */
export function alarmTooLate(
  answer: { readonly outcome: 'alarm-over' | 'alarm-begun'; readonly cluster: string },
  context: Context,
): Message {
  return oneSection(alarmWords(toolsFor(context)).tooLate[answer.outcome](answer.cluster));
}

function moveOf({ from, to }: UpdateAlarm, cluster: string): Move {
  return { cluster, from: releaseText(from), to: releaseText(to) };
}

function endText({ end }: UpdateAlarm, move: Move, context: WatchContext, t: Tools): Markup | undefined {
  if (end === undefined) return undefined;
  return sayBy(alarmWords(t).ended, 'kind', end, move, linksTo(context.cardLink));
}
