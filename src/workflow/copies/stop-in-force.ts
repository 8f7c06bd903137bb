import { type RetentionStop, stopInForce } from '../../domain/copies/retention-stop.ts';
import type { Records } from '../ports/records.ts';

/** More than can be under way for one cluster at once. */
const lookedAt = 5;

/** What keeps the cluster's old backups from being removed now, and the run whose round met it; undefined: nothing does. */
export async function retentionStopOf(
  { records }: { readonly records: Pick<Records, 'runs'> },
  cluster: string,
): Promise<{ readonly runId: string; readonly stop: RetentionStop } | undefined> {
  const runs = await records.runs({ cluster, succeeded: true, limit: lookedAt });
  const stop = stopInForce(runs.map(({ success }) => success?.retention));
  const run = stop && runs.find(({ success }) => success?.retention?.stopped === stop);
  return run && { runId: run.id, stop };
}
