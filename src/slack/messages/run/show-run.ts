import { type BackupRun, type RunStep, runSteps } from '../../../domain/run/run.ts';
import { isActive } from '../../../domain/run/run-status.ts';
import { copyProgress } from '../copies/copies.ts';
import { lines, type Markup, md } from '../kit/markup.ts';
import type { Tools } from '../kit/tools.ts';
import { findingSections, type RunStage } from '../preflight/finding-sections.ts';
import { approversOf, doneLine, emergencyLine, retryLine, statusText } from './run-facts.ts';
import { failureSections, reportSections } from './thread.ts';
import { cardWords, showWords } from './words.ts';

/** Everything about one run, for the person alone who asked to see it. */
export function runSections(run: BackupRun, t: Tools): readonly Markup[] {
  const card = cardWords(t);
  const by = card.requestedBy({
    slackUser: run.requester.slackUser,
    reason: run.reason,
    scheduled: run.origin.kind === 'schedule',
  });
  const emergency = emergencyLine(run, t);
  const head = lines(
    showWords(t).runTitle({ id: run.id, cluster: run.cluster, status: statusText(run, t) }),
    // The emergency line names the person already.
    emergency && run.reason === undefined ? undefined : by,
    emergency,
    retryLine(run, t),
    showWords(t).runTimes(run),
    ...run.votes.slice(-8).map((vote) => md`${card.vote(vote)} · ${t.time(vote.at)}`),
  );
  return [
    head,
    ...outcome(run, t),
    ...(run.plan ? [showWords(t).runPlan(run.plan)] : []),
    ...findingSections(run.findings, t, {
      planned: run.plan !== undefined,
      room: 4_500,
      stage: stageOf(run),
    }),
  ];
}

/** undefined: its checks on the node are still to come. */
function stageOf({ status, step, failed }: BackupRun): RunStage | undefined {
  const past = (at: RunStep | undefined) =>
    at !== undefined && runSteps.indexOf(at) > runSteps.indexOf('checking-node');
  if (isActive(status)) return past(step) ? { over: false, nodeChecked: true } : undefined;
  if (status === 'succeeded') return { over: true, nodeChecked: true };
  // It ended in the middle of them: its failure says how.
  if (failed?.step === 'checking-node') return { over: true, nodeChecked: undefined };
  return { over: true, nodeChecked: past(failed?.step) };
}

function outcome(run: BackupRun, t: Tools): readonly Markup[] {
  const card = cardWords(t);
  switch (run.status) {
    case 'succeeded': {
      const how = { durationMs: undefined, approvers: approversOf(run) };
      return [doneLine(run, how, t), ...reportSections(run, t)];
    }
    case 'failed':
      return failureSections(run, t);
    case 'running':
      return [lines(card.running({ step: run.step, since: run.startedAt }), ...copyProgress(run, t))];
    case 'waiting':
      return run.expiresAt === undefined ? [] : [card.expires(run.expiresAt)];
    case 'rejected':
    case 'cancelled':
      return [
        card.ended({
          how: run.status,
          by: run.endedBy?.slackUser,
          at: run.finishedAt,
          reason: run.endReason,
        }),
      ];
    case 'expired':
      return [card.expired(run.expiresAt)];
    default:
      return [];
  }
}
