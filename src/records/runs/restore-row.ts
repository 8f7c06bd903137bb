import type { Selectable } from 'kysely';
import type { DeclaredRestore } from '../../domain/copies/restore-mark.ts';
import type { Person } from '../../domain/people/person.ts';
import type { RestoresTable } from '../engine/schema.ts';

export function toRestoreRow({ revoked, by, ...restore }: DeclaredRestore): RestoresTable {
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

export function toRestore(row: Selectable<RestoresTable>): DeclaredRestore {
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
