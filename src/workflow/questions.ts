import type { ClusterFacts } from '../domain/facts.ts';
import { blockers } from '../domain/finding.ts';
import { nodesOnOffer } from '../domain/node-choice.ts';
import type { ClusterPolicy, PersonMapping } from '../domain/policy.ts';
import { type Preflight, preflight } from '../domain/preflight/preflight.ts';
import { isActive } from '../domain/run.ts';
import { admit, meantCluster, wrongChannel } from './admission.ts';
import type {
  Asked,
  AuditAnswer,
  CheckAnswer,
  ClusterQuestion,
  NodeProposal,
  NotAllowed,
  RunAnswer,
  RunsAnswer,
} from './backups.ts';
import type { WorkflowDeps } from './deps.ts';
import { hidden, noSuchRun } from './no-such-run.ts';

const shownRuns = 20;

/** Preflight alone: reads the cluster, changes nothing. */
export async function checkCluster(
  deps: WorkflowDeps,
  asked: Asked,
  input: { cluster: string | undefined; node: string | undefined },
): Promise<CheckAnswer> {
  const seen = await lookAt(deps, asked, input);
  if ('outcome' in seen) return seen;
  const { cluster, facts, findings, plan } = seen;
  return {
    outcome: 'checked',
    cluster: cluster.name,
    version: facts.version.ok ? facts.version.value.desiredVersion : undefined,
    node: plan?.node,
    findings,
  };
}

/** The nodes that a request could name, and the one that preflight chooses when it names none. */
export async function proposeNode(
  deps: WorkflowDeps,
  asked: Asked,
  input: { cluster: string },
): Promise<NodeProposal> {
  const seen = await lookAt(deps, asked, { ...input, node: undefined });
  if ('outcome' in seen) return seen;
  const { facts, findings } = seen;
  const cluster = seen.cluster.name;
  if (!facts.nodes.ok) return { outcome: 'nodes-unreadable', cluster, why: facts.nodes.why };
  const { fit, unfit } = nodesOnOffer(
    facts.nodes.value,
    facts.etcdPods.ok ? facts.etcdPods.value : undefined,
  );
  const choice = findings.find((each) => each.code === 'node.chosen')?.params;
  return {
    outcome: 'proposed',
    cluster,
    chosen: choice && { node: choice.node, because: choice.because === 'only' ? 'only' : 'first-fit' },
    fit: fit.map(({ name, cordoned }) => ({ node: name, cordoned })),
    unfit,
    blockers: blockers(findings).filter((each) => each.code !== 'node.none-fit'),
  };
}

type Seen = Preflight & { readonly cluster: ClusterPolicy; readonly facts: ClusterFacts };

/** Preflight for the cluster that is meant, if this person may ask about it here. */
async function lookAt(
  deps: WorkflowDeps,
  asked: Asked,
  input: { cluster: string | undefined; node: string | undefined },
): Promise<Seen | NotAllowed | ClusterQuestion> {
  const admitted = await admit(deps, asked);
  if (!admitted.ok) return admitted.answer;
  const meant = meantCluster(deps.fleet, input.cluster, asked.channel);
  if ('question' in meant) return meant.question;
  const elsewhere = wrongChannel(meant.cluster, asked.channel);
  if (elsewhere) return elsewhere;
  return readPreflight(deps, meant.cluster, admitted.value, input.node);
}

async function readPreflight(
  deps: WorkflowDeps,
  cluster: ClusterPolicy,
  person: PersonMapping,
  nodeWanted: string | undefined,
): Promise<Seen> {
  const [facts, clusterAdmin] = await Promise.all([
    deps.clusters.facts(cluster),
    deps.clusters.clusterAdmin(cluster, person),
  ]);
  const requester = { clusterUser: person.clusterUser, clusterAdmin };
  const decided = preflight(facts, { policy: cluster, nodeWanted, requester, now: deps.clock.now() });
  return { ...decided, cluster, facts };
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
  if (!run) return noSuchRun(deps, asked, input.runId);
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
