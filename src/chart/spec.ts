import type { TopLevelSpec } from 'vega-lite';
import type { SummaryPicture } from '../workflow/watch/summary-picture.ts';
import { type Axis, axisFor, pixelOf, type Unit, unitFor } from './axis.ts';
import { labelPlaces } from './label-places.ts';
import { wallTime } from './wall-time.ts';

/** Family of the fonts that come with the program. */
export const fontFamily = 'NanumGothic';

// In logical pixels; the picture has twice as many. Slack shows it about 500 wide, so letters are large for its size.
const plotWidth = 452;
const plotHeight = 178;
const labelHeight = 19.5;
const dayMs = 86_400_000;
const shortestMs = 7 * dayMs;
const dayTicksAtMost = 7;
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
  /** ms as if the wall clock were UTC */
  readonly at: number;
  readonly value: number;
}

/** Two panels one above the other, days along both; each line carries its name and newest value at its end. */
export function pictureSpec(picture: SummaryPicture): TopLevelSpec {
  const { units } = picture;
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
      panel(picture, picture.sizeTitle, sizes, ({ snapshotBytes }) => snapshotBytes),
      panel(picture, picture.durationTitle, times, ({ durationMs }) => durationMs),
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
    points: points.map(
      (point): Point => ({
        cluster,
        at: wallTime(point.at, picture.timeZone),
        value: pick(point) / unit.size,
      }),
    ),
  }));
  const values = lines.flatMap(({ points }) => points);
  const axis = axisFor(values.map(({ value }) => value));
  const days = dayRange(picture, values);
  const scale = { domain: picture.lines.map(({ cluster }) => cluster), range: colours };
  const color = { field: 'cluster', type: 'nominal', scale, legend: null };
  const x = {
    field: 'at',
    type: 'temporal',
    scale: { type: 'utc', domain: days },
    axis: {
      title: null,
      format: picture.dayFormat,
      values: dayTicks(days),
      grid: false,
      labelOverlap: false,
      labelFlush: false,
    },
  };
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
        encoding: { x, y, color },
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
        mark: {
          type: 'text',
          align: 'left',
          baseline: 'middle',
          fontSize: 13.5,
          fontWeight: 'bold',
          clip: false,
        },
        encoding: { x: { value: plotWidth + 18 }, y: pixel('labelY'), text: { field: 'label' }, color },
      },
    ],
    resolve: { scale: { y: 'shared', x: 'shared' } },
  };
}

function pixel(field: string) {
  return { field, type: 'quantitative', scale: null };
}

/** Up to the moment of the summary, and back as far as there is something to see. */
function dayRange(picture: SummaryPicture, points: readonly Point[]): readonly [number, number] {
  const until = wallTime(picture.until, picture.timeZone);
  const first = Math.min(...points.map(({ at }) => at), until - shortestMs);
  return [first - (until - first) * 0.015, until];
}

/** Midnights with the newest one among them, as many as fit side by side. */
function dayTicks([from, until]: readonly [number, number]): readonly number[] {
  const newest = Math.floor(until / dayMs) * dayMs;
  const days = (newest - from) / dayMs;
  const step = dayMs * ([1, 2, 7, 14, 28].find((each) => days / each < dayTicksAtMost) ?? 28);
  const count = Math.floor((newest - from) / step) + 1;
  return Array.from({ length: count }, (_, n) => newest - n * step);
}

/** Where a line ends, where its label goes, and what it says. */
function endsOf(
  lines: readonly { readonly cluster: string; readonly points: readonly Point[] }[],
  axis: Axis,
  [from, until]: readonly [number, number],
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

/** A mark for each backup, as long as they can be distinguished. */
function seldom(lines: readonly { readonly points: readonly Point[] }[]): readonly Point[] {
  return lines.flatMap(({ points }) => (points.length <= 30 ? points : points.slice(-1)));
}

/** Both ends of a long name: fleets number at either. */
export function shortName(cluster: string): string {
  const letters = [...cluster];
  return letters.length <= 18 ? cluster : `${letters.slice(0, 8).join('')}…${letters.slice(-9).join('')}`;
}

/** A label has its own unit: `61 MB` also where the axis counts in GB. */
function inUnit(value: number, units: readonly [Unit, ...Unit[]]): string {
  const { name, size, gap = ' ' } = unitFor([value], units);
  const count = value / size;
  return `${count >= 100 ? Math.round(count) : Number(count.toPrecision(2))}${gap}${name}`;
}
