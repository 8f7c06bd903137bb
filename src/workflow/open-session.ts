import { isOver } from './leftovers.ts';
import type { NodeSession } from './ports.ts';
import { RunFailureError } from './run-failure-error.ts';
import type { RunWork } from './run-work.ts';

/** Opens the run's session; a pod that a run of ours left behind when it was over is removed first. */
export async function openSession(work: RunWork): Promise<NodeSession> {
  const { deps, cluster, claim, plan, signal } = work;
  const request = { runId: claim.run.id, node: plan.node, image: plan.sessionImage };
  try {
    return await deps.sessions.open(cluster, request, signal);
  } catch (error) {
    const taken =
      error instanceof RunFailureError && error.failure.kind === 'session-taken' ? error.failure : undefined;
    const byRun = taken?.params.byRun;
    if (byRun === undefined || !(await isOver(deps, byRun))) throw error;
    await deps.sessions.removeLeftover(cluster, byRun);
    return deps.sessions.open(cluster, request, signal);
  }
}
