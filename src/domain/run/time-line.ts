import type { DeclaredRestore } from '../copies/restore-mark.ts';
import { type BackupRun, takenAt } from './run.ts';

/**
 * The backups of one cluster id as a tree. A backup follows the newest one of its line; a restore goes back to the one that it
 * brought back, and what is taken afterwards follows that. What lies on the way from the newest backup back to the first one
 * is the cluster's own past; everything else was taken of a time line that it has left.
 */

/** By the records' order; `restores`: of the same cluster id, in any order, revoked ones too. Left backups only. */
export function leftBackups(
  oldestFirst: readonly BackupRun[],
  restores: readonly DeclaredRestore[],
): ReadonlyMap<string, DeclaredRestore> {
  const forks = restores
    .filter(({ revoked }) => !revoked)
    .toSorted((a, b) => a.at - b.at || a.declaredAt - b.declaredAt);
  const backups = oldestFirst.filter(isOfALine);
  const left = new Map<string, DeclaredRestore>();
  const parents = new Map<string, string | undefined>();
  let head: string | undefined;
  for (let passed = 0; passed <= forks.length; passed += 1) {
    for (const run of backups.filter((each) => restoresBefore(each, forks) === passed)) {
      parents.set(run.id, head);
      head = run.id;
    }
    const fork = forks[passed];
    if (!fork) break;
    if (parents.has(fork.from)) {
      head = fork.from;
      keepPath(left, parents, fork);
    } else {
      // Its backup is not on record any more: what was marked by it stays marked, and no more is known.
      for (const { id, abandoned } of backups) if (abandoned?.id === fork.id) left.set(id, fork);
    }
  }
  return left;
}

/** Backups, and runs that may become one: a restore that came before their script had ended left them behind as well. */
function isOfALine({ status, success, startedAt }: BackupRun): boolean {
  return success !== undefined || (status === 'running' && startedAt !== undefined);
}

/**
 * When the script had ended, as far as is on record (ms UTC): both files were verified right after it. Of a run that is
 * still under way only its start is known.
 */
export function scriptEndedAt(run: BackupRun): number {
  return run.success?.manifestFacts?.finishedAt ?? run.finishedAt ?? takenAt(run);
}

function restoresBefore(run: BackupRun, forks: readonly DeclaredRestore[]): number {
  const endedAt = scriptEndedAt(run);
  return forks.filter(({ at }) => at <= endedAt).length;
}

function keepPath(
  left: Map<string, DeclaredRestore>,
  parents: ReadonlyMap<string, string | undefined>,
  fork: DeclaredRestore,
): void {
  const path = new Set<string>();
  for (let id: string | undefined = fork.from; id !== undefined; id = parents.get(id)) path.add(id);
  for (const id of parents.keys()) {
    if (path.has(id)) left.delete(id);
    else if (!left.has(id)) left.set(id, fork);
  }
}

/** Why it must be said when the cluster was restored: one of these backups may have been taken since. */
export type RestoreTimeDoubt =
  /** The cluster did not answer for a while, and a backup was taken after it did again. `at`: since when it answers, ms UTC. */
  | { readonly kind: 'outage'; readonly at: number; readonly runId: string }
  /** A person said in a restore room when the backup was restored, and another one was begun after that. `at`: ms UTC. */
  | { readonly kind: 'room'; readonly at: number; readonly runId: string }
  /** etcd's revision only rises on one time line. */
  | { readonly kind: 'revision-fell'; readonly runId: string }
  | { readonly kind: 'running'; readonly runId: string };

/**
 * Undefined: nothing on record says that a backup after `from` was taken after the restore, so that "now" leaves out none.
 * `after`: backups after `from`, oldest first. `answersSince`: when the cluster answered again, ms UTC each.
 * `saidAt`: when a person said in a restore room that `from` was restored, ms UTC; undefined: none did.
 */
export function restoreTimeDoubt(
  from: BackupRun,
  after: readonly BackupRun[],
  answersSince: readonly number[],
  saidAt?: number,
): RestoreTimeDoubt | undefined {
  const since = saidAt === undefined ? undefined : after.find((run) => takenAt(run) >= saidAt);
  if (since && saidAt !== undefined) return { kind: 'room', at: saidAt, runId: since.id };
  const running = after.find(({ success }) => success === undefined);
  if (running) return { kind: 'running', runId: running.id };
  let highest = revisionOf(from) ?? 0;
  for (const run of after) {
    const revision = revisionOf(run) ?? highest;
    if (revision < highest) return { kind: 'revision-fell', runId: run.id };
    highest = revision;
    const at = answersSince.find((each) => each > scriptEndedAt(from) && each <= takenAt(run));
    if (at !== undefined) return { kind: 'outage', at, runId: run.id };
  }
  return undefined;
}

export function revisionOf({ success }: Pick<BackupRun, 'success'>): number | undefined {
  return success?.artifacts.snapshot.status?.revision;
}

/** Of these the backups of the same cluster id whose time line the cluster has not left, without the run itself. */
export function othersOnLine(
  run: Pick<BackupRun, 'id'>,
  clusterId: string,
  backups: readonly BackupRun[],
): readonly BackupRun[] {
  return backups.filter(
    ({ id, abandoned, plan }) => id !== run.id && abandoned === undefined && plan?.clusterId === clusterId,
  );
}

/**
 * The backup before this one, when it has a higher revision than this: the cluster was restored in between, or another etcd was
 * put in its place. The reverse proves nothing: a restore may raise the revision. `earlier`: newest first.
 */
export function higherBefore(
  run: BackupRun,
  clusterId: string,
  revision: number,
  earlier: readonly BackupRun[],
): { readonly run: BackupRun; readonly revision: number } | undefined {
  const before = othersOnLine(run, clusterId, earlier).find((each) => revisionOf(each) !== undefined);
  const known = before && revisionOf(before);
  return before && known !== undefined && known > revision ? { run: before, revision: known } : undefined;
}
