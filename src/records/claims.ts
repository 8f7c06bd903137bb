import type { ExpressionBuilder } from 'kysely';
import { type BackupRun, workRanks } from '../domain/run.ts';
import { type Claim, ClaimLostError, type RunChange } from '../workflow/records.ts';
import { lockRun, writeChange } from './run-changes.ts';
import { fromRow } from './run-row.ts';
import { type Database, type Schema, write } from './schema.ts';

interface Lease {
  readonly now: number;
  readonly leaseMs: number;
}

export async function claim(
  db: Database,
  input: Lease & { owner: string; forPeople?: boolean },
): Promise<Claim | undefined> {
  const { owner, now, leaseMs, forPeople = false } = input;
  const lastRank = forPeople ? workRanks.person : workRanks.nobody;
  const row = await write(db, (trx) =>
    trx
      .updateTable('runs')
      .set((eb) => ({
        owner,
        lease_until: now + leaseMs,
        fence: eb('fence', '+', 1),
        touched_at: eb.case().when('touched_at', '<', now).then(now).else(eb.ref('touched_at')).end(),
      }))
      .where('id', '=', (eb) =>
        eb
          .selectFrom('runs')
          .select('id')
          .where('work_rank', '<=', lastRank)
          .where((run) => free(run, now))
          .orderBy('work_rank')
          .orderBy('due_at')
          .orderBy('requested_at')
          .orderBy('id')
          .limit(1),
      )
      // Once more on the row itself: a database with many writers looks at it again when it has the lock.
      .where((run) => free(run, now))
      .returningAll()
      .executeTakeFirst(),
  );
  // Read after the commit: a run that cannot be read is held for one lease, and the others get their turn.
  return row && { run: fromRow(row), owner, fence: row.fence };
}

function free(run: ExpressionBuilder<Schema, 'runs'>, now: number) {
  return run.and([
    run('due_at', '<=', now),
    run.or([run('owner', 'is', null), run('lease_until', '<=', now)]),
  ]);
}

export async function renew(db: Database, held: Claim, { now, leaseMs }: Lease): Promise<boolean> {
  const row = await write(db, (trx) =>
    trx
      .updateTable('runs')
      .set({ lease_until: now + leaseMs })
      .where('id', '=', held.run.id)
      .where('owner', '=', held.owner)
      .where('fence', '=', held.fence)
      .returning('id')
      .executeTakeFirst(),
  );
  return row !== undefined;
}

export function advance(
  db: Database,
  held: Claim,
  change: RunChange | ((run: BackupRun) => RunChange),
): Promise<BackupRun> {
  return write(db, async (trx) => {
    const row = await lockRun(trx, held.run.id);
    if (!row || row.owner !== held.owner || row.fence !== held.fence) {
      throw new ClaimLostError(held.run.id, held.fence);
    }
    return writeChange(trx, row, typeof change === 'function' ? change(fromRow(row)) : change, undefined);
  });
}

export async function release(db: Database, held: Claim): Promise<void> {
  await write(db, (trx) =>
    trx
      .updateTable('runs')
      .set({ owner: null, lease_until: null })
      .where('id', '=', held.run.id)
      .where('owner', '=', held.owner)
      .where('fence', '=', held.fence)
      .execute(),
  );
}
