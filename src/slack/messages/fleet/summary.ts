import type { BoardRow } from '../../../domain/fleet/board.ts';
import type { WeeklySummary } from '../../../domain/fleet/weekly-summary.ts';
import { coverageStates } from '../../../domain/watch/coverage.ts';
import type { SummaryPicture } from '../../../workflow/watch/summary-picture.ts';
import { type Message, message, stack } from '../kit/blocks.ts';
import { limits } from '../kit/limits.ts';
import { toolsFor } from '../kit/make-tools.ts';
import { join, lines, type Markup, plainText } from '../kit/markup.ts';
import type { Context, Tools } from '../kit/tools.ts';
import { pauseWords } from '../watch/words.ts';
import { boardRowLine } from './board-rows.ts';
import { boardWords, summaryWords } from './words.ts';

/** The fleet's state and the week's results; what a person must do comes first. */
export function summaryMessage(summary: WeeklySummary, context: Context): Message {
  const t = toolsFor(context);
  const say = summaryWords(t);
  const title = say.title({ clusters: clustersOf(summary), ...summary });
  const counts = countsOf(summary, t);
  return message({
    sections: [
      lines(title, counts),
      ...needyOf(summary, t),
      ...onNodeOnly(summary, t),
      ...pausedOf(summary, t),
      ...(summary.elsewhere.length > 0 ? [summaryWords(t).elsewhere(summary.elsewhere)] : []),
      weekOf(summary, t),
    ],
    footer: say.hint(),
    text: [title, counts, ...spokenNeedy(summary, t), say.hint()],
    rest: t.rest(''),
  });
}

function clustersOf({ counts, paused }: WeeklySummary): number {
  return Object.values(counts).reduce((sum, count) => sum + count, paused.length);
}

/** By whom, until when and why: so that readers know why such a cluster is quiet. */
function pausedOf({ paused }: WeeklySummary, t: Tools): readonly Markup[] {
  const rows = paused.flatMap(({ cluster, pause }) =>
    pause ? [pauseWords(t).note({ cluster, pause })] : [],
  );
  if (rows.length === 0) return [];
  const more = (count: number) => summaryWords(t).moreNeedy(count);
  return stack([pauseWords(t).summaryTitle(rows.length), ...rows], { room: 3_000, more });
}

function countsOf({ counts, paused }: WeeklySummary, t: Tools): Markup {
  const there = coverageStates.filter((state) => counts[state] > 0);
  const parts = there.map((state) => boardWords(t).count({ state, count: counts[state] }));
  return join(paused.length > 0 ? [...parts, pauseWords(t).count(paused.length)] : parts, ' · ');
}

function needyOf({ needy, paused }: WeeklySummary, t: Tools): readonly Markup[] {
  const say = summaryWords(t);
  if (needy.length === 0) return [say.nothingNeedy(paused.length > 0)];
  const list = stack(
    needy.map((row) => needyLine(row, t)),
    { room: 8_000, more: (count) => say.moreNeedy(count) },
  );
  const [first, ...rest] = list;
  return first ? [lines(say.needy(needy.length), first), ...rest] : [];
}

/** The worst few by name: the others are counted above. */
function spokenNeedy({ needy, paused }: WeeklySummary, t: Tools): readonly Markup[] {
  const say = summaryWords(t);
  if (needy.length === 0) return [say.nothingNeedy(paused.length > 0)];
  return [say.needy(needy.length), ...needy.slice(0, 3).map((row) => needyLine(row, t))];
}

function onNodeOnly({ onNodeOnly: clusters }: WeeklySummary, t: Tools): readonly Markup[] {
  return clusters.length === 0 ? [] : [summaryWords(t).onNodeOnly(clusters)];
}

function needyLine(row: BoardRow, t: Tools): Markup {
  const line = boardRowLine(row, t);
  if (row.lastDrill?.ok !== false) return line;
  return join([line, boardWords(t).row.drill(row.lastDrill)], ' · ');
}

function weekOf(summary: WeeklySummary, t: Tools): Markup {
  const say = summaryWords(t);
  const { failing, drilled: clusters, drillsFailed: failed, lines: drawn } = summary;
  return lines(
    say.week(summary),
    failing.length > 0 ? say.failing(failing) : undefined,
    clusters > 0 ? say.drills({ clusters, failed }) : say.noDrills(),
    drawn.length === 0 ? say.noPicture() : undefined,
  );
}

/** The text in the thread with the picture. */
export function pictureText({ strips: drawn, notDrawn }: WeeklySummary, context: Context): string {
  const t = toolsFor(context);
  return summaryWords(t).picture({ drawn: drawn.length, notDrawn }).source;
}

/** The text there in its place. */
export function pictureMissing(why: string, context: Context): Message {
  return message({ sections: [summaryWords(toolsFor(context)).pictureMissing(why)] });
}

export function pictureAlt({ strips: drawn }: WeeklySummary, { language }: Context): string {
  const names = drawn.map(({ cluster }) => cluster);
  const said = summaryWords(toolsFor({ language, timeZone: 'UTC', now: 0, command: '' })).pictureAlt(names);
  return plainText(said, limits.pictureAlt);
}

/** The picture with its words; undefined: there is nothing to draw. */
export function summaryPicture(summary: WeeklySummary, context: Context): SummaryPicture | undefined {
  const t = toolsFor(context);
  const {
    title,
    subtitle,
    coverage,
    needsAttention,
    state,
    size,
    duration,
    seconds,
    minutes,
    hours,
    gap,
    day,
    logarithmic,
  } = summaryWords(t).inPicture;
  if (summary.lines.length === 0) return undefined;
  const drawn = summary.strips.length;
  const date = new Intl.DateTimeFormat(t.units.locale, {
    dateStyle: 'full',
    timeZone: context.timeZone,
  }).format(summary.until);
  return {
    title,
    subtitle: subtitle({ date, drawn, clusters: drawn + summary.notDrawn.length }),
    coverageTitle: coverage,
    sizeTitle: size,
    durationTitle: duration,
    units: { seconds, minutes, hours, gap },
    dayFormat: day,
    logarithmic,
    timeZone: context.timeZone,
    until: summary.until,
    strips: summary.strips.map((strip) => ({
      ...strip,
      // The state alone says of the others what they need.
      says:
        strip.needy && strip.state === 'covered' ? `${state.covered}, ${needsAttention}` : state[strip.state],
    })),
    lines: summary.lines,
  };
}
