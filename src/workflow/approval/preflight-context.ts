import { activePause } from '../../domain/policy/pause.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { PreflightContext } from '../../domain/preflight/preflight.ts';
import { rememberedWatch } from '../access/remembered-watch.ts';
import { placesNow } from '../places/places-in-trouble.ts';
import type { WorkflowDeps } from '../ports/deps.ts';

export type BesideFacts = Pick<PreflightContext, 'pause' | 'places' | 'versionSeen'>;

/** What preflight judges and the cluster itself cannot say; the same wherever a plan is made or looked at again. */
export async function besideFacts(deps: WorkflowDeps, cluster: ClusterPolicy): Promise<BesideFacts> {
  const [watch, places] = await Promise.all([rememberedWatch(deps, cluster.name), placesNow(deps, cluster)]);
  return { pause: activePause(watch, deps.clock.now()), places, versionSeen: watch?.seen !== undefined };
}
