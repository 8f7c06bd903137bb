import type { BotBeat, ConfigTrouble, Records } from '../../workflow/ports/records.ts';
import { type Database, write } from '../engine/schema.ts';
import { appendNotices } from '../outbox/outbox.ts';
import { clusterStream } from '../outbox/streams.ts';

const forgottenAfterMs = 86_400_000;

export function beat(db: Database, { id, host, digest, now }: Parameters<Records['beat']>[0]): Promise<void> {
  return write(db, async (trx) => {
    await trx
      .deleteFrom('bots')
      .where('beat_at', '<', now - forgottenAfterMs)
      .execute();
    await trx
      .insertInto('bots')
      .values({ id, host, digest, beat_at: now })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ host, digest, beat_at: now }))
      .execute();
  });
}

export async function bots(db: Database, { since }: { readonly since: number }): Promise<readonly BotBeat[]> {
  const rows = await db.selectFrom('bots').selectAll().where('beat_at', '>=', since).orderBy('id').execute();
  return rows.map(({ id, host, digest }) => ({ id, host, digest }));
}

export function decideConfigTrouble(
  db: Database,
  {
    now,
    decision,
  }: {
    readonly now: number;
    readonly decision: (known: readonly string[]) => ConfigTrouble | undefined;
  },
): Promise<boolean> {
  return write(db, async (trx) => {
    const rows = await trx.selectFrom('config_mistakes').select('mistake').orderBy('mistake').execute();
    const known = rows.map(({ mistake }) => mistake);
    const change = decision(known);
    if (!change) return false;
    await trx.deleteFrom('config_mistakes').execute();
    for (const mistake of new Set(change.known))
      await trx.insertInto('config_mistakes').values({ mistake, since: now }).execute();
    for (const { cluster, notices } of change.inform)
      await appendNotices(trx, clusterStream(cluster), notices, now);
    return change.inform.length > 0;
  });
}
