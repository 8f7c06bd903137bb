import { allProven } from '../../domain/file-copy.ts';
import { type BackupRun, isActive } from '../../domain/run.ts';
import type { Asked, Backups, RunsAnswer } from '../../workflow/backups.ts';
import type { Fleet } from '../../workflow/ports.ts';
import type { FleetRow } from '../messages/index.ts';

type Glance =
  | { readonly rows: readonly FleetRow[] }
  | { readonly refusal: Exclude<RunsAnswer, { outcome: 'runs' }> };

/** All clusters that this person may ask about from this channel; a refusal when they may not ask at all. */
export async function fleetAtAGlance(backups: Backups, fleet: Fleet, asked: Asked): Promise<Glance> {
  const all = await backups.status(asked, { cluster: undefined });
  if (all.outcome !== 'runs') return { refusal: all };
  const rows: FleetRow[] = [];
  for (const { name: cluster } of fleet.clusters) {
    const [recent, proven] = await Promise.all([
      backups.status(asked, { cluster }),
      backups.list(asked, { cluster }),
    ]);
    // Not for this channel: the others are still worth showing.
    if (recent.outcome !== 'runs' || proven.outcome !== 'runs') continue;
    rows.push({
      cluster,
      newest: proven.runs.find(isWholeBackup) ?? proven.runs[0],
      active: recent.runs.find((run) => isActive(run.status)),
    });
  }
  return { rows };
}

/** Where nothing is to leave the cluster, proven on the node is all that there is. */
function isWholeBackup({ success }: BackupRun): boolean {
  const copies = success?.copies ?? [];
  return copies.length === 0 || allProven(copies);
}
