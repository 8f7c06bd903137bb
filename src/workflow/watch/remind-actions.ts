import type { Person } from '../../domain/people/person.ts';
import { activePause } from '../../domain/policy/pause.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { ClusterEvent, Reminder } from '../../domain/watch/cluster-watch.ts';
import { dismissed, isOpen, snoozed, snoozeMs } from '../../domain/watch/reminder.ts';
import { mayActOn, personOf } from '../access/authorization.ts';
import type { Asked, ReminderAnswer } from '../access/backups.ts';
import { maxReasonLength } from '../approval/request-backup.ts';
import type { WorkflowDeps } from '../ports/deps.ts';

/** What a click makes of the reminder. */
interface ReminderChange {
  readonly kind: Extract<ClusterEvent['kind'], 'reminder-snoozed' | 'reminder-dismissed'>;
  readonly act: 'snooze' | 'endReminder';
  readonly change: (
    reminder: Reminder,
    by: Person,
    policy: ClusterPolicy,
    now: number,
    pausedUntil: number | undefined,
  ) => Reminder;
  /** Beside who did it. */
  readonly detail: (after: Reminder) => Readonly<Record<string, string>>;
  readonly answer: (after: Reminder, cluster: string, pausedUntil: number | undefined) => ReminderAnswer;
}

/** Repeats the reminder later, not before four hours have passed. `id`: of the reminder that was clicked on. */
export function snoozeReminder(
  deps: WorkflowDeps,
  asked: Asked,
  input: { cluster: string; id: string },
): Promise<ReminderAnswer> {
  return changeReminder(deps, asked, input, {
    kind: 'reminder-snoozed',
    act: 'snooze',
    change: (reminder, _by, policy, now, pausedUntil = 0) => {
      const after = snoozed(reminder, now, policy);
      // Its message must not name a time within the pause: the end of the pause sets a new one.
      return (after.nextRepeatAt ?? 0) < pausedUntil ? { ...after, nextRepeatAt: undefined } : after;
    },
    detail: ({ nextRepeatAt }) =>
      nextRepeatAt === undefined ? {} : { until: new Date(nextRepeatAt).toISOString() },
    answer: (reminder, cluster, pausedUntil) => {
      const now = deps.clock.now();
      const until = reminder.nextRepeatAt ?? now;
      const paused = pausedUntil !== undefined && pausedUntil > until ? { pausedUntil } : {};
      return { outcome: 'snoozed', reminder, cluster, until, afterHours: until > now + snoozeMs, ...paused };
    },
  });
}

/** Ends the reminder without a backup; the reason is on record with who gave it. */
export async function dismissReminder(
  deps: WorkflowDeps,
  asked: Asked,
  input: { cluster: string; id: string; reason: string },
): Promise<ReminderAnswer> {
  const reason = input.reason.trim();
  if (reason === '') return { outcome: 'reason-missing' };
  if (reason.length > maxReasonLength)
    return { outcome: 'reason-too-long', length: reason.length, max: maxReasonLength };
  return changeReminder(deps, asked, input, {
    kind: 'reminder-dismissed',
    act: 'endReminder',
    change: (reminder, by, _policy, now) => dismissed(reminder, by, reason, now),
    detail: () => ({ reason }),
    answer: (reminder, cluster) => ({ outcome: 'dismissed', reminder, cluster }),
  });
}

async function changeReminder(
  deps: WorkflowDeps,
  asked: Asked,
  input: { cluster: string; id: string },
  { kind, act, change, detail, answer }: ReminderChange,
): Promise<ReminderAnswer> {
  const access = await mayActOn(deps, act, asked, input.cluster);
  if (!access.ok) return access.answer;
  const { cluster: policy } = access;
  const by = personOf(access.person);
  const now = deps.clock.now();
  const decided = await deps.records.decideWatch<'over'>({
    cluster: policy.name,
    now,
    deliveryId: asked.deliveryId,
    decision({ watch }) {
      const reminder = watch?.reminder;
      if (!watch || !isOpen(reminder) || reminder.id !== input.id) return { refusal: 'over' };
      const after = change(reminder, by, policy, now, activePause(watch, now)?.until);
      const who = { slackUser: by.slackUser, clusterUser: by.clusterUser };
      return {
        watch: { ...watch, reminder: after },
        events: [
          { at: now, kind, detail: { id: after.id, release: after.to.version, ...who, ...detail(after) } },
        ],
        notices: [{ kind: 'reminder', id: after.id }],
      };
    },
  });
  if (decided.outcome === 'duplicate') return { outcome: 'duplicate' };
  const reminder = decided.watch?.reminder;
  if (decided.outcome !== 'changed' || !reminder)
    return { outcome: 'reminder-over', reminder, cluster: policy.name };
  deps.wake();
  return answer(reminder, policy.name, activePause(decided.watch, now)?.until);
}
