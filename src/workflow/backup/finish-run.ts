import { type Failure, failure, type LeftOnNode } from '../../domain/backup/failure.ts';
import { type FileCopy, isLeaving, isRoundDue, nextTry } from '../../domain/copies/file-copy.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { redact } from '../../domain/redaction/redact.ts';
import { afterDrill } from '../../domain/run/drill-outcome.ts';
import { dueCleanUp, keepsFiles, nextCleanUp } from '../../domain/run/leftovers.ts';
import type { Notice } from '../../domain/run/notice.ts';
import { type BackupRun, dueWork, isBeforeScript, mayBecome, type RunSuccess } from '../../domain/run/run.ts';
import { mergedSuccess } from '../../domain/run/success-merge.ts';
import { withRetentionDue } from '../copies/retention-work.ts';
import { failedDrill } from '../drill/drill-snapshot.ts';
import { auditEvent } from '../ports/audit-events.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import type { NodeSession } from '../ports/ports.ts';
import type { Claim, RunChange } from '../ports/records.ts';
import { RunFailureError } from '../ports/run-failure-error.ts';
import type { RunWork } from '../ports/run-work.ts';
import { openSession } from '../session/open-session.ts';

export async function finishSucceeded(work: RunWork, success: RunSuccess): Promise<void> {
  const now = work.deps.clock.now();
  const { snapshot, resources } = success.artifacts;
  const event = auditEvent(now, 'bot', 'succeeded', {
    node: work.plan.node,
    snapshot: `${snapshot.path} sha256:${snapshot.sha256}`,
    resources: `${resources.path} sha256:${resources.sha256}`,
  });
  const report: Notice = { kind: 'thread', entry: { type: 'report' } };
  await work.deps.records.advance(work.claim, (run) => ({
    set: {
      status: 'succeeded',
      finishedAt: now,
      success: withRetentionDue({ onNode: 'kept', ...mergedSuccess(run.success, success) }, work.cluster),
    },
    audit: [event],
    notices: [{ kind: 'card' }, report],
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
    : await unopened(work, error);
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

/**
 * An error that no step expected: a run that may fail ends as failed, pending votes are given back. One whose backup is
 * verified has succeeded: what was not done yet is tried in later rounds, a bounded number of times.
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
    if (run.success)
      return goOnLater(run, run.success, { cluster, detail, now, left, doing: dueWork(claim.run) });
    if (run.status === 'failed') return cleanUpLater(run, now);
    if (!mayBecome(run.status, 'failed')) return { set: {}, audit: [], notices: [] };
    const cleanUp = dueCleanUp(left, now);
    const failed = {
      failure: failure('internal', { detail }),
      step: run.step,
      outputTail: [],
      left,
      cleanUp,
    };
    return {
      set: { status: 'failed', finishedAt: now, failed },
      audit: [auditEvent(now, 'bot', 'failed', { failure: 'internal' })],
      notices: [{ kind: 'card' }, { kind: 'thread', entry: { type: 'failure' } }],
    };
  });
}

/** The backup is there. Its copies, and what is to be removed after it, are work that waits for its next round. */
function goOnLater(
  run: BackupRun,
  success: RunSuccess,
  p: {
    readonly cluster: ClusterPolicy | undefined;
    readonly detail: string;
    readonly now: number;
    readonly left: LeftOnNode | undefined;
    /** What was being done, of a run that is over: the rest that is due was not tried, and stays due. */
    readonly doing: ReturnType<typeof dueWork>;
  },
): RunChange {
  const { now, detail, doing } = p;
  const rounds = success.copyRounds ?? 0;
  const running = run.status === 'running';
  const isStopped = ({ provenAt, nextTryAt }: FileCopy) =>
    running ? provenAt === undefined : doing === 'copies' && isRoundDue(nextTryAt, now);
  const failed = { kind: 'internal', detail, at: now };
  const copies = success.copies?.map((copy) =>
    isStopped(copy) && !isLeaving(copy)
      ? { ...copy, failure: failed, nextTryAt: nextTry(rounds, now) }
      : copy,
  );
  const next = withoutDrill(run, { ...success, ...(copies ? { copies } : {}) }, p);
  if (running) {
    const { artifacts } = success;
    const event = auditEvent(now, 'bot', 'succeeded', {
      snapshot: `${artifacts.snapshot.path} sha256:${artifacts.snapshot.sha256}`,
      resources: `${artifacts.resources.path} sha256:${artifacts.resources.sha256}`,
      after: detail,
    });
    const sessionPodLeft = p.left?.sessionPod;
    return {
      set: {
        status: 'succeeded',
        finishedAt: now,
        success: withRetentionDue({ onNode: 'kept', ...next, sessionPodLeft }, p.cluster),
      },
      audit: [event],
      notices: [{ kind: 'card' }, { kind: 'thread', entry: { type: 'report' } }],
    };
  }
  const moved = copies?.some((copy, index) => copy !== success.copies?.[index]) ?? false;
  const { retention } = next;
  const wasDue = doing === 'retention' && isRoundDue(retention?.dueAt, now);
  const tries = retention?.tries ?? 0;
  const stopped = { kind: 'unexpected', detail, at: now } as const;
  return {
    set: {
      success: {
        ...next,
        ...(moved ? { copyRounds: rounds + 1 } : {}),
        ...(wasDue && !moved
          ? { retention: { ...retention, dueAt: nextTry(tries, now), tries: tries + 1, stopped } }
          : {}),
      },
    },
    audit: [],
    notices: [{ kind: 'card' }],
  };
}

/** A drill that was to come or under way: its card must not stay silent about it. */
function withoutDrill(
  { status, step }: BackupRun,
  before: RunSuccess,
  { cluster, detail, now, doing }: Parameters<typeof goOnLater>[2],
): RunSuccess {
  const { drillWait, ...success } = before;
  const inRun = status === 'running' && (step === 'drilling' || success.drillBegunAt !== undefined);
  // After the run; in it the drill goes on waiting.
  const waited = status === 'succeeded' && doing === 'drill' && isRoundDue(drillWait?.dueAt, now);
  if (!inRun && !waited) return before;
  // Its wait ends here, and the removal of old backups waits no more.
  const rest = waited ? withRetentionDue(success, cluster) : before;
  if (rest.drill) return rest;
  const place = { verdict: 'not-made', because: 'place' } as const;
  return afterDrill(rest, failedDrill({ kind: 'not-run', detail }, place, {}, now));
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
  const pending = run.votes.filter((vote) => vote.status === 'pending');
  const why = { reason: 'server-error', detail } as const;
  const say = { type: 'rights-unreadable', cluster: run.cluster, why } as const;
  return {
    set: {
      votes: run.votes.map((vote) =>
        vote.status === 'pending' ? { ...vote, status: 'refused' as const, why: say.type } : vote,
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

/** Removing what the run left failed for a reason that no step expected: the next round tries again. */
function cleanUpLater(run: BackupRun, now: number): RunChange {
  const due = run.failed?.cleanUp && nextCleanUp(run.failed.cleanUp.tries + 1, now);
  return { set: run.failed ? { failed: { ...run.failed, cleanUp: due } } : {}, audit: [], notices: [] };
}

/**
 * There was no way onto the node: at most the pod itself is there, and what an earlier bot's script wrote. Undefined: by the
 * cluster's own word nothing is.
 */
async function unopened(work: RunWork, error: RunFailureError): Promise<LeftOnNode | undefined> {
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

async function cleanUp(work: RunWork, session: NodeSession, keep: boolean): Promise<LeftOnNode> {
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
