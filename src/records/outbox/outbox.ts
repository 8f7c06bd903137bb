import { type ExpressionBuilder, type Selectable, sql, type UpdateObject } from 'kysely';
import { z } from 'zod';
import type { Message, OutboxItem, OutboxState, Records } from '../../workflow/ports/records.ts';
import { type Database, type OutboxTable, type Schema, type Write, write } from '../engine/schema.ts';
import { subjectOf } from './streams.ts';

const unsent: readonly OutboxState[] = ['pending', 'posting'];

/** No message is put off for longer: a later time comes from a clock that has been set back since. */
const longestPauseMs = 2 * 60_000;

type KindsOf<About> = Extract<Message, { about: About }>['notice']['kind'];

/** Written as objects, so that the compiler asks for a kind that is new. */
const known: { readonly [About in Message['about']]: { readonly [Kind in KindsOf<About>]: true } } = {
  run: { card: true, thread: true, private: true },
  cluster: {
    reminder: true,
    alarm: true,
    pause: true,
    nag: true,
    escalation: true,
    restored: true,
    'revision-fell': true,
    private: true,
  },
  fleet: { summary: true },
};
const trusted = z.looseObject({ kind: z.string() });

type AnyNotice = Message['notice'];

/** Messages in their order; the caller holds the row of what they are about. */
export async function appendNotices(
  trx: Write,
  stream: string,
  notices: readonly AnyNotice[],
  createdAt: number,
): Promise<void> {
  for (const notice of notices) {
    const live = liveMessage(notice);
    if (live !== null && (await standsReady(trx, stream, live))) continue;
    await trx
      .insertInto('outbox')
      .values({
        stream,
        kind: pointsToCard(notice) ? pointer : notice.kind,
        live,
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

/** The message that is rendered again whenever it is shown; null: this one says the same for ever. */
function liveMessage(notice: AnyNotice): string | null {
  switch (notice.kind) {
    case 'card':
      return 'card';
    case 'summary':
      return `summary ${notice.slot}`;
    case 'reminder':
    case 'alarm':
    case 'pause':
      return `${notice.kind} ${notice.id}`;
    default:
      return null;
  }
}

/**
 * A live message shows the run or watch as it is when it is sent: one that was not tried yet will show this
 * change too, and a second one would say the same. An update instead of a select: no sender may take it before we commit.
 */
async function standsReady(trx: Write, stream: string, live: string): Promise<boolean> {
  const ready = await trx
    .updateTable('outbox')
    .set({ attempts: 0 })
    .where('stream', '=', stream)
    .where('live', '=', live)
    .where('state', '=', 'pending')
    .where('attempts', '=', 0)
    .returning('id')
    .executeTakeFirst();
  return ready !== undefined;
}

/**
 * Live messages wait for each other only: a thread that takes nothing must not keep a card from losing its buttons. What is
 * said under or beside them waits for all of it. Each person's private messages keep their order; they wait neither for a
 * channel that takes nothing nor for another person's undeliverable message. A pointer to a card waits until the card is there.
 */
function sameOrder(eb: ExpressionBuilder<Earlier, 'earlier' | 'next'>) {
  const kinds = (next: readonly string[], earlier: readonly string[]) =>
    eb.and([eb('next.kind', 'in', next), eb('earlier.kind', 'in', earlier)]);
  const samePerson = eb(personIn('next'), '=', personIn('earlier'));
  return eb.or([
    kinds([...liveKinds, pointer], liveKinds),
    kinds(saidOnce, [...liveKinds, ...saidOnce]),
    eb.and([kinds(['private'], ['private']), samePerson]),
  ]);
}

type Kinds = readonly AnyNotice['kind'][];
export const liveKinds: Kinds = ['card', 'reminder', 'alarm', 'pause', 'summary'];
export const saidOnce: Kinds = ['thread', 'nag', 'escalation', 'restored', 'revision-fell'];
/** Kind of a row, and of no notice: a private message that says where the run's card is. */
const pointer = 'pointer';

function pointsToCard(notice: AnyNotice): boolean {
  return notice.kind === 'private' && notice.say.type === 'request-on-card';
}

const personIn = (table: 'next' | 'earlier') =>
  sql<string>`json_extract(${sql.ref(table)}.notice, '$.slackUser')`;

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
          .where(({ or, eb: next }) =>
            or([next('next.retry_at', '<=', now), next('next.retry_at', '>', now + longestPauseMs)]),
          )
          .where(({ not, exists, selectFrom }) =>
            not(
              exists(
                selectFrom('outbox as earlier')
                  .select('earlier.id')
                  .whereRef('earlier.stream', '=', 'next.stream')
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

/** Left in `posting` by a sender that is gone: handed out again, and marked, because they may have arrived. */
export async function recoverPosting(trx: Write): Promise<void> {
  await trx
    .updateTable('outbox')
    .set({ state: 'pending', retry_at: 0, may_have_arrived: 1 })
    .where('state', '=', 'posting')
    .execute();
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
  { retryAt, error, mayHaveArrived = false }: Parameters<Records['noticeDelayed']>[1],
): Promise<void> {
  const doubt = mayHaveArrived ? { may_have_arrived: 1 } : {};
  return settle(db, id, { state: 'pending', retry_at: retryAt, last_error: error, ...doubt });
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
    ...messageOf(row),
    id: row.id,
    state: row.state,
    // The row counts the try that begins now; the sender wants to know of those before it.
    attempts: row.attempts - 1,
    mayHaveArrived: row.may_have_arrived === 1,
    createdAt: row.created_at,
  };
}

export function messageOf(row: Selectable<OutboxTable>): Message {
  try {
    const subject = subjectOf(row.stream);
    const notice = trusted.parse(JSON.parse(row.notice));
    if (!Object.hasOwn(known[subject.about], notice.kind)) throw new Error(`its kind is ${notice.kind}`);
    return { ...subject, notice } as unknown as Message;
  } catch (cause) {
    throw new Error(`row ${row.id} of table outbox (${row.stream}) cannot be read as a message`, { cause });
  }
}
