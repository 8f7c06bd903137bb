import type { ClusterEvent, Reminder } from '../domain/cluster-watch.ts';
import type { Person } from '../domain/person.ts';
import type { ClusterPolicy } from '../domain/policy.ts';
import { dismissed, isOpen, snoozed } from '../domain/reminder.ts';
import { admitInTime, meantCluster, personOf, wrongChannel } from './admission.ts';
import type { Asked, Backups, ReminderAnswer } from './backups.ts';
import type { WorkflowDeps } from './deps.ts';
import { maxReasonLength } from './request-backup.ts';

/** What a click makes of the reminder. */
interface Act {
  readonly kind: Extract<ClusterEvent['kind'], 'reminder-snoozed' | 'reminder-dismissed'>;
  /** When Slack does not say in time who clicked: a snoozed reminder comes back, a dismissed one never. */
  readonly unheard: 'pass' | 'refuse';
  readonly change: (reminder: Reminder, by: Person, policy: ClusterPolicy, now: number) => Reminder;
  /** Beside who did it. */
  readonly detail: (after: Reminder) => Readonly<Record<string, string>>;
  readonly answer: (after: Reminder, cluster: string) => ReminderAnswer;
}

/** Repeats the reminder later. */
export function snoozeReminder(
  deps: WorkflowDeps,
  asked: Asked,
  input: Parameters<Backups['snooze']>[1],
): Promise<ReminderAnswer> {
  return act(deps, asked, input, {
    kind: 'reminder-snoozed',
    unheard: 'pass',
    change: (reminder, _by, policy, now) => snoozed(reminder, now, policy),
    detail: ({ nextNagAt }) => (nextNagAt === undefined ? {} : { until: new Date(nextNagAt).toISOString() }),
    answer: (reminder, cluster) => ({
      outcome: 'snoozed',
      reminder,
      cluster,
      until: reminder.nextNagAt ?? deps.clock.now(),
    }),
  });
}

/** Ends the reminder without a backup; the reason is on record with who gave it. */
export async function dismissReminder(
  deps: WorkflowDeps,
  asked: Asked,
  input: Parameters<Backups['dismiss']>[1],
): Promise<ReminderAnswer> {
  const reason = input.reason.trim();
  if (reason === '') return { outcome: 'reason-missing' };
  if (reason.length > maxReasonLength)
    return { outcome: 'reason-too-long', length: reason.length, max: maxReasonLength };
  return act(deps, asked, input, {
    kind: 'reminder-dismissed',
    unheard: 'refuse',
    change: (reminder, by, _policy, now) => dismissed(reminder, by, reason, now),
    detail: () => ({ reason }),
    answer: (reminder, cluster) => ({ outcome: 'dismissed', reminder, cluster }),
  });
}

async function act(
  deps: WorkflowDeps,
  asked: Asked,
  input: { cluster: string; id: string },
  { kind, unheard, change, detail, answer }: Act,
): Promise<ReminderAnswer> {
  const admitted = await admitInTime(deps, asked, unheard);
  if (!admitted.ok) return admitted.answer;
  const meant = meantCluster(deps.fleet, input.cluster, asked.channel);
  if ('question' in meant) return meant.question;
  const elsewhere = wrongChannel(meant.cluster, asked.channel);
  if (elsewhere) return elsewhere;

  const policy = meant.cluster;
  const by = personOf(admitted.value);
  const now = deps.clock.now();
  const decided = await deps.records.decideWatch<'over'>({
    cluster: policy.name,
    now,
    deliveryId: asked.deliveryId,
    decision({ watch }) {
      const reminder = watch?.reminder;
      if (!watch || !isOpen(reminder) || reminder.id !== input.id) return { refusal: 'over' };
      const after = change(reminder, by, policy, now);
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
  return answer(reminder, policy.name);
}
