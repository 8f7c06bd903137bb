import type { CoverageState } from '../../domain/coverage.ts';
import type { ProvenBackup } from '../../domain/proven-backup.ts';
import type { RunStatus } from '../../domain/run-status.ts';
import type { Markup } from './markup.ts';
import type { Tools } from './tools.ts';

/** The Home tab, the windows that open from it, and `/etcd-backup` alone. Plain strings are plain text in Slack. */
export interface BoardWording {
  title(count: number): Markup;
  /** How many clusters stand in one state. */
  count(p: { state: CoverageState; count: number }): Markup;
  /** Which of the clusters are shown; `from`, `to` are counted from 1. */
  shown(p: { from: number; to: number; of: number; page: number; pages: number }): Markup;
  noneShown(): Markup;
  drawnAt(at: number, t: Tools): Markup;
  /** The board could not be read. */
  unreadable(): Markup;
  readonly buttons: Readonly<
    Record<'refresh' | 'earlier' | 'later' | 'backUp' | 'check' | 'details', string>
  >;
  readonly filter: {
    readonly placeholder: string;
    all(count: number): string;
    /** A sign and a word or two, within an option's 75 units. */
    readonly state: Readonly<Record<CoverageState, (count: number) => string>>;
  };
  readonly row: BoardRowWording;
  /** The clusters that one message cannot hold. */
  moreInHome(count: number): Markup;
  hint(t: Tools): Markup;
  readonly window: BoardWindowWording;
}

/** One cluster on the board: a line, or a part of one, each. */
export interface BoardRowWording {
  head(p: { cluster: string; version: string | undefined; state: Markup }): Markup;
  /** Newest proven backup of the cluster, whatever it restores. */
  newest(backup: ProvenBackup, t: Tools): Markup;
  /** The one that restores the present release, where it is not the newest. */
  restoring(backup: ProvenBackup, t: Tools): Markup;
  noBackup(): Markup;
  /** The newest backup in a word or two, behind the state. */
  newestShort(backup: ProvenBackup, t: Tools): Markup;
  noBackupShort(): Markup;
  /** undefined: none is planned. */
  next(at: number | undefined, t: Tools): Markup;
  failure(p: { id: string; at: number }, t: Tools): Markup;
  failureShort(p: { at: number }, t: Tools): Markup;
  drill(p: { ok: boolean; at: number; runId: string } | undefined, t: Tools): Markup;
  reminder(p: { openedAt: number; nags: number; nextNagAt: number | undefined }, t: Tools): Markup;
  reminderShort(): Markup;
  active(p: { id: string; status: RunStatus }, t: Tools): Markup;
}

/** At most 24 units for titles and the button. */
export interface BoardWindowWording {
  readonly checkTitle: string;
  readonly detailsTitle: string;
  readonly close: string;
  loading(cluster: string, t: Tools): Markup;
  /** The question itself failed. */
  failed(): Markup;
  runsTitle(count: number): Markup;
  noRuns(cluster: string, t: Tools): Markup;
  moreRuns(count: number): Markup;
  /** Where everything about one run is told. */
  showHint(t: Tools): Markup;
}
