import type { Pause } from '../policy/pause.ts';
import type { ClusterWatch, LiveWatchMessage, Reminder, UpdateAlarm } from './cluster-watch.ts';

/** Every message about a cluster that is rendered again whenever it is shown; of a kind the newest first. */
export function liveWatchMessages(watch: ClusterWatch): readonly LiveWatchMessage[] {
  const { reminder, alarm, earlier, pauses = [] } = watch;
  return [
    ...(reminder ? [{ kind: 'reminder', reminder } as const] : []),
    ...(alarm ? [{ kind: 'alarm', alarm } as const] : []),
    ...earlier,
    ...pauses.map((pause) => ({ kind: 'pause', pause }) as const),
  ];
}

/** undefined: others took its place long ago. */
export function findWatchMessage(
  watch: ClusterWatch | undefined,
  { kind, id }: { readonly kind: LiveWatchMessage['kind']; readonly id: string },
): LiveWatchMessage | undefined {
  return watch && liveWatchMessages(watch).find((each) => each.kind === kind && bodyOf(each).id === id);
}

export function bodyOf(message: LiveWatchMessage): Reminder | UpdateAlarm | Pause {
  if (message.kind === 'reminder') return message.reminder;
  return message.kind === 'alarm' ? message.alarm : message.pause;
}
