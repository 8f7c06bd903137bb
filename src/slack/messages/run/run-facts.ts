import { backupWorth, type PoorWorth } from '../../../domain/run/backup-worth.ts';
import type { RetryReason } from '../../../domain/run/retry-origin.ts';
import { type BackupRun, isBeforeScript, type RunFailure, retryOf } from '../../../domain/run/run.ts';
import { type Markup, md } from '../kit/markup.ts';
import { sayOf } from '../kit/texts-by.ts';
import type { Tools } from '../kit/tools.ts';
import { findingText } from '../preflight/findings.ts';
import type { FailureStage, FailureText } from './failure-text.ts';
import { cardWords, failureWords, worthWords } from './words.ts';

// What is said of a run on its card, in its thread, in lists and to its owners alike.

/** The run's status in words; a backup that is not what it should be is not called backed up. */
export function statusText(run: BackupRun, t: Tools): Markup {
  const worth = poorWorth(run);
  return worth ? worthWords(t).status(worth) : t.terms.status[run.status];
}

/** The first line of a succeeded run, green only where the backup is what it should be. */
export function doneLine(
  run: BackupRun,
  how: { readonly durationMs: number | undefined; readonly approvers: readonly string[] },
  t: Tools,
): Markup {
  const worth = poorWorth(run);
  return worth ? worthWords(t).done({ worth, ...how }) : cardWords(t).succeeded(how);
}

/** undefined: it is what it should be, or the run made no backup. */
export function poorWorth(run: BackupRun): PoorWorth | undefined {
  const worth = backupWorth(run);
  return worth?.kind === 'whole' ? undefined : worth;
}

export function runDurationMs(run: BackupRun): number | undefined {
  return run.startedAt === undefined || run.finishedAt === undefined
    ? undefined
    : run.finishedAt - run.startedAt;
}

export function approversOf(run: BackupRun): readonly string[] {
  return run.votes
    .filter((vote) => vote.decision === 'approve' && vote.status === 'counted')
    .map((vote) => vote.person.slackUser);
}

/** Shown wherever the run is shown, for ever. */
export function emergencyLine(run: BackupRun, t: Tools): Markup | undefined {
  if (run.emergency === undefined) return undefined;
  const { slackUser } = run.requester;
  return cardWords(t).emergency({ slackUser, why: run.emergency, alone: isWithoutApproval(run) });
}

/** What a retry of a scheduled run repeats, and why; shown wherever the run is shown. */
export function retryLine(run: BackupRun, t: Tools): Markup | undefined {
  const retry = retryOf(run);
  if (!retry) return undefined;
  const { because, ...facts } = retry;
  return cardWords(t).retry({ ...facts, how: because.kind, because: reasonOf(because, t) });
}

/** Findings that one line has room for. */
const reasonsShown = 2;

function reasonOf(because: RetryReason, t: Tools): Markup {
  if (because.kind === 'failed') {
    const left = undefined;
    const failed = { failure: because.failure, step: undefined, outputTail: [], left };
    return failureText(failed, t).failed;
  }
  const said = because.findings.slice(0, reasonsShown).map((each) => {
    const { looked, found } = findingText(each, t);
    return md`${looked}: ${found}`;
  });
  return t.sentences(said);
}

/** When an emergency run's plan changes, people are asked after all. */
export function isWithoutApproval(run: BackupRun): boolean {
  const asked = run.status === 'waiting' || run.planRevision > 1 || run.votes.length > 0;
  return run.emergency !== undefined && !asked;
}

/** What failed, what it means, the next step; only what the run's own record does not rule out. */
export function failureText(failed: RunFailure, t: Tools): FailureText {
  const { failure } = failed;
  return sayOf(failureWords(t), failure.kind, failure.params, stageOf(failed));
}

/** Before the script nothing of the run can be on the node, unless the bot lost track of it. */
export function stageOf({ failure, step, left }: RunFailure): FailureStage {
  const lostTrack = failure.kind === 'interrupted' || failure.kind === 'internal';
  const begun = step !== undefined && (!isBeforeScript(step) || (lostTrack && step !== 'checking-again'));
  const clean = left === undefined ? !begun : left.paths?.length === 0;
  return { begun, clean, podLeft: left?.sessionPod !== undefined };
}
