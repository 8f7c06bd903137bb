import type { Insertable, Selectable } from 'kysely';
import { provenBackup } from '../domain/proven-backup.ts';
import { activeStatuses, type BackupRun } from '../domain/run.ts';
import type { RunFigure } from '../workflow/records.ts';
import { fromRow, type RunRow } from './run-row.ts';
import { type Database, type EndedRunsTable, type Write, write } from './schema.ts';

/** Runs that are read into the table at once: few enough for other programs to get their turn in between. */
const batch = 200;

/** Whoever writes a run that is over calls this in the same transaction. */
export async function writeEndedRun(trx: Write, run: BackupRun, touchedAt: number): Promise<void> {
  const { run_id, ...values } = toEndedRow(run, touchedAt);
  await trx
    .insertInto('ended_runs')
    .values({ run_id, ...values })
    .onConflict((conflict) => conflict.column('run_id').doUpdateSet(values))
    .execute();
}

/** Fills in the runs that ended before this table was there. One that cannot be read stays out: whoever asks for it hears. */
export async function deriveEndedRuns(db: Database): Promise<void> {
  let after = '';
  for (;;) {
    const rows = await write(db, async (trx) => {
      const found = await missingAfter(trx, after);
      for (const row of found) {
        const run = readable(row);
        if (run) await writeEndedRun(trx, run, row.touched_at);
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

function toEndedRow(run: BackupRun, touchedAt: number): Insertable<EndedRunsTable> {
  const artifacts = run.success?.artifacts;
  const drill = run.success?.drill;
  const proven = provenBackup(run);
  return {
    run_id: run.id,
    cluster: run.cluster,
    status: run.status,
    origin: run.origin.kind,
    z_stream: run.plan?.zStream ?? null,
    requested_at: run.requestedAt,
    started_at: run.startedAt ?? null,
    finished_at: run.finishedAt ?? touchedAt,
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
  };
}
