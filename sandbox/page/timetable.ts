import type { ConfigFile, World } from '../world.ts';

/** When the bot acts by itself: so far ahead that no one meets it unless the clock is moved there. */
export interface Timetable {
  /** On the clocks of this zone. */
  readonly backup: (timeZone: string) => string;
  readonly summary: { readonly cron: string };
}

const hourMs = 3_600_000;

/** A backup twelve hours after the start, then daily; a summary three days after it, then weekly. */
export function timetableOf(start: number): Timetable {
  const summary = new Date(start + 72 * hourMs);
  return {
    backup: (timeZone) => `0 ${hourIn(timeZone, start + 12 * hourMs)} * * *`,
    summary: { cron: `0 ${summary.getUTCHours()} * * ${summary.getUTCDay()}` },
  };
}

/** What the configuration says of times: that timetable, and deadlines that a person waits for. */
export function pageTimes(config: ConfigFile, { channels }: World, { backup, summary }: Timetable): void {
  config.summary = { channel: channels.platform, cron: summary.cron, timeZone: 'UTC' };
  for (const each of config.clusters) {
    each.session = { startDeadline: '20s', scriptDeadline: '1m', commandDeadline: '20s' };
    each.requestDeadline = '5s';
    // Unless a schedule was asked for.
    each.schedule ??= { cron: backup(String(each.timeZone)), jitter: '0s', approval: 'auto' };
  }
}

function hourIn(timeZone: string, at: number): number {
  const format = new Intl.DateTimeFormat('en', { hour: 'numeric', hourCycle: 'h23', timeZone });
  return Number(format.format(at));
}
