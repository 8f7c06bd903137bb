import type { Selectable } from 'kysely';
import type { DeclaredRestore } from '../../domain/copies/restore-mark.ts';
import type { Person } from '../../domain/people/person.ts';
import type { BackupRun } from '../../domain/run/run.ts';
import type { Records, RestoreChange, RestoreDecided, RestoreView } from '../../workflow/ports/records.ts';
import { type Database, type RestoresTable, type Write, write } from '../engine/schema.ts';
import { firstDelivery } from '../outbox/deliveries.ts';
import { appendNotices } from '../outbox/outbox.ts';
import { clusterStream } from '../outbox/streams.ts';
import { appendClusterEvents } from '../watch/cluster-events.ts';
import { lockRun, writeChange } from './run-changes.ts';
import { fromRow, type RunRow } from './run-row.ts';

interface Input<Refusal> extends Omit<Parameters<Records['decideRestore']>[0], 'decision'> {
  readonly decision: (view: RestoreView) => RestoreChange | { readonly refusal: Refusal };
}

export function restores(db: Database, cluster: string): Promise<readonly DeclaredRestore[]> {
  return restoresOf(db, cluster);
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
  const declared = await restoresOf(db, cluster);
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

/** What a manifest says of a restore that these records do not know: so that it can be revoked here as well. */
export async function importRestore(trx: Write, { cluster, plan, abandoned }: BackupRun): Promise<void> {
  if (!abandoned || !plan) return;
  const restore = { ...abandoned, cluster, clusterId: plan.clusterId, revoked: undefined };
  await trx
    .insertInto('restores')
    .values(toRow(restore))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function restoresOf(db: Database, cluster: string): Promise<readonly DeclaredRestore[]> {
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
  const { id, ...values } = toRow(restore);
  await trx
    .insertInto('restores')
    .values({ id, ...values })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
    .execute();
}

function toRow({ revoked, by, ...restore }: DeclaredRestore): RestoresTable {
  return {
    id: restore.id,
    cluster: restore.cluster,
    cluster_id: restore.clusterId,
    from_run: restore.from,
    at: restore.at,
    declared_at: restore.declaredAt,
    declared_by: JSON.stringify(by),
    revoked_at: revoked?.at ?? null,
    revoked_by: revoked ? JSON.stringify(revoked.by) : null,
  };
}

function toRestore(row: Selectable<RestoresTable>): DeclaredRestore {
  const { revoked_at: at, revoked_by: by } = row;
  return {
    id: row.id,
    cluster: row.cluster,
    clusterId: row.cluster_id,
    from: row.from_run,
    at: row.at,
    declaredAt: row.declared_at,
    by: personIn(row, row.declared_by),
    revoked: at === null || by === null ? undefined : { at, by: personIn(row, by) },
  };
}

function personIn({ id }: { readonly id: string }, text: string): Person {
  try {
    return JSON.parse(text) as Person;
  } catch (cause) {
    throw new Error(`row ${JSON.stringify(id)} of table restores names no person as JSON: it was changed`, {
      cause,
    });
  }
}
