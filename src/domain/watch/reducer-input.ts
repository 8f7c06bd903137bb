import type { Release } from '../cluster/release.ts';
import type { Elsewhere } from '../policy/elsewhere.ts';
import type { ClusterPolicy } from '../policy/policy.ts';
import type { ProvenBackup } from '../run/proven-backup.ts';
import type { ClusterWatch } from './cluster-watch.ts';
import type { ReleasePosition } from './release-position.ts';

/** What the reducers of alarm and reminder decide on. Neither of them changes the position of the cluster. */
export interface ReducerInput {
  /** The watch before this turn, and as the observation and earlier reducers left it. */
  readonly before: ClusterWatch;
  readonly watch: ClusterWatch;
  /** undefined: the cluster never answered. */
  readonly position: ReleasePosition | undefined;
  /** Of `before`; undefined also where another cluster had this name. */
  readonly positionBefore: ReleasePosition | undefined;
  readonly elsewhere: Elsewhere | undefined;
  /** Of this cluster's name; those of an earlier cluster of that name do not count. */
  readonly proven: readonly ProvenBackup[];
  readonly policy: ClusterPolicy;
  /** A reminder that is due waits: the blockers of a backup are being read again. */
  readonly repeatWaits?: boolean;
  /** Nothing new is raised or repeated; what is open may still come to its end. */
  readonly paused?: boolean;
  /** ms UTC on the bot's clock */
  readonly now: number;
}

/** The release that the cluster was on before its present arrival; undefined: none is known. */
export function leftRelease({
  before,
  positionBefore,
}: Pick<ReducerInput, 'before' | 'positionBefore'>): Release | undefined {
  if (!positionBefore) return undefined;
  return before.settled?.release ?? (positionBefore.kind === 'between' ? positionBefore.from : undefined);
}
