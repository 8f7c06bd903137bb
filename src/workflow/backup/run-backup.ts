import { judgeArtifacts } from '../../domain/backup/artifact-judgement.ts';
import { outputTail, scriptFailure } from '../../domain/backup/script-output.ts';
import type { MembersReading } from '../../domain/cluster/etcd-members.ts';
import type { ProxyFacts } from '../../domain/cluster/facts.ts';
import { blockers } from '../../domain/preflight/finding.ts';
import { clockFinding, nodeFindings } from '../../domain/preflight/node-findings.ts';
import type { RunStep, RunSuccess } from '../../domain/run/run.ts';
import { askAgain } from '../approval/ask-again.ts';
import { recheck } from '../approval/recheck.ts';
import { copiedChange, copyOffCluster, isToDrill, readManifestFacts } from '../copies/copy-off-cluster.ts';
import { plannedCopies } from '../copies/copy-run.ts';
import { pruneNode } from '../copies/prune-node.ts';
import { unreached } from '../copies/retry-copies.ts';
import { drillInRun, fetchForDrill, isDrilledFromNode } from '../drill/drill-in-run.ts';
import type { OffCluster } from '../ports/copy-ports.ts';
import type { Fetched } from '../ports/drill-ports.ts';
import type { NodeSession } from '../ports/ports.ts';
import { recordResumed, recordStep } from '../ports/record-step.ts';
import { RunFailureError, runFailure } from '../ports/run-failure-error.ts';
import type { RunWork } from '../ports/run-work.ts';
import { removeLeftovers } from '../session/leftovers.ts';
import { openSession } from '../session/open-session.ts';
import { podOfEarlierBot } from './clean-up.ts';
import { finishFailed, finishSucceeded } from './finish-run.ts';

/**
 * The sequence of an approved run. Every step is on record before its effect, and every effect may be met again: the pod is
 * adopted by its label, the script follows its own directory. So a run that was cut off goes on by the same way.
 */
export async function runBackup(work: RunWork): Promise<void> {
  const held: { session?: NodeSession } = {};
  try {
    const cutOff = work.claim.run.status === 'running';
    if (cutOff) await recordResumed(work);
    const { step, success } = work.claim.run;
    if (cutOff && step === 'drilling' && success && !isDrilledFromNode(work, goesOff(work), success)) {
      return await concludeClosed(work, success);
    }
    const taken = (cutOff && (await resume(work, held))) || (await fromTheStart(work, held));
    if (taken) await conclude(work, taken);
  } catch (error) {
    work.signal.throwIfAborted();
    if (!(error instanceof RunFailureError)) throw error;
    const success = (await work.deps.records.run(work.claim.run.id))?.success;
    // Proven on the node, by this bot or the one before: no way onto it now does not undo that.
    if (success) await concludeFromAfar(work, success, error);
    else await finishFailed(work, held.session, error);
  }
}

interface Taken {
  readonly session: NodeSession;
  readonly success: RunSuccess;
}

/** Undefined: the plan has changed, people are asked again. */
async function fromTheStart(work: RunWork, held: { session?: NodeSession }): Promise<Taken | undefined> {
  const { deps, claim, cluster, plan } = work;
  await recordStep(work, 'checking-again');
  const checked = await recheck(deps, claim.run, plan, cluster, work.signal);
  if (checked.kind === 'changed') {
    await closeFirst(work, held.session);
    await deps.records.advance(claim, (run) => askAgain(run, checked, cluster, deps.clock.now()));
    return undefined;
  }
  await recordStep(work, 'opening-session');
  held.session ??= await openSession(work);
  await checkNode(work, held.session);
  await recordStep(work, 'running-script');
  return takeBackup(work, held.session, checked.proxy);
}

/** No pod may wait beside a run that waits for people, one that an earlier bot made included. */
async function closeFirst(work: RunWork, session: NodeSession | undefined): Promise<void> {
  if (session) return session.close();
  if (work.claim.run.step === undefined) return;
  try {
    await work.deps.sessions.removeLeftover(work.cluster, work.claim.run.id, { signal: work.signal });
  } catch (error) {
    work.signal.throwIfAborted();
    if (!(error instanceof RunFailureError)) throw error;
    // The run's next session meets it, and takes it over or removes it.
    work.deps.log.warn({ run: work.claim.run.id, failure: error.failure.kind }, 'session pod not removed');
  }
}

/**
 * A run that was cut off: the node says how far it came. Undefined: nothing was started yet, so the run starts over,
 * with all its checks; a script that was started is never started again.
 */
async function resume(work: RunWork, held: { session?: NodeSession }): Promise<Taken | undefined> {
  const { step } = work.claim.run;
  const started: readonly (RunStep | undefined)[] = [
    'running-script',
    'verifying',
    'copying',
    'closing-session',
    // Its snapshot has to come from the node once more.
    'drilling',
  ];
  if (!started.includes(step)) return undefined;
  const session = await openSession(work);
  held.session = session;
  const { success } = work.claim.run;
  if (success) return { session, success };
  const state = await session.scriptState(work.plan.directory);
  if (state === 'none') return undefined;
  if (state === 'gone') throw runFailure('interrupted', { step: 'running-script' });
  return takeBackup(work, session, undefined);
}

async function checkNode(work: RunWork, session: NodeSession): Promise<void> {
  await recordStep(work, 'checking-node');
  const { scriptPath, backupRoot } = work.cluster;
  const disk = await session.diskFacts({ script: scriptPath, backupRoot });
  await removeLeftovers(work, session, disk);
  const stops = blockers(nodeFindings(disk, scriptPath));
  if (stops.length > 0) throw runFailure('preflight-blocked', { findings: stops });
  const clock = clockFinding(disk, work.plan.node);
  const nodeClock = { aheadMs: disk.nodeTime - disk.askedAt, at: disk.askedAt };
  const etcdMembers = await readMembers(work, session);
  await work.deps.records.advance(work.claim, (run) => ({
    set: {
      nodeClock,
      ...(etcdMembers ? { etcdMembers } : {}),
      ...(clock ? { findings: [...run.findings, clock] } : {}),
    },
    audit: [],
    notices: clock ? [{ kind: 'thread', entry: { type: 'warning', finding: clock } }] : [],
  }));
}

/** For the restore's sake, while all members are there to answer. Undefined: etcd did not say, and the backup goes on. */
async function readMembers(work: RunWork, session: NodeSession): Promise<MembersReading | undefined> {
  try {
    return await session.etcdMembers();
  } catch (error) {
    work.signal.throwIfAborted();
    work.deps.log.warn({ run: work.claim.run.id, err: error }, 'members of etcd not read');
    return undefined;
  }
}

async function takeBackup(
  work: RunWork,
  session: NodeSession,
  proxy: ProxyFacts | undefined,
): Promise<Taken> {
  const { deps, plan, cluster } = work;
  const result = await session.runScript({
    directory: plan.directory,
    scriptPath: cluster.scriptPath,
    proxy,
    nodeIp: plan.nodeIp,
    deadlineMs: cluster.session.scriptDeadlineMs,
  });
  // Seen to have ended: a connection that was cut, or a bot that was away, makes it later, never earlier.
  const scriptEndedAt = deps.clock.now();
  const tail = outputTail(result);
  const failed = scriptFailure({ ...result, directory: plan.directory, scriptPath: cluster.scriptPath });
  if (failed) throw new RunFailureError(failed, { outputTail: tail });

  await recordStep(work, 'verifying');
  const evidence = await session.inspect(plan.directory);
  const judged = judgeArtifacts(evidence, plan.directory, result.report.status);
  if ('failure' in judged) throw new RunFailureError(judged.failure, { outputTail: tail });
  const success = { artifacts: judged.artifacts, scriptMs: result.durationMs, sessionPodLeft: undefined };
  if (!goesOff(work)) return { session, success };
  const manifestFacts = await readManifestFacts(work, result.report, scriptEndedAt);
  return { session, success: { ...success, manifestFacts } };
}

function goesOff(work: RunWork): OffCluster | undefined {
  return (work.cluster.copies ?? []).length > 0 ? work.deps.offCluster : undefined;
}

/**
 * What is proven is on record before the wrapper's traces go: from then on the node need not be asked again. Old backups at the
 * destinations are removed by work of its own that is due after the success, see workOnRetention.
 */
async function conclude(work: RunWork, { session, success }: Taken): Promise<void> {
  let proven = success;
  const off = goesOff(work);
  const { step } = work.claim.run;
  if (off && step !== 'closing-session' && step !== 'drilling') {
    proven = { ...proven, copies: proven.copies ?? (await plannedCopies(work, proven, off)) };
    await recordStep(work, 'copying', proven);
    proven = await copyOffCluster(work, off, session, proven);
  }
  await using drill = await fetchForDrill(work, off, session, proven);
  await recordStep(work, 'closing-session', drill.success);
  const left = await closeQuietly(work, session);
  await concludeClosed(work, { ...drill.success, ...left }, drill.fetched);
}

/** Nothing of the run is on the node any more but the files: what is still to be done may take its time. */
async function concludeClosed(work: RunWork, success: RunSuccess, fetched?: Fetched): Promise<void> {
  const off = goesOff(work);
  const drilled = await drillInRun(work, off, success, fetched);
  await finishSucceeded(work, drilled);
}

async function concludeFromAfar(work: RunWork, success: RunSuccess, error: RunFailureError): Promise<void> {
  const sessionPodLeft = error.sessionPod ?? (await podOfEarlierBot(work, error));
  const next = unreached(work, { ...success, sessionPodLeft }, error);
  await work.deps.records.advance(work.claim, (run) =>
    copiedChange(work, run, next, undefined, isToDrill(work, next)),
  );
  await finishSucceeded(work, await drillInRun(work, goesOff(work), next));
}

/**
 * The backup is whole already: what cannot be put in order is named, not made into a failure. The pod goes even where
 * the directory could not be tidied: it is the way onto the node.
 */
async function closeQuietly(
  work: RunWork,
  session: NodeSession,
): Promise<Pick<RunSuccess, 'sessionPodLeft'>> {
  await quietly(work, session, () => session.tidy(work.plan.directory));
  await quietly(work, session, () => pruneNode(work, session));
  const closed = await quietly(work, session, async () => {
    await session.close();
    return true;
  });
  return { sessionPodLeft: closed ? undefined : session.pod };
}

/** Undefined: it could not be done, which is in the log. */
async function quietly<T>(
  work: RunWork,
  session: NodeSession,
  action: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    work.signal.throwIfAborted();
    work.deps.log.warn({ run: work.claim.run.id, pod: session.pod, err: error }, 'session not left in order');
    return undefined;
  }
}
