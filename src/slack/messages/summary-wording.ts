import type { Markup } from './markup.ts';
import type { Tools } from './tools.ts';

/** The weekly summary and its picture. Times are ms UTC. */
export interface SummaryWording {
  title(p: { clusters: number; from: number; until: number }, t: Tools): Markup;
  /** `count` clusters follow that somebody should look at. */
  needy(count: number): Markup;
  nothingNeedy(): Markup;
  moreNeedy(count: number, t: Tools): Markup;
  week(p: { backups: number; failures: number }): Markup;
  failing(p: readonly { readonly cluster: string; readonly failures: number }[], t: Tools): Markup;
  drills(p: { clusters: number; failed: readonly string[] }, t: Tools): Markup;
  noDrills(): Markup;
  hint(t: Tools): Markup;
  /** Under the message, with the picture. */
  picture(p: { drawn: number; notDrawn: readonly string[] }, t: Tools): Markup;
  /** In place of the picture; the summary itself is there. */
  pictureMissing(why: string): Markup;
  noPicture(): Markup;
  /** What is written in the picture itself. */
  readonly inPicture: {
    readonly title: string;
    subtitle(p: { date: string; drawn: number; clusters: number }): string;
    readonly size: string;
    readonly duration: string;
    readonly seconds: string;
    readonly minutes: string;
    readonly hours: string;
    /** Between a number and its unit. */
    readonly gap: string;
    /** As strftime writes it. */
    readonly day: string;
    readonly logarithmic: string;
  };
  /** For those who cannot see it. */
  pictureAlt(clusters: readonly string[]): string;
}
