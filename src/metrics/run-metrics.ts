import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { EndStatus } from '../domain/run/run-status.ts';
import type { Records, RunFigure } from '../workflow/ports/records.ts';
import { failureKinds, failureLabel } from './failure-kinds.ts';

/** As a table, so that a status that is missing here does not pass TypeScript. */
const outcomes: Readonly<Record<EndStatus, true>> = {
  succeeded: true,
  failed: true,
  blocked: true,
  refused: true,
  rejected: true,
  cancelled: true,
  expired: true,
};
/** Where the newest backup's figures are looked for when the bot starts. */
const historyMs = 35 * 86_400_000;
/** A run is put on record a little after the time that it names as its end. */
const overlapMs = 10 * 60_000;

export interface RunMetrics {
  /** Takes in what ended since the last call. Rejects when the records cannot be read; nothing is lost by that. */
  catchUp(): Promise<void>;
}

/**
 * Counters count from the start of this process, as counters do: Prometheus knows a restart by their fall, and only the
 * bot ends runs, so that none ends uncounted. Each starts at 0, so that a first failure is an increase, too.
 */
export function runMetrics(
  registry: Registry,
  input: {
    readonly records: Pick<Records, 'runFigures'>;
    /** Names as they are now: each counts from when it joined. */
    readonly clusters: () => readonly string[];
    readonly startedAt: number;
  },
): RunMetrics {
  const { records, clusters, startedAt } = input;
  const registers = [registry];
  const ended = new Counter({
    name: 'etcd_backup_runs_total',
    help: 'Runs that ended, by outcome.',
    labelNames: ['cluster', 'outcome'],
    registers,
  });
  const failures = new Counter({
    name: 'etcd_backup_run_failures_total',
    help: 'Runs that failed, by kind of failure, over all clusters.',
    labelNames: ['kind'],
    registers,
  });
  const durations = new Histogram({
    name: 'etcd_backup_run_duration_seconds',
    help: 'From start to end of runs that were started, over all clusters.',
    labelNames: ['outcome'],
    buckets: [15, 30, 60, 120, 300, 600, 1_200, 2_400, 4_800, 9_600],
    registers,
  });
  const newest = newestGauges(registry);

  const known = new Set<string>();
  /** Those that joined; what a cluster that left had is exported no more. */
  function follow(): readonly string[] {
    const now = clusters();
    const joined = now.filter((cluster) => !known.has(cluster));
    for (const cluster of joined) {
      known.add(cluster);
      for (const outcome of Object.keys(outcomes)) ended.inc({ cluster, outcome }, 0);
    }
    for (const cluster of known) {
      if (now.includes(cluster)) continue;
      known.delete(cluster);
      for (const outcome of Object.keys(outcomes)) ended.remove({ cluster, outcome });
      newest.forget(cluster);
    }
    return joined;
  }
  follow();
  for (const kind of [...failureKinds, 'other']) failures.inc({ kind }, 0);
  for (const outcome of ['succeeded', 'failed']) durations.zero({ outcome });

  /** Ends of the figures that a next look may meet again, by run. */
  const counted = new Map<string, number>();
  let since = startedAt - historyMs;

  function count(figure: RunFigure): void {
    const { cluster, status, finishedAt } = figure;
    if (!known.has(cluster) || !Object.hasOwn(outcomes, status) || finishedAt < startedAt) return;
    const ms = msOf(figure);
    ended.inc({ cluster, outcome: status });
    if (status === 'failed') failures.inc({ kind: failureLabel(figure.failureKind) });
    if (ms !== undefined && (status === 'succeeded' || status === 'failed')) {
      durations.observe({ outcome: status }, ms / 1_000);
    }
  }

  /** A cluster that comes back has backups of before. Its counters begin at 0 again. */
  async function showBefore(joined: readonly string[]): Promise<void> {
    if (joined.length === 0) return;
    for (const figure of await records.runFigures({ since: startedAt - historyMs }))
      if (joined.includes(figure.cluster)) newest.show(figure);
  }

  return {
    async catchUp() {
      await showBefore(follow());
      for (const figure of await records.runFigures({ since })) {
        if (counted.has(figure.runId)) continue;
        if (known.has(figure.cluster)) newest.show(figure);
        count(figure);
        counted.set(figure.runId, figure.finishedAt);
        since = Math.max(since, figure.finishedAt - overlapMs);
      }
      for (const [runId, finishedAt] of counted) if (finishedAt < since) counted.delete(runId);
    },
  };
}

/** Figures of the newest backup of each cluster. */
function newestGauges(registry: Registry) {
  const perCluster = (name: string, help: string) =>
    new Gauge({
      name,
      help: `${help} Of runs of the last 35 days and since.`,
      labelNames: ['cluster'],
      registers: [registry],
    });
  const snapshot = perCluster('etcd_backup_snapshot_size_bytes', 'Size of the newest etcd snapshot.');
  const resources = perCluster(
    'etcd_backup_resources_size_bytes',
    'Size of the newest static pod resources.',
  );
  const duration = perCluster('etcd_backup_last_duration_seconds', 'How long the newest backup took.');
  return {
    show(figure: RunFigure): void {
      const { cluster, snapshotBytes, resourcesBytes } = figure;
      if (figure.status !== 'succeeded') return;
      const ms = msOf(figure);
      if (snapshotBytes !== undefined) snapshot.set({ cluster }, snapshotBytes);
      if (resourcesBytes !== undefined) resources.set({ cluster }, resourcesBytes);
      if (ms !== undefined) duration.set({ cluster }, ms / 1_000);
    },
    forget(cluster: string): void {
      for (const each of [snapshot, resources, duration]) each.remove({ cluster });
    },
  };
}

function msOf({ startedAt, finishedAt }: RunFigure): number | undefined {
  return startedAt === undefined ? undefined : Math.max(0, finishedAt - startedAt);
}
