import type { Write } from '../engine/schema.ts';

/** False: this delivery was here before. The unique key decides, also between two that arrive at once. */
export async function firstDelivery(trx: Write, id: string, stream: string, at: number): Promise<boolean> {
  const inserted = await trx
    .insertInto('deliveries')
    .values({ id, stream, at })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}
