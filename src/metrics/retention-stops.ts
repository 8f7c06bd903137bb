import { retentionStopOf } from '../workflow/copies/stop-in-force.ts';
import type { Log } from '../workflow/ports/ports.ts';
import type { Records } from '../workflow/ports/records.ts';

/** Clusters by name: whether something keeps their old backups from being removed. One whose runs cannot be read is left out. */
export async function retentionStops(
  { records, log }: { readonly records: Pick<Records, 'runs'>; readonly log: Pick<Log, 'warn'> },
  clusters: readonly string[],
): Promise<ReadonlyMap<string, boolean>> {
  const found = await Promise.all(
    clusters.map(async (cluster) => {
      try {
        return [[cluster, (await retentionStopOf({ records }, cluster)) !== undefined]] as const;
      } catch (err) {
        log.warn({ cluster, err }, 'whether old backups are removed could not be read for metrics');
        return [];
      }
    }),
  );
  return new Map(found.flat());
}
