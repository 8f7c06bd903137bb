import type { Finding } from '../../domain/finding.ts';
import type { BackupRun } from '../../domain/run.ts';
import type { Counts } from './card-wording.ts';
import { isNotOffYet } from './copies.ts';
import type { Voice } from './language.ts';
import type { Markup } from './markup.ts';

// What is said of a run on its card, in its thread, in lists and to its owners alike.

/** The run's status in words; a backup that did not leave the cluster is not called backed up. */
export function statusText(run: BackupRun, { words }: Voice): Markup {
  return isNotOffYet(run) ? words.copies.notOffYetStatus() : words.terms.status[run.status];
}

export function countFindings(findings: readonly Finding[]): Counts {
  const count = (outcome: Finding['outcome']) => findings.filter((each) => each.outcome === outcome).length;
  return {
    passed: count('passed'),
    warnings: count('warning'),
    blockers: count('blocker'),
    later: count('later'),
  };
}

export function runDurationMs(run: BackupRun): number | undefined {
  return run.startedAt === undefined || run.finishedAt === undefined
    ? undefined
    : run.finishedAt - run.startedAt;
}

export function approversOf(run: BackupRun): readonly string[] {
  return run.votes
    .filter((vote) => vote.decision === 'approve' && vote.standing === 'counted')
    .map((vote) => vote.person.slackUser);
}

/** Stands wherever the run is shown, for ever. */
export function emergencyLine(run: BackupRun, { words, tools }: Voice): Markup | undefined {
  if (run.emergency === undefined) return undefined;
  const { slackUser } = run.requester;
  return words.card.emergency({ slackUser, why: run.emergency, alone: nobodyAsked(run) }, tools);
}

/** When an emergency run's plan changes, people are asked after all. */
export function nobodyAsked(run: BackupRun): boolean {
  const asked = run.status === 'waiting' || run.planRevision > 1 || run.votes.length > 0;
  return run.emergency !== undefined && !asked;
}

export function failureText(failure: NonNullable<BackupRun['failed']>['failure'], { words, tools }: Voice) {
  // The kind selects the function that takes its own params; TypeScript cannot follow one union through the table.
  const say = words.failures[failure.kind] as (
    params: typeof failure.params,
    t: typeof tools,
  ) => ReturnType<(typeof words.failures)[typeof failure.kind]>;
  return say(failure.params, tools);
}
