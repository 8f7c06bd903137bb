import type { Reminder } from './cluster-watch.ts';
import type { Person } from './person.ts';
import type { ClusterPolicy } from './policy.ts';
import { nextWorkingMinute } from './working-hours.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export const snoozeMs = 4 * hourMs;

/** After the opening; then every week. */
const nagAfterMs: readonly number[] = [4 * hourMs, dayMs, 3 * dayMs, 7 * dayMs];
const weekMs = 7 * dayMs;

type Hours = Pick<ClusterPolicy, 'timeZone' | 'coverage'>;

export function isOpen(reminder: Reminder | undefined): reminder is Reminder {
  return reminder !== undefined && reminder.end === undefined;
}

/** The first minute of working hours, `at` or later; ms UTC. */
export function inHours(at: number, { coverage, timeZone }: Hours): number {
  return nextWorkingMinute(coverage.workingHours, timeZone, at);
}

/**
 * When the reminder comes again after a word at `said`. Times that passed are not made up for, and one that comes sooner than
 * a snooze after the last word (it was moved into working hours) is left out.
 */
export function nextNag(openedAt: number, said: number, policy: Hours): number {
  const times = nagAfterMs.map((after) => openedAt + after);
  const next = times.find((time) => time >= said + snoozeMs) ?? said + weekMs;
  return inHours(next, policy);
}

/** Asked again four hours later, or when people work again. One that is over stays as it is. */
export function snoozed(reminder: Reminder, now: number, policy: Hours): Reminder {
  return isOpen(reminder) ? { ...reminder, nextNagAt: inHours(now + snoozeMs, policy) } : reminder;
}

/** Somebody says that no backup is needed, and why. One that is over stays as it is. */
export function dismissed(reminder: Reminder, by: Person, reason: string, now: number): Reminder {
  if (!isOpen(reminder)) return reminder;
  return { ...reminder, nextNagAt: undefined, end: { kind: 'dismissed', at: now, by, reason } };
}
