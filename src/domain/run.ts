import type { BackupArtifacts } from './artifacts.ts';
import type { DrillFailure } from './drill.ts';
import type { Failure, LeftOnNode } from './failure.ts';
import type { FileCopy } from './file-copy.ts';
import type { Finding } from './finding.ts';
import type { FileKind, Manifest } from './manifest-document.ts';
import type { Person } from './person.ts';
import type { RunStatus } from './run-status.ts';

export * from './run-status.ts';

import type { Plan, PlanChange } from './plan.ts';
import type { PrivateSay } from './private-say.ts';

/** The recorded intents of a running run, in their order. Each is on record before its effect. */
export const runSteps = [
  'checking-again',
  'opening-session',
  'checking-node',
  'running-script',
  'verifying',
  'copying',
  'closing-session',
] as const;
export type RunStep = (typeof runSteps)[number];

export interface Vote {
  readonly person: Person;
  readonly decision: 'approve' | 'reject';
  readonly reason: string | undefined;
  /** ms UTC */
  readonly at: number;
  /** `pending` until the cluster's access review has answered; a refused vote counts for nothing. */
  readonly standing: 'pending' | 'counted' | 'refused';
  /** Why a refused vote was refused: the type of the private sentence that said so. */
  readonly why?: PrivateSay['type'];
}

/** Where the card stands in Slack. */
export interface CardPlace {
  readonly channel: string;
  readonly ts: string;
}

export interface RunSuccess {
  readonly artifacts: BackupArtifacts;
  readonly scriptMs: number;
  /** Name of the session pod when it could not be removed. */
  readonly sessionPodLeft: string | undefined;
  /** Both files on their way off the cluster; absent: no destination is configured. */
  readonly copies?: readonly FileCopy[];
  /** What lies beside the copies, as it was written last; absent: nothing was written. */
  readonly manifest?: Manifest;
  readonly drill?: DrillOutcome;
  /** What became of the run's directory on the node. */
  readonly onNode?: 'kept' | 'removed';
  /** Rounds in which copies that failed were tried again after the run. */
  readonly copyRounds?: number;
}

/** What a restore into a throw-away etcd showed. */
export type DrillOutcome =
  | { readonly ok: true; readonly revision: number; readonly keys: number; readonly at: number }
  | {
      readonly ok: false;
      /** Missing in what was put on record before failures had kinds. */
      readonly failure?: DrillFailure;
      /** From a manifest, which keeps no kinds: whether the snapshot was to blame. */
      readonly disproven?: boolean;
      /** The same as one plain line, for the audit. */
      readonly why: string;
      readonly at: number;
    };

/** Bytes of the file on the node that have passed. */
export interface CopyProgress {
  readonly file: FileKind;
  readonly bytes: number;
  readonly total: number;
  readonly startedAt: number;
  readonly at: number;
}

export interface RunFailure {
  readonly failure: Failure;
  readonly step: RunStep | undefined;
  /** The last lines of the script or command, secrets removed. */
  readonly outputTail: readonly string[];
  readonly left: LeftOnNode | undefined;
}

export type Origin = { readonly kind: 'command' } | { readonly kind: 'schedule' };

/** One attempt, from request to outcome. Times are ms UTC. */
export interface BackupRun {
  readonly id: string;
  readonly cluster: string;
  readonly status: RunStatus;
  readonly requester: Person;
  readonly origin: Origin;
  readonly reason: string | undefined;
  /** Why nobody else was asked (break-glass); undefined: an ordinary run. */
  readonly emergency: string | undefined;
  readonly nodeWanted: string | undefined;
  /** Channel in which it was asked for: private answers go there. */
  readonly askedIn: string;
  readonly requestedAt: number;
  readonly plan: Plan | undefined;
  /** 1 for the first plan that was shown; rises when approvals became void. A click says which one it was made on. */
  readonly planRevision: number;
  /** What made the plan before this one void; empty for the first. */
  readonly planChanges: readonly PlanChange[];
  readonly findings: readonly Finding[];
  readonly votes: readonly Vote[];
  readonly expiresAt: number | undefined;
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
  readonly step: RunStep | undefined;
  readonly success: RunSuccess | undefined;
  /** While files are being copied; absent otherwise. */
  readonly copyProgress?: readonly CopyProgress[] | undefined;
  readonly failed: RunFailure | undefined;
  /** Who ended it and why, for rejected and cancelled. */
  readonly endedBy: Person | undefined;
  readonly endReason: string | undefined;
  readonly card: CardPlace | undefined;
}

/**
 * When somebody should next work on the run (ms UTC); undefined: nothing to do but wait for people.
 * Records keep this beside the run as the queue's key.
 */
export function dueAt(run: BackupRun): number | undefined {
  switch (run.status) {
    case 'requested':
    case 'approved':
    case 'running':
      return run.startedAt ?? run.requestedAt;
    case 'waiting':
      if (run.votes.some((vote) => vote.standing === 'pending')) return run.requestedAt;
      return run.expiresAt;
    case 'succeeded': {
      const next = run.success?.copies?.flatMap(({ nextTryAt }) => nextTryAt ?? []) ?? [];
      return next.length > 0 ? Math.min(...next) : undefined;
    }
    default:
      return undefined;
  }
}

/** Who waits for the work that is due, the most urgent first. The numbers stand on record: new ones go at the end. */
export const workRanks = { emergency: 0, person: 1, nobody: 2 } as const;

/** Which of several due runs is taken first, whatever came earlier: a fleet whose schedules meet must not keep people waiting. */
export function workRank(run: BackupRun): number {
  // Over: its copies are tried again.
  if (run.status === 'succeeded') return workRanks.nobody;
  if (run.emergency !== undefined) return workRanks.emergency;
  const voted = run.votes.some((vote) => vote.standing === 'pending');
  return run.origin.kind === 'schedule' && !voted ? workRanks.nobody : workRanks.person;
}
