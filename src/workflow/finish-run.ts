import { failure, type LeftOnNode } from '../domain/failure.ts';
import { keepsFiles } from '../domain/leftovers.ts';
import type { Notice } from '../domain/notice.ts';
import type { ClusterPolicy } from '../domain/policy.ts';
import { redact } from '../domain/redact.ts';
import { type BackupRun, mayBecome, type RunSuccess } from '../domain/run.ts';
import { auditEvent } from './audit-events.ts';
import type { WorkflowDeps } from './deps.ts';
import type { NodeSession } from './ports.ts';
import type { Claim, RunChange } from './records.ts';
import { RunFailureError } from './run-failure-error.ts';
import type { RunWork } from './run-work.ts';

export async function finishSucceeded(work: RunWork, success: RunSuccess): Promise<void> {
  const now = work.deps.clock.now();
  const { snapshot, resources } = success.artifacts;
  const event = auditEvent(now, 'bot', 'succeeded', {
    node: work.plan.node,
    snapshot: `${snapshot.path} sha256:${snapshot.sha256}`,
    resources: `${resources.path} sha256:${resources.sha256}`,
  });
  const report: Notice = { kind: 'thread', entry: { type: 'report' } };
  await work.deps.records.advance(work.claim, {
    set: { status: 'succeeded', finishedAt: now, success },
    audit: [event],
    notices: [{ kind: 'card' }, report],
  });
  work.deps.wake();
}

/** Cleans up on the node as far as it can be reached, names what is left, and records the failure. */
export async function finishFailed(
  work: RunWork,
  session: NodeSession | undefined,
  error: RunFailureError,
): Promise<void> {
  const left = session ? await cleanUp(work, session, keepsFiles(error.failure.kind)) : undefined;
  const now = work.deps.clock.now();
  work.deps.log.warn(
    { run: work.claim.run.id, failure: error.failure.kind, err: error.cause },
    'backup run failed',
  );
  const event = auditEvent(now, 'bot', 'failed', {
    failure: error.failure.kind,
    left: left?.paths?.join(' '),
  });
  await work.deps.records.advance(work.claim, (run) => ({
    set: {
      status: 'failed',
      finishedAt: now,
      failed: { failure: error.failure, step: run.step, outputTail: error.outputTail, left },
    },
    audit: [event],
    notices: [{ kind: 'card' }, { kind: 'thread', entry: { type: 'failure' } }],
  }));
  work.deps.wake();
}

/**
 * An error that is nobody's expected failure: a run that may fail ends as failed, pending votes are given back.
 * The session pod goes if it can be reached, else it is named.
 */
export async function failUnexpectedly(
  deps: WorkflowDeps,
  claim: Claim,
  cluster: ClusterPolicy | undefined,
  error: unknown,
): Promise<void> {
  const detail = redact(error instanceof Error ? error.message : String(error)).slice(0, 300);
  const left = cluster && (await sessionLeft(deps, claim, cluster));
  const now = deps.clock.now();
  await deps.records.advance(claim, (run) => {
    if (run.status === 'waiting') return giveVotesBack(run, detail, now);
    if (!mayBecome(run.status, 'failed')) return { set: {}, audit: [], notices: [] };
    const failed = { failure: failure('internal', { detail }), step: run.step, outputTail: [], left };
    return {
      set: { status: 'failed', finishedAt: now, failed },
      audit: [auditEvent(now, 'bot', 'failed', { failure: 'internal' })],
      notices: [{ kind: 'card' }, { kind: 'thread', entry: { type: 'failure' } }],
    };
  });
}

async function sessionLeft(
  deps: WorkflowDeps,
  { run }: Claim,
  cluster: ClusterPolicy,
): Promise<LeftOnNode | undefined> {
  if (run.status !== 'running' || !run.plan) return undefined;
  const gone = await deps.sessions.removeLeftover(cluster, run.id).then(
    () => true,
    () => false,
  );
  return { node: run.plan.node, paths: undefined, sessionPod: gone ? undefined : deps.sessions.podName };
}

function giveVotesBack(run: BackupRun, detail: string, now: number): RunChange {
  const pending = run.votes.filter((vote) => vote.standing === 'pending');
  const why = { reason: 'server-error', detail } as const;
  const say = { type: 'rights-unreadable', cluster: run.cluster, why } as const;
  return {
    set: {
      votes: run.votes.map((vote) =>
        vote.standing === 'pending' ? { ...vote, standing: 'refused' as const, why: say.type } : vote,
      ),
    },
    audit: pending.map((vote) => auditEvent(now, vote.person, 'vote-refused', { why: 'internal' })),
    notices: pending.map((vote) => ({
      kind: 'private' as const,
      slackUser: vote.person.slackUser,
      channel: run.card?.channel,
      say,
    })),
  };
}

async function cleanUp(work: RunWork, session: NodeSession, keep: boolean): Promise<LeftOnNode> {
  const { node, directory } = work.plan;
  const paths = await attempt(work, 'clean up the run directory', async () => {
    if (!keep) await session.remove(directory);
    return session.leftIn(directory);
  });
  const closed = await attempt(work, 'remove the session pod', async () => {
    await session.close();
    return true;
  });
  return { node, paths, sessionPod: closed ? undefined : session.pod };
}

async function attempt<T>(work: RunWork, what: string, action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof RunFailureError)) throw error;
    work.deps.log.warn({ run: work.claim.run.id, failure: error.failure.kind }, `could not ${what}`);
    return undefined;
  }
}
