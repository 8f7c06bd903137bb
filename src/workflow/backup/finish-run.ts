import { type Failure, failure, type LeftOnNode } from '../../domain/backup/failure.ts';
import { dueCleanUp, keepsFiles } from '../../domain/run/leftovers.ts';
import type { Notice } from '../../domain/run/notice.ts';
import type { RunSuccess } from '../../domain/run/run.ts';
import { mergedSuccess } from '../../domain/run/success-merge.ts';
import { withRetentionDue } from '../copies/retention-work.ts';
import { auditEvent } from '../ports/audit-events.ts';
import type { NodeSession } from '../ports/ports.ts';
import type { RunFailureError } from '../ports/run-failure-error.ts';
import type { RunWork } from '../ports/run-work.ts';
import { cleanUp, leftUnopened } from './clean-up.ts';
import { revisionFell } from './revision-fell.ts';

export async function finishSucceeded(work: RunWork, success: RunSuccess): Promise<void> {
  const now = work.deps.clock.now();
  const { snapshot, resources } = success.artifacts;
  const event = auditEvent(now, 'bot', 'succeeded', {
    node: work.plan.node,
    snapshot: `${snapshot.path} sha256:${snapshot.sha256}`,
    resources: `${resources.path} sha256:${resources.sha256}`,
  });
  const report: Notice = { kind: 'thread', entry: { type: 'report' } };
  const fell = await revisionFell(work, success);
  await work.deps.records.advance(work.claim, (run) => ({
    set: {
      status: 'succeeded',
      finishedAt: now,
      success: withRetentionDue({ onNode: 'kept', ...mergedSuccess(run.success, success) }, work.cluster),
    },
    audit: [event],
    notices: [{ kind: 'card' }, report],
    ofCluster: fell && !run.abandoned ? [fell] : [],
  }));
  work.deps.wake();
}

/** Cleans up on the node as far as it can be reached, names what is left, and records the failure. */
export async function finishFailed(
  work: RunWork,
  session: NodeSession | undefined,
  error: RunFailureError,
): Promise<void> {
  const left = session
    ? await cleanUp(work, session, keepsFiles(error.failure.kind))
    : await leftUnopened(work, error);
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
      failed: {
        failure: withEnd(error.failure, left),
        step: run.step,
        outputTail: error.outputTail,
        left,
        cleanUp: dueCleanUp(left, now),
      },
    },
    audit: [event],
    notices: [{ kind: 'card' }, { kind: 'thread', entry: { type: 'failure' } }],
  }));
  work.deps.wake();
}

/** A script cannot outlive its session's pod. */
function withEnd(reason: Failure, left: LeftOnNode | undefined): Failure {
  if (reason.kind !== 'cluster-silent' || !left) return reason;
  return failure(reason.kind, { ...reason.params, stopped: left.sessionPod === undefined });
}
