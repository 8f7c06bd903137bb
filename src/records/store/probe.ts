import { type Database, write } from '../engine/schema.ts';

/** Writes one row and reads it back: whether the records take writes now. */
export async function probe(db: Database, now: number): Promise<void> {
  await write(db, (trx) =>
    trx
      .insertInto('probe')
      .values({ id: 1, at: now })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ at: now }))
      .execute(),
  );
  const read = await db.selectFrom('probe').select('at').where('id', '=', 1).executeTakeFirst();
  if (read === undefined) throw new Error('the records lost the row that was just written to them');
}
