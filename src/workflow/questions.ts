import { preflight } from '../domain/preflight/preflight.ts';
import { isActive } from '../domain/run.ts';
import { admit, meantCluster, wrongChannel } from './admission.ts';
import type { Asked, AuditAnswer, CheckAnswer, RunAnswer, RunsAnswer } from './backups.ts';
import type { WorkflowDeps } from './deps.ts';

const shownRuns = 20;

/** Preflight alone: reads the cluster, changes nothing. */
export async function checkCluster(
  deps: WorkflowDeps,
  asked: Asked,
  input: { cluster: string | undefined; node: string | undefined },
): Promise<CheckAnswer> {
  const admitted = await admit(deps, asked);
  if (!admitted.ok) return admitted.answer;
  const meant = meantCluster(deps.fleet, input.cluster, asked.channel);
  if ('question' in meant) return meant.question;
  const elsewhere = wrongChannel(meant.cluster, asked.channel);
  if (elsewhere) return elsewhere;
  const person = admitted.value;
  const [facts, clusterAdmin] = await Promise.all([
    deps.clusters.facts(meant.cluster),
    deps.clusters.clusterAdmin(meant.cluster, person),
  ]);
  const { findings, plan } = preflight(facts, {
    policy: meant.cluster,
    nodeWanted: input.node,
    requester: { clusterUser: person.clusterUser, clusterAdmin },
    now: deps.clock.now(),
  });
  return {
    outcome: 'checked',
    cluster: meant.cluster.name,
    version: facts.version.ok ? facts.version.value.desiredVersion : undefined,
    node: plan?.node,
    findings,
  };
}

export async function listRuns(
  deps: WorkflowDeps,
  asked: Asked,
  input: { cluster: string | undefined; which: 'active-or-newest' | 'succeeded' },
): Promise<RunsAnswer> {
  const admitted = await admit(deps, asked);
  if (!admitted.ok) return admitted.answer;
  if (input.cluster === undefined) {
    const filter = input.which === 'succeeded' ? { succeeded: true } : { active: true };
    const runs = await deps.records.runs({ ...filter, limit: shownRuns });
    const visible = runs.filter((run) => !hidden(deps, run.cluster, asked));
    return { outcome: 'runs', cluster: undefined, runs: visible };
  }
  const meant = meantCluster(deps.fleet, input.cluster, asked.channel);
  if ('question' in meant) return meant.question;
  const elsewhere = wrongChannel(meant.cluster, asked.channel);
  if (elsewhere) return elsewhere;
  const cluster = meant.cluster.name;
  const runs = await deps.records.runs({
    cluster,
    ...(input.which === 'succeeded' ? { succeeded: true } : {}),
    limit: shownRuns,
  });
  return { outcome: 'runs', cluster, runs };
}

export async function showRun(
  deps: WorkflowDeps,
  asked: Asked,
  input: { runId: string },
): Promise<RunAnswer> {
  const admitted = await admit(deps, asked);
  if (!admitted.ok) return admitted.answer;
  const run = await deps.records.run(input.runId);
  if (!run) return { outcome: 'no-such-run', runId: input.runId };
  const cluster = deps.fleet.cluster(run.cluster);
  const elsewhere = cluster && wrongChannel(cluster, asked.channel);
  return elsewhere ?? { outcome: 'run', run };
}

export async function auditRun(
  deps: WorkflowDeps,
  asked: Asked,
  input: { runId: string },
): Promise<AuditAnswer> {
  const shown = await showRun(deps, asked, input);
  if (shown.outcome !== 'run') return shown;
  const { run } = shown;
  const { lines, chain } = await deps.records.auditTrail(run.id);
  return {
    outcome: 'audit',
    run,
    lines,
    brokenAt: chain.ok ? undefined : chain.brokenAt,
    endsAsTheRun: isActive(run.status) || lines.some((line) => line.action === run.status),
  };
}

function hidden(deps: WorkflowDeps, clusterName: string, asked: Asked): boolean {
  const cluster = deps.fleet.cluster(clusterName);
  return cluster !== undefined && wrongChannel(cluster, asked.channel) !== undefined;
}
