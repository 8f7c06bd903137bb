import type { EtcdMinor } from './etcd-minor.ts';

/** One complete set of etcd's programs, of one version. */
export interface ToolSet {
  readonly minor: EtcdMinor;
  /** `3.5.16` */
  readonly version: string;
}

/** Why programs that were looked for cannot be used. `detail`: one line without secrets. */
export interface ToolProblem {
  /** Key under `drillTools`; undefined: the search path was looked along. */
  readonly minor: EtcdMinor | undefined;
  readonly kind: 'missing' | 'incomplete' | 'other-version' | 'unusable';
  readonly detail: string;
}

/** What drills can be made with on this machine. */
export interface DrillTools {
  /** By minor, the oldest first. */
  readonly sets: readonly ToolSet[];
  readonly problems: readonly ToolProblem[];
}

/**
 * Whether a drill can distinguish good from bad: `own`: with programs of the snapshot's minor release. `other`: a success would count,
 * and a failure prove nothing. `unknown`: the snapshot's minor release is not known yet.
 */
export type DrillMeans = 'own' | 'other' | 'unknown' | 'none';

export function drillMeans({ sets }: DrillTools, needed: EtcdMinor | undefined): DrillMeans {
  if (sets.length === 0) return 'none';
  if (needed === undefined) return 'unknown';
  return sets.some(({ minor }) => minor === needed) ? 'own' : 'other';
}

/** The set for a snapshot: its own minor release, else the next newer one (etcd reads what its predecessor wrote), else the newest. */
export function chooseTools({ sets }: DrillTools, needed: EtcdMinor | undefined): ToolSet | undefined {
  const byAge = sets.toSorted((a, b) => compareMinors(a.minor, b.minor));
  if (needed === undefined) return byAge.at(-1);
  return byAge.find(({ minor }) => compareMinors(minor, needed) >= 0) ?? byAge.at(-1);
}

function compareMinors(a: EtcdMinor, b: EtcdMinor): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA - majorB || minorA - minorB;
}
