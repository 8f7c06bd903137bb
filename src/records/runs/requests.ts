import type { BackupRun } from '../../domain/run/run.ts';
import type { Accepted, Decided, Records, RunChange } from '../../workflow/ports/records.ts';
import { type Database, type Write, write } from '../engine/schema.ts';
import { firstDelivery } from '../outbox/deliveries.ts';
import { appendNotices } from '../outbox/outbox.ts';
import { runStream, subjectOf } from '../outbox/streams.ts';
import { appendAudit } from './audit-trail.ts';
import { insertRun } from './insert-run.ts';
import { lockRun, writeChange } from './run-changes.ts';
import { fromRow, toRow } from './run-row.ts';
import { runIsActive, run as runOnRecord } from './runs.ts';

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
    if (!(await firstDelivery(trx, deliveryId, runStream(run.id), run.requestedAt))) {
      return { outcome: 'duplicate', run: await runOfDelivery(trx, deliveryId) };
    }
    if (!(await insertRun(trx, row, run.requestedAt))) {
      // The delivery stays on record: the same one again must not start a run once the other one is over.
      const active = await activeRun(trx, run);
      await trx
        .updateTable('deliveries')
        .set({ stream: runStream(active.id) })
        .where('id', '=', deliveryId)
        .execute();
      return { outcome: 'busy', run: active };
    }
    await appendAudit(trx, run.id, input.audit);
    await appendNotices(trx, runStream(run.id), input.notices, run.requestedAt);
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
    if (!(await firstDelivery(trx, deliveryId, runStream(runId), now))) return { outcome: 'duplicate', run };
    const decision = input.decision(run);
    if ('refusal' in decision) return { outcome: 'refused', refusal: decision.refusal, run };
    return { outcome: 'changed', run: await writeChange(trx, row, decision, now) };
  });
}

async function runOfDelivery(trx: Write, deliveryId: string): Promise<BackupRun | undefined> {
  const { stream } = await trx
    .selectFrom('deliveries')
    .select('stream')
    .where('id', '=', deliveryId)
    .executeTakeFirstOrThrow();
  const subject = subjectOf(stream);
  return subject.about === 'run' ? runOnRecord(trx, subject.runId) : undefined;
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
