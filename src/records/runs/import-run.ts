import type { AuditEvent } from '../../domain/people/audit.ts';
import { type BackupRun, dueAt, isActive } from '../../domain/run/run.ts';
import { type Database, type Write, write } from '../engine/schema.ts';
import { importedSeq } from '../engine/sequence.ts';
import { appendAudit } from './audit-trail.ts';
import { insertRun } from './insert-run.ts';
import { toRestoreRow } from './restore-row.ts';
import { toRow } from './run-row.ts';

export function importRun(
  db: Database,
  run: BackupRun,
  audit: readonly AuditEvent[],
): Promise<'imported' | 'known'> {
  if (isActive(run.status) || dueAt(run) !== undefined) {
    throw new Error(
      `run ${run.id} is not over (${run.status}): only a run that no worker holds can be imported`,
    );
  }
  return write(db, async (trx) => {
    const touchedAt = Math.max(run.requestedAt, ...audit.map(({ at }) => at));
    const inserted = await insertRun(trx, toRow(run), touchedAt, await importedSeq(trx, run));
    if (!inserted) return 'known';
    await importRestore(trx, run);
    await appendAudit(trx, run.id, audit);
    return 'imported';
  });
}

/** What a manifest says of a restore that these records do not know: so that it can be revoked here as well. */
async function importRestore(trx: Write, { cluster, plan, abandoned }: BackupRun): Promise<void> {
  if (!abandoned || !plan) return;
  const restore = { ...abandoned, cluster, clusterId: plan.clusterId, revoked: undefined };
  await trx
    .insertInto('restores')
    .values(toRestoreRow(restore))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
