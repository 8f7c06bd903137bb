import type { NodeDiskFacts } from '../../domain/cluster/facts.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { isLeftover, runIdOfDirectory } from '../../domain/run/leftovers.ts';
import { isActive } from '../../domain/run/run.ts';
import { auditEvent } from '../ports/audit-events.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import { createLimiter } from '../ports/limiter.ts';
import type { NodeSession } from '../ports/ports.ts';
import { RunFailureError } from '../ports/run-failure-error.ts';
import type { RunWork } from '../ports/run-work.ts';
import { isSessionInUse } from './sessions-in-use.ts';

/** Hundreds of TLS handshakes at once take memory that the process never gives back. */
const deadSessionsAtOnce = 32;

/**
 * Removes directories of earlier runs of this bot that failed or never came to their end, and says so in the thread.
 * What no record of ours names is left alone: another installation may need it.
 */
export async function removeLeftovers(
  work: RunWork,
  session: NodeSession,
  disk: NodeDiskFacts,
): Promise<void> {
  const { deps, cluster, claim } = work;
  for (const name of disk.runDirectories) {
    const runId = runIdOfDirectory(name);
    if (runId === undefined || runId === claim.run.id) continue;
    const run = await deps.records.run(runId);
    if (run?.cluster !== cluster.name || !isLeftover(run)) continue;
    const path = `${cluster.backupRoot}/${name}`;
    await session.remove(path);
    const event = auditEvent(deps.clock.now(), 'bot', 'leftover-removed', { path, ofRun: runId });
    await deps.records.advance(claim, {
      set: {},
      audit: [event],
      notices: [{ kind: 'thread', entry: { type: 'audit', event } }],
    });
  }
}

/**
 * At the bot's start, or when these clusters join: session pods of runs of ours that are over go. Pods of runs that go on, or of unknown origin, stay.
 * A cluster that does not answer is left for its next run, which meets the pod and removes it then. Never rejects; runs
 * beside everything else, since clusters that hang take their whole deadline. Aborted: asks no more clusters.
 */
export async function removeDeadSessions(
  deps: WorkflowDeps,
  signal: AbortSignal,
  names: readonly string[] = deps.fleet.clusters.map(({ name }) => name),
): Promise<void> {
  const limiter = createLimiter(deadSessionsAtOnce);
  const clusters = names.flatMap((name) => deps.fleet.cluster(name) ?? []);
  const removals = clusters.map((cluster) =>
    limiter(signal, () => removeDeadSession(deps, cluster)).catch((err: unknown) => {
      if (!signal.aborted) deps.log.error({ cluster: cluster.name, err }, 'could not look for dead sessions');
    }),
  );
  await Promise.all(removals);
}

async function removeDeadSession(deps: WorkflowDeps, cluster: ClusterPolicy): Promise<void> {
  try {
    const runId = await deps.sessions.holder(cluster);
    if (runId === undefined || !(await isOver(deps, runId))) return;
    // A drill or copies after the run, which the worker began meanwhile.
    if (isSessionInUse(deps.sessions, runId)) return;
    await deps.sessions.removeLeftover(cluster, runId);
    deps.log.info({ cluster: cluster.name, run: runId }, 'removed the session pod of a run that is over');
  } catch (error) {
    if (!(error instanceof RunFailureError)) throw error;
    deps.log.warn({ cluster: cluster.name, failure: error.failure.kind }, 'could not look for dead sessions');
  }
}

/** False for a run that no record of ours knows. */
export async function isOver(deps: WorkflowDeps, runId: string): Promise<boolean> {
  const run = await deps.records.run(runId);
  return run !== undefined && !isActive(run.status);
}
