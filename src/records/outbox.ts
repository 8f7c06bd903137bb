import type { ExpressionBuilder, Selectable, UpdateObject } from 'kysely';
import { z } from 'zod';
import type { Notice } from '../domain/notice.ts';
import type { OutboxItem, OutboxState } from '../workflow/records.ts';
import { type Database, type OutboxTable, type Schema, type Write, write } from './schema.ts';

const unsent: readonly OutboxState[] = ['pending', 'posting'];

const trusted = z.looseObject({ kind: z.enum(['card', 'thread', 'private'] satisfies Notice['kind'][]) });

/** Messages of one run in their order; the caller holds the run's row. */
export async function appendNotices(
  trx: Write,
  runId: string,
  notices: readonly Notice[],
  createdAt: number,
): Promise<void> {
  for (const notice of notices) {
    if (notice.kind === 'card' && (await cardStandsReady(trx, runId))) continue;
    await trx
      .insertInto('outbox')
      .values({
        run_id: runId,
        kind: notice.kind,
        notice: JSON.stringify(notice),
        state: 'pending',
        attempts: 0,
        created_at: createdAt,
        retry_at: 0,
        settled_at: null,
        slack_ts: null,
        last_error: null,
      })
      .execute();
  }
}

/**
 * A card is drawn from the run as it is when it is sent: one that nobody has tried to send yet will show this change
 * too, and a second one would say the same. An update instead of a select: no sender may take it before we commit.
 */
async function cardStandsReady(trx: Write, runId: string): Promise<boolean> {
  const ready = await trx
    .updateTable('outbox')
    .set({ attempts: 0 })
    .where('run_id', '=', runId)
    .where('kind', '=', 'card')
    .where('state', '=', 'pending')
    .where('attempts', '=', 0)
    .returning('id')
    .executeTakeFirst();
  return ready !== undefined;
}

/**
 * What goes to the channel keeps its order, and so does what goes to people alone; but nobody's private answer waits for
 * a channel that takes nothing.
 */
function sameOrder(eb: ExpressionBuilder<Earlier, 'earlier' | 'next'>) {
  const areAlone = (['earlier.kind', 'next.kind'] as const).map((kind) => eb(kind, '=', 'private'));
  const areNot = (['earlier.kind', 'next.kind'] as const).map((kind) => eb(kind, '!=', 'private'));
  return eb.or([eb.and(areAlone), eb.and(areNot)]);
}

type Earlier = Schema & { earlier: OutboxTable; next: OutboxTable };

export async function takeNotice(db: Database, { now }: { now: number }): Promise<OutboxItem | undefined> {
  const row = await write(db, (trx) =>
    trx
      .updateTable('outbox')
      .set((eb) => ({ state: 'posting', attempts: eb('attempts', '+', 1) }))
      .where('state', '=', 'pending')
      .where('id', '=', (eb) =>
        eb
          .selectFrom('outbox as next')
          .select('next.id')
          .where('next.state', '=', 'pending')
          .where('next.retry_at', '<=', now)
          .where(({ not, exists, selectFrom }) =>
            not(
              exists(
                selectFrom('outbox as earlier')
                  .select('earlier.id')
                  .whereRef('earlier.run_id', '=', 'next.run_id')
                  .whereRef('earlier.id', '<', 'next.id')
                  .where('earlier.state', 'in', unsent)
                  .where(sameOrder),
              ),
            ),
          )
          .orderBy('next.id')
          .limit(1),
      )
      .returningAll()
      .executeTakeFirst(),
  );
  return row && toItem(row);
}

/** Left in `posting` by a sender that is gone: handed out again, with attempts > 0 because they may have arrived. */
export async function recoverPosting(db: Database): Promise<void> {
  await write(db, (trx) =>
    trx.updateTable('outbox').set({ state: 'pending', retry_at: 0 }).where('state', '=', 'posting').execute(),
  );
}

export function noticeSent(
  db: Database,
  id: number,
  { now, ts }: { now: number; ts: string | undefined },
): Promise<void> {
  return settle(db, id, { state: 'sent', settled_at: now, slack_ts: ts ?? null, last_error: null });
}

export function noticeDelayed(
  db: Database,
  id: number,
  { retryAt, error }: { retryAt: number; error: string },
): Promise<void> {
  return settle(db, id, { state: 'pending', retry_at: retryAt, last_error: error });
}

export function noticeGivenUp(
  db: Database,
  id: number,
  { now, error }: { now: number; error: string },
): Promise<void> {
  return settle(db, id, { state: 'given-up', settled_at: now, last_error: error });
}

/** Sent and given-up messages stay so, whatever a late sender says. */
async function settle(db: Database, id: number, values: UpdateObject<Schema, 'outbox'>): Promise<void> {
  await write(db, async (trx) => {
    const row = await trx.selectFrom('outbox').select('id').where('id', '=', id).executeTakeFirst();
    if (!row) throw new Error(`message ${id} is not in the outbox: its state could not be written`);
    await trx.updateTable('outbox').set(values).where('id', '=', id).where('state', 'in', unsent).execute();
  });
}

function toItem(row: Selectable<OutboxTable>): OutboxItem {
  return {
    id: row.id,
    runId: row.run_id,
    notice: noticeOf(row),
    state: row.state,
    // The row counts the try that begins now; the sender wants to know of those before it.
    attempts: row.attempts - 1,
    createdAt: row.created_at,
  };
}

function noticeOf(row: Selectable<OutboxTable>): Notice {
  try {
    return trusted.parse(JSON.parse(row.notice)) as unknown as Notice;
  } catch (cause) {
    throw new Error(`row ${row.id} of table outbox (run ${row.run_id}) cannot be read as a message`, {
      cause,
    });
  }
}
