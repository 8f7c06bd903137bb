import { cronMinutes, longestInterval } from './cron-text.ts';
import { type Collected, saidAt } from './findings.ts';
import type { Path } from './mistake.ts';
import type { Settings } from './settings.ts';

const dayMs = 86_400_000;

/** Schedules that do not do what their writer probably means. The expressions are right in themselves here. */
export function checkSchedule(all: Collected, path: Path, settings: Settings): void {
  const { schedule, offPeak, coverage, owners } = settings;
  if (schedule === undefined || schedule === 'none') return;
  const at = (...key: Path) => saidAt(all.source, path, ['schedule', ...key]);
  if (offPeak !== undefined && offPeak !== 'none') {
    const { from, to } = offPeak;
    const inside = (minute: number) =>
      from < to ? minute >= from && minute < to : minute >= from || minute < to;
    if (!cronMinutes(schedule.cron).some(inside)) {
      const text = 'every time lies outside the off-peak window: runs are put off until the window begins';
      all.warnings.push(all.source.warning(at('cron'), text));
    }
  }
  const interval = longestInterval(schedule.cron);
  if (interval > coverage.maxAge) {
    const text = `up to ${daysText(interval)} between two runs, but a backup counts for ${daysText(coverage.maxAge)} only (coverage.maxAge): in between the cluster would be stale`;
    all.warnings.push(all.source.warning(at('cron'), text));
  }
  if (schedule.approval === 'auto' && owners.length === 0) {
    const text = 'runs start without anybody being asked, and no owners hear of it when they fail';
    all.warnings.push(all.source.warning(at('approval'), text));
  }
}

export function checkWorkingHours(all: Collected, path: Path, { workingHours }: Settings): void {
  if (workingHours.from !== workingHours.to) return;
  const place = saidAt(all.source, path, ['workingHours']);
  all.mistakes.push(all.source.mistake(place, 'two different times', 'the same time twice'));
}

function daysText(ms: number): string {
  const days = ms / dayMs;
  if (days < 1) return `${Math.round(ms / 3_600_000)} h`;
  const text = String(Math.round(days * 10) / 10);
  return text === '1' ? '1 day' : `${text} days`;
}
