import { type DrillMeans, drillMeans } from '../../domain/drill/drill-tools.ts';
import { type EtcdMinor, minorOfRelease } from '../../domain/drill/etcd-minor.ts';
import { elsewhereOf } from '../../domain/policy/elsewhere.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { ClusterWatch } from '../../domain/watch/cluster-watch.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import type { Drill } from '../ports/drill-ports.ts';
import type { Records } from '../ports/records.ts';
import { neededMinor } from './drill-subject.ts';

/** Whether the drills that a cluster's policy wants can be made where the bot runs. */
export interface DrillReadiness {
  readonly cluster: string;
  /** etcd's minor release of the cluster; undefined: not known yet. */
  readonly needs: EtcdMinor | undefined;
  readonly means: DrillMeans;
}

/** By policy: a drill of each backup. Without copies there is nothing to drill. */
function wantsDrills({ drill, copies = [] }: ClusterPolicy): boolean {
  return drill === true && copies.length > 0;
}

/** Of those clusters that want drills, from the records alone. What others back up is not drilled here. */
export async function drillReadiness(
  {
    records,
    offCluster,
  }: Pick<WorkflowDeps, 'offCluster'> & {
    readonly records: Pick<Records, 'watch' | 'runs'>;
  },
  clusters: readonly ClusterPolicy[],
): Promise<readonly DrillReadiness[]> {
  const tools = offCluster?.drill?.tools;
  if (!tools) return [];
  const found = await Promise.all(
    clusters.filter(wantsDrills).map(async (policy) => {
      const watch = await records.watch(policy.name).catch(() => undefined);
      if (elsewhereOf(policy, watch?.topology)) return [];
      const needs = await minorOfCluster(records, policy.name, watch);
      return [{ cluster: policy.name, needs, means: drillMeans(tools, needs) }];
    }),
  );
  return found.flat();
}

/** What the cluster was last seen on, else what its newest backup was taken from. */
async function minorOfCluster(
  records: Pick<Records, 'runs'>,
  cluster: string,
  watch: ClusterWatch | undefined,
): Promise<EtcdMinor | undefined> {
  const seen = minorOfRelease(watch?.settled?.release.version);
  if (seen !== undefined) return seen;
  const [run] = await records.runs({ cluster, succeeded: true, limit: 1 });
  return run?.success && neededMinor({ run, success: run.success });
}

/** At the start: one warning for each set that cannot be used and for each cluster whose drills prove less than they should. */
export async function reportDrillTools(
  deps: Pick<WorkflowDeps, 'records' | 'offCluster' | 'fleet' | 'log'>,
): Promise<void> {
  const drill: Drill | undefined = deps.offCluster?.drill;
  if (!drill) return;
  const wanted = deps.fleet.clusters.some(wantsDrills);
  for (const { minor, kind, detail } of drill.tools.problems) {
    // Nothing was asked for where no cluster wants drills and no set is configured.
    if (wanted || minor !== undefined)
      deps.log.warn({ minor, kind }, `no restore drills with this set: ${detail}`);
  }
  try {
    for (const { cluster, needs, means } of await drillReadiness(deps, deps.fleet.clusters)) {
      if (means === 'own' || means === 'unknown') continue;
      const has = drill.tools.sets.map(({ minor }) => minor).join(', ') || 'none';
      const effect = means === 'none' ? 'no drill is made' : 'a drill that fails proves nothing';
      deps.log.warn(
        { cluster, needs, has },
        `restore drills of ${cluster} need programs of etcd ${needs ?? '?'}, found ${has}: ${effect}`,
      );
    }
  } catch (err) {
    deps.log.warn({ err }, 'which clusters can be drilled could not be read from the records');
  }
}
