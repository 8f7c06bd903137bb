import type { CoverageStrip, FigureLine } from '../../src/domain/fleet/weekly-summary.ts';
import type { SummaryPicture } from '../../src/workflow/watch/summary-picture.ts';

const dayMs = 86_400_000;
const mib = 1_024 ** 2;
export const until = Date.UTC(2026, 10, 23, 0, 0, 0);

/** Figures as a fleet has them: sizes creep up and fall after a defragmentation, times scatter. No chance in them. */
function lineOf(
  cluster: string,
  sizeMib: number,
  growth: number,
  seconds: number,
  { every = 1, days = 90, seed = 1 }: { every?: number; days?: number; seed?: number } = {},
): FigureLine {
  const points = Array.from({ length: Math.floor(days / every) }, (_, n) => {
    const day = n * every;
    const wave = Math.sin(day * 1.7 + seed) * 0.5 + Math.sin(day * 0.61 + seed * 3) * 0.5;
    const defragmented = day > 55 && seed % 2 === 0 ? 0.72 : 1;
    return {
      at: until - (days - day) * dayMs + 2 * 3_600_000,
      snapshotBytes: Math.round(sizeMib * mib * (1 + (growth * day) / 90) * defragmented * (1 + wave * 0.01)),
      durationMs: Math.round(seconds * 1_000 * (1 + wave * 0.12)),
    };
  });
  return { cluster, points };
}

export const sampleLines: readonly FigureLine[] = [
  lineOf('prod-east', 610, 0.35, 74, { seed: 2 }),
  lineOf('prod-west', 540, 0.2, 66, { seed: 3 }),
  lineOf('prod-payments', 385, 0.6, 58, { seed: 5 }),
  lineOf('staging', 210, 0.1, 41, { every: 7, seed: 7 }),
  lineOf('integration-eu-central-1', 176, 0.25, 39, { every: 7, seed: 4 }),
  lineOf('edge-01', 104, 0.05, 33, { every: 7, seed: 9 }),
  lineOf('edge-02', 98, 0.08, 32, { every: 7, days: 40, seed: 11 }),
  lineOf('lab', 61, 0.02, 27, { every: 14, seed: 13 }),
];

/** The first two need attention: one was not backed up for nine days, one has no backup of its release. */
export const sampleStrips: readonly CoverageStrip[] = sampleLines.map(({ cluster, points }, index) => ({
  cluster,
  state: index === 0 ? 'uncovered' : index === 1 ? 'stale' : 'covered',
  needy: index < 2 || index === 4,
  backups: points.map(({ at }) => at),
  failures: index % 4 === 0 ? [until - 9 * dayMs, until - dayMs / 2] : [],
}));

const says = { covered: 'covered', stale: 'backup too old', uncovered: 'not covered' };

export function picture(change: Partial<SummaryPicture> = {}): SummaryPicture {
  return {
    title: 'Backups of etcd over the last 90 days',
    subtitle: 'Mon 2026-11-23 · 8 of 14 clusters: those in need first, then the largest',
    coverageTitle: 'Which clusters a backup restores (● backup, × failed)',
    sizeTitle: 'Snapshot size',
    durationTitle: 'Time a backup took',
    units: { seconds: 's', minutes: 'min', hours: 'h', gap: ' ' },
    dayFormat: '%b %-d',
    logarithmic: 'each step is a factor',
    timeZone: 'UTC',
    until,
    strips: sampleStrips.map((strip) => ({ ...strip, says: says[strip.state as keyof typeof says] })),
    lines: sampleLines,
    ...change,
  };
}
