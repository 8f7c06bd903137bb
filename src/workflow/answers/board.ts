import { boardRow, sortByNeed } from '../../domain/fleet/board.ts';
import { clustersHere } from '../access/asked-cluster.ts';
import { mayAct } from '../access/authorization.ts';
import type { Asked, BoardAnswer } from '../access/backups.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import type { FleetRecord } from '../ports/records.ts';

/** The fleet as on record, worst first. `channel: ''`: App Home, which belongs to the person alone: all clusters. */
export async function showBoard(deps: WorkflowDeps, asked: Asked): Promise<BoardAnswer> {
  const access = await mayAct(deps, 'read', asked);
  if (!access.ok) return access.answer;
  const policies = asked.channel === '' ? deps.fleet.clusters : clustersHere(deps.fleet, asked.channel);
  const now = deps.clock.now();
  const records = new Map((await deps.records.fleet({ now })).map((each) => [each.cluster, each]));
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
