import { type ClusterSettings, standardSettings } from './cluster-schema.ts';

type Approval = NonNullable<ClusterSettings['approval']>;
type Session = NonNullable<ClusterSettings['session']>;
type Coverage = NonNullable<ClusterSettings['coverage']>;
type Filled<T, Optional extends keyof T = never> = {
  [Key in Exclude<keyof T, Optional>]-?: NonNullable<T[Key]>;
} & {
  [Key in Optional]: T[Key];
};

/** A cluster's settings with nothing missing but what may be absent. Durations in ms. */
export interface Settings {
  readonly channel: string | undefined;
  readonly allowedChannels: readonly string[];
  readonly language: ClusterSettings['language'];
  readonly timeZone: string;
  readonly offPeak: ClusterSettings['offPeak'];
  readonly approval: Filled<Approval, 'breakGlass'>;
  readonly session: Filled<Session, 'image'>;
  readonly backupRoot: string;
  readonly scriptPath: string;
  readonly requestDeadline: number;
  readonly copies: ClusterSettings['copies'];
  readonly keepOnNode: number;
  readonly drill: boolean;
  readonly coverage: Filled<Coverage>;
  readonly workingHours: NonNullable<ClusterSettings['workingHours']>;
  readonly owners: readonly string[];
  readonly onCall: string | undefined;
  readonly schedule: ClusterSettings['schedule'];
}

/**
 * The cluster's own word, else that of `defaults`, else the standard one. `approval`, `session` and `coverage` are
 * merged key by key; a list, a window or a schedule is taken whole.
 */
export function settingsOf(cluster: Partial<ClusterSettings>, defaults: Partial<ClusterSettings>): Settings {
  const layers = [standardSettings, defaults, cluster];
  const merged = Object.assign({}, ...layers) as Settings;
  return {
    channel: merged.channel,
    allowedChannels: merged.allowedChannels ?? [],
    language: merged.language,
    timeZone: merged.timeZone,
    offPeak: merged.offPeak,
    approval: Object.assign({}, ...layers.map((each) => each.approval)) as Settings['approval'],
    session: Object.assign({}, ...layers.map((each) => each.session)) as Settings['session'],
    backupRoot: merged.backupRoot,
    scriptPath: merged.scriptPath,
    requestDeadline: merged.requestDeadline,
    copies: merged.copies,
    keepOnNode: merged.keepOnNode,
    drill: merged.drill,
    coverage: Object.assign({}, ...layers.map((each) => each.coverage)) as Settings['coverage'],
    workingHours: merged.workingHours,
    owners: merged.owners,
    onCall: merged.onCall,
    schedule: merged.schedule,
  };
}
