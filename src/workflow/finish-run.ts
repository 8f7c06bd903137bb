import { type Failure, failure, type LeftOnNode } from '../domain/failure.ts';
import { keepsFiles } from '../domain/leftovers.ts';
import type { Notice } from '../domain/notice.ts';
import type { ClusterPolicy } from '../domain/policy.ts';
import { redact } from '../domain/redact.ts';
import { type BackupRun, mayBecome, type RunSuccess } from '../domain/run.ts';
import { auditEvent } from './audit-events.ts';
import type { WorkflowDeps } from './deps.ts';
import { openSession } from './open-session.ts';
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
  const left = session ? await cleanUp(work, session, keepsFiles(error.failure.kind)) : unopened(work, error);
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

/** There was no way onto the node: at most the pod itself is there, and what an earlier bot's script wrote. */
function unopened(work: RunWork, { sessionPod }: RunFailureError): LeftOnNode | undefined {
  if (sessionPod === undefined) return undefined;
  const { status, step } = work.claim.run;
  const beganNothing = status !== 'running' || step === 'checking-again' || step === 'opening-session';
  return { node: work.plan.node, paths: beganNothing ? [] : undefined, sessionPod };
}

async function cleanUp(work: RunWork, session: NodeSession, keep: boolean): Promise<LeftOnNode> {
  const first = await clear(work, session, keep);
  // A pod that was deleted or evicted took what ran in it along; what that wrote is still there.
  const next = first.failed?.kind === 'session-lost' ? await anotherSession(work) : undefined;
  const { paths } = next?.session ? await clear(work, next.session, keep) : first;
  const last = next?.session ?? session;
  const closed = await attempt(work, 'remove the session pod', () => last.close());
  return {
    node: work.plan.node,
    paths,
    sessionPod: closed.failed ? last.pod : next?.podLeft,
  };
}

interface Cleared {
  /** What lies in the run's directory now; undefined: could not be looked at. */
  readonly paths: readonly string[] | undefined;
  readonly failed: Failure | undefined;
}

/** Removes the run's directory, unless its files are kept, and looks at what is there then. */
async function clear(work: RunWork, session: NodeSession, keep: boolean): Promise<Cleared> {
  const { directory } = work.plan;
  if (!keep) {
    const removed = await attempt(work, 'remove the run directory', () => session.remove(directory));
    // The node itself may refuse; where there is no way to it, looking is of no use.
    if (removed.failed && removed.failed.kind !== 'command-failed')
      return { paths: undefined, failed: removed.failed };
  }
  const looked = await attempt(work, 'look for what is left', () => session.leftIn(directory));
  return { paths: looked.value, failed: looked.failed };
}

async function anotherSession(
  work: RunWork,
): Promise<{ session: NodeSession | undefined; podLeft: string | undefined }> {
  try {
    return { session: await openSession(work), podLeft: undefined };
  } catch (error) {
    if (!(error instanceof RunFailureError)) throw error;
    work.deps.log.warn(
      { run: work.claim.run.id, failure: error.failure.kind },
      'could not open a session to clean up',
    );
    return { session: undefined, podLeft: error.sessionPod };
  }
}

async function attempt<T>(
  work: RunWork,
  what: string,
  action: () => Promise<T>,
): Promise<{ value: T | undefined; failed: Failure | undefined }> {
  try {
    return { value: await action(), failed: undefined };
  } catch (error) {
    if (!(error instanceof RunFailureError)) throw error;
    work.deps.log.warn({ run: work.claim.run.id, failure: error.failure.kind }, `could not ${what}`);
    return { value: undefined, failed: error.failure };
  }
}
