import { boardRow, sortByNeed } from '../../domain/fleet/board.ts';
import { figuresMs, type WeeklySummary, weeklySummary } from '../../domain/fleet/weekly-summary.ts';
import type { Fleet, SummaryPolicy } from '../../domain/policy/policy.ts';
import { type CronSlots, newestSlot } from '../../domain/watch/schedule-times.ts';
import type { Clock, Log } from '../ports/ports.ts';
import type { Records } from '../ports/records.ts';

export interface WeeklySummaryDeps {
  readonly policy: SummaryPolicy;
  readonly records: Pick<Records, 'newestSummary' | 'openSummary'>;
  readonly cron: CronSlots;
  readonly clock: Clock;
  readonly log: Log;
  readonly wake: () => void;
}

/** A summary that comes later than this is no news. */
export const lateMs = 86_400_000;

/**
 * Asks for one summary for each time that cron names: once, also across restarts, and a missed one once if it is not a day old.
 * Ends after the call that is on its way when `signal` aborts.
 */
export async function runWeeklySummaries(
  deps: WeeklySummaryDeps,
  { pollMs, signal }: { readonly pollMs: number; readonly signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    await summaryTurn(deps).catch((error: unknown) => {
      deps.log.error({ err: error }, 'the weekly summary could not be worked on; trying again');
    });
    // Clocks are put right and machines sleep: no wait is trusted for long.
    await deps.clock.sleep(pollMs, signal);
  }
}

/** Puts the newest slot on record, with its message, if it is not there yet. Throws when the records do. */
export async function summaryTurn({
  policy,
  records,
  cron,
  clock,
  log,
  wake,
}: WeeklySummaryDeps): Promise<void> {
  const now = clock.now();
  const rule = [policy.cron, policy.timeZone, policy.channel].join('|');
  const last = await records.newestSummary({ now });
  // Of what was before the bot, or before this schedule, no summary is expected.
  if (last?.rule !== rule) return records.openSummary({ slot: now, rule, now, post: false });
  const slot = newestSlot({ schedule: policy, timeZone: policy.timeZone }, cron, last.slot, now);
  if (slot === last.slot) return;
  const post = now - slot <= lateMs;
  await records.openSummary({ slot, rule, now, post });
  if (post) return wake();
  log.warn(
    { slot },
    'a weekly summary was due while the bot was away for more than a day; the next one comes as usual',
  );
}

/** Of the fleet as it is now. */
export async function readSummary({
  records,
  fleet,
  clock,
}: {
  readonly records: Pick<Records, 'fleet' | 'runFigures'>;
  readonly fleet: Fleet;
  readonly clock: Pick<Clock, 'now'>;
}): Promise<WeeklySummary> {
  const now = clock.now();
  const known = new Map((await records.fleet({ now })).map((record) => [record.cluster, record]));
  const rows = fleet.clusters.map((policy) => {
    const nothing = {
      cluster: policy.name,
      watch: undefined,
      proven: [],
      active: undefined,
      lastFailure: undefined,
      lastDrill: undefined,
    };
    return boardRow(known.get(policy.name) ?? nothing, policy, now);
  });
  const runs = await records.runFigures({ since: now - figuresMs });
  return weeklySummary({ rows: sortByNeed(rows), runs, now });
}
