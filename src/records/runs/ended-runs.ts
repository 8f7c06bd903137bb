import type { Insertable, Selectable } from 'kysely';
import { isDecided } from '../../domain/run/drill-outcome.ts';
import { provenBackup } from '../../domain/run/proven-backup.ts';
import { activeStatuses, type BackupRun } from '../../domain/run/run.ts';
import type { RunFigure } from '../../workflow/ports/records.ts';
import { type Database, type EndedRunsTable, type Write, write } from '../engine/schema.ts';
import { fromRow, type RunRow } from './run-row.ts';

/** Runs that are read into the table at once: few enough for other programs to get their turn in between. */
const batch = 200;

/** Every writer of a run that is over calls this in the same transaction. */
export async function writeEndedRun(
  trx: Write,
  run: BackupRun,
  row: Pick<RunRow, 'touched_at' | 'seq'>,
): Promise<void> {
  const { run_id, ...values } = toEndedRow(run, row);
  await trx
    .insertInto('ended_runs')
    .values({ run_id, ...values })
    .onConflict((conflict) => conflict.column('run_id').doUpdateSet(values))
    .execute();
}

/** Fills in the runs that ended before this table was there. One that cannot be read stays out: reading it reports the error. */
export async function deriveEndedRuns(db: Database): Promise<void> {
  let after = '';
  for (;;) {
    const rows = await write(db, async (trx) => {
      const found = await missingAfter(trx, after);
      for (const row of found) {
        const run = readable(row);
        if (run) await writeEndedRun(trx, run, row);
      }
      return found;
    });
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
  }
}

function missingAfter(trx: Write, after: string): Promise<RunRow[]> {
  return trx
    .selectFrom('runs')
    .selectAll()
    .where('id', '>', after)
    .where('id', 'not in', (eb) => eb.selectFrom('ended_runs').select('run_id'))
    .where('status', 'not in', activeStatuses)
    .orderBy('id')
    .limit(batch)
    .execute();
}

function readable(row: RunRow): BackupRun | undefined {
  try {
    return fromRow(row);
  } catch {
    return undefined;
  }
}

function toEndedRow(
  run: BackupRun,
  { touched_at, seq }: Pick<RunRow, 'touched_at' | 'seq'>,
): Insertable<EndedRunsTable> {
  const artifacts = run.success?.artifacts;
  const copies = run.success?.copies ?? [];
  // One that decided nothing about the backup is no news of its cluster.
  const drill = run.success?.drill && isDecided(run.success.drill) ? run.success.drill : undefined;
  const proven = provenBackup(run);
  return {
    run_id: run.id,
    cluster: run.cluster,
    status: run.status,
    origin: run.origin.kind,
    z_stream: run.plan?.zStream ?? null,
    requested_at: run.requestedAt,
    seq,
    cluster_id: run.plan?.clusterId ?? null,
    revision: artifacts?.snapshot.status?.revision ?? null,
    left_by: run.abandoned?.id ?? null,
    left_from: run.abandoned?.from ?? null,
    left_at: run.abandoned?.at ?? null,
    stored_copies: copies.filter(({ stored }) => stored !== undefined).length,
    on_node: Number(run.success !== undefined && run.success.onNode !== 'removed'),
    started_at: run.startedAt ?? null,
    finished_at: run.finishedAt ?? touched_at,
    snapshot_bytes: artifacts?.snapshot.size ?? null,
    resources_bytes: artifacts?.resources.size ?? null,
    failure_kind: run.failed?.failure.kind ?? null,
    drill_at: drill?.at ?? null,
    drill_ok: drill ? Number(drill.ok) : null,
    proven_cluster_id: proven?.clusterId ?? null,
    proven_z_stream: proven?.zStream ?? null,
    proven_taken_at: proven?.takenAt ?? null,
    proven_at: proven?.provenAt ?? null,
    proven_place: proven?.place ?? null,
    proven_signers_end_at: proven?.signersEndAt ?? null,
  };
}

/** By the narrow rows alone: whole runs of a fleet and a year are too much to read. */
export async function runFigures(db: Database, { since }: { since: number }): Promise<readonly RunFigure[]> {
  const rows = await db
    .selectFrom('ended_runs')
    .selectAll()
    .where('finished_at', '>=', since)
    .orderBy('finished_at')
    .orderBy('run_id')
    .execute();
  return rows.map(toFigure);
}

function toFigure(row: Selectable<EndedRunsTable>): RunFigure {
  return {
    runId: row.run_id,
    cluster: row.cluster,
    status: row.status as RunFigure['status'],
    origin: row.origin as RunFigure['origin'],
    zStream: row.z_stream ?? undefined,
    requestedAt: row.requested_at,
    startedAt: row.started_at ?? undefined,
    finishedAt: row.finished_at,
    snapshotBytes: row.snapshot_bytes ?? undefined,
    resourcesBytes: row.resources_bytes ?? undefined,
    failureKind: row.failure_kind ?? undefined,
    ...flawOf(row),
  };
}

/**
 * What retention removed has no flaw: nothing of it is left, here or there. Nor has one of a time line that the cluster left:
 * its copies are as they were.
 */
function flawOf(row: Selectable<EndedRunsTable>): Pick<RunFigure, 'flaw'> {
  if (row.status !== 'succeeded') return {};
  if (row.drill_ok === 0) return { flaw: 'disproven' };
  if (row.left_by !== null) return {};
  const isThere = row.on_node === 1 || row.stored_copies > 0;
  return row.proven_at === null && isThere ? { flaw: 'unverified' } : {};
}

/** See Records.restoredBackups. A run that cannot be read is left out: there are others. */
export async function restoredBackups(
  db: Database,
  { minBytes, limit }: { minBytes: number; limit: number },
): Promise<readonly BackupRun[]> {
  const rows = await db
    .selectFrom('ended_runs')
    .innerJoin('runs', 'runs.id', 'ended_runs.run_id')
    .selectAll('runs')
    .where('ended_runs.drill_ok', '=', 1)
    .where('ended_runs.snapshot_bytes', '>=', minBytes)
    .orderBy('ended_runs.drill_at', 'desc')
    .orderBy('ended_runs.run_id')
    .limit(limit)
    .execute();
  return rows.flatMap((row) => readable(row) ?? []);
}
