import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { evaluateRequest } from '../approval/evaluate-request.ts';
import { reviewVotes } from '../approval/review-votes.ts';
import { auditEvent } from '../ports/audit-events.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import { patientRecords } from '../ports/patient-records.ts';
import { type Claim, ClaimLostError, RecordsUnavailableError } from '../ports/records.ts';
import { wallTimeOf } from '../ports/wall-time.ts';
import { failUnexpectedly } from './finish-run.ts';
import { forgetLeftBehind, removeLeftBehind } from './left-behind.ts';
import { runBackup } from './run-backup.ts';
import { workOnEnded } from './work-on-ended.ts';

export interface WorkerOptions {
  /** Names this process in the records; unique per process start. */
  readonly owner: string;
  readonly leaseMs: number;
  /** How often to look without being woken: expiry, work left by others. */
  readonly idleMs: number;
  /** Runs worked on side by side, each of another cluster. A quarter of the places is kept for what people wait for. */
  readonly concurrency: number;
}

/** Takes due runs from the records and works on them until stopped. One per process. */
export interface Worker {
  start(): void;
  wake(): void;
  /** ms UTC at which the loop last looked for work; undefined: not started. It looks every `idleMs` at least. */
  lastTurn(): number | undefined;
  /**
   * Takes nothing new, waits `graceMs` for the work under way, and hands over what has not ended by then: what runs on the
   * node goes on there, the record says how far it came, another process takes it up.
   */
  stop(graceMs: number): Promise<void>;
  /** Ends the grace now. */
  handOver(): void;
}

export function createWorker(deps: WorkflowDeps, options: WorkerOptions): Worker {
  const openToAll = options.concurrency - Math.floor(options.concurrency / 4);
  const stopping = new AbortController();
  const handingOver = new AbortController();
  const busy = new Set<Promise<void>>();
  /** Runs that are worked on here at this moment: never taken a second time, whatever their leases say. */
  const working = new Set<string>();
  /** Runs that this process has had in hand since its start: going on with one of them is no restart. */
  const known = new Set<string>();
  let bell = Promise.withResolvers<void>();
  let loop: Promise<void> | undefined;
  let turnedAt: number | undefined;
  let trouble: string | undefined;

  async function rounds(): Promise<void> {
    while (!stopping.signal.aborted) {
      turnedAt = deps.clock.monotonic();
      bell = Promise.withResolvers();
      const rung = bell.promise;
      const took = busy.size < options.concurrency && (await takeOne());
      if (!took) await idle(rung);
    }
    await Promise.all(busy);
  }

  async function takeOne(): Promise<boolean> {
    try {
      const forPeople = busy.size >= openToAll;
      const { owner, leaseMs } = options;
      const times = { now: deps.clock.now(), monotonic: deps.clock.monotonic() };
      const claim = await deps.records.claim({ owner, ...times, leaseMs, forPeople, working: [...working] });
      trouble = undefined;
      if (!claim) return false;
      const runId = claim.run.id;
      const taken = { claim, goesOnHere: known.has(runId) };
      known.add(runId);
      working.add(runId);
      const work = workOn(deps, options, taken, handingOver.signal).finally(() => {
        working.delete(runId);
        busy.delete(work);
        bell.resolve();
      });
      busy.add(work);
      return true;
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      // Once for as long as it stays the same: it is asked every second.
      if (said !== trouble) deps.log.error({ err: error }, 'records did not give out work; trying again');
      trouble = said;
      return false;
    }
  }

  async function idle(rung: Promise<void>): Promise<void> {
    const timer = new AbortController();
    await Promise.race([
      rung,
      deps.clock.sleep(options.idleMs, AbortSignal.any([stopping.signal, timer.signal])),
    ]);
    timer.abort();
  }

  return {
    start() {
      loop ??= rounds();
    },
    wake() {
      bell.resolve();
    },
    lastTurn: () => (turnedAt === undefined ? undefined : wallTimeOf(deps.clock, turnedAt)),
    handOver() {
      handingOver.abort(new HandoverError());
    },
    async stop(graceMs) {
      stopping.abort();
      const grace = new AbortController();
      const timer = deps.clock
        .sleep(graceMs, grace.signal)
        .then(() => handingOver.abort(new HandoverError()));
      // The loop ends when all work has.
      await loop;
      grace.abort();
      await timer;
    },
  };
}

/** The bot stops: work ends here, in order, and goes on elsewhere. */
class HandoverError extends Error {
  constructor() {
    super('the bot is stopping; the run is handed over');
    this.name = 'HandoverError';
  }
}

interface Taken {
  readonly claim: Claim;
  readonly goesOnHere: boolean;
}

async function workOn(
  parts: WorkflowDeps,
  options: WorkerOptions,
  { claim, goesOnHere }: Taken,
  handingOver: AbortSignal,
): Promise<void> {
  const lost = new AbortController();
  const renewal = keepClaim(parts, options, claim, lost);
  const deps = { ...parts, records: patientRecords(parts.records, parts) };
  try {
    const cluster = deps.fleet.cluster(claim.run.cluster);
    if (!cluster && claim.run.status === 'failed') return await forgetLeftBehind(deps, claim);
    if (!cluster)
      throw new Error(`cluster ${claim.run.cluster} of run ${claim.run.id} left the configuration`);
    const signal = AbortSignal.any([lost.signal, handingOver]);
    await nextWork(deps, { claim, goesOnHere }, cluster, signal);
    await deps.records.release(claim);
  } catch (error) {
    await standBack(deps, claim, error);
  } finally {
    renewal.stop();
    deps.wake();
  }
}

/**
 * Something that no step expected. The claim is not given back: the rest of its lease is the pause before the next try.
 * A run that may fail ends as failed, with the error in the log and one line on the card.
 */
async function standBack(deps: WorkflowDeps, claim: Claim, error: unknown): Promise<void> {
  if (error instanceof ClaimLostError) {
    deps.log.warn({ run: claim.run.id }, 'claim lost: the run is over or another worker goes on');
    return;
  }
  if (error instanceof HandoverError) return handOver(deps, claim);
  if (error instanceof RecordsUnavailableError) {
    // It says nothing about the run: the record holds, and the next worker goes on from there.
    deps.log.error(
      { run: claim.run.id, err: error },
      'the records do not answer; the run goes on when they do',
    );
    return;
  }
  deps.log.error({ run: claim.run.id, err: error }, 'unexpected error while working on the run');
  try {
    await failUnexpectedly(deps, claim, deps.fleet.cluster(claim.run.cluster), error);
  } catch (second) {
    deps.log.error(
      { run: claim.run.id, err: second },
      'the failure could not be recorded; the run is taken up again',
    );
  }
}

/** On record first, then free for the next process at once. */
async function handOver(deps: WorkflowDeps, claim: Claim): Promise<void> {
  const now = deps.clock.now();
  await deps.records.advance(claim, (run) => {
    const event = auditEvent(now, 'bot', 'handed-over', { step: run.step });
    const thread = { kind: 'thread', entry: { type: 'audit', event } } as const;
    // Before its first step nothing of the work was visible: there is nothing to say.
    return { set: {}, audit: [event], notices: run.step === undefined ? [] : [thread] };
  });
  await deps.records.release(claim);
  deps.log.info({ run: claim.run.id }, 'handed over in mid-run');
}

async function nextWork(
  deps: WorkflowDeps,
  { claim, goesOnHere }: Taken,
  cluster: ClusterPolicy,
  signal: AbortSignal,
): Promise<void> {
  const { run } = claim;
  if (run.status === 'requested') return evaluateRequest(deps, claim, cluster);
  if (run.status === 'waiting') return reviewVotes(deps, claim, cluster);
  if (!run.plan) throw new Error(`run ${run.id} is ${run.status} without a plan`);
  const work = { deps, claim, cluster, plan: run.plan, signal, goesOnHere };
  if (run.status === 'succeeded') return workOnEnded(work);
  if (run.status === 'failed') return removeLeftBehind(work);
  return runBackup(work);
}

/**
 * Gives heartbeats while the work goes on; `lost` is aborted when another process holds the run. Records that do not
 * answer for a moment are asked again: a lease that ends under running work would give the run to two processes. A
 * heartbeat that comes late (this process was stopped, its loop was blocked) finds the claim as it was, or lost.
 */
function keepClaim(deps: WorkflowDeps, options: WorkerOptions, claim: Claim, lost: AbortController) {
  const stopped = new AbortController();
  const renew = async () => {
    try {
      return await deps.records.renew(claim, { leaseMs: options.leaseMs });
    } catch (error) {
      deps.log.error({ run: claim.run.id, err: error }, 'lease not prolonged; trying again');
      return true;
    }
  };
  void (async () => {
    while (!stopped.signal.aborted) {
      await deps.clock.sleep(options.leaseMs / 3, stopped.signal);
      if (stopped.signal.aborted) return;
      if (!(await renew())) return lost.abort(new ClaimLostError(claim.run.id, claim.fence));
    }
  })();
  return { stop: () => stopped.abort() };
}
