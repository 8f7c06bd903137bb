import { judgeArtifacts } from '../domain/artifact-judgement.ts';
import type { BackupArtifacts } from '../domain/artifacts.ts';
import type { ProxyFacts } from '../domain/facts.ts';
import { blockers } from '../domain/finding.ts';
import { nodeFindings } from '../domain/preflight/node-findings.ts';
import { outputTail, parseScriptOutput, scriptFailure } from '../domain/script-output.ts';
import { finishFailed, finishSucceeded } from './finish-run.ts';
import type { NodeSession } from './ports.ts';
import { recheck } from './recheck.ts';
import { recordStep } from './record-step.ts';
import { RunFailureError, runFailure } from './run-failure-error.ts';
import type { RunWork } from './run-work.ts';

/**
 * The sequence of an approved run. Every step is on record before its effect, and every effect may be met again:
 * the pod is adopted by its label, the script follows its own directory. So a run that was cut off goes on by the same way.
 */
export async function runBackup(work: RunWork): Promise<void> {
  let session: NodeSession | undefined;
  try {
    const proxy = await prepare(work);
    await recordStep(work, 'opening-session');
    session = await work.deps.sessions.open(work.cluster, sessionRequest(work), work.signal);
    await checkNode(work, session);
    const { artifacts, scriptMs } = await takeBackup(work, session, proxy);
    await recordStep(work, 'closing-session');
    const sessionPodLeft = await closeQuietly(work, session);
    await finishSucceeded(work, { artifacts, scriptMs, sessionPodLeft });
  } catch (error) {
    work.signal.throwIfAborted();
    if (!(error instanceof RunFailureError)) throw error;
    await finishFailed(work, session, error);
  }
}

function sessionRequest({ claim, plan }: RunWork) {
  return { runId: claim.run.id, node: plan.node, image: plan.sessionImage };
}

async function prepare(work: RunWork): Promise<ProxyFacts | undefined> {
  await recordStep(work, 'checking-again');
  const { proxy } = await recheck(work.deps, work.claim.run, work.plan, work.cluster);
  return proxy;
}

async function checkNode(work: RunWork, session: NodeSession): Promise<void> {
  await recordStep(work, 'checking-node');
  const { scriptPath, backupRoot } = work.cluster;
  const facts = await session.diskFacts({ script: scriptPath, backupRoot });
  const findings = nodeFindings(facts, scriptPath);
  const stops = blockers(findings);
  if (stops.length > 0) throw runFailure('preflight-blocked', { findings: stops });
}

async function takeBackup(
  work: RunWork,
  session: NodeSession,
  proxy: ProxyFacts | undefined,
): Promise<{ artifacts: BackupArtifacts; scriptMs: number }> {
  const { plan, cluster } = work;
  await recordStep(work, 'running-script');
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
  await session.tidy(plan.directory);
  return { artifacts: judged.artifacts, scriptMs: result.durationMs };
}

/** The backup is whole already: a pod that cannot be removed is named in the report, not made into a failure. */
async function closeQuietly(work: RunWork, session: NodeSession): Promise<string | undefined> {
  try {
    await session.close();
    return undefined;
  } catch (error) {
    work.deps.log.warn({ run: work.claim.run.id, pod: session.pod, err: error }, 'session pod not removed');
    return session.pod;
  }
}
