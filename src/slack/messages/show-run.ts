import type { BackupRun } from '../../domain/run.ts';
import { copyProgress, isNotOffYet } from './copies.ts';
import type { Voice } from './language.ts';
import { lines, type Markup, md } from './markup.ts';
import { approversOf, emergencyLine, statusText } from './run-facts.ts';
import { failureSections, findingSections, reportSections } from './thread.ts';

/** Everything about one run, for the person alone who asked to see it. */
export function runSections(run: BackupRun, voice: Voice): readonly Markup[] {
  const { answers, card } = voice.words;
  const t = voice.tools;
  const by = card.requestedBy(
    { slackUser: run.requester.slackUser, reason: run.reason, scheduled: run.origin.kind === 'schedule' },
    t,
  );
  const emergency = emergencyLine(run, voice);
  const head = lines(
    answers.runTitle({ id: run.id, cluster: run.cluster, status: statusText(run, voice) }, t),
    // The emergency line names the person already.
    emergency && run.reason === undefined ? undefined : by,
    emergency,
    answers.runTimes(run, t),
    ...run.votes.slice(-8).map((vote) => md`${card.vote(vote, t)} · ${t.time(vote.at)}`),
  );
  return [
    head,
    ...outcome(run, voice),
    ...(run.plan ? [answers.runPlan(run.plan, t)] : []),
    ...findingSections(run.findings, voice, { planned: run.plan !== undefined, room: 4_500 }),
  ];
}

function outcome(run: BackupRun, voice: Voice): readonly Markup[] {
  const { card } = voice.words;
  const t = voice.tools;
  switch (run.status) {
    case 'succeeded': {
      const how = { durationMs: undefined, approvers: approversOf(run) };
      return [
        isNotOffYet(run) ? voice.words.copies.notOffYet(how, t) : card.succeeded(how, t),
        ...reportSections(run, voice),
      ];
    }
    case 'failed':
      return failureSections(run, voice);
    case 'running':
      return [lines(card.running({ step: run.step, since: run.startedAt }, t), ...copyProgress(run, voice))];
    case 'waiting':
      return run.expiresAt === undefined ? [] : [card.expires(run.expiresAt, t)];
    case 'rejected':
    case 'cancelled':
      return [
        card.ended(
          { how: run.status, by: run.endedBy?.slackUser, at: run.finishedAt, reason: run.endReason },
          t,
        ),
      ];
    case 'expired':
      return [card.expired(run.expiresAt, t)];
    default:
      return [];
  }
}
