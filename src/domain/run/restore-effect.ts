import { type DeclaredRestore, markOf } from '../copies/restore-mark.ts';
import type { Person } from '../people/person.ts';
import type { BackupRun } from './run.ts';
import { leftBackups, scriptEndedAt } from './time-line.ts';

/** What the restores on record make of a cluster's backups. Oldest first. */
export interface LineChange {
  /** Newly of a time line that the cluster left, each with the restore by which it did. */
  readonly marked: readonly { readonly run: BackupRun; readonly by: DeclaredRestore }[];
  /** On the line again. */
  readonly back: readonly BackupRun[];
}

/** `restores`: as they are to be on record; `runs`: oldest first by the records' order. */
export function lineChange(
  runs: readonly BackupRun[],
  restores: readonly DeclaredRestore[],
  clusterId: string,
): LineChange {
  const own = runs.filter(({ plan }) => plan?.clusterId === clusterId);
  const ofCluster = restores.filter((each) => each.clusterId === clusterId);
  const left = leftBackups(own, ofCluster);
  return {
    marked: own.flatMap((run) => {
      const by = left.get(run.id);
      return by && run.abandoned?.id !== by.id ? [{ run, by }] : [];
    }),
    back: own.filter((run) => run.abandoned !== undefined && !left.has(run.id)),
  };
}

/** Backups of the same cluster that were taken after the restore, and stay. */
export function takenAfter(runs: readonly BackupRun[], { at, clusterId }: DeclaredRestore) {
  return runs.filter(
    (run) => run.success && run.plan?.clusterId === clusterId && !run.abandoned && scriptEndedAt(run) >= at,
  );
}

export function newRestore(
  from: { readonly run: BackupRun; readonly clusterId: string },
  at: number,
  said: { readonly by: Person; readonly at: number },
): DeclaredRestore {
  return {
    id: `${from.run.cluster}/restored@${said.at}`,
    cluster: from.run.cluster,
    clusterId: from.clusterId,
    from: from.run.id,
    at,
    declaredAt: said.at,
    by: said.by,
    revoked: undefined,
  };
}

/** The run with the mark, as it goes on record. */
export function withMark(by: DeclaredRestore | undefined): Pick<BackupRun, 'abandoned'> {
  return { abandoned: by && markOf(by) };
}
