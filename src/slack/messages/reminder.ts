import type { Button } from '@slack/types';
import type { Reminder } from '../../domain/cluster-watch.ts';
import { blockers, type Finding, warnings } from '../../domain/finding.ts';
import { actionIds } from './action-ids.ts';
import { button, type Message, message, stack } from './blocks.ts';
import { type Voice, voiceFor } from './language.ts';
import { lines, link, type Markup, md } from './markup.ts';
import type { Arrival } from './reminder-wording.ts';
import type { Context } from './tools.ts';
import { fitsButton, watchButtonValue } from './watch-button.ts';

/** `cardLink`: address of the card of the run that ended it. */
export type WatchContext = Context & { readonly cluster: string; readonly cardLink: string | undefined };
export type NagContext = Context & { readonly cluster: string; readonly onCall: string | undefined };

/** The one message of a reminder, as the reminder is now. */
export function reminderMessage(reminder: Reminder, context: WatchContext): Message {
  const voice = voiceFor(context);
  const { words, tools } = voice;
  const arrival = arrivalOf(reminder, context.cluster);
  const ended = endText(reminder, arrival, context, voice);
  if (ended) return message({ sections: [ended] });
  const { nextNagAt } = reminder;
  return message({
    sections: [
      lines(words.reminder.title(arrival), words.reminder.why(arrival)),
      ...checkSections(reminder, context.cluster, voice),
      ...(nextNagAt === undefined ? [] : [words.reminder.nextNag(nextNagAt, tools)]),
    ],
    buttons: buttonsOf(reminder, context.cluster, voice),
    footer: words.reminder.byText(context.cluster, tools),
  });
}

/** Repeats it, under it and in the channel. */
export function nagMessage(reminder: Reminder, context: NagContext): Message {
  const { words, tools } = voiceFor(context);
  const arrival = arrivalOf(reminder, context.cluster);
  const { onCall } = context;
  return message({ sections: [words.reminder.nag({ arrival, since: reminder.openedAt, onCall }, tools)] });
}

/** Why the backup is asked for, in the language of the cluster's channel: plain text for the record. */
export function reminderReason(reminder: Reminder, cluster: string, context: Context): string {
  return voiceFor(context).words.reminder.requestReason(arrivalOf(reminder, cluster));
}

export function arrivalOf({ from, to }: Reminder, cluster: string): Arrival {
  return { cluster, from: from?.version, to: to.version };
}

function endText(
  { end }: Reminder,
  arrival: Arrival,
  context: WatchContext,
  { words, tools }: Voice,
): Markup | undefined {
  if (end === undefined) return undefined;
  // The kind selects the function that takes this very end; TypeScript cannot follow one union through the table.
  const say = words.reminder.ended[end.kind] as (
    p: { arrival: Arrival; end: typeof end },
    t: typeof tools,
    links: { card: (label: Markup) => Markup },
  ) => Markup;
  return say({ arrival, end }, tools, { card: (label) => link(context.cardLink, label) });
}

/** What preflight says: reasons against it first, then what is worth knowing. Lagging pools are never a reason. */
function checkSections(reminder: Reminder, cluster: string, voice: Voice): readonly Markup[] {
  const { words, tools } = voice;
  const { findings, checkedAt } = reminder;
  if (checkedAt === undefined) return [words.reminder.notChecked()];
  if (findings === undefined) return [words.reminder.notReadable({ cluster, at: checkedAt }, tools)];
  const against = blockers(findings);
  const verdict =
    against.length === 0
      ? words.reminder.canRun(checkedAt, tools)
      : words.reminder.cannotRun(checkedAt, tools);
  const known = warnings(findings).map((each) => worthKnowing(each, voice));
  const pools = findings.flatMap((each) => (each.code === 'pools.updating' ? [...each.params.names] : []));
  return stack(
    [
      lines(verdict, ...tools.reasons(against)),
      ...known,
      ...(pools.length === 0 ? [] : [words.reminder.pools(pools, tools)]),
    ],
    { room: 6_000, more: (count) => words.reminder.more({ count, cluster }, tools) },
  );
}

function worthKnowing(finding: Finding, { tools }: Voice): Markup {
  const { looked, found } = tools.finding(finding);
  return md`⚠️ ${looked}: ${found}`;
}

function buttonsOf({ id }: Reminder, cluster: string, { words }: Voice): readonly Button[] {
  const { buttons } = words.reminder;
  if (!fitsButton({ cluster, id })) return [];
  const value = watchButtonValue({ cluster, id });
  return [
    button({ id: actionIds.reminderBackUp, label: buttons.backUp, value, style: 'primary' }),
    button({ id: actionIds.reminderSnooze, label: buttons.snooze, value }),
    button({ id: actionIds.reminderDismiss, label: buttons.dismiss, value }),
  ];
}
