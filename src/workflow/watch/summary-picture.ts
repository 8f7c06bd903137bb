import type { CoverageStrip, FigureLine } from '../../domain/fleet/weekly-summary.ts';

/** A picture of backups over time, with all its words. Times are ms UTC, drawn on the clocks of `timeZone`. */
export interface SummaryPicture {
  readonly title: string;
  readonly subtitle: string;
  /** Of the panel that comes first: which clusters a backup restores. */
  readonly coverageTitle: string;
  readonly sizeTitle: string;
  readonly durationTitle: string;
  /** `gap`: between a number and its unit. */
  readonly units: {
    readonly seconds: string;
    readonly minutes: string;
    readonly hours: string;
    readonly gap: string;
  };
  /** How a day is written, as strftime does: `%b %-d`. */
  readonly dayFormat: string;
  /** Put after the title of a panel with a logarithmic axis. */
  readonly logarithmic: string;
  readonly timeZone: string;
  readonly until: number;
  /** Eight at most, those in need first; `says`: the state in words. */
  readonly strips: readonly (CoverageStrip & { readonly says: string })[];
  /** Of those clusters that have backups: each with at least one point. */
  readonly lines: readonly FigureLine[];
}

/** PNG. Rejects when it cannot be drawn in time. */
export type DrawPicture = (picture: SummaryPicture) => Promise<Uint8Array>;
