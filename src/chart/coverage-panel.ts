import type { SummaryPicture } from '../workflow/watch/summary-picture.ts';
import { type Days, dayScale } from './days.ts';
import { labelMark, labelX, plotWidth, shortName } from './style.ts';
import { wallTime } from './wall-time.ts';

const rowHeight = 21;
const failed = '#b3261e';
/** Dark enough to be letters on white; the words say the same. */
const colours = { bad: failed, old: '#8a4b00', well: '#00692f', quiet: '#525156' } as const;

type Strip = SummaryPicture['strips'][number];

/** A row a cluster, those in need first: its backups and failures, and at the end whether a backup restores it now. */
export function coveragePanel(picture: SummaryPicture, days: Days) {
  const { strips, timeZone, coverageTitle, dayFormat } = picture;
  const rows = strips.map((strip, index) => ({
    rowY: (index + 0.5) * rowHeight,
    label: `${shortName(strip.cluster)}: ${strip.says}`,
    colour: colourOf(strip),
  }));
  const marks = strips.flatMap(({ backups, failures }, index) => {
    const placed = (kind: 'backup' | 'failure') => (at: number) => ({
      at: wallTime(at, timeZone),
      rowY: (index + 0.5) * rowHeight,
      kind,
    });
    return [...backups.map(placed('backup')), ...failures.map(placed('failure'))];
  });
  const x = dayScale(days, dayFormat);
  const y = { field: 'rowY', type: 'quantitative', scale: null, axis: null };
  const colour = { field: 'colour', type: 'nominal', scale: null, legend: null };
  return {
    title: { text: coverageTitle, anchor: 'start', frame: 'group', fontSize: 15, offset: 9 },
    width: plotWidth,
    height: strips.length * rowHeight,
    layer: [
      {
        data: { values: rows },
        mark: { type: 'rule', strokeWidth: 1, color: '#e6e6e8' },
        encoding: { y, x: { value: 0 }, x2: { value: plotWidth } },
      },
      {
        data: { values: marks.filter(({ kind }) => kind === 'backup') },
        mark: { type: 'point', shape: 'circle', filled: true, size: 26, opacity: 1, color: colours.well },
        encoding: { x, y },
      },
      {
        data: { values: marks.filter(({ kind }) => kind === 'failure') },
        mark: {
          type: 'point',
          shape: 'M-1,-1L1,1M1,-1L-1,1',
          filled: false,
          size: 90,
          strokeWidth: 2.4,
          opacity: 1,
          color: failed,
        },
        encoding: { x, y },
      },
      {
        data: { values: rows },
        mark: labelMark,
        encoding: { x: labelX, y, text: { field: 'label' }, color: colour },
      },
    ],
    resolve: { scale: { x: 'shared' } },
  };
}

function colourOf({ state, needy }: Strip): string {
  if (state === 'uncovered' || state === 'unknown') return colours.bad;
  if (state === 'stale' || needy) return colours.old;
  return state === 'covered' ? colours.well : colours.quiet;
}
