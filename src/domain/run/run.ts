import type { BackupArtifacts } from '../backup/artifacts.ts';
import type { Failure, LeftOnNode } from '../backup/failure.ts';
import type { MembersReading } from '../cluster/etcd-members.ts';
import type { FileCopy } from '../copies/file-copy.ts';
import type { FileKind, ManifestFacts, PublishedDocuments } from '../copies/manifest-document.ts';
import type { RestoreMark } from '../copies/restore-mark.ts';
import type { RetentionWork } from '../copies/retention-stop.ts';
import type { DrillOutcome } from '../drill/drill.ts';
import type { MessagePlace } from '../people/message-place.ts';
import type { Person } from '../people/person.ts';
import type { Finding } from '../preflight/finding.ts';
import type { RunStatus } from './run-status.ts';

export type { DrillOutcome, FailedDrill } from '../drill/drill.ts';
export * from './run-status.ts';

import type { Plan, PlanChange } from '../preflight/plan.ts';
import type { PrivateMessage } from './private-message.ts';
import type { RetryOrigin } from './retry-origin.ts';

/** Which repetition of a scheduled run it is; undefined: none. */
export function retryOf({ origin }: Pick<BackupRun, 'origin'>): RetryOrigin | undefined {
  return origin.kind === 'schedule' ? origin.retry : undefined;
}

/** The recorded intents of a running run, in their order. Each is on record before its effect. */
export const runSteps = [
  'checking-again',
  'opening-session',
  'checking-node',
  'running-script',
  'verifying',
  'copying',
  'closing-session',
  'drilling',
] as const;
export type RunStep = (typeof runSteps)[number];

/** Whether a run at this step cannot have started its script yet. */
export function isBeforeScript(step: RunStep): boolean {
  return runSteps.indexOf(step) < runSteps.indexOf('running-script');
}

export interface Vote {
  readonly person: Person;
  readonly decision: 'approve' | 'reject';
  readonly reason: string | undefined;
  /** ms UTC */
  readonly at: number;
  /** `pending` until the cluster's access review has answered; a refused vote counts for nothing. */
  readonly status: 'pending' | 'counted' | 'refused';
  /** Why a refused vote was refused: the type of the private sentence that said so. */
  readonly why?: PrivateMessage['type'];
}

export interface RunSuccess {
  readonly artifacts: BackupArtifacts;
  readonly scriptMs: number;
  /** Name of the session pod when it could not be removed. */
  readonly sessionPodLeft: string | undefined;
  /** Both files on their way off the cluster; absent: no destination is configured. */
  readonly copies?: readonly FileCopy[];
  /** What its manifest needs beside this record; absent: the files were not to leave the cluster. */
  readonly manifestFacts?: ManifestFacts;
  /** The newest drill that decided on the backup, else the newest of all. */
  readonly drill?: DrillOutcome;
  /** A later drill that decided nothing: `drill` still holds. */
  readonly drillTry?: DrillOutcome;
  /** When the run's own drill began, ms UTC; with no outcome after it, its process was killed. */
  readonly drillBegunAt?: number | undefined;
  /** Another drill was being made when this one's turn came: it is made after the run. Absent: none is to come. */
  readonly drillWait?: DrillWait | undefined;
  /** What became of the run's directory on the node. `removing`: on record before it goes; nothing may count on it. */
  readonly onNode?: 'kept' | 'removing' | 'removed';
  /** Rounds in which copies that failed were tried again after the run. */
  readonly copyRounds?: number;
  /** Removing what no rule wants any more, after this run; absent: nothing is to be removed. */
  readonly retention?: RetentionWork;
}

/** Times are ms UTC. */
export interface DrillWait {
  readonly since: number;
  readonly dueAt: number;
  /** Rounds in which the snapshot did not come: from its copy, or from the node that has the only readable one. */
  readonly tries: number;
  /** Why the last round got no copy, in English; absent: there was no such round, or the node has the only readable snapshot. */
  readonly away?: { readonly destination: string; readonly detail: string } | undefined;
}

/** Times are ms UTC. */
interface PapersWork {
  /** Of the procedure that is to be published. */
  readonly edition: number;
  /** undefined: every place has it, or there are no more tries before the next start. */
  readonly dueAt: number | undefined;
  /** Rounds after which a place was still without it. */
  readonly tries: number;
}

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
  /** What may be left on the node is still to be removed; absent: there is nothing to do, or nothing more to try. */
  readonly cleanUp?: DueCleanUp | undefined;
}

/** Times are ms UTC. */
export interface DueCleanUp {
  /** Rounds that did not reach the node, or not remove everything. */
  readonly tries: number;
  readonly nextTryAt: number;
}

export type Origin =
  | { readonly kind: 'command' }
  /** `retry`: an earlier run of the same slot failed for a transient reason; absent: this is the first one. */
  | { readonly kind: 'schedule'; readonly retry?: RetryOrigin };

/** One attempt, from request to outcome. Times are ms UTC. */
export interface BackupRun {
  readonly id: string;
  readonly cluster: string;
  readonly status: RunStatus;
  readonly requester: Person;
  readonly origin: Origin;
  readonly reason: string | undefined;
  /** Why no second person was asked (break-glass); undefined: an ordinary run. */
  readonly emergency: string | undefined;
  readonly nodeWanted: string | undefined;
  /** Channel in which it was asked for: private answers go there. Empty: they are direct messages. */
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
  /** The node's clock by ours, as the run measured it; absent: it did not come so far. */
  readonly nodeClock?: { readonly aheadMs: number; readonly at: number };
  /** What etcd said of its members just before the script; absent: it was not asked, or did not say. */
  readonly etcdMembers?: MembersReading;
  /** The cluster was restored from an earlier backup: this one is of the time line that it left. Absent: it is on the line. */
  readonly abandoned?: RestoreMark | undefined;
  /** Absent: nothing was written beside its files. */
  readonly published?: PublishedDocuments;
  /** RESTORE.md is to be written again with a newer edition of the procedure; absent: it never was. */
  readonly papers?: PapersWork | undefined;
  /** While files are being copied; absent otherwise. */
  readonly copyProgress?: readonly CopyProgress[] | undefined;
  readonly failed: RunFailure | undefined;
  /** Who ended it and why, for rejected and cancelled. */
  readonly endedBy: Person | undefined;
  readonly endReason: string | undefined;
  readonly card: MessagePlace | undefined;
}

/** When the backup was taken (ms UTC): the snapshot is as old as the run's start. */
export function takenAt(run: Pick<BackupRun, 'startedAt' | 'requestedAt'>): number {
  return run.startedAt ?? run.requestedAt;
}

/**
 * When the run is next due for work (ms UTC); undefined: nothing to do but wait for people.
 * Records keep this beside the run as the queue's key.
 */
export function dueAt(run: BackupRun): number | undefined {
  switch (run.status) {
    case 'requested':
    case 'approved':
    case 'running':
      return takenAt(run);
    case 'waiting':
      if (run.votes.some((vote) => vote.status === 'pending')) return run.requestedAt;
      return run.expiresAt;
    case 'succeeded': {
      const { retention, drillWait } = run.success ?? {};
      const next = [retention?.dueAt, copiesDueAt(run), drillWait?.dueAt, run.papers?.dueAt].filter(
        (at) => at !== undefined,
      );
      return next.length > 0 ? Math.min(...next) : undefined;
    }
    case 'failed':
      return run.failed?.cleanUp?.nextTryAt;
    default:
      return undefined;
  }
}

/** Of what a run that succeeded still waits for, what is done first. */
export function dueWork(run: BackupRun): 'copies' | 'drill' | 'retention' | 'papers' {
  const never = Number.POSITIVE_INFINITY;
  const copies = copiesDueAt(run) ?? never;
  const removal = run.success?.retention?.dueAt ?? never;
  const drill = run.success?.drillWait?.dueAt ?? never;
  const papers = run.papers?.dueAt ?? never;
  if (papers < Math.min(copies, removal, drill)) return 'papers';
  if (drill < Math.min(copies, removal)) return 'drill';
  return removal < copies ? 'retention' : 'copies';
}

/** Its directory on the node is gone, or on its way: nothing may be looked for there. */
export function isOffNode({ onNode }: Pick<RunSuccess, 'onNode'>): boolean {
  return onNode === 'removing' || onNode === 'removed';
}

/** When a copy of a run that is over is tried again; undefined: none is. */
function copiesDueAt({ success }: Pick<BackupRun, 'success'>): number | undefined {
  const next = success?.copies?.flatMap(({ nextTryAt }) => nextTryAt ?? []) ?? [];
  return next.length > 0 ? Math.min(...next) : undefined;
}

/** A run whose two files were verified has a backup: whatever happens later, it may only go on or succeed. */
export function mayEndAs({ success }: Pick<BackupRun, 'success'>, status: RunStatus): boolean {
  return success === undefined || status === 'running' || status === 'succeeded';
}

/** Who waits for the work that is due, the most urgent first. The numbers are on record: new ones go at the end. */
export const workRanks = { emergency: 0, person: 1, background: 2 } as const;

/** Which of several due runs is taken first, whatever came earlier: a fleet whose schedules meet must not keep people waiting. */
export function workRank(run: BackupRun): number {
  // Over: its copies are tried again, its drill is to be made, older backups are to be removed, or what it left on the node is.
  if (run.status === 'succeeded' || run.status === 'failed') return workRanks.background;
  if (run.emergency !== undefined) return workRanks.emergency;
  const voted = run.votes.some((vote) => vote.status === 'pending');
  return run.origin.kind === 'schedule' && !voted ? workRanks.background : workRanks.person;
}

/** Where the requester is looking; undefined: they asked in the Home tab, and a direct message reaches them. */
export function channelOfAsking({ askedIn }: Pick<BackupRun, 'askedIn'>): string | undefined {
  return askedIn === '' ? undefined : askedIn;
}
