import type { Backups } from './backups.ts';
import { showBoard } from './board.ts';
import { cancelRun } from './cancel-run.ts';
import { castVote } from './cast-vote.ts';
import type { WorkflowDeps } from './deps.ts';
import { examine } from './doctor.ts';
import { drillBackup, planRestore, verifyBackup } from './known-backups.ts';
import { auditRun, checkCluster, listRuns, proposeNode, showRun } from './questions.ts';
import { readyToUpdate } from './readiness.ts';
import { dismissReminder, snoozeReminder } from './remind-actions.ts';
import { requestBackup } from './request-backup.ts';

/** Everything a person can ask for, bound to its dependencies. */
export function createBackups(deps: WorkflowDeps): Backups {
  return {
    request: (asked, input) => requestBackup(deps, asked, input),
    vote: (asked, input) => castVote(deps, asked, input),
    cancel: (asked, input) => cancelRun(deps, asked, input),
    doctor: (asked, input) => examine(deps, asked, input),
    check: (asked, input) => checkCluster(deps, asked, input),
    proposeNode: (asked, input) => proposeNode(deps, asked, input),
    status: (asked, input) => listRuns(deps, asked, { ...input, which: 'active-or-newest' }),
    list: (asked, input) => listRuns(deps, asked, { ...input, which: 'succeeded' }),
    show: (asked, input) => showRun(deps, asked, input),
    audit: (asked, input) => auditRun(deps, asked, input),
    verify: (asked, input) => verifyBackup(deps, asked, input),
    drill: (asked, input) => drillBackup(deps, asked, input),
    restorePlan: (asked, input) => planRestore(deps, asked, input),
    snooze: (asked, input) => snoozeReminder(deps, asked, input),
    dismiss: (asked, input) => dismissReminder(deps, asked, input),
    ready: (asked, input) => readyToUpdate(deps, asked, input),
    board: (asked) => showBoard(deps, asked),
  };
}
