import { type BackupRun, type RunSuccess, takenAt } from '../../domain/run/run.ts';
import { higherBefore, othersOnLine, revisionOf } from '../../domain/run/time-line.ts';
import type { ClusterNotice } from '../../domain/watch/cluster-notice.ts';
import type { RunWork } from '../ports/run-work.ts';

/** Backups before the new one among which the last with a revision is looked for. */
const lookedAt = 50;

/**
 * The question that a new backup raises when its revision is lower than that of the backup before it: each backup is compared
 * with the one before it alone, so it is asked once. Undefined: nothing to ask. Needed for no backup, so that it fails none.
 */
export async function revisionFell(
  { deps, claim: { run }, cluster, plan }: RunWork,
  success: RunSuccess,
): Promise<ClusterNotice | undefined> {
  const revision = revisionOf({ success });
  if (revision === undefined) return undefined;
  let earlier: readonly BackupRun[];
  try {
    earlier = await deps.records.runs({ cluster: cluster.name, succeeded: true, limit: lookedAt });
  } catch (error) {
    deps.log.warn({ run: run.id, err: error }, 'the revision of the backup before could not be looked up');
    return undefined;
  }
  const before = higherBefore(run, plan.clusterId, revision, earlier);
  if (!before) return undefined;
  const { id: runId } = before.run;
  deps.log.warn(
    { run: run.id, revision, before: runId, revisionBefore: before.revision },
    "etcd's revision is lower than in the backup before: the cluster was probably restored",
  );
  const candidate = othersOnLine(run, plan.clusterId, earlier).find(
    (each) => (revisionOf(each) ?? Number.POSITIVE_INFINITY) <= revision,
  );
  return {
    kind: 'revision-fell',
    runId: run.id,
    revision,
    before: { runId, revision: before.revision },
    at: takenAt(run),
    candidate: candidate?.id,
  };
}
