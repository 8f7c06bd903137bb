import type { Notice } from '../../domain/run/notice.ts';
import type { BackupRun, RunStatus, Vote } from '../../domain/run/run.ts';

/** Notifies those whose votes were still being checked when the run ended another way. */
export function notifyPendingVoters(run: BackupRun, ended: RunStatus): readonly Notice[] {
  return run.votes.filter((vote) => vote.status === 'pending').map((vote) => tooLate(run, vote, ended));
}

export function tooLate(run: BackupRun, vote: Vote, status: RunStatus): Notice {
  const say = { type: 'vote-too-late', runId: run.id, status } as const;
  return { kind: 'private', slackUser: vote.person.slackUser, channel: run.card?.channel, say };
}
