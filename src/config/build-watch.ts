import type { ClusterPolicy, Language, SchedulePolicy, WorkingHours } from '../domain/policy.ts';
import type { ConfiguredSummary } from './config.ts';
import type { Settings } from './settings.ts';
import {
  jitter,
  type SummaryEntry,
  standardSchedule,
  standardSummary,
  standardWatch,
  weekdays,
} from './watch-schema.ts';

type WatchPolicy = Pick<ClusterPolicy, 'coverage' | 'schedule' | 'owners' | 'onCall'>;

/** What the cluster's settings say of coverage, reminders and schedules. */
export function watchPolicyOf({ coverage, workingHours, schedule, owners, onCall }: Settings): WatchPolicy {
  return {
    coverage: {
      maxAgeMs: coverage.maxAge,
      beforeUpdateMaxAgeMs: coverage.beforeUpdateMaxAge,
      signersWarnMs: coverage.signersWarn,
      workingHours: workingHoursOf(workingHours),
    },
    schedule: scheduleOf(schedule),
    owners: [...new Set(owners)],
    onCall,
  };
}

function workingHoursOf({
  from,
  to,
  days = standardWatch.workingHours.days,
}: Settings['workingHours']): WorkingHours {
  const numbers = weekdays.flatMap((day, index) => (days.includes(day) ? [index + 1] : []));
  return { fromMinute: from, toMinute: to, days: numbers };
}

function scheduleOf(schedule: Settings['schedule']): SchedulePolicy | undefined {
  if (schedule === undefined || schedule === 'none') return undefined;
  return {
    cron: schedule.cron,
    jitterMs: schedule.jitter ?? jitter.parse(standardSchedule.jitter),
    approval: schedule.approval ?? standardSchedule.approval,
  };
}

export function summaryOf(
  entry: SummaryEntry | undefined,
  language: Language,
): ConfiguredSummary | undefined {
  if (entry === undefined) return undefined;
  const { channel, cron = standardSummary.cron, timeZone = standardSummary.timeZone } = entry;
  return { channel, cron, timeZone, language: entry.language ?? language };
}
