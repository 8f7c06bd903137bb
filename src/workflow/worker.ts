import type { ClusterPolicy } from '../domain/policy.ts';
import { auditEvent } from './audit-events.ts';
import type { WorkflowDeps } from './deps.ts';
import { evaluateRequest } from './evaluate-request.ts';
import { failUnexpectedly } from './finish-run.ts';
import { type Claim, ClaimLostError } from './records.ts';
import { retryCopies } from './retry-copies.ts';
import { reviewVotes } from './review-votes.ts';
import { runBackup } from './run-backup.ts';

export interface WorkerOptions {
  /** Names this process in the records; unique per process start. */
  readonly owner: string;
  readonly leaseMs: number;
  /** How often to look when nobody wakes it: expiry, work left by others. */
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
   * node goes on there, the record says where it stands, another process takes it up.
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
  let bell = Promise.withResolvers<void>();
  let loop: Promise<void> | undefined;
  let turnedAt: number | undefined;

  async function rounds(): Promise<void> {
    while (!stopping.signal.aborted) {
      turnedAt = deps.clock.now();
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
      const input = { owner: options.owner, now: deps.clock.now(), leaseMs: options.leaseMs, forPeople };
      const claim = await deps.records.claim(input);
      if (!claim) return false;
      const work = workOn(deps, options, claim, handingOver.signal).finally(() => {
        busy.delete(work);
        bell.resolve();
      });
      busy.add(work);
      return true;
    } catch (error) {
      deps.log.error({ err: error }, 'records did not give out work; trying again');
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
    lastTurn: () => turnedAt,
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

async function workOn(
  deps: WorkflowDeps,
  options: WorkerOptions,
  claim: Claim,
  handingOver: AbortSignal,
): Promise<void> {
  const lost = new AbortController();
  const renewal = keepClaim(deps, options, claim, lost);
  try {
    const cluster = deps.fleet.cluster(claim.run.cluster);
    if (!cluster)
      throw new Error(`cluster ${claim.run.cluster} of run ${claim.run.id} left the configuration`);
    await nextWork(deps, claim, cluster, AbortSignal.any([lost.signal, handingOver]));
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
    // Before its first step nobody has seen anything of the work: there is nothing to say.
    return { set: {}, audit: [event], notices: run.step === undefined ? [] : [thread] };
  });
  await deps.records.release(claim);
  deps.log.info({ run: claim.run.id }, 'handed over in mid-run');
}

async function nextWork(
  deps: WorkflowDeps,
  claim: Claim,
  cluster: ClusterPolicy,
  signal: AbortSignal,
): Promise<void> {
  const { run } = claim;
  if (run.status === 'requested') return evaluateRequest(deps, claim, cluster);
  if (run.status === 'waiting') return reviewVotes(deps, claim, cluster);
  if (!run.plan) throw new Error(`run ${run.id} is ${run.status} without a plan`);
  const work = { deps, claim, cluster, plan: run.plan, signal };
  if (run.status === 'succeeded') return retryCopies(work, deps.offCluster);
  return runBackup(work);
}

/**
 * Prolongs the lease while the work goes on; `lost` is aborted when somebody else holds the run. Records that do not
 * answer for a moment are asked again: a lease that ends under running work would give the run to two workers.
 */
function keepClaim(deps: WorkflowDeps, options: WorkerOptions, claim: Claim, lost: AbortController) {
  const stopped = new AbortController();
  const renew = async () => {
    try {
      return await deps.records.renew(claim, { now: deps.clock.now(), leaseMs: options.leaseMs });
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
