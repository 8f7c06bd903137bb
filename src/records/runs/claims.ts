import type { ExpressionBuilder } from 'kysely';
import { longestPauseMs } from '../../domain/copies/file-copy.ts';
import { longestCleanUpMs } from '../../domain/run/leftovers.ts';
import { type BackupRun, workRanks } from '../../domain/run/run.ts';
import { type Claim, ClaimLostError, type Records, type RunChange } from '../../workflow/ports/records.ts';
import type { HeldRun, LeaseWatch } from '../engine/lease-watch.ts';
import { type Database, type Schema, type Write, write } from '../engine/schema.ts';
import { lockRun, writeChange } from './run-changes.ts';
import { fromRow } from './run-row.ts';

type ClaimInput = Parameters<Records['claim']>[0];

export async function claim(db: Database, leases: LeaseWatch, input: ClaimInput): Promise<Claim | undefined> {
  const { owner, leaseMs } = input;
  const row = await write(db, async (trx) => {
    const ranOut = leases.ranOut(await heldRuns(trx), input.monotonic, leaseMs);
    return (
      trx
        .updateTable('runs')
        .set((eb) => ({
          owner,
          lease_ms: leaseMs,
          beat: 0,
          fence: eb('fence', '+', 1),
          touched_at: eb
            .case()
            .when('touched_at', '<', input.now)
            .then(input.now)
            .else(eb.ref('touched_at'))
            .end(),
        }))
        .where('id', '=', (eb) =>
          eb
            .selectFrom('runs')
            .select('id')
            .where('work_rank', '<=', input.forPeople ? workRanks.person : workRanks.background)
            .where((run) => takable(run, input, ranOut))
            .orderBy('work_rank')
            .orderBy('due_at')
            .orderBy('requested_at')
            .orderBy('id')
            .limit(1),
        )
        // Once more on the row itself: a database with many writers looks at it again when it has the lock.
        .where((run) => takable(run, input, ranOut))
        .returningAll()
        .executeTakeFirst()
    );
  });
  // Read after the commit: a run that cannot be read is held for one lease, and the others get their turn.
  return row && { run: fromRow(row), owner, fence: row.fence };
}

function heldRuns(trx: Write): Promise<readonly HeldRun[]> {
  return trx
    .selectFrom('runs')
    .select(['id', 'fence', 'beat', 'lease_ms'])
    .where('owner', 'is not', null)
    .execute();
}

function takable(
  run: ExpressionBuilder<Schema, 'runs'>,
  { now, working = [] }: ClaimInput,
  ranOut: readonly HeldRun[],
) {
  const dead = ranOut.map(({ id, fence, beat }) =>
    run.and([run('id', '=', id), run('fence', '=', fence), run('beat', '=', beat)]),
  );
  return run.and([
    isDue(run, now),
    run.or([run('owner', 'is', null), ...dead]),
    ...(working.length === 0 ? [] : [run('id', 'not in', working)]),
  ]);
}

/** What people asked for and what was begun is due at once, also for a clock that was set back since. */
function isDue(run: ExpressionBuilder<Schema, 'runs'>, now: number) {
  return run.and([
    // Written out, so that SQLite uses the index of what is due.
    run('due_at', 'is not', null),
    run.or([
      run('due_at', '<=', now),
      run('status', 'in', ['requested', 'approved', 'running']),
      run.and([run('status', '=', 'waiting'), run('due_at', '<=', run.ref('requested_at'))]),
      run.and([run('status', '=', 'succeeded'), run('due_at', '>', now + longestPauseMs)]),
      run.and([run('status', '=', 'failed'), run('due_at', '>', now + longestCleanUpMs)]),
    ]),
  ]);
}

export async function renew(
  db: Database,
  held: Claim,
  { leaseMs }: Parameters<Records['renew']>[1],
): Promise<boolean> {
  const row = await write(db, (trx) =>
    trx
      .updateTable('runs')
      .set((eb) => ({ beat: eb('beat', '+', 1), lease_ms: leaseMs }))
      .where('id', '=', held.run.id)
      .where('owner', '=', held.owner)
      .where('fence', '=', held.fence)
      .returning('id')
      .executeTakeFirst(),
  );
  return row !== undefined;
}

/** Claims of processes that are gone: this one alone uses the records. Fences rise at the next claim, as ever. */
export async function voidClaims(trx: Write): Promise<void> {
  await trx.updateTable('runs').set({ owner: null, lease_ms: null }).where('owner', 'is not', null).execute();
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
      .set({ owner: null, lease_ms: null })
      .where('id', '=', held.run.id)
      .where('owner', '=', held.owner)
      .where('fence', '=', held.fence)
      .execute(),
  );
}
