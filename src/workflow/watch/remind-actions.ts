import type { Person } from '../../domain/people/person.ts';
import { activePause } from '../../domain/policy/pause.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { ClusterEvent, Reminder } from '../../domain/watch/cluster-watch.ts';
import { dismissed, isOpen, snoozed, snoozeMs } from '../../domain/watch/reminder.ts';
import { mayActOn, personOf } from '../access/authorization.ts';
import type { Asked, ReminderAnswer } from '../access/backups.ts';
import { maxReasonLength } from '../approval/request-backup.ts';
import type { WorkflowDeps } from '../ports/deps.ts';

/** What a change of a reminder goes by. */
interface Click {
  readonly by: Person;
  readonly policy: ClusterPolicy;
  readonly now: number;
  /** undefined: the cluster is not paused. */
  readonly pausedUntil: number | undefined;
}

/** Repeats the reminder later, not before four hours have passed. `id`: of the reminder that was clicked on. */
export function snoozeReminder(
  deps: WorkflowDeps,
  asked: Asked,
  input: { cluster: string; id: string },
): Promise<ReminderAnswer> {
  return changeReminder(deps, asked, input, 'snooze', (reminder, { policy, now, pausedUntil = 0 }) => {
    const after = snoozed(reminder, now, policy);
    // Its message must not name a time within the pause: the end of the pause sets a new one.
    return (after.nextRepeatAt ?? 0) < pausedUntil ? { ...after, nextRepeatAt: undefined } : after;
  });
}

/** Ends the reminder without a backup; the reason is on record with the name of the person who gave it. */
export async function dismissReminder(
  deps: WorkflowDeps,
  asked: Asked,
  input: { cluster: string; id: string; reason: string },
): Promise<ReminderAnswer> {
  const reason = input.reason.trim();
  if (reason === '') return { outcome: 'reason-missing' };
  if (reason.length > maxReasonLength)
    return { outcome: 'reason-too-long', length: reason.length, max: maxReasonLength };
  return changeReminder(deps, asked, input, 'endReminder', (reminder, { by, now }) =>
    dismissed(reminder, by, reason, now),
  );
}

async function changeReminder(
  deps: WorkflowDeps,
  asked: Asked,
  input: { cluster: string; id: string },
  act: 'snooze' | 'endReminder',
  change: (reminder: Reminder, click: Click) => Reminder,
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
      const after = change(reminder, { by, policy, now, pausedUntil: activePause(watch, now)?.until });
      return {
        watch: { ...watch, reminder: after },
        events: [changeEvent(after, by, now)],
        notices: [{ kind: 'reminder', id: after.id }],
      };
    },
  });
  const cluster = policy.name;
  if (decided.outcome === 'duplicate') return { outcome: 'duplicate' };
  const reminder = decided.watch?.reminder;
  if (decided.outcome !== 'changed' || !reminder) return { outcome: 'reminder-over', reminder, cluster };
  deps.wake();
  if (act === 'endReminder') return { outcome: 'dismissed', reminder, cluster };
  const until = reminder.nextRepeatAt ?? now;
  const pausedUntil = activePause(decided.watch, now)?.until ?? 0;
  const paused = pausedUntil > until ? { pausedUntil } : {};
  return { outcome: 'snoozed', reminder, cluster, until, afterHours: until > now + snoozeMs, ...paused };
}

function changeEvent({ id, to, end, nextRepeatAt }: Reminder, by: Person, at: number): ClusterEvent {
  const detail = { id, release: to.version, slackUser: by.slackUser, clusterUser: by.clusterUser };
  if (end?.kind === 'dismissed') {
    return { at, kind: 'reminder-dismissed', detail: { ...detail, reason: end.reason } };
  }
  const until = nextRepeatAt === undefined ? {} : { until: new Date(nextRepeatAt).toISOString() };
  return { at, kind: 'reminder-snoozed', detail: { ...detail, ...until } };
}
