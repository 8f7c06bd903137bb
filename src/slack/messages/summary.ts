import type { BoardRow } from '../../domain/board.ts';
import { coverageStates } from '../../domain/coverage.ts';
import type { WeeklySummary } from '../../domain/weekly-summary.ts';
import type { SummaryPicture } from '../../workflow/summary-picture.ts';
import { type Message, message, stack } from './blocks.ts';
import { boardRowLine } from './board-rows.ts';
import { type Voice, voiceFor } from './language.ts';
import { join, lines, type Markup } from './markup.ts';
import type { Context } from './tools.ts';

/** How the fleet stands and what the week brought; what somebody must do comes first. */
export function summaryMessage(summary: WeeklySummary, context: Context): Message {
  const voice = voiceFor(context);
  const say = voice.words.summary;
  return message({
    sections: [
      lines(say.title({ clusters: clustersOf(summary), ...summary }, voice.tools), countsOf(summary, voice)),
      ...needyOf(summary, voice),
      weekOf(summary, voice),
    ],
    footer: say.hint(voice.tools),
  });
}

function clustersOf({ counts }: WeeklySummary): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function countsOf({ counts }: WeeklySummary, { words }: Voice): Markup {
  const there = coverageStates.filter((state) => counts[state] > 0);
  return join(
    there.map((state) => words.board.count({ state, count: counts[state] })),
    ' · ',
  );
}

function needyOf({ needy }: WeeklySummary, voice: Voice): readonly Markup[] {
  const say = voice.words.summary;
  if (needy.length === 0) return [say.nothingNeedy()];
  const list = stack(
    needy.map((row) => needyLine(row, voice)),
    { room: 8_000, more: (count) => say.moreNeedy(count, voice.tools) },
  );
  const [first, ...rest] = list;
  return first ? [lines(say.needy(needy.length), first), ...rest] : [];
}

function needyLine(row: BoardRow, voice: Voice): Markup {
  const line = boardRowLine(row, voice);
  if (row.lastDrill?.ok !== false) return line;
  return join([line, voice.words.board.row.drill(row.lastDrill, voice.tools)], ' · ');
}

function weekOf(summary: WeeklySummary, { words, tools }: Voice): Markup {
  const say = words.summary;
  const { failing, drilled: clusters, drillsFailed: failed, lines: drawn } = summary;
  return lines(
    say.week(summary),
    failing.length > 0 ? say.failing(failing, tools) : undefined,
    clusters > 0 ? say.drills({ clusters, failed }, tools) : say.noDrills(),
    drawn.length === 0 ? say.noPicture() : undefined,
  );
}

/** What stands in the thread with the picture. */
export function pictureText({ lines: drawn, notDrawn }: WeeklySummary, context: Context): string {
  const { words, tools } = voiceFor(context);
  return words.summary.picture({ drawn: drawn.length, notDrawn }, tools).source;
}

/** What stands there in its place. */
export function pictureMissing(why: string, context: Context): Message {
  return message({ sections: [voiceFor(context).words.summary.pictureMissing(why)] });
}

export function pictureAlt({ lines: drawn }: WeeklySummary, { language }: Context): string {
  const names = drawn.map(({ cluster }) => cluster);
  return voiceFor({ language, timeZone: 'UTC', now: 0, command: '' }).words.summary.pictureAlt(names);
}

/** The picture with its words; undefined: there is nothing to draw. */
export function summaryPicture(summary: WeeklySummary, context: Context): SummaryPicture | undefined {
  const { words } = voiceFor(context);
  const { title, subtitle, size, duration, seconds, minutes, hours, gap, day, logarithmic } =
    words.summary.inPicture;
  if (summary.lines.length === 0) return undefined;
  const drawn = summary.lines.length;
  const date = new Intl.DateTimeFormat(words.units.locale, {
    dateStyle: 'full',
    timeZone: context.timeZone,
  }).format(summary.until);
  return {
    title,
    subtitle: subtitle({ date, drawn, clusters: drawn + summary.notDrawn.length }),
    sizeTitle: size,
    durationTitle: duration,
    units: { seconds, minutes, hours, gap },
    dayFormat: day,
    logarithmic,
    timeZone: context.timeZone,
    until: summary.until,
    lines: summary.lines,
  };
}
