import type { TopLevelSpec } from 'vega-lite';
import type { SummaryPicture } from '../workflow/watch/summary-picture.ts';
import { type Axis, axisFor, pixelOf, type Unit, unitFor } from './axis.ts';
import { coveragePanel } from './coverage-panel.ts';
import { type Days, dayRange, dayScale } from './days.ts';
import { withoutGaps } from './gaps.ts';
import { labelPlaces } from './label-places.ts';
import { labelMark, labelX, plotWidth, shortName } from './style.ts';
import { wallTime } from './wall-time.ts';

/** Family of the fonts that come with the program. */
export const fontFamily = 'NanumGothic';

const plotHeight = 150;
const labelHeight = 19.5;
const ink = '#1d1c1d';
const quiet = '#525156';

/** Far apart for every kind of colour vision, and dark enough to be letters on white. */
const colours = ['#0067b1', '#c2410c', '#00775a', '#a3327f', '#6b5b00', '#5b3fb5', '#0f7f93', '#4a4a4a'];

const sizes: readonly [Unit, ...Unit[]] = [
  { name: 'KB', size: 1_024 },
  { name: 'MB', size: 1_024 ** 2 },
  { name: 'GB', size: 1_024 ** 3 },
];

interface Point {
  readonly cluster: string;
  /** Which part of the cluster's line: nothing is drawn between two. */
  readonly part: string;
  /** ms as if the wall clock were UTC */
  readonly at: number;
  readonly value: number;
}

/** Which clusters a backup restores, and below it two panels with lines, each with its name and newest value at its end. */
export function pictureSpec(picture: SummaryPicture): TopLevelSpec {
  const { units } = picture;
  const days = dayRange(picture);
  const times: readonly [Unit, ...Unit[]] = [
    { name: units.seconds, size: 1_000, gap: units.gap },
    { name: units.minutes, size: 60_000, gap: units.gap },
    { name: units.hours, size: 3_600_000, gap: units.gap },
  ];
  return {
    // render.ts measures what is drawn, and paints and cuts the ground after it.
    background: 'transparent',
    title: { text: picture.title, subtitle: picture.subtitle },
    spacing: 20,
    vconcat: [
      coveragePanel(picture, days),
      panel(picture, days, picture.sizeTitle, sizes, ({ snapshotBytes }) => snapshotBytes),
      panel(picture, days, picture.durationTitle, times, ({ durationMs }) => durationMs),
    ],
    config: {
      font: fontFamily,
      view: { stroke: null },
      title: {
        anchor: 'start',
        frame: 'bounds',
        fontSize: 20,
        fontWeight: 'bold',
        color: ink,
        subtitleFontSize: 13.5,
        subtitleColor: quiet,
        subtitlePadding: 6,
        offset: 14,
      },
      axis: {
        labelFontSize: 13,
        labelColor: quiet,
        gridColor: '#e6e6e8',
        domainColor: '#b4b4b8',
        tickColor: '#b4b4b8',
        labelPadding: 5,
      },
    },
  } as TopLevelSpec;
}

type Figure = SummaryPicture['lines'][number]['points'][number];

function panel(
  picture: SummaryPicture,
  days: Days,
  title: string,
  units: readonly [Unit, ...Unit[]],
  pick: (figure: Figure) => number,
) {
  const unit = unitFor(
    picture.lines.flatMap(({ points }) => points.map(pick)),
    units,
  );
  const lines = picture.lines.map(({ cluster, points }) => ({
    cluster,
    points: withoutGaps(points).flatMap((part, index) =>
      part.map(
        (point): Point => ({
          cluster,
          part: `${index} ${cluster}`,
          at: wallTime(point.at, picture.timeZone),
          value: pick(point) / unit.size,
        }),
      ),
    ),
  }));
  const values = lines.flatMap(({ points }) => points);
  const axis = axisFor(values.map(({ value }) => value));
  const scale = { domain: picture.lines.map(({ cluster }) => cluster), range: colours };
  const color = { field: 'cluster', type: 'nominal', scale, legend: null };
  const x = dayScale(days, picture.dayFormat);
  const y = {
    field: 'value',
    type: 'quantitative',
    scale: { type: axis.kind, domain: axis.domain, nice: false },
    // Vega's own formats round 2.5 to 3.
    axis: { title: null, values: axis.ticks, labelExpr: "'' + datum.value", domain: false, ticks: false },
  };
  const ends = endsOf(lines, axis, days, (value) => inUnit(value * unit.size, units));
  const name = `${title} (${unit.name})`;
  return {
    title: {
      text: axis.kind === 'log' ? `${name} · ${picture.logarithmic}` : name,
      anchor: 'start',
      frame: 'group',
      fontSize: 15,
      offset: 9,
    },
    width: plotWidth,
    height: plotHeight,
    layer: [
      {
        data: { values },
        mark: { type: 'line', strokeWidth: 2.4, strokeJoin: 'round', strokeCap: 'round' },
        encoding: { x, y, color, detail: { field: 'part', type: 'nominal' } },
      },
      {
        data: { values: seldom(lines) },
        mark: { type: 'point', filled: true, size: 26, opacity: 1 },
        encoding: { x, y, color },
      },
      {
        data: { values: ends },
        mark: { type: 'rule', strokeWidth: 1, opacity: 0.55 },
        encoding: {
          x: pixel('endX'),
          x2: { value: plotWidth + 14 },
          y: pixel('endY'),
          y2: { field: 'labelY' },
          color,
        },
      },
      {
        data: { values: ends },
        mark: labelMark,
        encoding: { x: labelX, y: pixel('labelY'), text: { field: 'label' }, color },
      },
    ],
    resolve: { scale: { y: 'shared', x: 'shared' } },
  };
}

function pixel(field: string) {
  return { field, type: 'quantitative', scale: null };
}

/** Where a line ends, where its label goes, and what it says. */
function endsOf(
  lines: readonly { readonly cluster: string; readonly points: readonly Point[] }[],
  axis: Axis,
  [from, until]: Days,
  inWords: (value: number) => string,
) {
  const ends = lines.flatMap(({ cluster, points }) => {
    const last = points.at(-1);
    if (!last) return [];
    const endX = (plotWidth * (last.at - from)) / (until - from);
    const label = `${shortName(cluster)}  ${inWords(last.value)}`;
    return [{ cluster, endX, endY: pixelOf(axis, last.value, plotHeight), label }];
  });
  const places = labelPlaces(
    ends.map(({ endY }) => endY),
    labelHeight,
    plotHeight,
  );
  return ends.map((end, index) => ({ ...end, labelY: places[index] ?? end.endY }));
}

/** A mark for each backup, as long as they can be distinguished; a single one has no line that shows it. */
function seldom(lines: readonly { readonly points: readonly Point[] }[]): readonly Point[] {
  return lines.flatMap(({ points }) => {
    if (points.length <= 30) return points;
    const parts = Map.groupBy(points, ({ part }) => part);
    return points.filter((point) => point === points.at(-1) || parts.get(point.part)?.length === 1);
  });
}

/** A label has its own unit: `61 MB` also where the axis counts in GB. */
function inUnit(value: number, units: readonly [Unit, ...Unit[]]): string {
  const { name, size, gap = ' ' } = unitFor([value], units);
  const count = value / size;
  return `${count >= 100 ? Math.round(count) : Number(count.toPrecision(2))}${gap}${name}`;
}
