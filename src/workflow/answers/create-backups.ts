import type { Asked } from '../access/backups.ts';
import { cancelRun } from '../approval/cancel-run.ts';
import { castVote } from '../approval/cast-vote.ts';
import { requestBackup } from '../approval/request-backup.ts';
import { verifyBackup } from '../copies/known-backups.ts';
import { planRestore } from '../copies/plan-restore.ts';
import { declareRestored, revokeRestored } from '../copies/restored-cluster.ts';
import { drillBackup } from '../drill/drill-backup.ts';
import { adoptDestination, listPlaces } from '../places/adopt-place.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import { patientRecords } from '../ports/patient-records.ts';
import { decidePause, pauseCluster, resumeCluster } from '../watch/pause-actions.ts';
import { dismissReminder, snoozeReminder } from '../watch/remind-actions.ts';
import { showBoard } from './board.ts';
import { examine } from './doctor.ts';
import { auditRun, checkCluster, listActive, listSucceeded, proposeNode, showRun } from './questions.ts';
import { readyToUpdate } from './readiness.ts';

/** What a person can ask for, without any Slack in it. */
export type Backups = ReturnType<typeof createBackups>;

/** Everything a person can ask for, bound to its dependencies. */
export function createBackups(deps: WorkflowDeps) {
  const bound = bindTo(deps);
  // What a look or a drill found may be that a backup is worth nothing: that word must not be lost to another process's lock.
  const patient = bindTo({ ...deps, records: patientRecords(deps.records, deps) });
  return {
    // On record in time for the acknowledgement; a worker does what follows from it.
    request: bound(requestBackup),
    vote: bound(castVote),
    cancel: bound(cancelRun),
    snooze: bound(snoozeReminder),
    dismiss: bound(dismissReminder),
    pause: bound(pauseCluster),
    resume: bound(resumeCluster),
    decidePause: bound(decidePause),
    // From the records; Slack says first who asks.
    board: bound(showBoard),
    status: bound(listActive),
    list: bound(listSucceeded),
    show: bound(showRun),
    audit: bound(auditRun),
    restorePlan: bound(planRestore),
    // These ask clusters, and take seconds.
    doctor: bound(examine),
    check: bound(checkCluster),
    proposeNode: bound(proposeNode),
    ready: bound(readyToUpdate),
    restored: bound(declareRestored),
    revokeRestored: bound(revokeRestored),
    // These take as long as a listing of the place, reading the files back, or a restore.
    places: bound(listPlaces),
    adopt: bound(adoptDestination),
    verify: patient(verifyBackup),
    drill: patient(drillBackup),
  };
}

function bindTo(deps: WorkflowDeps) {
  return <Input extends readonly unknown[], Answer>(
    operation: (deps: WorkflowDeps, asked: Asked, ...input: Input) => Promise<Answer>,
  ) =>
    (asked: Asked, ...input: Input): Promise<Answer> =>
      operation(deps, asked, ...input);
}
