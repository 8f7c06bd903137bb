import { activePause, openPause } from '../../domain/policy/pause.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import { seatOf } from '../ports/drill-seat.ts';
import type { WaitingChange } from './live-fleet.ts';

/** What a change of a cluster's configuration waits for. */
export type InTheWay = 'run' | 'copies' | 'drill' | 'restore-room' | 'pause';

/** As many backups are looked through for copies and drills that are still to come. */
const newest = 50;

type Deps = Pick<WorkflowDeps, 'records' | 'offCluster' | 'clock'>;

/**
 * A run keeps the policy that it was approved under, so a new one waits for its end; what still waits for approvals is asked again.
 * A cluster that is removed stays for all that people began there. undefined: nothing is in the way.
 */
export async function inTheWay(deps: Deps, { cluster, what }: WaitingChange): Promise<InTheWay | undefined> {
  const { records } = deps;
  const active = await records.runs({ cluster, active: true });
  const holding =
    what === 'removal'
      ? active
      : active.filter(({ status }) => status === 'approved' || status === 'running');
  if (holding.length > 0) return 'run';
  return what === 'removal' ? keepsCluster(deps, cluster) : undefined;
}

async function keepsCluster(
  { records, offCluster, clock }: Deps,
  cluster: string,
): Promise<InTheWay | undefined> {
  const drill = offCluster?.drill;
  if (drill && seatOf(drill).holder()?.cluster === cluster) return 'drill';
  const backups = await records.runs({ cluster, succeeded: true, limit: newest });
  if (backups.some(({ success }) => success?.drillWait !== undefined)) return 'drill';
  const isToCopy = backups.some(({ success }) =>
    success?.copies?.some(({ nextTryAt }) => nextTryAt !== undefined),
  );
  if (isToCopy) return 'copies';
  if ((await records.openRooms(cluster)).length > 0) return 'restore-room';
  const watch = await records.watch(cluster);
  return activePause(watch, clock.now()) || openPause(watch) ? 'pause' : undefined;
}
