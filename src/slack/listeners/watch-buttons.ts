import type { App } from '@slack/bolt';
import type { Reminder, UpdateAlarm } from '../../domain/cluster-watch.ts';
import type { ReminderAnswer, RequestAnswer } from '../../workflow/backups.ts';
import { cardLink } from '../card-link.ts';
import {
  actionIds,
  alarmReason,
  alarmTooLate,
  type Context,
  type Message,
  parseWatchButton,
  reminderAnswer,
  reminderReason,
  requestAnswer,
  type WatchButton,
} from '../messages/index.ts';
import { acknowledgeFirst, recordFirst } from './acknowledge.ts';
import { contextFor } from './answer.ts';
import { askedOf, type Click, deliveryOf, onButton, refuseStranger } from './buttons.ts';
import type { Delivery, ListenerDeps } from './listener.ts';

type ReminderOver = Extract<ReminderAnswer, { outcome: 'reminder-over' }>;
interface TooLate {
  readonly outcome: 'alarm-over' | 'alarm-begun';
  readonly cluster: string;
}

/** The buttons of reminders and alarms. They carry ids and nothing more: what is meant stands in the cluster's watch. */
export function listenToWatchButtons(app: App, deps: ListenerDeps): void {
  onWatchButton(app, deps, actionIds.reminderBackUp, (delivery, click, button) =>
    recordFirst(
      deps,
      delivery,
      () => backUpReminded(deps, delivery, click, button),
      (answer, context) =>
        answer.outcome === 'reminder-over'
          ? reminderAnswer(answer, context)
          : requested(deps, answer, context),
    ),
  );
  onWatchButton(app, deps, actionIds.alarmBackUp, (delivery, click, button) =>
    recordFirst(
      deps,
      delivery,
      () => backUpAlarmed(deps, delivery, click, button),
      (answer, context) =>
        isTooLate(answer) ? alarmTooLate(answer, context) : requested(deps, answer, context),
    ),
  );
  onWatchButton(app, deps, actionIds.reminderSnooze, (delivery, click, button) =>
    recordFirst(deps, delivery, () => deps.backups.snooze(askedOf(delivery, click), button), reminderAnswer),
  );
}

/** Calls with what the button carries; for a value that no message of ours ever carried, the clicker hears that. */
export function onWatchButton(
  app: App,
  deps: ListenerDeps,
  actionId: string,
  handle: (delivery: Delivery, click: Click, button: WatchButton) => Promise<void>,
): void {
  onButton(app, actionId, (click) => {
    const delivery = deliveryOf(deps, click);
    if (!delivery.ours) return refuseStranger(deps, delivery);
    const button = parseWatchButton(click.action.value ?? '');
    if (button) return handle(delivery, click, button);
    const over: ReminderOver = { outcome: 'reminder-over', reminder: undefined, cluster: '…' };
    return acknowledgeFirst(deps, delivery, async () => over, reminderAnswer);
  });
}

async function backUpReminded(
  deps: ListenerDeps,
  delivery: Delivery,
  click: Click,
  { cluster, id }: WatchButton,
): Promise<RequestAnswer | ReminderOver> {
  const reminder = (await deps.watch(cluster))?.reminder;
  if (reminder?.id !== id || reminder.end) {
    return { outcome: 'reminder-over', reminder: reminder?.id === id ? reminder : undefined, cluster };
  }
  return ask(deps, delivery, click, { cluster, reason: reasonFor(deps, cluster, { reminder }) });
}

/** Once the update has begun no backup may run: asking for one would only end at the checks. */
async function backUpAlarmed(
  deps: ListenerDeps,
  delivery: Delivery,
  click: Click,
  { cluster, id }: WatchButton,
): Promise<RequestAnswer | TooLate> {
  const alarm = (await deps.watch(cluster))?.alarm;
  if (alarm?.id !== id || alarm.end) return { outcome: 'alarm-over', cluster };
  if (alarm.phase === 'begun') return { outcome: 'alarm-begun', cluster };
  return ask(deps, delivery, click, { cluster, reason: reasonFor(deps, cluster, { alarm }) });
}

function ask(
  { backups }: ListenerDeps,
  delivery: Delivery,
  click: Click,
  what: { readonly cluster: string; readonly reason: string },
): Promise<RequestAnswer> {
  return backups.request(askedOf(delivery, click), { ...what, node: undefined, emergency: undefined });
}

/** In the language of the cluster's channel: its card stands there. */
function reasonFor(
  deps: ListenerDeps,
  cluster: string,
  watched: { readonly reminder: Reminder } | { readonly alarm: UpdateAlarm },
): string {
  const language = deps.fleet.cluster(cluster)?.language ?? deps.language;
  const context = contextFor(deps, language, cluster);
  return 'reminder' in watched
    ? reminderReason(watched.reminder, cluster, context)
    : alarmReason(watched.alarm, cluster, context);
}

function isTooLate(answer: RequestAnswer | TooLate): answer is TooLate {
  return answer.outcome === 'alarm-over' || answer.outcome === 'alarm-begun';
}

async function requested(deps: ListenerDeps, answer: RequestAnswer, context: Context): Promise<Message> {
  const card = 'run' in answer ? answer.run.card : undefined;
  const link = await cardLink(deps.client, deps.clock, card);
  return requestAnswer(answer, link === undefined ? context : { ...context, cardLink: link });
}
