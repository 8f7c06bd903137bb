import { type CoverageState, coverageStates } from '../../src/domain/watch/coverage.ts';
import { until } from '../world.ts';

/** Where the bot answers Prometheus. */
export interface MetricsPlace {
  readonly port: number;
  readonly cluster: string;
}

/** The cluster's coverage as the bot's own /metrics reports it; undefined: not reported (yet). */
export async function coverageOf({ port, cluster }: MetricsPlace): Promise<CoverageState | undefined> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined);
  if (!response?.ok) return undefined;
  const text = await response.text();
  return coverageStates.find((state) =>
    text.includes(`\netcd_backup_coverage{cluster="${cluster}",state="${state}"} 1\n`),
  );
}

/** Waits until the bot reports this state. Throws with the last one that it reported. */
export async function waitForCoverage(place: MetricsPlace, wanted: CoverageState): Promise<CoverageState> {
  let reported: CoverageState | undefined;
  const look = async () => {
    reported = await coverageOf(place);
    return reported === wanted && reported;
  };
  const whatIsThere = () => `it reports ${reported ?? 'nothing'}`;
  return until(`the bot to report ${wanted} for ${place.cluster}`, look, { timeoutMs: 30_000, whatIsThere });
}
