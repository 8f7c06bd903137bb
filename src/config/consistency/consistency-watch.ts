import { inWindow } from '../../domain/policy/off-peak.ts';
import { type Collected, saidAt } from '../file/findings.ts';
import type { Path } from '../file/mistake.ts';
import type { ClusterEntry } from '../schema/cluster-schema.ts';
import { cronMinutes, longestInterval, shortestInterval } from '../schema/cron-text.ts';

const dayMs = 86_400_000;

/** Schedules that do not do what their writer probably means. The expressions are right in themselves here. */
export function checkSchedule(all: Collected, path: Path, cluster: Partial<ClusterEntry>): void {
  const { schedule, offPeak, coverage, owners } = cluster;
  if (schedule === undefined) return;
  const at = (...key: Path) => saidAt(all.source, path, ['schedule', ...key]);
  if (offPeak !== undefined && !cronMinutes(schedule.cron).some((minute) => inWindow(offPeak, minute))) {
    const text = 'every time lies outside the off-peak window: runs are put off until the window begins';
    all.warnings.push(all.source.warning(at('cron'), text));
  }
  const often = shortestInterval(schedule.cron);
  if (often < 60) {
    const text = `two runs are only ${often} min apart: each one loads the disks of etcd; at most one an hour is meant`;
    all.warnings.push(all.source.warning(at('cron'), text));
  }
  const interval = longestInterval(schedule.cron);
  if (coverage !== undefined && interval > coverage.maxAgeMs) {
    const text = `up to ${daysText(interval)} between two runs, but a backup counts for ${daysText(coverage.maxAgeMs)} only (coverage.maxAge): in between the cluster would be stale`;
    all.warnings.push(all.source.warning(at('cron'), text));
  }
  if (schedule.approval === 'auto' && owners?.length === 0) {
    const text = 'runs start without anybody being asked, and no owners hear of it when they fail';
    all.warnings.push(all.source.warning(at('approval'), text));
  }
}

/** What the bot does not back up it does not back up by schedule, either. One under `defaults` is meant for the others. */
export function checkBackedUpBy(
  all: Collected,
  path: Path,
  { backedUpBy, schedule }: Partial<ClusterEntry>,
): void {
  const isOwn = all.source.at([...path, 'schedule']) !== undefined;
  if (backedUpBy === undefined || schedule === undefined || !isOwn) return;
  const text = 'the cluster has backedUpBy, so this schedule never runs: take out the one that is not meant';
  all.warnings.push(all.source.warning([...path, 'schedule'], text));
}

export function checkWorkingHours(all: Collected, path: Path, { workingHours }: Partial<ClusterEntry>): void {
  if (workingHours === undefined || workingHours.fromMinute !== workingHours.toMinute) return;
  const place = saidAt(all.source, path, ['workingHours']);
  all.mistakes.push(all.source.mistake(place, 'two different times', 'the same time twice'));
}

function daysText(ms: number): string {
  const days = ms / dayMs;
  if (days < 1) return `${Math.round(ms / 3_600_000)} h`;
  const text = String(Math.round(days * 10) / 10);
  return text === '1' ? '1 day' : `${text} days`;
}
