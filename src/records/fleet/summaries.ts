import type { MessagePlace } from '../../domain/people/message-place.ts';
import { clocksApartMs } from '../../domain/text/trusted-time.ts';
import type { Records, SummarySlot } from '../../workflow/ports/records.ts';
import { type Database, write } from '../engine/schema.ts';
import { appendNotices } from '../outbox/outbox.ts';
import { fleetStream } from '../outbox/streams.ts';

export async function newestSummary(
  db: Database,
  { now }: { now: number },
): Promise<SummarySlot | undefined> {
  const row = await db
    .selectFrom('summaries')
    .selectAll()
    .where('slot', '<=', now + clocksApartMs)
    .orderBy('slot', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!row) return undefined;
  const { slot, rule, channel, ts } = row;
  return { slot, rule, place: channel !== null && ts !== null ? { channel, ts } : undefined };
}

export async function openSummary(
  db: Database,
  { slot, rule, now, post }: Parameters<Records['openSummary']>[0],
): Promise<void> {
  await write(db, async (trx) => {
    await trx
      .insertInto('summaries')
      .values({ slot, rule, channel: null, ts: null })
      .onConflict((conflict) => conflict.column('slot').doUpdateSet({ rule }))
      .execute();
    if (post) await appendNotices(trx, fleetStream, [{ kind: 'summary', slot }], now);
  });
}

export async function summaryPosted(
  db: Database,
  slot: number,
  { channel, ts }: MessagePlace,
): Promise<void> {
  await write(db, (trx) =>
    trx.updateTable('summaries').set({ channel, ts }).where('slot', '=', slot).execute(),
  );
}

/** Few rows, whatever the history holds: an index knows the unsent ones. */
export async function outboxStatus(db: Database): ReturnType<Records['outboxStatus']> {
  const row = await db
    .selectFrom('outbox')
    .select((eb) => [eb.fn.countAll<number>().as('unsent'), eb.fn.min('created_at').as('oldest')])
    .where('state', 'in', ['pending', 'posting'])
    .executeTakeFirstOrThrow();
  return { unsent: Number(row.unsent), oldestAt: row.oldest ?? undefined };
}
