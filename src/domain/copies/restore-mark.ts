import type { Person } from '../people/person.ts';

/**
 * A person's word that a cluster was restored from one of its backups: what was taken between that backup and the restore
 * belongs to a time line that the cluster has left. Times are ms UTC.
 */
export interface RestoreMark {
  /** `cluster/restored@time` */
  readonly id: string;
  /** The run whose backup was restored. */
  readonly from: string;
  /** When the cluster was restored. */
  readonly at: number;
  readonly declaredAt: number;
  readonly by: Person;
}

/** What is on record of a restore, whether it holds or was revoked. */
export interface DeclaredRestore extends RestoreMark {
  readonly cluster: string;
  /** `spec.clusterID` of the backup: a cluster that was installed again under the same name has a line of its own. */
  readonly clusterId: string;
  /** Undefined: it holds. */
  readonly revoked: { readonly at: number; readonly by: Person } | undefined;
}

/** So long nothing of a backup that was marked is removed: the restore may turn out to have been the wrong one. */
export const markKeepsMs = 30 * 86_400_000;

/** Of a backup that bears it nothing is removed yet. `now`: ms UTC */
export function isKeptByMark(mark: RestoreMark | undefined, now: number): boolean {
  return mark !== undefined && now < mark.declaredAt + markKeepsMs;
}

export function markOf({ id, from, at, declaredAt, by }: RestoreMark): RestoreMark {
  return { id, from, at, declaredAt, by };
}

/** The newest one that was not revoked. `restores`: in any order. */
export function newestInForce(restores: readonly DeclaredRestore[]): DeclaredRestore | undefined {
  return restores.filter(({ revoked }) => !revoked).toSorted((a, b) => b.declaredAt - a.declaredAt)[0];
}

/**
 * What a person types after a restore, behind the slash command. `runId`: undefined where it is not known; `at` as typed: on the
 * cluster's clock, absent: now.
 */
export function restoredCommand(cluster: string, runId: string | undefined, at?: string): string {
  const command = `restored ${cluster} from=${runId ?? 'RUN'}`;
  return at === undefined ? command : `${command} at="${at}"`;
}
