import { createCronSlots } from '../../../src/system/cron.ts';
import type { Records } from '../../../src/workflow/ports/records.ts';
import { clusterName } from '../../world.ts';
import type { PageComing } from '../protocol.ts';

/** When the weekly summary comes: `cron` in UTC. */
export interface SummarySlots {
  readonly cron: string;
}

const slots = createCronSlots();

/** What the bot will do by itself at a time that it knows, soonest first: the clock can be moved there. */
export async function whatComes(
  records: Records,
  summary: SummarySlots,
  now: number,
): Promise<readonly PageComing[]> {
  const [watch, runs] = await Promise.all([
    records.watch(clusterName),
    records.runs({ active: true, limit: 5 }),
  ]);
  const { reminder, schedule, pauses = [] } = watch ?? {};
  const paused = pauses.find(({ end, since }) => end === undefined && since !== undefined);
  const asked = runs.find(({ status }) => status === 'waiting');
  const times: readonly (readonly [PageComing['kind'], number | undefined])[] = [
    ['reminder', reminder?.end === undefined ? reminder?.nextRepeatAt : undefined],
    ['schedule', schedule?.next?.startAt],
    ['retry', schedule?.retry?.closed === true ? undefined : schedule?.retry?.nextAt],
    ['expiry', asked?.expiresAt],
    ['pause-end', paused?.until],
    ['summary', slots.next(summary.cron, 'UTC', now)],
  ];
  return times
    .flatMap(([kind, at]) => (at === undefined || at <= now ? [] : [{ kind, at }]))
    .toSorted((a, b) => a.at - b.at);
}
