import type { Failure, LeftOnNode } from '../../domain/backup/failure.ts';
import { isBeforeScript } from '../../domain/run/run.ts';
import type { NodeSession } from '../ports/ports.ts';
import { RunFailureError } from '../ports/run-failure-error.ts';
import type { RunWork } from '../ports/run-work.ts';
import { openSession } from '../session/open-session.ts';

/**
 * There was no way onto the node: at most the pod itself is there, and what an earlier bot's script wrote. Undefined: by the
 * cluster's own word nothing is.
 */
export async function leftUnopened(work: RunWork, error: RunFailureError): Promise<LeftOnNode | undefined> {
  // Where an earlier bot came to; undefined: the run began with this one.
  const { step } = work.claim.run;
  const begun = step !== undefined && !isBeforeScript(step);
  const sessionPod =
    error.sessionPod ?? (step === undefined ? undefined : await podOfEarlierBot(work, error));
  if (!begun && sessionPod === undefined) return undefined;
  return { node: work.plan.node, paths: begun ? undefined : [], sessionPod };
}

/**
 * The session pod's name when a pod that an earlier bot made for this run could not be seen gone: `error` says why no
 * session could be opened now, not what is there from before.
 */
export async function podOfEarlierBot(work: RunWork, error: RunFailureError): Promise<string | undefined> {
  const { deps, cluster, claim, signal } = work;
  // One name for all: where another run's pod is, ours is not.
  if (error.failure.kind === 'session-taken') return undefined;
  const removed = await attempt(work, 'remove the session pod', () =>
    deps.sessions.removeLeftover(cluster, claim.run.id, { signal }),
  );
  return removed.failed ? deps.sessions.podName : undefined;
}

/** Removes what a failed run left on its node as far as it can be reached, and says what is there then. `keep`: the files stay. */
export async function cleanUp(work: RunWork, session: NodeSession, keep: boolean): Promise<LeftOnNode> {
  const first = (await nothingBegun(work)) ? nothing : await clear(work, session, keep);
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

const nothing: Cleared = { paths: [], failed: undefined };

/** Whether this run cannot have made its directory: neither this bot nor an earlier one came as far as the script. */
async function nothingBegun(work: RunWork): Promise<boolean> {
  const steps = [work.claim.run.step, (await work.deps.records.run(work.claim.run.id))?.step];
  return steps.every((step) => step === undefined || isBeforeScript(step));
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
