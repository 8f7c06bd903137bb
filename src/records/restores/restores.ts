import type { DeclaredRestore } from '../../domain/copies/restore-mark.ts';
import type { BackupRun } from '../../domain/run/run.ts';
import type { Records, RestoreChange, RestoreDecided, RestoreView } from '../../workflow/ports/records.ts';
import { type Database, type Write, write } from '../engine/schema.ts';
import { firstDelivery } from '../outbox/deliveries.ts';
import { appendNotices } from '../outbox/outbox.ts';
import { clusterStream } from '../outbox/streams.ts';
import { toRestore, toRestoreRow } from '../runs/restore-row.ts';
import { lockRun, writeChange } from '../runs/run-changes.ts';
import { fromRow, type RunRow } from '../runs/run-row.ts';
import { appendClusterEvents } from '../watch/cluster-events.ts';

interface Input<Refusal> extends Omit<Parameters<Records['decideRestore']>[0], 'decision'> {
  readonly decision: (view: RestoreView) => RestoreChange | { readonly refusal: Refusal };
}

/** A refusal is on record too: the same click delivered twice is answered once. */
export function decideRestore<Refusal>(
  db: Database,
  input: Input<Refusal>,
): Promise<RestoreDecided<Refusal>> {
  const { cluster, now, deliveryId } = input;
  return write(db, async (trx): Promise<RestoreDecided<Refusal>> => {
    if (!(await firstDelivery(trx, deliveryId, clusterStream(cluster), now))) return { outcome: 'duplicate' };
    const view = await restoreView(trx, cluster, input.from);
    const decision = input.decision(view);
    if ('refusal' in decision) return { outcome: 'refused', refusal: decision.refusal };
    const { restore } = decision;
    if (restore.cluster !== cluster) {
      throw new Error(
        `a decision on a restore of cluster ${cluster} names cluster ${restore.cluster}: not written`,
      );
    }
    await putRestore(trx, restore);
    for (const { runId, change } of decision.runs) {
      const row = await lockRun(trx, runId);
      if (!row) throw new Error(`run ${runId} is not on record: no restore was written`);
      await writeChange(trx, row, change, now);
    }
    const watched = await trx
      .selectFrom('watches')
      .select('cluster')
      .where('cluster', '=', cluster)
      .executeTakeFirst();
    if (watched) await appendClusterEvents(trx, cluster, decision.events);
    await appendNotices(trx, clusterStream(cluster), decision.notices, now);
    return { outcome: 'changed', restore };
  });
}

export async function restoreView(db: Database, cluster: string, from?: string): Promise<RestoreView> {
  const declared = await restores(db, cluster);
  const bases = [...declared.map((each) => each.from), ...(from === undefined ? [] : [from])];
  const rows = await db
    .selectFrom('runs')
    .selectAll()
    .where('cluster', '=', cluster)
    .where('status', 'in', ['succeeded', 'running'])
    .where((run) =>
      run.or([
        run('seq', '>=', (sub) =>
          sub
            .selectFrom('runs as base')
            .select((base) => base.fn.min('base.seq').as('seq'))
            .where('base.cluster', '=', cluster)
            .where('base.id', 'in', bases),
        ),
        run('id', 'in', (sub) =>
          sub
            .selectFrom('ended_runs')
            .select('run_id')
            .where('cluster', '=', cluster)
            .where('left_by', 'is not', null),
        ),
      ]),
    )
    .orderBy('seq')
    .orderBy('id')
    .execute();
  return { restores: declared, runs: rows.flatMap((row) => readable(row) ?? []) };
}

/** One that cannot be read restores nothing either: reading it by its id reports the error. */
function readable(row: RunRow): BackupRun | undefined {
  try {
    return fromRow(row);
  } catch {
    return undefined;
  }
}

/** Newest first. */
export async function restores(db: Database, cluster: string): Promise<readonly DeclaredRestore[]> {
  const rows = await db
    .selectFrom('restores')
    .selectAll()
    .where('cluster', '=', cluster)
    .orderBy('declared_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows.map(toRestore);
}

async function putRestore(trx: Write, restore: DeclaredRestore): Promise<void> {
  const { id, ...values } = toRestoreRow(restore);
  await trx
    .insertInto('restores')
    .values({ id, ...values })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
    .execute();
}
