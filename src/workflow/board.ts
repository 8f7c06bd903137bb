import { boardRow, sortByNeed } from '../domain/board.ts';
import { admit, clustersHere } from './admission.ts';
import type { Asked, BoardAnswer } from './backups.ts';
import type { WorkflowDeps } from './deps.ts';
import type { FleetRecord } from './records.ts';

/** The fleet as it stands on record, worst first. `channel: ''`: App Home, which belongs to the person alone: all clusters. */
export async function showBoard(deps: WorkflowDeps, asked: Asked): Promise<BoardAnswer> {
  const admitted = await admit(deps, asked);
  if (!admitted.ok) return admitted.answer;
  const policies = asked.channel === '' ? deps.fleet.clusters : clustersHere(deps.fleet, asked.channel);
  const records = new Map((await deps.records.fleet()).map((each) => [each.cluster, each]));
  const now = deps.clock.now();
  const rows = policies.map((policy) =>
    boardRow(records.get(policy.name) ?? unseen(policy.name), policy, now),
  );
  return { outcome: 'board', rows: sortByNeed(rows) };
}

/** Configured, but neither looked at nor backed up yet. */
function unseen(cluster: string): FleetRecord {
  return {
    cluster,
    watch: undefined,
    proven: [],
    active: undefined,
    lastFailure: undefined,
    lastDrill: undefined,
  };
}
