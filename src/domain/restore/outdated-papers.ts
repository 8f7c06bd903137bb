import { isLeaving } from '../copies/file-copy.ts';
import { provenBackup } from '../run/proven-backup.ts';
import type { BackupRun } from '../run/run.ts';
import { editionOf } from './edition.ts';
import { manifestOf } from './manifest.ts';

/**
 * Runs whose RESTORE.md shows an earlier edition of the procedure than this program knows: of each z-stream of a cluster the
 * newest proven backup at each place, since that is what a person would take there. `runs`: of one cluster, the newest first.
 */
export function outdatedPapers(runs: readonly BackupRun[]): readonly BackupRun[] {
  const taken = new Set<string>();
  return runs.filter((run) => {
    const proven = provenBackup(run);
    if (proven?.place !== 'off-cluster' || !manifestOf(run)) return false;
    const places = (run.success?.copies ?? []).flatMap((copy) =>
      copy.provenAt !== undefined && !isLeaving(copy)
        ? [JSON.stringify([proven.clusterId, proven.zStream, copy.destination])]
        : [],
    );
    const isNewest = places.some((place) => !taken.has(place));
    for (const place of places) taken.add(place);
    return isNewest && (run.published?.edition ?? 0) < editionOf(proven.zStream).number;
  });
}
