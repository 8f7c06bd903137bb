import type { ClusterFacts } from '../../domain/cluster/facts.ts';
import { type ClusterNote, clusterNote } from '../../domain/fleet/board.ts';
import { elsewhereOf } from '../../domain/policy/elsewhere.ts';
import type { ClusterPolicy, PersonMapping } from '../../domain/policy/policy.ts';
import { blockers } from '../../domain/preflight/finding.ts';
import { nodesOnOffer } from '../../domain/preflight/node-choice.ts';
import { type Preflight, preflight } from '../../domain/preflight/preflight.ts';
import { type BackupRun, isActive } from '../../domain/run/run.ts';
import { clustersHere } from '../access/asked-cluster.ts';
import { hidden, mayActOnRun } from '../access/asked-run.ts';
import { mayAct, mayActOn } from '../access/authorization.ts';
import type {
  Asked,
  AuditAnswer,
  CheckAnswer,
  ClusterQuestion,
  NodeProposal,
  NotAllowed,
  RunAnswer,
  RunsAnswer,
} from '../access/backups.ts';
import { rememberedWatch } from '../access/remembered-watch.ts';
import { besideFacts } from '../approval/preflight-context.ts';
import type { WorkflowDeps } from '../ports/deps.ts';

const shownRuns = 20;

/** Preflight alone: reads the cluster and where its files go, changes nothing there. */
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
    ...(input.node === undefined ? {} : { nodeWanted: input.node }),
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
  const access = await mayActOn(deps, 'read', asked, input.cluster);
  return access.ok ? readPreflight(deps, access.cluster, access.person, input.node) : access.answer;
}

async function readPreflight(
  deps: WorkflowDeps,
  cluster: ClusterPolicy,
  person: PersonMapping,
  nodeWanted: string | undefined,
): Promise<Seen> {
  const [facts, clusterAdmin, beside] = await Promise.all([
    deps.clusters.facts(cluster),
    deps.clusters.clusterAdmin(cluster, person),
    besideFacts(deps, cluster),
  ]);
  const requester = { clusterUser: person.clusterUser, clusterAdmin };
  const now = deps.clock.now();
  const decided = preflight(facts, { policy: cluster, nodeWanted, requester, now, ...beside });
  return { ...decided, cluster, facts };
}

/** Runs that are not over, or the newest of one cluster. */
export function listActive(
  deps: WorkflowDeps,
  asked: Asked,
  { cluster }: { cluster: string | undefined },
): Promise<RunsAnswer> {
  return listRuns(deps, asked, { cluster, which: 'active-or-newest' });
}

export function listSucceeded(
  deps: WorkflowDeps,
  asked: Asked,
  { cluster }: { cluster: string | undefined },
): Promise<RunsAnswer> {
  return listRuns(deps, asked, { cluster, which: 'succeeded' });
}

async function listRuns(
  deps: WorkflowDeps,
  asked: Asked,
  input: { cluster: string | undefined; which: 'active-or-newest' | 'succeeded' },
): Promise<RunsAnswer> {
  if (input.cluster === undefined) {
    const access = await mayAct(deps, 'read', asked);
    if (!access.ok) return access.answer;
    const filter = input.which === 'succeeded' ? { succeeded: true } : { active: true };
    const runs = await newestVisible(deps, asked, filter);
    const here = input.which === 'succeeded' ? clustersHere(deps.fleet, asked.channel) : [];
    const notes = await visibleNotes(deps, asked);
    return { outcome: 'runs', cluster: undefined, runs, notes, ...(await elsewhereAmong(deps, here)) };
  }
  const access = await mayActOn(deps, 'read', asked, input.cluster);
  if (!access.ok) return access.answer;
  const cluster = access.cluster.name;
  const runs = await deps.records.runs({
    cluster,
    ...(input.which === 'succeeded' ? { succeeded: true } : {}),
    limit: shownRuns,
  });
  const asks = input.which === 'succeeded' ? [access.cluster] : [];
  const note = clusterNote(cluster, await rememberedWatch(deps, cluster), deps.clock.now());
  const notes = note ? [note] : [];
  return { outcome: 'runs', cluster, runs, notes, ...(await elsewhereAmong(deps, asks)) };
}

/** Those that this bot does not back up: an empty list of theirs would read as if they had no backup. */
async function elsewhereAmong(
  deps: WorkflowDeps,
  clusters: readonly ClusterPolicy[],
): Promise<Pick<Extract<RunsAnswer, { outcome: 'runs' }>, 'elsewhere'>> {
  if (clusters.length === 0) return {};
  const records = await deps.records.fleet({ now: deps.clock.now() });
  const watches = new Map(records.map(({ cluster, watch }) => [cluster, watch]));
  const found = clusters.flatMap((policy) => {
    const elsewhere = elsewhereOf(policy, watches.get(policy.name)?.topology);
    return elsewhere ? [{ cluster: policy.name, elsewhere }] : [];
  });
  return found.length === 0 ? {} : { elsewhere: found };
}

async function visibleNotes(deps: WorkflowDeps, asked: Asked): Promise<readonly ClusterNote[]> {
  const now = deps.clock.now();
  const fleet = await deps.records.fleet({ now });
  return fleet
    .filter(({ cluster }) => !hidden(deps, cluster, asked))
    .flatMap(({ cluster, watch }) => clusterNote(cluster, watch, now) ?? []);
}

/** The newest that may be seen from here, however many of other channels are newer. */
async function newestVisible(
  deps: WorkflowDeps,
  asked: Asked,
  filter: { succeeded?: boolean; active?: boolean },
): Promise<readonly BackupRun[]> {
  for (let limit = shownRuns; ; limit *= 8) {
    const runs = await deps.records.runs({ ...filter, limit });
    const visible = runs.filter((run) => !hidden(deps, run.cluster, asked));
    if (visible.length >= shownRuns || runs.length < limit) return visible.slice(0, shownRuns);
  }
}

export async function showRun(
  deps: WorkflowDeps,
  asked: Asked,
  input: { runId: string },
): Promise<RunAnswer> {
  const access = await mayActOnRun(deps, 'read', asked, input.runId);
  return access.ok ? { outcome: 'run', run: access.run } : access.answer;
}

/** The run's whole record, its hash chain checked. */
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
