import type { ReminderEnd } from '../../domain/cluster-watch.ts';
import type { ClusterQuestion, NotAllowed, ReminderAnswer } from '../../workflow/backups.ts';
import type { Links, Says } from './answers-wording.ts';
import type { Markup } from './markup.ts';
import type { Tools } from './tools.ts';

/** An arrival at a release, by the cluster's own words; `from` undefined: the first release that the bot saw there. */
export interface Arrival {
  readonly cluster: string;
  readonly from: string | undefined;
  readonly to: string;
}

/** What is said from the arrival at a release until a proven backup of it exists. */
export interface ReminderWording {
  title(arrival: Arrival): Markup;
  why(arrival: Arrival): Markup;
  canRun(checkedAt: number, t: Tools): Markup;
  /** Above the reasons. */
  cannotRun(checkedAt: number, t: Tools): Markup;
  notChecked(): Markup;
  /** The cluster answers, but not everything that preflight asks. */
  notReadable(p: { cluster: string; at: number }, t: Tools): Markup;
  pools(names: readonly string[], t: Tools): Markup;
  more(p: { count: number; cluster: string }, t: Tools): Markup;
  nextNag(at: number, t: Tools): Markup;
  byText(cluster: string, t: Tools): Markup;
  readonly buttons: { readonly backUp: string; readonly snooze: string; readonly dismiss: string };
  readonly ended: {
    readonly [Kind in ReminderEnd['kind']]: (
      p: { arrival: Arrival; end: Extract<ReminderEnd, { kind: Kind }> },
      t: Tools,
      links: Links,
    ) => Markup;
  };
  /** In the reminder's thread, and in the channel. */
  nag(p: { arrival: Arrival; since: number; onCall: string | undefined }, t: Tools): Markup;
  /** Why the backup is asked for, as it goes on record; plain text. */
  requestReason(arrival: Arrival): string;
  readonly form: ReminderFormWording;
  readonly answers: Says<ReminderAnswer, NotAllowed['outcome'] | ClusterQuestion['outcome']>;
}

/** The form that asks why no backup is needed. Plain strings are plain text in Slack. */
export interface ReminderFormWording {
  /** At most 24 units each. */
  readonly title: string;
  readonly submit: string;
  readonly close: string;
  readonly label: string;
  readonly hint: string;
  intro(cluster: string, t: Tools): Markup;
  readonly reasonMissing: string;
  reasonTooLong(p: { length: number; max: number }): string;
  readonly notRecorded: string;
  /** Slack did not open the form. */
  notOpened(): Markup;
}
