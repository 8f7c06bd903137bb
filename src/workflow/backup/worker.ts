import type { WorkflowDeps } from '../ports/deps.ts';
import type { Claim } from '../ports/records.ts';
import { createWakeUp } from '../ports/wake-up.ts';
import { wallTimeOf } from '../ports/wall-time.ts';
import { HandoverError, workOnRun } from './work-on-run.ts';

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
   * node goes on there, the record says how far it came, another process resumes it.
   */
  stop(graceMs: number): Promise<void>;
  /** Ends the grace now. */
  handOver(): void;
}

export function createWorker(deps: WorkflowDeps, options: WorkerOptions): Worker {
  const stopping = new AbortController();
  const handingOver = new AbortController();
  const wakeUp = createWakeUp(deps.clock);
  const active = createActiveRuns(deps, options, handingOver.signal, wakeUp.wake);
  let loop: Promise<void> | undefined;
  let turnedAt: number | undefined;

  async function rounds(): Promise<void> {
    const claimOne = createClaimer(deps, options, active);
    while (!stopping.signal.aborted) {
      turnedAt = deps.clock.monotonic();
      const woken = wakeUp.next();
      const took = active.size() < options.concurrency && (await claimOne());
      if (!took) await wakeUp.wait(woken, options.idleMs, stopping.signal);
    }
    await active.ended();
  }

  return {
    start() {
      loop ??= rounds();
    },
    wake: wakeUp.wake,
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

/** The runs that this process works on at this moment: never taken a second time, whatever the leases say. */
function createActiveRuns(
  deps: WorkflowDeps,
  options: WorkerOptions,
  handingOver: AbortSignal,
  freed: () => void,
) {
  const busy = new Map<string, Promise<void>>();
  /** Runs that this process has had in hand since its start: going on with one of them is no restart. */
  const known = new Set<string>();
  return {
    size: () => busy.size,
    ids: () => [...busy.keys()],
    begin(claim: Claim): void {
      const { id } = claim.run;
      const goesOnHere = known.has(id);
      known.add(id);
      const work = workOnRun(deps, options, { claim, goesOnHere }, handingOver).finally(() => {
        busy.delete(id);
        freed();
      });
      busy.set(id, work);
    },
    ended: () => Promise.all(busy.values()),
  };
}

/** Claims the next due run and begins to work on it. False: there is none, or the records do not answer. */
function createClaimer(
  deps: WorkflowDeps,
  { owner, leaseMs, concurrency }: WorkerOptions,
  active: ReturnType<typeof createActiveRuns>,
): () => Promise<boolean> {
  const openToAll = concurrency - Math.floor(concurrency / 4);
  let lastError: string | undefined;
  return async () => {
    try {
      const forPeople = active.size() >= openToAll;
      const times = { now: deps.clock.now(), monotonic: deps.clock.monotonic() };
      const working = active.ids();
      const claim = await deps.records.claim({ owner, ...times, leaseMs, forPeople, working });
      lastError = undefined;
      if (claim) active.begin(claim);
      return claim !== undefined;
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      // Once for as long as it stays the same: it is asked every second.
      if (said !== lastError) deps.log.error({ err: error }, 'records did not give out work; trying again');
      lastError = said;
      return false;
    }
  };
}
