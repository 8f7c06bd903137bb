import { type ClusterSettings, standardSettings } from './schema.ts';

type Approval = NonNullable<ClusterSettings['approval']>;
type Session = NonNullable<ClusterSettings['session']>;
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
}

/**
 * The cluster's own word, else that of `defaults`, else the standard one. `approval` and `session` are merged
 * key by key; a list or an off-peak window is taken whole.
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
  };
}
