import type { BackupRun } from '../../domain/run/run.ts';

type Asked = Pick<
  BackupRun,
  | 'id'
  | 'cluster'
  | 'requester'
  | 'origin'
  | 'reason'
  | 'emergency'
  | 'nodeWanted'
  | 'askedIn'
  | 'requestedAt'
>;

/** A run as it begins: asked for, nothing looked at yet. */
export function newRun(asked: Asked): BackupRun {
  return {
    ...asked,
    status: 'requested',
    planRevision: 0,
    planChanges: [],
    plan: undefined,
    findings: [],
    votes: [],
    expiresAt: undefined,
    startedAt: undefined,
    finishedAt: undefined,
    step: undefined,
    success: undefined,
    failed: undefined,
    endedBy: undefined,
    endReason: undefined,
    card: undefined,
  };
}
