import type { AlarmEnd } from '../../domain/cluster-watch.ts';
import type { Links } from './answers-wording.ts';
import type { Markup } from './markup.ts';
import type { Tools } from './tools.ts';

export interface Move {
  readonly cluster: string;
  readonly from: string;
  readonly to: string;
}

/** What is said when an update is wanted or begins and nothing fresh restores the release that it leaves. */
export interface AlarmWording {
  readonly title: Readonly<Record<'requested' | 'begun', (move: Move, onCall: Markup | undefined) => Markup>>;
  /** `takenAt`: of the newest proven backup of `from`; undefined: there is none. ms UTC */
  backup(p: { from: string; takenAt: number | undefined }, t: Tools): Markup;
  readonly next: Readonly<Record<'requested' | 'begun', (move: Move, t: Tools) => Markup>>;
  /** The update reports that it fails. */
  failing(move: Move, t: Tools): Markup;
  readonly backUp: string;
  readonly ended: {
    readonly [Kind in AlarmEnd['kind']]: (
      p: { move: Move; end: Extract<AlarmEnd, { kind: Kind }> },
      t: Tools,
      links: Links,
    ) => Markup;
  };
  /** Why the backup is asked for, as it goes on record; plain text. */
  requestReason(move: Move): string;
  /** To whoever clicked too late. */
  readonly tooLate: Readonly<Record<'alarm-over' | 'alarm-begun', (cluster: string, t: Tools) => Markup>>;
}
