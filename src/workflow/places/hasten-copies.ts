import type { FileCopy } from '../../domain/copies/file-copy.ts';
import { isLeaving } from '../../domain/copies/file-copy.ts';
import type { Fleet } from '../../domain/policy/policy.ts';
import { isOffNode, type RunSuccess } from '../../domain/run/run.ts';
import { clustersWith } from '../access/clusters-with.ts';
import type { Clock } from '../ports/ports.ts';
import type { Records } from '../ports/records.ts';

interface Deps {
  readonly records: Pick<Records, 'runs' | 'decide'>;
  readonly fleet: Pick<Fleet, 'clusters'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly wake: () => void;
}

/**
 * The place is the known one again: copies that it kept from being made are due now, not at the end of a pause of hours, and
 * also where no more tries were planned. Only while the files are on the node. Returns how many runs that were.
 */
export async function hastenCopies(deps: Deps, destination: string): Promise<number> {
  const { records, clock } = deps;
  let hastened = 0;
  for (const { name } of clustersWith(deps.fleet.clusters, destination)) {
    const runs = await records.runs({ cluster: name, succeeded: true, keeps: 'directory' });
    for (const run of runs) {
      if (!isHeldUp(run.success, destination)) continue;
      const now = clock.now();
      await records.decide({
        runId: run.id,
        deliveryId: `hasten:${run.id}:${destination}:${now}`,
        now,
        decision: ({ success }) => ({
          set: { success: success && dueNow(success, destination, now) },
          audit: [],
          notices: [{ kind: 'card' }],
        }),
      });
      hastened += 1;
    }
  }
  if (hastened > 0) deps.wake();
  return hastened;
}

function isHeldUp(success: RunSuccess | undefined, destination: string): boolean {
  return (
    success !== undefined &&
    !isOffNode(success) &&
    (success.copies ?? []).some((copy) => waits(copy, destination))
  );
}

function waits(copy: FileCopy, destination: string): boolean {
  return (
    copy.destination === destination &&
    copy.provenAt === undefined &&
    !isLeaving(copy) &&
    copy.failure?.kind === 'not-known-place'
  );
}

function dueNow(success: RunSuccess, destination: string, now: number): RunSuccess {
  const copies = (success.copies ?? []).map((copy) =>
    waits(copy, destination) ? { ...copy, nextTryAt: now } : copy,
  );
  return { ...success, copies };
}
