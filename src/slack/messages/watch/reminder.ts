import type { Button } from '@slack/types';
import { blockers, type Finding, warnings } from '../../../domain/preflight/finding.ts';
import type { Reminder } from '../../../domain/watch/cluster-watch.ts';
import { actionIds } from '../kit/action-ids.ts';
import { button, type Message, message, stack } from '../kit/blocks.ts';
import { toolsFor } from '../kit/make-tools.ts';
import { lines, type Markup, md } from '../kit/markup.ts';
import { linksTo, sayBy } from '../kit/texts-by.ts';
import type { Context, Tools } from '../kit/tools.ts';
import { fitsButton, watchButtonValue } from '../kit/watch-button.ts';
import { findingText, reasonLines } from '../preflight/findings.ts';
import type { Arrival } from './en/reminder.ts';
import { reminderWords } from './words.ts';

/** `cardLink`: address of the card of the run that ended it. */
export type WatchContext = Context & { readonly cluster: string; readonly cardLink: string | undefined };
export type RepeatContext = Context & { readonly cluster: string; readonly onCall: string | undefined };

/** The one message of a reminder, as the reminder is now. */
export function reminderMessage(reminder: Reminder, context: WatchContext): Message {
  const t = toolsFor(context);
  const say = reminderWords(t);
  const arrival = arrivalOf(reminder, context.cluster);
  const ended = endText(reminder, arrival, context, t);
  if (ended) return message({ sections: [ended] });
  const { nextRepeatAt } = reminder;
  return message({
    sections: [
      lines(say.title(arrival), say.why(arrival)),
      ...checkSections(reminder, context.cluster, t),
      ...(nextRepeatAt === undefined ? [] : [say.nextRepeat(nextRepeatAt)]),
    ],
    buttons: buttonsOf(reminder, context.cluster, t),
    footer: say.byText(context.cluster),
    text: [say.title(arrival), verdictOf(reminder, context.cluster, t), say.byText(context.cluster)],
    rest: t.rest(`check ${context.cluster}`),
  });
}

/** Repeats it, under it and in the channel. */
export function repeatMessage(reminder: Reminder, context: RepeatContext): Message {
  const t = toolsFor(context);
  const arrival = arrivalOf(reminder, context.cluster);
  const { onCall } = context;
  return message({ sections: [reminderWords(t).repeat({ arrival, since: reminder.openedAt, onCall })] });
}

/** Why the backup is asked for, in the language of the cluster's channel: plain text for the record. */
export function reminderReason(reminder: Reminder, cluster: string, context: Context): string {
  return reminderWords(toolsFor(context)).requestReason(arrivalOf(reminder, cluster));
}

function arrivalOf({ from, to }: Reminder, cluster: string): Arrival {
  return { cluster, from: from?.version, to: to.version };
}

function endText({ end }: Reminder, arrival: Arrival, context: WatchContext, t: Tools): Markup | undefined {
  if (end === undefined) return undefined;
  return sayBy(reminderWords(t).ended, 'kind', end, arrival, linksTo(context.cardLink));
}

/** The findings of preflight: blockers first, then what is worth knowing. Lagging pools are never a blocker. */
function checkSections(reminder: Reminder, cluster: string, t: Tools): readonly Markup[] {
  const { findings = [] } = reminder;
  const known = warnings(findings).map((each) => worthKnowing(each, t));
  const pools = findings.flatMap((each) => (each.code === 'pools.updating' ? [...each.params.names] : []));
  return stack(
    [
      verdictOf(reminder, cluster, t),
      ...known,
      ...(pools.length === 0 ? [] : [reminderWords(t).pools(pools)]),
    ],
    { room: 6_000, more: (count) => reminderWords(t).more({ count, cluster }) },
  );
}

/** Whether a backup can run, and what blocks it with what to do about that. */
function verdictOf({ findings, checkedAt }: Reminder, cluster: string, t: Tools): Markup {
  if (checkedAt === undefined) return reminderWords(t).notChecked();
  if (findings === undefined) return reminderWords(t).notReadable({ cluster, at: checkedAt });
  const against = blockers(findings);
  if (against.length === 0) return reminderWords(t).canRun(checkedAt);
  return lines(reminderWords(t).cannotRun(checkedAt), ...reasonLines(against, t));
}

function worthKnowing(finding: Finding, t: Tools): Markup {
  const { looked, found } = findingText(finding, t);
  return md`⚠️ ${looked}: ${found}`;
}

function buttonsOf({ id }: Reminder, cluster: string, t: Tools): readonly Button[] {
  const { buttons } = reminderWords(t);
  if (!fitsButton({ cluster, id })) return [];
  const value = watchButtonValue({ cluster, id });
  return [
    button({ id: actionIds.reminderBackUp, label: buttons.backUp, value, style: 'primary' }),
    button({ id: actionIds.reminderSnooze, label: buttons.snooze, value }),
    button({ id: actionIds.reminderDismiss, label: buttons.dismiss, value }),
  ];
}
