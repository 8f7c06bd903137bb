import type { NodeSession } from '../ports/ports.ts';
import { RunFailureError } from '../ports/run-failure-error.ts';
import type { RunWork } from '../ports/run-work.ts';
import { isOver } from './leftovers.ts';
import { beginSession } from './sessions-in-use.ts';

/** A pod that goes sooner is no news. */
const quietMs = 3_000;

/** Opens the run's session; a pod that a run of ours left behind when it was over is removed first, and waited for. */
export async function openSession(work: RunWork): Promise<NodeSession> {
  const end = beginSession(work.deps.sessions, work.claim.run.id);
  try {
    const session = await openOwn(work);
    return { ...session, close: () => session.close().finally(end) };
  } catch (error) {
    end();
    throw error;
  }
}

/** The session, or why there is none: for work that can wait. */
export async function sessionOrRefusal(work: RunWork): Promise<NodeSession | RunFailureError> {
  try {
    return await openSession(work);
  } catch (error) {
    work.signal.throwIfAborted();
    if (error instanceof RunFailureError) return error;
    throw error;
  }
}

async function openOwn(work: RunWork): Promise<NodeSession> {
  const { deps, cluster, claim, plan, signal } = work;
  const request = { runId: claim.run.id, node: plan.node, image: plan.sessionImage };
  try {
    return await deps.sessions.open(cluster, request, signal);
  } catch (error) {
    const taken =
      error instanceof RunFailureError && error.failure.kind === 'session-taken' ? error.failure : undefined;
    const byRun = taken?.params.byRun;
    if (byRun === undefined || !(await isOver(deps, byRun))) throw error;
    await seeGone(work, byRun);
    return deps.sessions.open(cluster, request, signal);
  }
}

/** A kubelet under load ends a pod late: it gets as long as a pod may take to start, and the thread says what is awaited. */
async function seeGone(work: RunWork, ofRun: string): Promise<void> {
  const { deps, cluster, signal } = work;
  const withinMs = cluster.session.startDeadlineMs;
  const removal = deps.sessions.removeLeftover(cluster, ofRun, { withinMs, signal });
  const over = new AbortController();
  const ended = removal.then(
    () => 'gone' as const,
    () => 'failed' as const,
  );
  const quiet = deps.clock.sleep(quietMs, AbortSignal.any([over.signal, signal])).then(() => 'slow' as const);
  const first = await Promise.race([ended, quiet]);
  over.abort();
  if (first === 'slow' && !signal.aborted) await sayAwaited(work, ofRun, withinMs);
  await removal;
}

async function sayAwaited(work: RunWork, ofRun: string, forMs: number): Promise<void> {
  const { deps, claim } = work;
  const pod = deps.sessions.podName;
  const entry = { type: 'awaits-pod', at: deps.clock.now(), pod, ofRun, forMs } as const;
  await deps.records.advance(claim, { set: {}, audit: [], notices: [{ kind: 'thread', entry }] });
  deps.wake();
}
