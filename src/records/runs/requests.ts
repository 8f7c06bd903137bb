import type { BackupRun } from '../../domain/run/run.ts';
import type { Accepted, Decided, Records, RunChange } from '../../workflow/ports/records.ts';
import { type Database, type Write, write } from '../engine/schema.ts';
import { aboutRun, appendNotices } from '../outbox/outbox.ts';
import { appendAudit } from './audit-trail.ts';
import { insertRun } from './insert-run.ts';
import { lockRun, writeChange } from './run-changes.ts';
import { fromRow, toRow } from './run-row.ts';
import { runIsActive } from './runs.ts';

type AcceptInput = Parameters<Records['accept']>[0];

interface DecideInput<Refusal> {
  readonly runId: string;
  readonly deliveryId: string;
  readonly now: number;
  readonly decision: (run: BackupRun) => RunChange | { readonly refusal: Refusal };
}

export function accept(db: Database, input: AcceptInput): Promise<Accepted> {
  const { run, deliveryId } = input;
  return write(db, async (trx): Promise<Accepted> => {
    const row = toRow(run);
    if (!(await firstDelivery(trx, deliveryId, run.id, run.requestedAt))) {
      return { outcome: 'duplicate', run: await runOfDelivery(trx, deliveryId) };
    }
    if (!(await insertRun(trx, row, run.requestedAt))) {
      // The delivery stays on record: the same one again must not start a run once the other one is over.
      const active = await activeRun(trx, run);
      await trx.updateTable('deliveries').set({ run_id: active.id }).where('id', '=', deliveryId).execute();
      return { outcome: 'busy', run: active };
    }
    await appendAudit(trx, run.id, input.audit);
    await appendNotices(trx, aboutRun(run.id, input.notices), run.requestedAt);
    return { outcome: 'accepted', run: fromRow(row) };
  });
}

/** A refusal is on record too: the same click delivered twice is answered once, whatever the run looks like by then. */
export function decide<Refusal>(db: Database, input: DecideInput<Refusal>): Promise<Decided<Refusal>> {
  const { runId, deliveryId, now } = input;
  return write(db, async (trx): Promise<Decided<Refusal>> => {
    const row = await lockRun(trx, runId);
    if (!row) return { outcome: 'no-such-run' };
    const run = fromRow(row);
    if (!(await firstDelivery(trx, deliveryId, runId, now))) return { outcome: 'duplicate', run };
    const decision = input.decision(run);
    if ('refusal' in decision) return { outcome: 'refused', refusal: decision.refusal, run };
    return { outcome: 'changed', run: await writeChange(trx, row, decision, now) };
  });
}

/** False: this delivery was here before. The unique key decides, also between two that arrive at once. */
async function firstDelivery(trx: Write, id: string, runId: string, at: number): Promise<boolean> {
  const inserted = await trx
    .insertInto('deliveries')
    .values({ id, run_id: runId, at })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

async function runOfDelivery(trx: Write, deliveryId: string): Promise<BackupRun | undefined> {
  const row = await trx
    .selectFrom('deliveries')
    .innerJoin('runs', 'runs.id', 'deliveries.run_id')
    .selectAll('runs')
    .where('deliveries.id', '=', deliveryId)
    .executeTakeFirst();
  return row && fromRow(row);
}

async function activeRun(trx: Write, wanted: BackupRun): Promise<BackupRun> {
  const row = await trx
    .selectFrom('runs')
    .selectAll()
    .where('cluster', '=', wanted.cluster)
    .where(runIsActive)
    .executeTakeFirst();
  if (row) return fromRow(row);
  throw new Error(
    `run ${wanted.id} could not be put on record: no run of cluster ${wanted.cluster} is active, ` +
      'so its id must be taken. Ask again, with a new id.',
  );
}
