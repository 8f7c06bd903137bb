import { failure, type LeftOnNode } from '../domain/failure.ts';
import { keepsFiles } from '../domain/leftovers.ts';
import type { Notice } from '../domain/notice.ts';
import { redact } from '../domain/redact.ts';
import { mayBecome, type RunSuccess } from '../domain/run.ts';
import { auditEvent } from './audit-events.ts';
import type { WorkflowDeps } from './deps.ts';
import type { NodeSession } from './ports.ts';
import type { Claim } from './records.ts';
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

/** An error that is nobody's expected failure: recorded as such where the run's status allows it. */
export async function failUnexpectedly(deps: WorkflowDeps, claim: Claim, error: unknown): Promise<void> {
  const now = deps.clock.now();
  const detail = redact(error instanceof Error ? error.message : String(error)).slice(0, 300);
  await deps.records.advance(claim, (run) => {
    if (!mayBecome(run.status, 'failed')) return { set: {}, audit: [], notices: [] };
    const failed = {
      failure: failure('internal', { detail }),
      step: run.step,
      outputTail: [],
      left: undefined,
    };
    return {
      set: { status: 'failed', finishedAt: now, failed },
      audit: [auditEvent(now, 'bot', 'failed', { failure: 'internal' })],
      notices: [{ kind: 'card' }, { kind: 'thread', entry: { type: 'failure' } }],
    };
  });
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
