import { allProven, isLeaving, nextTry } from '../../domain/copies/file-copy.ts';
import type { RetentionStop } from '../../domain/copies/retention-stop.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { isMarkedOtherwise, isPublished } from '../../domain/restore/manifest-facts.ts';
import type { BackupRun, RunSuccess } from '../../domain/run/run.ts';
import { releasePosition } from '../../domain/watch/release-position.ts';
import { auditEvent } from '../ports/audit-events.ts';
import type { OffCluster } from '../ports/copy-ports.ts';
import { StorageError } from '../ports/destination.ts';
import type { RunWork } from '../ports/run-work.ts';
import { withClusterLock } from './cluster-lock.ts';
import { prunePlans } from './prune.ts';
import { republish } from './publish-documents.ts';
import { mayRemoveAt } from './removal-gate.ts';
import { beingRemoved, callOff, recordRemoval, removeCopies, type Victim } from './remove-copies.ts';
import { recordStop } from './retention-stop.ts';

/**
 * Removing old backups at the destinations is due after a success whose copies are all proven, and only then: on record together
 * with it. While the run's drill is still to come nothing is removed there: it may show that this backup counts for nothing. Older
 * directories on the node go before the drill (`pruneNode`); their backups lie at the destinations.
 */
export function withRetentionDue(
  success: RunSuccess,
  cluster: Pick<ClusterPolicy, 'retention'> | undefined,
): RunSuccess {
  if (!cluster?.retention || success.drillWait || !allProven(success.copies ?? [])) return success;
  // At once, whatever a clock says by then.
  return { ...success, retention: { ...success.retention, dueAt: 0, tries: 0 } };
}

/**
 * One round after a run that succeeded: removes what no rule of any destination wants any more, one backup after the other.
 * Each removal is on record before it is done, and after it; who is cut off goes on where the record says. What blocks
 * it ends the round for that place, is tried again in rarer rounds, and in the end left to the round of the next run.
 */
export async function workOnRetention(work: RunWork, off: OffCluster | undefined): Promise<void> {
  const { fleet } = work.deps;
  const stop = off ? await withClusterLock(fleet, work.cluster.name, () => oneRound(work, off)) : undefined;
  if (stop) return recordStop(work, stop, nextTry(work.claim.run.success?.retention?.tries ?? 0, stop.at));
  await work.deps.records.advance(work.claim, ({ success }) => ({
    set: { success: success && { ...success, retention: { dueAt: undefined, tries: 0 } } },
    audit: [],
    notices: [],
  }));
}

interface Round {
  readonly work: RunWork;
  readonly off: OffCluster;
  /** Places at which nothing more is done in this round. */
  readonly closed: Map<string, RetentionStop>;
  /** Those of them that were not the known place, or did not answer, before anything was tried. */
  readonly away: Set<string>;
  /** Backups that stay at a place although no rule wants them: `<run> <destination>`. */
  readonly staying: Set<string>;
  /** Removals that were put on record by this very round and not tried yet, named alike. */
  readonly untried: Set<string>;
  readonly refused: Map<string, string[]>;
  /** Counts the steps, to name each on record once. */
  turn: number;
}

async function oneRound(work: RunWork, off: OffCluster): Promise<RetentionStop | undefined> {
  work.signal.throwIfAborted();
  const round: Round = {
    work,
    off,
    closed: new Map(),
    away: new Set(),
    staying: new Set(),
    untried: new Set(),
    refused: new Map(),
    turn: 0,
  };
  while (await oneStep(round)) work.signal.throwIfAborted();
  for (const [destination, stays] of round.refused) {
    await say(work, destination, { refused: stays.join('; ') });
  }
  await republishRemoved(work, off);
  return [...round.closed.values()][0];
}

type Step = Victim & { readonly kind: 'intend' | 'remove' | 'call-off'; readonly all: readonly string[] };

/** Reads the record again for each step: between two of them a backup may have been disproved, or a run may have failed. */
async function oneStep(round: Round): Promise<boolean> {
  const { work, closed } = round;
  const { deps, cluster, claim } = work;
  const step = await nextStep(round);
  if (!step) return false;
  const { destination } = step;
  round.turn += 1;
  const gate = await mayRemoveAt(deps, cluster, claim.run, destination);
  if (!gate.ok) {
    closed.set(destination, gate.why);
    if (gate.why.kind === 'place') round.away.add(destination);
    return true;
  }
  try {
    await take(round, step);
  } catch (error) {
    work.signal.throwIfAborted();
    if (!(error instanceof StorageError)) throw error;
    const stop = { kind: 'place', destination, detail: error.message.slice(0, 500) } as const;
    closed.set(destination, { ...stop, at: deps.clock.now() });
  }
  return true;
}

async function take(round: Round, step: Step): Promise<void> {
  const { work, off, untried, staying } = round;
  const { run, destination } = step;
  const name = nameOf(step);
  const turn = String(round.turn);
  if (step.kind === 'intend') {
    // On record already, and still nothing to remove: some other word on the backup is in the way.
    if (untried.has(name)) return void staying.add(name);
    await say(work, destination, { willRemove: step.all.join(', ') });
    if (await recordRemoval(work, step, turn)) untried.add(name);
    else staying.add(name);
    return;
  }
  const place = off.destinations.get(destination);
  if (step.kind === 'call-off') return callOff(work, place, step, turn);
  const first = untried.delete(name);
  const stays = await removeCopies(work, place, step, { first, turn });
  if (stays.length === 0) return;
  staying.add(name);
  round.refused.set(destination, [...(round.refused.get(destination) ?? []), ...stays]);
  work.deps.log.warn({ run: run.id, destination, stays }, 'retention could not remove all of a backup');
}

function nameOf({ run, destination }: Victim): string {
  return `${run.id} ${destination}`;
}

/** Removals that are on record come first, so that nothing else is removed while it is open what is there. */
async function nextStep({ work, off, closed, away, staying }: Round): Promise<Step | undefined> {
  const { runs, policies, facts } = await readRuns(work);
  const open = policies.flatMap(([destination]) => (closed.has(destination) ? [] : [destination]));
  // Also where the configuration has no rules any more: there they are called off.
  const begun = removalsOnRecord(runs).filter((destination) => isConfigured(off, destination));
  for (const destination of begun.filter((each) => !closed.has(each))) {
    const run = runs.findLast((each) => beingRemoved({ run: each, destination }).length > 0);
    if (!run) continue;
    const wanted = runs.map((each) => (each === run ? asBefore(each) : each));
    const plan = prunePlans(wanted, Object.fromEntries(policies), facts).find(
      (each) => each.destination === destination,
    );
    const goes = plan?.delete.some(({ id }) => id === run.id) ?? false;
    return { kind: goes ? 'remove' : 'call-off', run, destination, all: [run.id] };
  }
  // A removal that could not be ended leaves open what is there. Where its place is away, or left the configuration, that may last:
  // its copies count as no backup meanwhile, and stop nothing else.
  if (begun.some((destination) => !away.has(destination))) return undefined;
  for (const plan of prunePlans(runs, Object.fromEntries(policies), facts)) {
    const { destination } = plan;
    const run = plan.delete.findLast((each) => !staying.has(nameOf({ run: each, destination })));
    if (run && open.includes(destination)) {
      return { kind: 'intend', run, destination, all: plan.delete.map(({ id }) => id) };
    }
  }
  return undefined;
}

/** Destinations with a removal that is on record and has not ended. */
function removalsOnRecord(runs: readonly BackupRun[]): readonly string[] {
  const copies = runs.flatMap(({ success }) => success?.copies ?? []);
  return [...new Set(copies.flatMap(({ removing, destination }) => (removing ? [destination] : [])))];
}

function isConfigured({ destinations }: OffCluster, destination: string): boolean {
  try {
    destinations.get(destination);
    return true;
  } catch (error) {
    if (error instanceof StorageError) return false;
    throw error;
  }
}

/** As if the removals that are on record were called off. */
function asBefore(run: BackupRun): BackupRun {
  const copies = run.success?.copies?.map((copy) => {
    const { removing, ...rest } = copy;
    return removing ? { ...rest, provenAt: removing.provenAt } : copy;
  });
  return run.success && copies ? { ...run, success: { ...run.success, copies } } : run;
}

async function readRuns({ deps, claim, cluster }: RunWork) {
  const { records, clock } = deps;
  const [runs, newest, watch] = await Promise.all([
    records.runs({ cluster: cluster.name, succeeded: true, keeps: 'copies' }),
    records.runs({ cluster: cluster.name, active: false, limit: 1 }),
    records.watch(cluster.name),
  ]);
  const place = watch && releasePosition(watch);
  const seen = place?.kind === 'on' ? place.release.version : undefined;
  const planned = runs.find(({ abandoned }) => !abandoned)?.plan?.zStream;
  const facts = {
    // Where the watch and the newest run do not agree, the newest of each z-stream is kept.
    presentZStream: place === undefined || seen === planned ? planned : undefined,
    now: clock.now(),
    // A newer run may have failed meanwhile: then nothing is deleted.
    failedRun: newest.find(({ status }) => status === 'failed')?.id,
    runAtHand: claim.run.id,
  };
  return { runs, facts, policies: Object.entries(cluster.retention ?? {}) };
}

/** Where another place still holds a file of a backup, its documents must not promise what is gone. Best effort. */
async function republishRemoved(work: RunWork, off: OffCluster): Promise<void> {
  const { deps, claim, cluster } = work;
  for (const run of await deps.records.runs({ cluster: cluster.name, keeps: 'copies' })) {
    if (isPublished(run) || !(run.success?.copies?.some(isLeaving) || isMarkedOtherwise(run))) continue;
    const deliveryId = `manifest:${claim.run.id}:${claim.fence}:${run.id}`;
    await republish(work, off, { runId: run.id, deliveryId }, () => []);
  }
}

/** Not by the claim: a worker that takes the work up again does not repeat it. */
async function say(
  { deps, claim }: RunWork,
  destination: string,
  detail: Readonly<Partial<Record<'willRemove' | 'refused', string>>>,
): Promise<void> {
  const now = deps.clock.now();
  const event = auditEvent(now, 'bot', 'pruned', { destination, ...detail });
  await deps.records.decide({
    runId: claim.run.id,
    deliveryId: `prune:${claim.run.id}:${destination}:${Object.keys(detail)}`,
    now,
    decision: () => ({
      set: {},
      audit: [event],
      notices: [{ kind: 'thread', entry: { type: 'audit', event } }],
    }),
  });
  deps.wake();
}
