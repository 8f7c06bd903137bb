import type { Person } from '../people/person.ts';
import type { ClusterPolicy } from '../policy/policy.ts';
import { nextWorkingMinute } from '../policy/working-hours.ts';
import type { Reminder } from './cluster-watch.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export const snoozeMs = 4 * hourMs;

/** After the opening; then every week. */
const repeatAfterMs: readonly number[] = [4 * hourMs, dayMs, 3 * dayMs, 7 * dayMs];
const weekMs = 7 * dayMs;

type Hours = Pick<ClusterPolicy, 'timeZone' | 'workingHours'>;

export function isOpen(reminder: Reminder | undefined): reminder is Reminder {
  return reminder !== undefined && reminder.end === undefined;
}

/** The first minute of working hours, `at` or later; ms UTC. */
export function inHours(at: number, { workingHours, timeZone }: Hours): number {
  return nextWorkingMinute(workingHours, timeZone, at);
}

/**
 * When the reminder is repeated after it was posted at `said`. Times that passed are not made up for, and one that comes
 * sooner than a snooze after `said` (it was moved into working hours) is left out.
 */
export function nextRepeat(openedAt: number, said: number, policy: Hours): number {
  const times = repeatAfterMs.map((after) => openedAt + after);
  const next = times.find((time) => time >= said + snoozeMs) ?? said + weekMs;
  // A reminder that was opened by a clock far ahead is repeated all the same.
  return inHours(Math.min(next, said + weekMs), policy);
}

/** A week, moved into working hours: a time further ahead was set by a clock that was wrong. */
const longestPauseMs = 10 * 24 * hourMs;

/** Whether the reminder is to be repeated now. */
export function repeatIsDue({ nextRepeatAt }: Pick<Reminder, 'nextRepeatAt'>, now: number): boolean {
  return nextRepeatAt !== undefined && (nextRepeatAt <= now || nextRepeatAt > now + longestPauseMs);
}

/** Repeated four hours later, or when people work again. A reminder that is over stays as it is. */
export function snoozed(reminder: Reminder, now: number, policy: Hours): Reminder {
  return isOpen(reminder) ? { ...reminder, nextRepeatAt: inHours(now + snoozeMs, policy) } : reminder;
}

/** A user declines the backup, with a reason. A reminder that is over stays as it is. */
export function dismissed(reminder: Reminder, by: Person, reason: string, now: number): Reminder {
  if (!isOpen(reminder)) return reminder;
  return { ...reminder, nextRepeatAt: undefined, end: { kind: 'dismissed', at: now, by, reason } };
}
