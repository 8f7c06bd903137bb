import type { LeftOnNode } from '../../domain/backup/failure.ts';
import { failure } from '../../domain/backup/failure.ts';
import type { AuditEvent } from '../../domain/people/audit.ts';
import { keepsFiles, nextCleanUp, triesAgain } from '../../domain/run/leftovers.ts';
import type { BackupRun, DueCleanUp, RunFailure } from '../../domain/run/run.ts';
import { auditEvent } from '../ports/audit-events.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import type { Claim, RunChange } from '../ports/records.ts';
import { RunFailureError } from '../ports/run-failure-error.ts';
import type { RunWork } from '../ports/run-work.ts';
import { openSession } from '../session/open-session.ts';

/**
 * One round of removing what a failed run left on its node: first the session's pod, and with it what still runs, then the
 * directory, unless its files are kept for a person. On record as due until the cluster confirms that nothing is left, so that
 * no restart loses it. Every part may be done again.
 */
export async function removeLeftBehind(work: RunWork): Promise<void> {
  const { failed } = work.claim.run;
  if (!failed?.cleanUp) return;
  try {
    const pod = await removePod(work);
    const files = failed.left?.paths
      ? { found: false, paths: failed.left.paths }
      : await removeFiles(work, failed);
    await record(work, cleanedUp(work, failed, { pod, ...files }));
  } catch (error) {
    work.signal.throwIfAborted();
    if (!(error instanceof RunFailureError)) throw error;
    work.deps.log.warn(
      { run: work.claim.run.id, failure: error.failure.kind, tries: failed.cleanUp.tries + 1 },
      'what a failed run left on its node is not removed yet',
    );
    await record(work, notYet(work, failed, failed.cleanUp, error));
  }
}

/** The cluster left the configuration: there is no way to it any more. */
export async function forgetLeftBehind(deps: WorkflowDeps, claim: Claim): Promise<void> {
  await deps.records.advance(claim, ({ failed }) => ({
    set: failed ? { failed: { ...failed, cleanUp: undefined } } : {},
    audit: [],
    notices: [],
  }));
}

function removePod(work: RunWork): Promise<boolean> {
  const { deps, cluster, claim, signal } = work;
  const withinMs = cluster.session.startDeadlineMs;
  return deps.sessions.removeLeftover(cluster, claim.run.id, { withinMs, signal });
}

async function removeFiles(
  work: RunWork,
  failed: RunFailure,
): Promise<{ found: boolean; paths: readonly string[] }> {
  const { directory } = work.plan;
  const session = await openSession(work);
  let paths: readonly string[];
  let found: boolean;
  try {
    paths = await session.leftIn(directory);
    found = paths.length > 0;
    if (found && !keepsFiles(failed.failure.kind)) {
      await session.remove(directory);
      paths = await session.leftIn(directory);
    }
  } catch (error) {
    // Where this fails too, the next round meets the pod.
    await session.close().catch(() => undefined);
    throw error;
  }
  await session.close();
  return { found, paths };
}

function cleanedUp(
  work: RunWork,
  failed: RunFailure,
  done: { pod: boolean; found: boolean; paths: readonly string[] },
): RunChange {
  const { deps, plan } = work;
  const left: LeftOnNode = { node: plan.node, paths: done.paths, sessionPod: undefined };
  const kept = done.paths.length > 0;
  const event = auditEvent(deps.clock.now(), 'bot', 'cleaned-up', {
    pod: done.pod ? deps.sessions.podName : undefined,
    path: done.found && !kept ? plan.directory : undefined,
    kept: kept ? plan.directory : undefined,
  });
  return change({ ...ended(failed), left, cleanUp: undefined }, event);
}

/** With its pod the script is gone. */
function ended(failed: RunFailure): RunFailure {
  const { failure: why } = failed;
  return why.kind === 'cluster-silent'
    ? { ...failed, failure: failure(why.kind, { ...why.params, stopped: true }) }
    : failed;
}

function notYet(work: RunWork, failed: RunFailure, due: DueCleanUp, error: RunFailureError): RunChange {
  const now = work.deps.clock.now();
  const tries = due.tries + 1;
  if (triesAgain(error.failure.kind, tries)) return change({ ...failed, cleanUp: nextCleanUp(tries, now) });
  const event = auditEvent(now, 'bot', 'clean-up-given-up', {
    why: error.message.slice(0, 300),
    pod: failed.left?.sessionPod,
  });
  return change({ ...failed, cleanUp: undefined }, event);
}

function change(failed: RunFailure, event?: AuditEvent): RunChange {
  if (!event) return { set: { failed }, audit: [], notices: [] };
  const thread = { kind: 'thread', entry: { type: 'audit', event } } as const;
  return { set: { failed }, audit: [event], notices: [{ kind: 'card' }, thread] };
}

async function record(work: RunWork, next: RunChange): Promise<BackupRun> {
  const run = await work.deps.records.advance(work.claim, next);
  work.deps.wake();
  return run;
}
