import type { ClusterPolicy } from './policy.ts';

/** A cluster whose etcd this bot does not back up. What others do with it the bot cannot see. */
export interface Elsewhere {
  /** Who backs it up, in the configuration's words; undefined: not named. */
  readonly by: string | undefined;
  /** `hosted`: its control plane runs on another cluster. `own`: it has one, so this bot could. undefined: not known yet. */
  readonly controlPlane: 'hosted' | 'own' | undefined;
}

export const hostedTopology = 'External';

/** undefined: this bot backs the cluster up. `topology`: as `infrastructures/cluster` names it, where that is known. */
export function elsewhereOf(
  { backedUpBy: by }: Pick<ClusterPolicy, 'backedUpBy'>,
  topology: string | undefined,
): Elsewhere | undefined {
  if (by === undefined && topology !== hostedTopology) return undefined;
  if (topology === undefined) return { by, controlPlane: undefined };
  return { by, controlPlane: topology === hostedTopology ? 'hosted' : 'own' };
}
