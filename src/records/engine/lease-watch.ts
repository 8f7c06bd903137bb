import type { Selectable } from 'kysely';
import type { RunsTable } from './schema.ts';

/** What is looked at of a run that a worker holds. */
export type HeldRun = Pick<Selectable<RunsTable>, 'id' | 'fence' | 'beat' | 'lease_ms'>;

/**
 * Which holders are dead: those whose heartbeat stayed the same for their whole lease, as this process saw it by its own
 * monotonic clock. No clock of another machine counts, and no clock that can be set.
 */
export interface LeaseWatch {
  /**
   * One look at all runs that are held. `monotonic`: ms of the caller's monotonic clock. `leaseMs`: for rows that say none.
   * Returns those whose lease ran out. A gap between two looks counts for half a lease at most: while this process was
   * stopped itself it saw nothing of the others.
   */
  ranOut(held: readonly HeldRun[], monotonic: number, leaseMs: number): readonly HeldRun[];
}

interface Seen extends HeldRun {
  readonly lookedAt: number;
  readonly quietMs: number;
}

export function createLeaseWatch(): LeaseWatch {
  let seen = new Map<string, Seen>();
  return {
    ranOut(held, monotonic, leaseMs) {
      const looked = held.map((run) => look(run, seen.get(run.id), monotonic, leaseMs));
      seen = new Map(looked.map((each) => [each.id, each]));
      return looked.filter(({ quietMs, lease_ms }) => quietMs >= (lease_ms ?? leaseMs));
    },
  };
}

function look(run: HeldRun, before: Seen | undefined, monotonic: number, leaseMs: number): Seen {
  const quiet = before !== undefined && before.fence === run.fence && before.beat === run.beat;
  if (!quiet) return { ...run, lookedAt: monotonic, quietMs: 0 };
  const gapMs = Math.max(0, monotonic - before.lookedAt);
  return {
    ...run,
    lookedAt: monotonic,
    quietMs: before.quietMs + Math.min(gapMs, (run.lease_ms ?? leaseMs) / 2),
  };
}
