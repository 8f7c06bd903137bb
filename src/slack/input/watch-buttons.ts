import type { App } from '@slack/bolt';
import type { Reminder, UpdateAlarm } from '../../domain/watch/cluster-watch.ts';
import type { ReminderAnswer, RequestAnswer } from '../../workflow/access/backups.ts';
import {
  actionIds,
  alarmReason,
  alarmTooLate,
  parseWatchButton,
  pauseAnswer,
  reminderAnswer,
  reminderReason,
  type WatchButton,
} from '../messages/index.ts';
import { acknowledgeFirst, recordFirst } from './acknowledge.ts';
import { type Click, onButton } from './adapter.ts';
import { contextFor, requested } from './answer.ts';
import type { ListenerDeps } from './listener.ts';

type ReminderOver = Extract<ReminderAnswer, { outcome: 'reminder-over' }>;
interface TooLate {
  readonly outcome: 'alarm-over' | 'alarm-begun';
  readonly cluster: string;
}

/** The buttons of reminders and alarms. They carry ids and nothing more: what is meant is in the cluster's watch. */
export function listenToWatchButtons(app: App, deps: ListenerDeps): void {
  const { backups } = deps;
  onWatchButton(app, deps, actionIds.reminderBackUp, (click, button) =>
    recordFirst(
      deps,
      click,
      () => backUpReminded(deps, click, button),
      (answer, context) =>
        answer.outcome === 'reminder-over'
          ? reminderAnswer(answer, context)
          : requested(deps, answer, context),
    ),
  );
  onWatchButton(app, deps, actionIds.alarmBackUp, (click, button) =>
    recordFirst(
      deps,
      click,
      () => backUpAlarmed(deps, click, button),
      (answer, context) =>
        isTooLate(answer) ? alarmTooLate(answer, context) : requested(deps, answer, context),
    ),
  );
  onWatchButton(app, deps, actionIds.reminderSnooze, (click, button) =>
    recordFirst(deps, click, () => backups.snooze(click, button), reminderAnswer),
  );
  for (const [actionId, decision] of [
    [actionIds.pauseApprove, 'approve'],
    [actionIds.pauseReject, 'reject'],
  ] as const) {
    onWatchButton(app, deps, actionId, (click, button) =>
      recordFirst(deps, click, () => backups.decidePause(click, { ...button, decision }), pauseAnswer),
    );
  }
  onWatchButton(app, deps, actionIds.pauseResume, (click, button) =>
    recordFirst(deps, click, () => backups.resume(click, button), pauseAnswer),
  );
}

/** Calls with what the button carries; for a value that no message of ours ever carried, the clicker is informed of that. */
export function onWatchButton(
  app: App,
  deps: ListenerDeps,
  actionId: string,
  handle: (click: Click, button: WatchButton) => Promise<void>,
): void {
  onButton(app, deps, actionId, (click) => {
    const button = parseWatchButton(click.value);
    if (button) return handle(click, button);
    const over: ReminderOver = { outcome: 'reminder-over', reminder: undefined, cluster: '…' };
    return acknowledgeFirst(deps, click, async () => over, reminderAnswer);
  });
}

async function backUpReminded(
  deps: ListenerDeps,
  click: Click,
  { cluster, id }: WatchButton,
): Promise<RequestAnswer | ReminderOver> {
  const reminder = (await deps.watch(cluster))?.reminder;
  if (reminder?.id !== id || reminder.end) {
    return { outcome: 'reminder-over', reminder: reminder?.id === id ? reminder : undefined, cluster };
  }
  return request(deps, click, cluster, { reminder });
}

/** Once the update has begun no backup may run: asking for one would only end at the checks. */
async function backUpAlarmed(
  deps: ListenerDeps,
  click: Click,
  { cluster, id }: WatchButton,
): Promise<RequestAnswer | TooLate> {
  const alarm = (await deps.watch(cluster))?.alarm;
  if (alarm?.id !== id || alarm.end) return { outcome: 'alarm-over', cluster };
  if (alarm.phase === 'begun') return { outcome: 'alarm-begun', cluster };
  return request(deps, click, cluster, { alarm });
}

/** The reason is in the language of the cluster's channel: its card is there. */
function request(
  deps: ListenerDeps,
  click: Click,
  cluster: string,
  watched: { readonly reminder: Reminder } | { readonly alarm: UpdateAlarm },
): Promise<RequestAnswer> {
  const context = contextFor(deps, deps.fleet.cluster(cluster)?.language ?? deps.language, cluster);
  const reason =
    'reminder' in watched
      ? reminderReason(watched.reminder, cluster, context)
      : alarmReason(watched.alarm, cluster, context);
  return deps.backups.request(click, { cluster, reason, node: undefined, emergency: undefined });
}

function isTooLate(answer: RequestAnswer | TooLate): answer is TooLate {
  return answer.outcome === 'alarm-over' || answer.outcome === 'alarm-begun';
}
