import { type BackupRun, dueAt, isActive, mayBecome, mayEndAs } from '../../domain/run/run.ts';
import { withRemovals } from '../../domain/run/success-merge.ts';
import type { RunChange } from '../../workflow/ports/records.ts';
import type { Write } from '../engine/schema.ts';
import { appendNotices } from '../outbox/outbox.ts';
import { clusterStream, runStream } from '../outbox/streams.ts';
import { appendAudit } from './audit-trail.ts';
import { writeEndedRun } from './ended-runs.ts';
import { fromRow, type RunRow, toRow } from './run-row.ts';

/**
 * Reads a run and keeps others from changing it until this transaction ends. An update that changes nothing
 * takes the row's lock in every database, where `select … for update` is not known to all.
 */
export function lockRun(trx: Write, id: string): Promise<RunRow | undefined> {
  return trx
    .updateTable('runs')
    .set((eb) => ({ fence: eb.ref('fence') }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
}

/** Writes a change onto the locked row `before` and returns the run after it. `now`: of the caller, if it has one. */
export async function writeChange(
  trx: Write,
  before: RunRow,
  change: RunChange,
  now: number | undefined,
): Promise<BackupRun> {
  const run = fromRow(before);
  const { status } = change.set;
  if (status !== undefined && !mayBecome(run.status, status)) {
    throw new Error(`run ${run.id} may not go from ${run.status} to ${status}: nothing was written`);
  }
  if (status !== undefined && !mayEndAs(run, status)) {
    throw new Error(`run ${run.id} has a verified backup and may not become ${status}: nothing was written`);
  }
  const set = run.success
    ? { ...change.set, success: withRemovals(run.success, change.set.success) }
    : change.set;
  const after: BackupRun = { ...run, ...set, id: run.id, cluster: run.cluster, card: run.card };
  const touchedAt = Math.max(before.touched_at, now ?? 0, ...change.audit.map((event) => event.at));
  const row = toRow(after);
  await trx
    .updateTable('runs')
    .set({
      ...row,
      touched_at: touchedAt,
      ...(endsWork(run, after) ? { owner: null, lease_ms: null } : {}),
    })
    .where('id', '=', run.id)
    .execute();
  if (!isActive(after.status)) await writeEndedRun(trx, after, { touched_at: touchedAt, seq: before.seq });
  await appendAudit(trx, run.id, change.audit);
  await appendNotices(trx, runStream(run.id), change.notices, touchedAt);
  await appendNotices(trx, clusterStream(run.cluster), change.ofCluster ?? [], touchedAt);
  return fromRow(row);
}

/** A run that is over may still be worked on, as long as copies of it wait for another try. */
function endsWork(before: BackupRun, after: BackupRun): boolean {
  return !isActive(after.status) && (isActive(before.status) || dueAt(after) === undefined);
}
