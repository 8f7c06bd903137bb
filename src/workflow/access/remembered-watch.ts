import type { ClusterWatch } from '../../domain/watch/cluster-watch.ts';
import type { WorkflowDeps } from '../ports/deps.ts';

type Deps = Pick<WorkflowDeps, 'records' | 'clock' | 'log'>;

/** What is remembered of the cluster; an unreadable record blocks neither a backup nor a list. */
export async function rememberedWatch(deps: Deps, cluster: string): Promise<ClusterWatch | undefined> {
  try {
    return await deps.records.watch(cluster);
  } catch (error) {
    deps.log.error({ cluster, err: error }, 'what is remembered of the cluster could not be read');
    return undefined;
  }
}
