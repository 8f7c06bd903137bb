import { judgeArtifacts } from '../domain/artifact-judgement.ts';
import type { ProxyFacts } from '../domain/facts.ts';
import { blockers } from '../domain/finding.ts';
import { clockFinding, nodeFindings } from '../domain/preflight/node-findings.ts';
import type { RunStep, RunSuccess } from '../domain/run.ts';
import { outputTail, parseScriptOutput, scriptFailure } from '../domain/script-output.ts';
import { askAgain } from './ask-again.ts';
import type { OffCluster } from './copy-ports.ts';
import { plannedCopies } from './copy-run.ts';
import { finishFailed, finishSucceeded } from './finish-run.ts';
import { copiedChange, firstManifest, leaveCluster } from './leave-cluster.ts';
import { removeLeftovers } from './leftovers.ts';
import { makeRoomOnNode } from './node-room.ts';
import { openSession } from './open-session.ts';
import type { NodeSession } from './ports.ts';
import { prune } from './prune.ts';
import { recheck } from './recheck.ts';
import { recordResumed, recordStep } from './record-step.ts';
import { unreached } from './retry-copies.ts';
import { RunFailureError, runFailure } from './run-failure-error.ts';
import type { RunWork } from './run-work.ts';

/**
 * The sequence of an approved run. Every step is on record before its effect, and every effect may be met again: the pod is
 * adopted by its label, the script follows its own directory. So a run that was cut off goes on by the same way.
 */
export async function runBackup(work: RunWork): Promise<void> {
  const held: { session?: NodeSession } = {};
  try {
    const cutOff = work.claim.run.status === 'running';
    if (cutOff) await recordResumed(work);
    const taken = (cutOff && (await takeUp(work, held))) || (await fromTheStart(work, held));
    if (taken) await conclude(work, taken);
  } catch (error) {
    work.signal.throwIfAborted();
    if (!(error instanceof RunFailureError)) throw error;
    const { success } = work.claim.run;
    // Proven on the node before this bot came: no way onto it now does not undo that.
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
  const checked = await recheck(deps, claim.run, plan, cluster);
  if (checked.kind === 'changed') {
    await held.session?.close();
    await deps.records.advance(claim, (run) => askAgain(run, checked, cluster, deps.clock.now()));
    return undefined;
  }
  await recordStep(work, 'opening-session');
  held.session ??= await openSession(work);
  await checkNode(work, held.session);
  await recordStep(work, 'running-script');
  return takeBackup(work, held.session, checked.proxy);
}

/**
 * A run that was cut off: the node says how far it came. Undefined: nothing was started yet, so the run begins anew,
 * with all its checks; a script that was started is never started again.
 */
async function takeUp(work: RunWork, held: { session?: NodeSession }): Promise<Taken | undefined> {
  const { step } = work.claim.run;
  const started: readonly (RunStep | undefined)[] = [
    'running-script',
    'verifying',
    'copying',
    'closing-session',
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
  if (!clock) return;
  await work.deps.records.advance(work.claim, (run) => ({
    set: { findings: [...run.findings, clock] },
    audit: [],
    notices: [{ kind: 'thread', entry: { type: 'warning', finding: clock } }],
  }));
}

async function takeBackup(
  work: RunWork,
  session: NodeSession,
  proxy: ProxyFacts | undefined,
): Promise<Taken> {
  const { plan, cluster } = work;
  const result = await session.runScript({
    directory: plan.directory,
    scriptPath: cluster.scriptPath,
    proxy,
    nodeIp: plan.nodeIp,
    deadlineMs: cluster.session.scriptDeadlineMs,
  });
  const tail = outputTail(result);
  const failed = scriptFailure({ ...result, directory: plan.directory, scriptPath: cluster.scriptPath });
  if (failed) throw new RunFailureError(failed, { outputTail: tail });

  await recordStep(work, 'verifying');
  const evidence = await session.inspect(plan.directory);
  const judged = judgeArtifacts(evidence, plan.directory, parseScriptOutput(result.stdout).status);
  if ('failure' in judged) throw new RunFailureError(judged.failure, { outputTail: tail });
  const success = { artifacts: judged.artifacts, scriptMs: result.durationMs, sessionPodLeft: undefined };
  if (!goesOff(work)) return { session, success };
  const manifest = await firstManifest(work, success, parseScriptOutput(result.stdout));
  return { session, success: { ...success, manifest } };
}

function goesOff(work: RunWork): OffCluster | undefined {
  return (work.cluster.copies ?? []).length > 0 ? work.deps.offCluster : undefined;
}

/** What is proven is on record before the wrapper's traces go: from then on nobody needs to ask the node again. */
async function conclude(work: RunWork, { session, success }: Taken): Promise<void> {
  let proven = success;
  const off = goesOff(work);
  if (off && work.claim.run.step !== 'closing-session') {
    proven = { ...proven, copies: proven.copies ?? (await plannedCopies(work, proven, off)) };
    await recordStep(work, 'copying', proven);
    proven = await leaveCluster(work, off, session, proven);
  }
  await recordStep(work, 'closing-session', proven);
  const left = await closeQuietly(work, session, proven);
  if (off) await prune(work, off, proven);
  await finishSucceeded(work, { ...proven, ...left });
}

async function concludeFromAfar(work: RunWork, success: RunSuccess, error: RunFailureError): Promise<void> {
  const sessionPodLeft = error.sessionPod ?? work.deps.sessions.podName;
  const next = unreached(work, { ...success, sessionPodLeft }, error);
  await work.deps.records.advance(work.claim, (run) => copiedChange(work, run, next, []));
  await finishSucceeded(work, next);
}

/**
 * The backup is whole already: what cannot be put in order is named, not made into a failure. The pod goes even where
 * the directory could not be tidied: it is the way onto the node.
 */
async function closeQuietly(
  work: RunWork,
  session: NodeSession,
  success: RunSuccess,
): Promise<Pick<RunSuccess, 'sessionPodLeft' | 'onNode'>> {
  await quietly(work, session, () => session.tidy(work.plan.directory));
  const onNode = await quietly(work, session, () => makeRoomOnNode(work, session, success));
  const closed = await quietly(work, session, async () => {
    await session.close();
    return true;
  });
  return { sessionPodLeft: closed ? undefined : session.pod, onNode: onNode ?? 'kept' };
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
