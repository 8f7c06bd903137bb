import { z } from 'zod';
import { clocksApartMs } from '../../domain/text/trusted-time.ts';
import type { Records, SummaryPost } from '../../workflow/ports/records.ts';
import { type Database, write } from '../engine/schema.ts';

const format = 1;

const trusted = z.looseObject({
  slot: z.number(),
  rule: z.string(),
  at: z.number(),
  place: z.object({ channel: z.string(), ts: z.string() }).optional(),
  tries: z.number(),
  end: z.enum(['done', 'given-up', 'let-go']).optional(),
});

export async function newestSummary(
  db: Database,
  { now }: { now: number },
): Promise<SummaryPost | undefined> {
  const row = await db
    .selectFrom('summaries')
    .selectAll()
    .where('slot', '<=', now + clocksApartMs)
    .orderBy('slot', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!row) return undefined;
  const read = row.format === format ? trusted.safeParse(JSON.parse(row.post)) : undefined;
  if (read?.success) return { place: undefined, end: undefined, ...read.data } as SummaryPost;
  throw new Error(
    `row ${row.slot} of table summaries has format ${row.format} and cannot be read by this program, which reads format ` +
      `${format}: start the version that wrote it`,
  );
}

export async function putSummary(db: Database, post: SummaryPost): Promise<void> {
  const text = JSON.stringify(post);
  await write(db, (trx) =>
    trx
      .insertInto('summaries')
      .values({ slot: post.slot, format, post: text })
      .onConflict((conflict) => conflict.column('slot').doUpdateSet({ format, post: text }))
      .execute(),
  );
}

/** Few rows, whatever the history holds: an index knows the unsent ones. */
export async function outboxStanding(db: Database): ReturnType<Records['outboxStanding']> {
  const row = await db
    .selectFrom('outbox')
    .select((eb) => [eb.fn.countAll<number>().as('unsent'), eb.fn.min('created_at').as('oldest')])
    .where('state', 'in', ['pending', 'posting'])
    .executeTakeFirstOrThrow();
  return { unsent: Number(row.unsent), oldestAt: row.oldest ?? undefined };
}
